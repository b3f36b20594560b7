//! Z1: what is told of a database that fails holds neither its password nor what it was given.

use std::error::Error;

use entra_sso::{
    StoreError,
    oidc::Timestamp,
    session::{SessionBody, SessionKey, SessionStore, StoredSession},
    users::{NewUser, UserId, UserStore},
};
use entra_sso_sqlx::Database;

use crate::{databases, scratch::Scratch};

/// The database refuses each new row in words of its own, and `PostgreSQL` repeats the row in what it adds to them.
#[tokio::test]
async fn z1_no_failure_tells_what_stands_in_a_row() {
    let scratch = Scratch::new();
    for url in databases::each(&scratch) {
        let store = Database::open(&url).await.expect("opened");
        for table in ["entra_sso_session", "entra_sso_user"] {
            databases::execute(&url, &refusing(&url, table)).await;
        }
        let key = SessionKey::from_bytes(*b"canary: the hash of a session id");
        let later = Timestamp::from_unix(i64::MAX / 2);
        let body = SessionBody::Sealed("canary of a body".into());
        let session = StoredSession::new(UserId::new("canary-user"), "authority", later, later, body);
        let mut user = NewUser::new("canary-name", Timestamp::from_unix(0));
        user.email = Some("canary@contoso.example".to_owned());
        let errors = [
            SessionStore::create(&store, key, session).await.expect_err("refused"),
            UserStore::create(&store, user).await.map(drop).expect_err("refused"),
        ];
        for error in errors {
            let text = text(&error);
            assert!(text.contains("nobody") && !text.contains("canary"), "{text}");
            for form in [databases::hexadecimal(key.as_bytes()), databases::hexadecimal(b"canary")] {
                assert!(!text.to_lowercase().contains(&form), "{text}");
            }
        }
    }
}

fn refusing(url: &str, table: &str) -> String {
    if databases::is_postgres(url) {
        return format!("ALTER TABLE {table} ADD CONSTRAINT nobody CHECK (false) NOT VALID");
    }
    format!("CREATE TRIGGER nobody_{table} BEFORE INSERT ON {table} BEGIN SELECT RAISE(ABORT, 'nobody'); END")
}

#[cfg(feature = "postgres")]
#[tokio::test]
async fn z1_an_address_is_told_without_its_password() {
    for url in [
        "postgres://app:canary-password@127.0.0.1:1/app",
        "postgres://app:canary-password@no-such-host.invalid/app",
        "postgres://app:canary-password@127.0.0.1:port/app",
        "postgres://app:canary-password@[::1/app",
        "mysql://app:canary-password@127.0.0.1/app",
    ] {
        let Err(error) = Database::open(url).await else { panic!("{url} was opened") };
        let cause = error.source().map(|cause| format!("{cause} {cause:?}"));
        let text = format!("{error} {error:?} {}", cause.unwrap_or_default());
        assert!(!text.contains("canary"), "{text}");
    }
}

/// All that is printed of an error, and all that its causes say.
fn text(error: &StoreError) -> String {
    let mut said = vec![format!("{error} {error:?} {error:#?}")];
    let mut cause = error.source();
    while let Some(error) = cause {
        said.push(error.to_string());
        cause = error.source();
    }
    said.join(" ")
}
