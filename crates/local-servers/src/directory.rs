//! A directory of a server's own.

use std::{
    fs,
    os::unix::fs::DirBuilderExt as _,
    path::PathBuf,
    sync::atomic::{AtomicU32, Ordering},
};

/// A new one for a server of this kind, for this user alone.
pub(crate) fn new_directory(kind: &str) -> PathBuf {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    // Short: a socket's path has a limit of about a hundred bytes.
    let directory = std::env::temp_dir().join(format!("local-{kind}-{}-{number}", std::process::id()));
    // Of an earlier process with this id, if there is one.
    let _ = fs::remove_dir_all(&directory);
    fs::DirBuilder::new().mode(0o700).create(&directory).expect("the directory for temporary files can be written to");
    directory
}
