//! Where PostgreSQL's programs are, and who may run them.

use std::{
    fs,
    os::unix::fs::MetadataExt as _,
    path::{Path, PathBuf},
};

/// What to do when they are missing.
pub(super) const CURE: &str = "install it (`apt-get install postgresql`, or what scripts/test does), \
    or put the directory with `initdb` and `postgres` into PATH";

/// Where Debian has each version's programs, `/usr/lib/postgresql/15/bin`.
const DEBIAN: &str = "/usr/lib/postgresql";

/// A directory with `initdb`, `postgres` and `psql`.
pub(super) struct Programs(PathBuf);

/// A line of the list of users.
pub(super) struct User {
    pub(super) id: u32,
    pub(super) group: u32,
}

impl Programs {
    /// In PATH, else Debian's newest.
    pub(super) fn find() -> Option<Self> {
        #[expect(clippy::disallowed_methods, reason = "the only look at the environment in this crate")]
        let path = std::env::var_os("PATH").unwrap_or_default();
        let in_path = std::env::split_paths(&path).find(|directory| is_complete(directory));
        in_path.or_else(newest_of_debian).map(Self)
    }

    pub(super) fn directory(&self) -> &Path {
        &self.0
    }

    /// A program, here or in PATH.
    pub(super) fn path(&self, name: &str) -> PathBuf {
        Some(self.0.join(name)).filter(|path| path.is_file()).unwrap_or_else(|| PathBuf::from(name))
    }
}

fn newest_of_debian() -> Option<PathBuf> {
    let versions = fs::read_dir(DEBIAN).ok()?.filter_map(|entry| {
        let directory = entry.ok()?.path();
        let version: u32 = directory.file_name()?.to_str()?.parse().ok()?;
        Some((version, directory.join("bin")))
    });
    versions.filter(|(_, directory)| is_complete(directory)).max().map(|(_, directory)| directory)
}

fn is_complete(directory: &Path) -> bool {
    ["initdb", "postgres"].iter().all(|name| directory.join(name).is_file())
}

/// Who runs the server when this process is root's: the package's user, or nobody.
pub(super) fn other_user_than_root() -> Option<User> {
    let is_root = fs::metadata("/proc/self").is_ok_and(|process| process.uid() == 0);
    is_root.then(|| {
        let users = fs::read_to_string("/etc/passwd").unwrap_or_default();
        user(&users, "postgres").or_else(|| user(&users, "nobody")).unwrap_or(User { id: 65_534, group: 65_534 })
    })
}

/// `name:password:id:group:…`
fn user(users: &str, name: &str) -> Option<User> {
    users.lines().find_map(|line| {
        let fields: Vec<&str> = line.split(':').collect();
        let [its_name, _, id, group, ..] = fields.as_slice() else { return None };
        (*its_name == name).then_some(())?;
        Some(User { id: id.parse().ok()?, group: group.parse().ok()? })
    })
}
