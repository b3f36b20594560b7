//! `secret_keys`: one follows another, and none is no way to begin.

use std::{sync::Arc, time::Duration};

use entra_sso::{
    EntraSso,
    oidc::{ManualClock, Timestamp},
    settings::SessionStoreChoice,
    testing::TestUser,
    users::MemoryUsers,
};
use entra_sso_redis::RedisStore;
use local_servers::Redis;

use crate::application::{KEY, builder, settings, status};

const NEW: &str = "n0WqV3kKx5m2Yt8sQb1Zr7uHc4Lf9Ja6De0Gi3Po5Xw=";

/// How often the user comes.
const STEP: Duration = Duration::from_mins(10);

#[tokio::test]
async fn without_keys_an_application_does_not_start() {
    let store = RedisStore::open(&Redis::shared().database()).await.expect("opened");
    let users = Arc::<MemoryUsers>::default();
    for chosen in [None, Some(SessionStoreChoice::Redis)] {
        let mut settings = settings("");
        settings.session_store = chosen;
        let builder = EntraSso::builder(settings).redis(store.clone()).users(users.clone());
        let error = builder.build().expect_err("no keys");
        assert!(format!("{error:?}").contains("sso.E061"), "{error:?}");
    }
}

#[tokio::test]
async fn sessions_of_an_old_key_live_to_their_deadline_and_no_longer_than_the_key() {
    let time = ManualClock::at(Timestamp::from_unix(1_800_000_000));
    let store = RedisStore::open(&Redis::shared().database()).await.expect("opened").with_clock(time.clock());
    let users = Arc::default();
    let with = |keys: &str| builder(keys, &store, &users).clock(time.clock()).build().expect("built");
    let (old, both, new) = (with(KEY), with(&format!("{NEW},{KEY}")), with(NEW));
    let sign_in = async |sso| TestUser::new("adele@contoso.example").cookie(sso).await.expect("a session");
    let (of_old, not_used, of_new) = (sign_in(&old).await, sign_in(&old).await, sign_in(&both).await);
    assert_eq!(status(&new, &not_used).await, 401, "the old key is gone");
    assert_eq!(status(&old, &of_new).await, 401, "the new key is not known yet");
    let deadline = time.now().plus(both.settings().session_cookie_age);
    // The user is read again, and with him the session is written anew.
    time.advance(both.settings().user_check_interval);
    assert_eq!(status(&both, &of_old).await, 200, "the old key is there as the second");
    assert_eq!((status(&both, &of_new).await, status(&new, &of_new).await), (200, 200), "the first seals");
    assert_eq!(status(&new, &of_old).await, 200, "what is written anew is sealed with the first key");

    while time.now() < deadline {
        let left = deadline.since(time.now());
        assert_eq!(status(&old, &not_used).await, 200, "with the old key alone, {left:?} before the deadline");
        assert_eq!(status(&both, &of_old).await, 200, "{left:?} before the deadline");
        time.advance(STEP.min(left));
    }
    assert_eq!((status(&both, &of_old).await, status(&old, &not_used).await), (401, 401), "the deadline is over");
}
