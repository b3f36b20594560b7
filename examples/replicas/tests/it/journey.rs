//! One sign-in, several replicas.

use std::collections::BTreeSet;

use entra_emulator::{Browser, seed};

use crate::cluster::{Cluster, Stores, replica};

/// Begun at one replica, finished at another, used at the third.
#[tokio::test(flavor = "multi_thread")]
async fn a_sign_in_begins_at_one_replica_ends_at_another_and_is_good_at_the_third() {
    let cluster = Cluster::start(&Stores::shared()).await;
    let browser = Browser::new();
    let start = browser.get_once(cluster.at("/microsoft_sso/login/?next=/private")).await.unwrap();
    let to_microsoft = start.location().unwrap_or_else(|| panic!("{}: {}", start.status, start.body));
    let visit = browser.start_at(&to_microsoft).stop_at(cluster.at("/microsoft_sso/callback/"));
    let callback = visit.signing_in_as(seed::ADELE).await.unwrap().location().unwrap();
    let callback = browser.get_once(&callback).await.unwrap();
    assert_eq!(
        (callback.status, callback.location().map(|url| url.path().to_owned())),
        (303, Some("/private".to_owned()))
    );
    let private = browser.get_once(cluster.at("/private")).await.unwrap();
    assert_eq!((private.status, &*private.body), (200, "OK user=adele@contoso.example"));
    let asked = BTreeSet::from([&start, &callback, &private].map(replica));
    assert_eq!(asked.len(), 3, "each at another replica: {asked:?}");
    for _ in 0..3 {
        assert_eq!(browser.get_once(cluster.at("/private")).await.unwrap().status, 200);
    }
}
