//! Connecting: what works, and one clear line for what does not.

use entra_sso_sqlx::{OpenErrorKind, PostgresStore};
use local_servers::Postgres;
use tokio::task::JoinSet;

/// F-82: migrations are safe to run at the same time.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_open_one_new_database_at_the_same_time() {
    let url = Postgres::shared().database();
    let mut crowd = JoinSet::new();
    for _ in 0..8 {
        let url = url.clone();
        crowd.spawn(async move { PostgresStore::open(&url).await });
    }
    for opened in crowd.join_all().await {
        let users = opened.expect("opened");
        assert_eq!(users.is_empty().await.ok(), Some(true));
        users.close().await;
    }
    let pool = sqlx::PgPool::connect(&url).await.expect("connected");
    let count = "SELECT count(*) FROM entra_sso_migration";
    let migrations: i64 = sqlx::query_scalar(count).fetch_one(&pool).await.expect("read");
    assert_eq!(migrations, 2, "each migration ran once");
}

#[tokio::test]
async fn what_cannot_be_opened_says_why_and_what_to_do_and_no_password() {
    let server = Postgres::shared();
    let url = server.database();
    let (_, socket) = url.split_once("?host=").expect("a socket");
    let closed = std::net::TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("bound").port();
    server.execute("CREATE ROLE guest LOGIN");
    let replica = server.database();
    let replica_name = name(&replica);
    server.execute(&format!("ALTER DATABASE {replica_name} SET default_transaction_read_only = on"));
    for (url, kind, cure) in [
        (format!("postgres://u:s3cret@127.0.0.1:{closed}/x"), OpenErrorKind::Unreachable, "start the server"),
        (format!("postgres://u:s3cret@localhost/x?host={socket}"), OpenErrorKind::Refused, "correct user"),
        (format!("postgres://postgres:s3cret@localhost/x?host={socket}"), OpenErrorKind::Refused, "database's name"),
        (url.replace("//postgres@", "//guest:s3cret@"), OpenErrorKind::NotAllowed, "GRANT CREATE ON SCHEMA"),
        ("postgres://u:s3cret@localhost:port/x".to_owned(), OpenErrorKind::BadUrl, "HOST:PORT"),
        ("postgres://u:s3cret@localhost/x?sslmode=s3cret".to_owned(), OpenErrorKind::BadUrl, "HOST:PORT"),
    ] {
        let error = PostgresStore::open(&url).await.expect_err(&url);
        assert_eq!(error.kind(), kind, "{url}: {error:?}");
        let text = error.to_string();
        assert!(text.starts_with("the database ") && text.contains(cure), "{text}");
        assert!(!format!("{text} {error:?}").contains("s3cret"), "{error:?}");
        assert_eq!(text.lines().count(), 1, "{text}");
    }
    // Who only reads by default may still write: we say what we need.
    PostgresStore::open(&replica).await.expect("a default is no prohibition");
}

#[tokio::test]
async fn a_newer_database_is_left_alone() {
    let url = Postgres::shared().database();
    PostgresStore::open(&url).await.expect("opened").close().await;
    let pool = sqlx::PgPool::connect(&url).await.expect("connected");
    let newer = "INSERT INTO entra_sso_migration VALUES (99, 'newer', now(), TRUE, '', 0)";
    sqlx::query(newer).execute(&pool).await.expect("a newer migration");
    let error = PostgresStore::open(&url).await.expect_err("newer");
    assert_eq!(error.kind(), OpenErrorKind::Newer, "{error:?}");
}

fn name(url: &str) -> &str {
    url.rsplit_once("localhost/").and_then(|(_, rest)| rest.split_once('?')).expect("a database in the URL").0
}
