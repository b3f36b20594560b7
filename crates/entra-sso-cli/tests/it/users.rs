//! `entra-sso users`, on SQLite and on PostgreSQL.

use std::{fs, path::PathBuf};

use local_servers::Postgres;

use crate::process::{Finished, SCRATCH, demo, entra_sso};

const ACCOUNT: &str = "8F3C2A10-5b7d-4e6a-9c41-0a1b2c3d4e5f/6c1d5a90-2e4b-4d8f-b3a6-7e5f4d3c2b1a";

/// A path for one test; nothing is there yet.
fn fresh(name: &str) -> String {
    let path = PathBuf::from(SCRATCH).join(format!("{name}.sqlite"));
    for suffix in ["", "-wal", "-shm"] {
        // What a former run left; mostly nothing.
        let _removed = fs::remove_file(format!("{}{suffix}", path.display()));
    }
    path.display().to_string()
}

async fn users<'a>(database: &'a str, arguments: impl IntoIterator<Item = &'a str>) -> Finished {
    entra_sso(["users", "--database", database].into_iter().chain(arguments)).finish().await
}

/// What a command says that ends well.
async fn said(database: &str, arguments: &[&str]) -> String {
    let finished = users(database, arguments.iter().copied()).await;
    assert_eq!(finished.code, Some(0), "{arguments:?}: {finished:?}");
    assert_eq!(finished.stderr, "", "{arguments:?}");
    finished.stdout
}

/// The one line of a command that is refused.
async fn refused(database: &str, arguments: &[&str], expected: &[&str]) {
    let finished = users(database, arguments.iter().copied()).await;
    let line = finished.refusal();
    for part in expected {
        assert!(line.contains(part), "{arguments:?}: expected {part:?} in {line:?}");
    }
}

#[tokio::test]
async fn sqlite_does_what_the_admin_does() {
    does_what_the_admin_does(&fresh("users")).await;
}

#[tokio::test]
async fn postgres_does_what_the_admin_does() {
    does_what_the_admin_does(&Postgres::shared().database()).await;
}

async fn does_what_the_admin_does(database: &str) {
    let added = said(database, &["add", "--upn", "Adele@Contoso.Example", "--superuser", "--last-name", "Vance"]).await;
    assert!(added.starts_with("added adele@contoso.example ("), "{added}");
    said(database, &["add", "--account", ACCOUNT, "--email", "megan@contoso.example", "--staff"]).await;
    for (arguments, expected) in [
        (&["add", "--upn", "adele@contoso.example"][..], &["--upn", "already"][..]),
        (&["add", "--account", ACCOUNT], &["--account", "megan@contoso.example", "already"]),
        (&["add", "--account", "contoso/megan"], &["--account contoso/megan", "two GUIDs"]),
        (&["add", "--upn", "adele"], &["--upn adele", "expected an address"]),
        (&["add"], &["--account", "--upn"]),
        (&["show", "nobody"], &["no user nobody", "users list"]),
        (&["promote", "adele@contoso.example"], &["--staff"]),
        (&["delete", "megan@contoso.example"], &["--yes", "deactivate"]),
        (&["demote", "adele@contoso.example", "--superuser"], &["last active superuser"]),
        (&["deactivate", "adele@contoso.example"], &["last active superuser"]),
        (&["delete", "adele@contoso.example", "--yes"], &["last active superuser"]),
    ] {
        refused(database, arguments, expected).await;
    }

    let list = said(database, &["list"]).await;
    let expected = "adele@contoso.example  Vance, superuser, has not come yet\nmegan@contoso.example  staff\n2 users\n";
    assert_eq!(list, expected);
    for (arguments, expected) in [
        (&["list", "--search", "van"][..], "adele@contoso.example  Vance, superuser, has not come yet\n1 user\n"),
        (&["list", "--only", "without-account"], "adele@contoso.example  Vance, superuser, has not come yet\n1 user\n"),
        (&["list", "--search", "%"], "no user\n"),
        (&["list", "--after", "adele@contoso.example"], "megan@contoso.example  staff\n2 users\n"),
    ] {
        assert_eq!(said(database, arguments).await, expected, "{arguments:?}");
    }
    let first = said(database, &["list", "--limit", "1"]).await;
    assert!(first.ends_with("more: --after adele@contoso.example\n"), "{first}");
    let json = said(database, &["list", "--limit", "1", "--json"]).await;
    let json: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!(json["users"][0]["superuser"], serde_json::json!(["admin"]), "{json}");
    assert_eq!((&json["next"], &json["total"]), (&"adele@contoso.example".into(), &2.into()));

    assert_eq!(
        said(database, &["promote", "MEGAN@contoso.example", "--superuser"]).await,
        "megan@contoso.example is now superuser\n"
    );
    let id = json["users"][0]["id"].as_str().expect("an id");
    assert_eq!(said(database, &["demote", id, "--superuser"]).await, "adele@contoso.example is no longer superuser\n");
    assert_eq!(said(database, &["deactivate", id]).await, "adele@contoso.example is no longer active\n");
    let shown = said(database, &["show", id]).await;
    for line in ["active          no", "invitation      adele@contoso.example", "last name       Vance"] {
        assert!(shown.lines().any(|shown| shown == line), "expected {line:?} in {shown}");
    }
    assert_eq!(said(database, &["activate", id]).await, "adele@contoso.example is now active\n");
    assert_eq!(said(database, &["delete", id, "--yes"]).await, "adele@contoso.example is deleted\n");
    let shown = said(database, &["show", "megan@contoso.example", "--json"]).await;
    let shown: serde_json::Value = serde_json::from_str(&shown).expect("JSON");
    assert_eq!(shown["account"]["tenant"], "8f3c2a10-5b7d-4e6a-9c41-0a1b2c3d4e5f", "{shown}");
}

#[tokio::test]
async fn the_database_is_that_of_the_flag_or_of_the_settings_and_never_shown() {
    let url = Postgres::shared().database();
    let with_password = url.replace("//postgres@", "//postgres:s3cret@");
    let finished = entra_sso(["users", "list"]).env("MICROSOFT_SSO_DATABASE_URL", &with_password).finish().await;
    assert_eq!((finished.code, finished.stdout.as_str()), (Some(0), "no user\n"), "{finished:?}");
    let other = with_password.replace("/test_", "/missing_");
    for (name, value, expected) in [
        ("MICROSOFT_SSO_DATABASE_URL", other.as_str(), "database"),
        ("MICROSOFT_SSO_DATABASE_URL", "postgres://u:s3cret@host:port/x", "HOST:PORT"),
        ("MICROSOFT_SSO_TEXT", "s3cret", "MICROSOFT_SSO_DATABASE_URL"),
        ("MICROSOFT_SSO_DATABASE_URL", "mysql://u:s3cret@host/x", "neither SQLite nor PostgreSQL"),
        ("MICROSOFT_SSO_DATABASE_URL", "postgre://u:s3cret@host/x", "neither SQLite nor PostgreSQL"),
    ] {
        let finished = entra_sso(["users", "list"]).env(name, value).finish().await;
        let line = finished.refusal();
        assert!(line.contains(expected) && !line.contains("s3cret"), "{line}");
    }
    refused(&fresh("missing"), &["list"], &["there is no such file", "missing.sqlite"]).await;
    assert!(!fs::exists(fresh("missing")).expect("looked"), "a file was made");
}

/// X10: what the local Microsoft made up stays apart.
#[tokio::test]
async fn x10_the_demos_users_are_left_alone() {
    let path = fresh("users-of-the-demo");
    let finished = demo(["--database", &path]).start().await.end("TERM").await;
    assert_eq!(finished.code, Some(0), "{finished:?}");
    for arguments in [&["list"][..], &["add", "--upn", "adele@contoso.example", "--superuser"]] {
        refused(&path, arguments, &["--database", "demo", "--demo-database"]).await;
    }
    assert_eq!(said(&path, &["--demo-database", "list"]).await, "no user\n");
}
