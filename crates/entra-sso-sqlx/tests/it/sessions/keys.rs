//! `secret_keys`: one follows another, and none is no way to begin.

use std::time::Duration;

use entra_sso::{
    EntraSso,
    oidc::{ManualClock, Timestamp},
};
use entra_sso_sqlx::Database;

use crate::{
    application::{Application, KEY, settings},
    databases,
    scratch::Scratch,
};

const NEW: &str = "fqUeVAkmoApScrwAAbdsAHR6sGjyjdeQ6HJWLUOQkbs=";
const ADELE: &str = "adele@contoso.example";

/// How often the user comes.
const STEP: Duration = Duration::from_mins(10);

#[tokio::test]
async fn sessions_of_an_old_key_live_to_their_deadline_and_no_longer_than_the_key() {
    let scratch = Scratch::new();
    for url in databases::each(&scratch) {
        let time = ManualClock::at(Timestamp::from_unix(1_800_000_000));
        let with = async |keys: &str| Application::with(&url, keys, time.clock()).await;
        let (old, both, new) = (with(KEY).await, with(&format!("{NEW},{KEY}")).await, with(NEW).await);
        let (of_old, not_used) = (old.sign_in(ADELE).await, old.sign_in(ADELE).await);
        let of_new = both.sign_in(ADELE).await;
        assert_eq!(new.who(&not_used).await, "nobody", "the old key is gone");
        assert_eq!(old.who(&of_new).await, "nobody", "the new key is not known yet");
        let deadline = time.now().plus(settings(KEY).session_cookie_age);
        // The user is read again, and with him the session is written anew.
        time.advance(settings(KEY).user_check_interval);
        assert_eq!(both.who(&of_old).await, ADELE, "the old key is there as the second");
        assert_eq!((both.who(&of_new).await, new.who(&of_new).await), (ADELE.into(), ADELE.into()), "the first seals");
        assert_eq!(new.who(&of_old).await, ADELE, "what is written anew is sealed with the first key");

        while time.now() < deadline {
            assert_eq!(old.who(&not_used).await, ADELE, "with the old key alone");
            assert_eq!(
                both.who(&of_old).await,
                ADELE,
                "{} seconds before its deadline",
                deadline.since(time.now()).as_secs()
            );
            time.advance(STEP.min(deadline.since(time.now())));
        }
        assert_eq!(both.who(&of_old).await, "nobody", "its deadline is over");
        assert_eq!(old.who(&not_used).await, "nobody", "its deadline is over");
    }
}

#[tokio::test]
async fn a_database_without_keys_is_refused() {
    for named in [false, true] {
        let database = Database::open(":memory:").await.expect("opened");
        let builder = EntraSso::builder(settings("")).managed_users(database.clone());
        let builder = if named { builder.sessions(database) } else { builder.database(database) };
        let error = builder.build().expect_err("no keys");
        assert!(format!("{error:?}").contains("sso.E061"), "{error:?}");
    }
}
