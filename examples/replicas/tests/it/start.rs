//! Replicas that start at the same moment.

use std::collections::BTreeSet;

use tokio::net::TcpListener;

use crate::{
    cluster::{Cluster, Stores, alone, replica},
    process::Replica,
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

#[tokio::test(flavor = "multi_thread")]
async fn a_store_that_is_away_at_the_start_ends_the_process_with_its_name() {
    let away = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let shared = Stores::shared();
    let no_database = Stores { database: format!("postgres://app:hunter2@{away}/app"), ..shared.clone() };
    let no_redis = Stores { redis: Some(format!("redis://:hunter2@{away}/0")), ..shared };
    for stores in [no_database, no_redis] {
        let mut cluster = Cluster::with(&stores, 0, &[]).await;
        cluster.set("MICROSOFT_SSO_REPLICAS", "1");
        let mut replica = Replica::spawn("alone", cluster.variables());
        let ended = replica.ended().await;
        // It is the process's last word.
        let error = replica.log.wait_for("Error: ").await;
        assert!(!ended.success() && replica.log.text().contains(&away.to_string()), "{ended}: {error}");
        assert!(!replica.log.text().contains("hunter2"), "{}", replica.log.text());
        println!("{error}");
    }
}
