//! Replicas that start at the same moment.

use std::collections::BTreeSet;

use crate::{
    cluster::{Cluster, Stores, alone, replica},
    stopwatch::Stopwatch,
};

#[tokio::test(flavor = "multi_thread")]
async fn four_replicas_start_at_once_on_an_empty_database() {
    let _alone = alone().await;
    for round in 1..=2 {
        // Sessions in the database: all of its tables are made.
        let stores = Stores { redis: None, ..Stores::shared() };
        let began = Stopwatch::start();
        let cluster = Cluster::with(&stores, 4, &[]).await;
        println!("figure: 4 replicas on an empty database, round {round}: all listen after {:.1?}", began.elapsed());
        let browser = cluster.signed_in().await;
        let mut answered = BTreeSet::new();
        for _ in 0..4 {
            let stores = browser.get_once(cluster.at("/health/stores")).await.unwrap();
            assert_eq!(stores.status, 200, "{}", stores.body);
        }
        for _ in 0..4 {
            let page = browser.get_once(cluster.at("/private")).await.unwrap();
            assert_eq!(page.status, 200, "{}", page.body);
            answered.insert(replica(&page));
        }
        assert_eq!(answered.len(), 4);
    }
}
