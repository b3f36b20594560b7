//! The mark that keeps made-up accounts and real ones apart.

use std::{fs, path::PathBuf};

use crate::process::{Invocation, SCRATCH, demo};

/// A path for one test; nothing is there yet.
fn fresh(name: &str) -> String {
    let path = PathBuf::from(SCRATCH).join(format!("{name}.sqlite"));
    for suffix in ["", "-wal", "-shm"] {
        // What a former run left; mostly nothing.
        let _removed = fs::remove_file(format!("{}{suffix}", path.display()));
    }
    path.display().to_string()
}

fn real(invocation: Invocation) -> Invocation {
    invocation
        .env("AZURE_TENANT_ID", "8f3c2a10-5b7d-4e6a-9c41-0a1b2c3d4e5f")
        .env("AZURE_CLIENT_ID", "6c1d5a90-2e4b-4d8f-b3a6-7e5f4d3c2b1a")
        .env("AZURE_CLIENT_SECRET", "secret")
}

#[tokio::test]
async fn the_emulators_file_is_refused_by_the_real_microsoft() {
    let path = fresh("marked");
    for round in ["fresh", "again"] {
        let finished = demo(["--database", &path]).start().await.end("TERM").await;
        assert_eq!(finished.code, Some(0), "{round}: {finished:?}");
    }
    let finished = real(demo(["--database", &path])).finish().await;
    let line = finished.refusal();
    assert!(line.contains(&path) && line.contains("choose a new file"), "{line}");
}

#[tokio::test]
async fn a_real_file_is_refused_by_the_emulator() {
    let path = fresh("unmarked");
    for round in ["fresh", "again"] {
        let finished = real(demo(["--database", &path])).start().await.end("TERM").await;
        assert_eq!(finished.code, Some(0), "{round}: {finished:?}");
    }
    let before = fs::read(&path).expect("the file is there");
    let finished = demo(["--database", &path]).finish().await;
    let line = finished.refusal();
    assert!(line.contains(&path) && line.contains("leave the flag out"), "{line}");
    assert_eq!(fs::read(&path).expect("the file is there"), before, "a refused file was written to");
}

#[tokio::test]
async fn what_is_no_database_is_refused() {
    let path = fresh("text");
    fs::write(
        &path,
        "This is a text of more than a hundred bytes, so that SQLite reads a header, and what it reads is none.\n",
    )
    .expect("the scratch directory can be written to");
    for invocation in [demo(["--database", &path]), real(demo(["--database", &path]))] {
        let finished = invocation.finish().await;
        let line = finished.refusal();
        assert!(line.contains(&path) && line.contains("SQLite"), "{line}");
    }
}

#[tokio::test]
async fn without_the_flag_nothing_stays() {
    let parent = PathBuf::from(SCRATCH).join("empty");
    // What a former run left; mostly nothing.
    let _removed = fs::remove_dir_all(&parent);
    fs::create_dir_all(&parent).expect("the scratch directory can be written to");
    let running = demo([]).env("TMPDIR", parent.display().to_string()).start().await;
    assert_eq!(fs::read_dir(&parent).expect("it is there").count(), 1, "{}", running.said);
    let finished = running.end("INT").await;
    assert_eq!(finished.code, Some(0), "{finished:?}");
    assert_eq!(fs::read_dir(&parent).expect("it is there").count(), 0, "{finished:?}");
}
