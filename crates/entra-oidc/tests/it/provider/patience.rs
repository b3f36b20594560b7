//! How long is waited for a document that does not come, and how long nobody asks again.

use std::time::Duration;

use entra_oidc::{HttpErrorKind, ManualClock};
use futures_util::future::join_all;

use super::published::START;
use crate::{
    microsoft::{Endpoint, Microsoft, Reply, client, metadata},
    signer::TENANT,
};

#[tokio::test]
async fn retry_after_is_heeded_as_long_as_it_is_sensible() {
    for (status, header, pause, fetches) in [
        (429, None, 3, 1),
        (429, Some("1"), 3, 1),
        (429, Some("20"), 20, 1),
        (503, Some("20"), 20, 1),
        (503, None, 3, 2),
        (429, Some("3600"), 300, 1),
    ] {
        let (microsoft, clock) = (Microsoft::of(TENANT), ManualClock::at(START));
        let busy = header.map_or(Reply::status(status, ""), |wait| Reply::headed(status, "retry-after", wait));
        microsoft.set(Endpoint::Metadata, busy);
        let client = client(&microsoft, &clock);
        for second in 0..pause {
            let outcomes = join_all((0..10).map(|_| client.warm())).await;
            assert!(outcomes.iter().all(Result::is_err), "{status} {header:?} after {second} s");
            clock.advance(Duration::from_secs(1));
        }
        assert_eq!(microsoft.count(Endpoint::Metadata), fetches, "{status} {header:?}");
        microsoft.set(Endpoint::Metadata, Reply::json(&metadata(TENANT)));
        assert!(client.warm().await.is_ok(), "{status} {header:?}: then it is asked again");
    }
}

#[tokio::test]
async fn what_is_kept_serves_while_microsoft_asks_to_wait() {
    let (microsoft, clock) = (Microsoft::of(TENANT), ManualClock::at(START));
    let client = client(&microsoft, &clock);
    client.warm().await.unwrap();
    microsoft.set(Endpoint::Keys, Reply::headed(429, "retry-after", "600"));
    clock.advance(Duration::from_mins(31));
    for _ in 0..10 {
        client.warm().await.unwrap();
        clock.advance(Duration::from_secs(59));
    }
    assert_eq!(microsoft.count(Endpoint::Keys), 2, "one fetch in ten minutes");
    clock.advance(Duration::from_secs(10));
    client.warm().await.unwrap();
    assert_eq!(microsoft.count(Endpoint::Keys), 3);
}

#[tokio::test]
async fn who_waits_waits_for_one_timeout() {
    for (kind, fetches) in [(HttpErrorKind::Timeout, 1), (HttpErrorKind::Connect, 2), (HttpErrorKind::Other, 2)] {
        let (microsoft, clock) = (Microsoft::of(TENANT), ManualClock::at(START));
        microsoft.set(Endpoint::Metadata, Reply::Fail(kind));
        let client = client(&microsoft, &clock);
        let outcomes = join_all((0..100).map(|_| client.warm())).await;
        assert!(outcomes.iter().all(Result::is_err));
        assert_eq!(microsoft.count(Endpoint::Metadata), fetches, "{kind:?}");
    }
}
