//! Opening: what works, and one clear line for what does not.

use std::fs;

use entra_sso_sqlx::{OpenErrorKind, SqliteStore};
use tokio::task::JoinSet;

use crate::scratch::Scratch;

#[tokio::test]
async fn a_file_is_named_by_path_or_url() {
    let scratch = Scratch::new();
    let path = scratch.file("users.db");
    for database in
        [path.clone(), path.clone(), format!("sqlite://{path}"), format!("sqlite:{path}"), ":memory:".to_owned()]
    {
        let users = SqliteStore::open(&database).await.unwrap_or_else(|error| panic!("{database}: {error}"));
        assert_eq!(users.is_empty().await.ok(), Some(true), "{database}");
    }
    // A path is not read as a URL: neither `?` nor `%` mean anything in it.
    let odd = scratch.file("users%41.db?mode=memory");
    SqliteStore::open(&odd).await.expect("opened").close().await;
    assert!(fs::exists(&odd).expect("looked"), "the file has the name that was given");
}

#[tokio::test]
async fn a_file_is_used_with_wal_and_foreign_keys() {
    let scratch = Scratch::new();
    let file = scratch.file("users.db");
    SqliteStore::open(&file).await.expect("opened").close().await;
    let pool = sqlx::SqlitePool::connect(&format!("sqlite://{file}")).await.expect("connected");
    let mode: String = sqlx::query_scalar("PRAGMA journal_mode").fetch_one(&pool).await.expect("read");
    assert_eq!(mode, "wal");
    let orphan = "INSERT INTO entra_sso_picture VALUES ('nobody', 'image/png', x'00')";
    assert!(sqlx::query(orphan).execute(&pool).await.is_err(), "a picture of nobody");
}

#[tokio::test]
async fn what_cannot_be_opened_says_why_and_what_to_do() {
    let scratch = Scratch::new();
    let file = |name: &str, content: &[u8]| {
        fs::write(scratch.path().join(name), content).expect("written");
        scratch.file(name)
    };
    let no_database = file("text.db", &b"this is not a database, whatever its name says. ".repeat(100));
    let below_a_file = format!("{}/users.db", file("file", b""));
    for (database, kind, cure) in [
        (scratch.file("missing/users.db"), OpenErrorKind::CannotOpen, "its directory must exist"),
        (scratch.path().to_str().expect("a path").to_owned(), OpenErrorKind::CannotOpen, "its directory must exist"),
        (below_a_file, OpenErrorKind::CannotOpen, "its directory must exist"),
        (no_database, OpenErrorKind::NotADatabase, "name another file"),
        ("sqlite://x?mode=nonsense".to_owned(), OpenErrorKind::Other, "cannot be used"),
    ] {
        let error = SqliteStore::open(&database).await.expect_err(&database);
        assert_eq!(error.kind(), kind, "{database}: {error:?}");
        let text = error.to_string();
        assert!(text.starts_with(&format!("the database {database} ")) && text.contains(cure), "{text}");
        assert_eq!(text.lines().count(), 1, "{text}");
    }
}

#[tokio::test]
async fn a_file_that_is_only_for_reading_says_so() {
    let scratch = Scratch::new();
    let file = scratch.file("users.db");
    fs::write(&file, b"").expect("an empty file");
    let error = SqliteStore::open(&format!("sqlite://{file}?mode=ro")).await.expect_err("read only");
    assert_eq!(error.kind(), OpenErrorKind::ReadOnly, "{error:?}");
    assert!(error.to_string().contains("must be allowed to write"), "{error}");
}

#[tokio::test]
async fn a_newer_database_is_left_alone() {
    let scratch = Scratch::new();
    let file = scratch.file("users.db");
    SqliteStore::open(&file).await.expect("opened").close().await;
    let pool = sqlx::SqlitePool::connect(&format!("sqlite://{file}")).await.expect("connected");
    let newer = "INSERT INTO entra_sso_migration VALUES (99, 'newer', 0, TRUE, x'00', 0)";
    sqlx::query(newer).execute(&pool).await.expect("a newer migration");
    let error = SqliteStore::open(&file).await.expect_err("newer");
    assert_eq!(error.kind(), OpenErrorKind::Newer, "{error:?}");
}

/// F-82: migrations are safe to run at the same time.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_open_one_new_file_at_the_same_time() {
    for round in 0..5 {
        let scratch = Scratch::new();
        let mut crowd = JoinSet::new();
        for _ in 0..16 {
            let file = scratch.file("users.db");
            crowd.spawn(async move { SqliteStore::open(&file).await });
        }
        for opened in crowd.join_all().await {
            let users = opened.unwrap_or_else(|error| panic!("round {round}: {error:?}"));
            assert_eq!(users.is_empty().await.ok(), Some(true));
        }
        let pool =
            sqlx::SqlitePool::connect(&format!("sqlite://{}", scratch.file("users.db"))).await.expect("connected");
        let count = "SELECT count(*) FROM entra_sso_migration";
        let migrations: i64 = sqlx::query_scalar(count).fetch_one(&pool).await.expect("read");
        assert_eq!(migrations, 3, "round {round}: each migration ran once");
    }
}
