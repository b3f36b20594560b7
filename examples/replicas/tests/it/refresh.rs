//! Tokens that are over, and replicas that all notice it at once.

use crate::cluster::{Cluster, Stores, alone};

/// So many sessions, one after the other, each asked for by so many requests at once.
const SESSIONS: usize = 3;
const REQUESTS: usize = 150;

#[tokio::test(flavor = "multi_thread")]
async fn k10_three_times_fifty_requests_on_an_expired_token_are_one_call_and_sign_nobody_out() {
    let _alone = alone().await;
    for stores in [Stores::shared(), Stores { redis: None, ..Stores::shared() }] {
        let cluster = Cluster::start(&stores).await;
        for session in 1..=SESSIONS {
            let browser = cluster.with_a_token_that_is_over().await;
            let mut asking = tokio::task::JoinSet::new();
            for _ in 0..REQUESTS {
                let (browser, url) = (browser.clone(), cluster.at("/profile"));
                asking.spawn(async move { browser.get_once(url).await.unwrap() });
            }
            for page in asking.join_all().await {
                let logs = || cluster.logs();
                assert_eq!((page.status, &*page.body), (200, "Adele Vance\n"), "{}", logs());
            }
            // A refresh token that is used twice costs the whole sign-in, and Graph would refuse its tokens.
            assert_eq!(cluster.refreshes(), session, "one call for each session: {}", cluster.logs());
            for _ in 0..3 {
                assert_eq!(browser.get_once(cluster.at("/profile")).await.unwrap().status, 200);
            }
        }
        let kept = if stores.redis.is_some() { "Redis" } else { "PostgreSQL" };
        println!(
            "figure: 3 x {} requests at once on an expired token at 3 replicas, {SESSIONS} sessions in {kept}: {} refresh calls, 0 signed out",
            REQUESTS / 3,
            cluster.refreshes()
        );
    }
}
