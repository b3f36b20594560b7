//! Who signs out at one replica, or is signed out by it, is signed out at all of them.

use entra_emulator::{Browser, Endpoint, Fault};
use entra_sso::{
    EntraSso,
    oidc::{AccountKey, AccountKind},
    settings::Sources,
    users::{Updated, UserLookup, UserStore as _, UserUpdate},
};
use entra_sso_redis::RedisStore;
use entra_sso_sqlx::PostgresStore;

use crate::{
    cluster::{Cluster, Stores},
    load::Answer,
};

const COOKIE: &str = "microsoft_sso_session";

/// Another browser with the same cookie, as a thief has it or a tab that was not told.
fn copy(cluster: &Cluster, browser: &Browser) -> Browser {
    let copy = Browser::new();
    let value = browser.cookie(cluster.door.url(), COOKIE).expect("signed in");
    copy.set_cookie(cluster.door.url(), &format!("{COOKIE}={value}; Path=/"));
    copy
}

/// What each replica answers.
async fn answers(cluster: &Cluster, browser: &Browser) -> Vec<Answer> {
    let mut answers = Vec::new();
    for _ in &cluster.replicas {
        answers.push(Answer::of(&browser.get_once(cluster.at("/private")).await.unwrap()));
    }
    answers
}

#[tokio::test(flavor = "multi_thread")]
async fn k14_a_sign_out_at_one_replica_beats_a_refresh_at_another() {
    for stores in [Stores::shared(), Stores { redis: None, ..Stores::shared() }] {
        let mut cluster = Cluster::start(&stores).await;
        let browser = cluster.with_a_token_that_is_over().await;
        let tab = copy(&cluster, &browser);
        cluster.emulator.faults().once(Fault::Hang(Endpoint::Token));
        cluster.only(0);
        assert_eq!(Answer::of(&browser.get_once(cluster.at("/private")).await.unwrap()), Answer::Right);
        cluster.emulator.faults().wait_until_held(1).await;
        cluster.only(1);
        browser.post_form(cluster.at("/microsoft_sso/logout/"), &[]).await.unwrap();
        cluster.emulator.faults().release();
        // It ends when its refresh has.
        let (first, _) = &mut cluster.replicas[0];
        first.terminate();
        assert!(first.ended().await.success());
        drop(cluster.replicas.remove(0));
        cluster.everybody();
        assert_eq!(answers(&cluster, &tab).await, [Answer::SignedOut; 2]);
        assert_eq!(cluster.refreshes(), 1);
    }
}

/// A replica that is a part of this test.
async fn replica(cluster: &Cluster, stores: &Stores) -> (EntraSso, PostgresStore) {
    let settings = Sources::new().vars(cluster.variables().iter().cloned()).read().unwrap();
    let database = PostgresStore::open(&stores.database).await.unwrap();
    let builder = EntraSso::builder(settings).managed_users(database.clone()).database(database.clone());
    let sso = match &stores.redis {
        Some(url) => builder.redis(RedisStore::open(url).await.unwrap()).build(),
        None => builder.build(),
    };
    (sso.unwrap(), database)
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_deactivated_or_signed_out_everywhere_is_so_at_all_replicas_with_the_next_request() {
    for stores in [Stores::shared(), Stores { redis: None, ..Stores::shared() }] {
        let cluster = Cluster::start(&stores).await;
        let (sso, users) = replica(&cluster, &stores).await;
        let [one, two] = [cluster.signed_in().await, cluster.signed_in().await];
        assert_eq!(answers(&cluster, &one).await, [Answer::Right; 3]);
        let key = AccountKey::new(AccountKind::Entra, entra_emulator::seed::CONTOSO, entra_emulator::seed::ADELE_ID);
        let adele = users.find(UserLookup::Account(key)).await.unwrap().unwrap();
        assert_eq!(sso.end_sessions_of(&adele.id).await.unwrap(), 2);
        for browser in [&one, &two] {
            assert_eq!(answers(&cluster, browser).await, [Answer::SignedOut; 3], "ended everywhere");
        }
        let [one, two] = [cluster.signed_in().await, cluster.signed_in().await];
        let tab = copy(&cluster, &one);
        one.post_form(cluster.at("/microsoft_sso/logout/"), &[("everywhere", "1")]).await.unwrap();
        for browser in [&one, &two, &tab] {
            assert_eq!(answers(&cluster, browser).await, [Answer::SignedOut; 3], "by his own word");
        }
        let [one, two] = [cluster.signed_in().await, cluster.signed_in().await];
        assert_eq!(answers(&cluster, &one).await, [Answer::Right; 3]);
        let mut update = UserUpdate::of(adele.id);
        update.is_active = Some(false);
        assert!(matches!(sso.update_user(update).await.unwrap(), Updated::Yes(_)));
        for browser in [&one, &two] {
            assert_eq!(answers(&cluster, browser).await, [Answer::SignedOut; 3], "deactivated");
        }
    }
}
