//! Metadata and keys as they are kept: J1, J3, J4, J5, and the flapping lists of Microsoft's front-ends.

use std::time::Duration;

use entra_oidc::{
    AuthorizationResponse, EntraClient, HttpErrorKind, ManualClock, SignInError, SignInErrorKind as Kind, Tenant,
    Timestamp,
};
use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::{
    microsoft::{Endpoint, Microsoft, Reply, builder, client, metadata, options},
    signer::{Forge, OTHER_TENANT, Signer, TENANT, key_list},
};

pub(super) const START: Timestamp = Timestamp::from_unix(1_790_000_000);

pub(super) fn list(kids: &[&str]) -> Reply {
    Reply::json(&json!({ "keys": kids.iter().map(|kid| Signer::published().jwk(kid)).collect::<Vec<_>>() }))
}

/// One whole sign-in with a token signed under this key id.
pub(super) async fn sign_in(
    client: &EntraClient,
    microsoft: &Microsoft,
    clock: &ManualClock,
    kid: &str,
) -> Result<(), Kind> {
    let (_, pending) = client.begin(options(clock.now())).await.map_err(|error| error.kind())?;
    let token = Forge::valid(clock.now().unix(), pending.nonce().expose()).header("kid", json!(kid)).token();
    microsoft.once(
        Endpoint::Token,
        Reply::json(&json!({ "token_type": "Bearer", "access_token": "at", "expires_in": 3600, "id_token": token })),
    );
    let query = format!("code=c&state={}", pending.state().as_str());
    let response = AuthorizationResponse::from_query(&query).map_err(|error| error.kind())?;
    client.complete(pending, response).await.map(|_| ()).map_err(|error| error.kind())
}

fn kind(outcome: Result<(), SignInError>) -> Result<(), Kind> {
    outcome.map_err(|error| error.kind())
}

#[tokio::test]
async fn one_fetch_is_in_flight_under_a_hundred_callers() {
    let (microsoft, clock) = (Microsoft::of(TENANT), ManualClock::at(START));
    let client = client(&microsoft, &clock);
    let outcomes = join_all((0..100).map(|_| client.warm())).await;
    assert!(outcomes.iter().all(Result::is_ok));
    assert_eq!((microsoft.count(Endpoint::Metadata), microsoft.count(Endpoint::Keys)), (1, 1));

    // Stale: one caller fetches, the others are served what is kept.
    clock.advance(Duration::from_mins(31));
    let outcomes = join_all((0..100).map(|_| client.warm())).await;
    assert!(outcomes.iter().all(Result::is_ok));
    assert_eq!((microsoft.count(Endpoint::Metadata), microsoft.count(Endpoint::Keys)), (2, 2));
    assert_eq!((microsoft.most_in_flight(Endpoint::Metadata), microsoft.most_in_flight(Endpoint::Keys)), (1, 1));
}

#[tokio::test]
async fn a_hundred_callers_share_a_failure_as_well() {
    let (microsoft, clock) = (Microsoft::of(TENANT), ManualClock::at(START));
    microsoft.set(Endpoint::Metadata, Reply::Fail(HttpErrorKind::Connect));
    let client = client(&microsoft, &clock);
    let outcomes = join_all((0..100).map(|_| client.warm())).await;
    assert!(outcomes.into_iter().all(|outcome| kind(outcome) == Err(Kind::MetadataUnreachable)));
    assert_eq!(microsoft.count(Endpoint::Metadata), 2, "one fetch and its one retry");
    microsoft.set(Endpoint::Metadata, Reply::json(&metadata(TENANT)));
    clock.advance(Duration::from_secs(2));
    assert_eq!(kind(client.warm().await), Err(Kind::MetadataUnreachable), "a moment later nobody is asked");
    assert_eq!(microsoft.count(Endpoint::Metadata), 2);
    clock.advance(Duration::from_secs(1));
    assert_eq!(kind(client.warm().await), Ok(()), "then the next caller asks again");
}

#[tokio::test]
async fn a_caller_that_gives_up_blocks_nobody() {
    let (microsoft, clock) = (Microsoft::of(TENANT), ManualClock::at(START));
    let client = client(&microsoft, &clock);
    let mut given_up = Box::pin(client.warm());
    assert!(futures_util::poll!(&mut given_up).is_pending());
    drop(given_up);
    assert_eq!(kind(client.warm().await), Ok(()));
}

#[tokio::test]
async fn fresh_documents_cost_nothing_and_bounds_go_with_each_call() {
    let (microsoft, clock) = (Microsoft::of(TENANT), ManualClock::at(START));
    let client = client(&microsoft, &clock);
    for _ in 0..10 {
        assert_eq!(sign_in(&client, &microsoft, &clock, "work").await, Ok(()));
        clock.advance(Duration::from_mins(2));
    }
    assert_eq!((microsoft.count(Endpoint::Metadata), microsoft.count(Endpoint::Keys)), (1, 1));
    assert_eq!(microsoft.count(Endpoint::Token), 10);
    for (endpoint, body) in
        [(Endpoint::Metadata, 256 * 1024), (Endpoint::Keys, 1024 * 1024), (Endpoint::Token, 256 * 1024)]
    {
        let (_, limits) = microsoft.last(endpoint);
        assert_eq!((limits.body, limits.time), (body, Duration::from_secs(10)), "{endpoint:?}");
    }
}

#[tokio::test]
async fn j3_a_new_key_is_fetched_at_once_and_unknown_ones_pause() {
    let (microsoft, clock) = (Microsoft::of(TENANT), ManualClock::at(START));
    microsoft.set(Endpoint::Keys, list(&["old"]));
    let client = client(&microsoft, &clock);
    assert_eq!(sign_in(&client, &microsoft, &clock, "old").await, Ok(()));
    assert_eq!(microsoft.count(Endpoint::Keys), 1);

    microsoft.set(Endpoint::Keys, list(&["old", "new"]));
    assert_eq!(sign_in(&client, &microsoft, &clock, "new").await, Ok(()), "J3: rotation");
    assert_eq!(microsoft.count(Endpoint::Keys), 2);

    for round in 0..100 {
        let outcome = sign_in(&client, &microsoft, &clock, &format!("random-{round}")).await;
        assert_eq!(outcome, Err(Kind::IdTokenKeyUnknown));
    }
    assert_eq!(microsoft.count(Endpoint::Keys), 4, "J3: one refetch and its second try for a hundred unknown ids");
    assert_eq!(sign_in(&client, &microsoft, &clock, "new").await, Ok(()), "J3: known ones go on");

    clock.advance(Duration::from_secs(299));
    let _ = sign_in(&client, &microsoft, &clock, "again").await;
    assert_eq!(microsoft.count(Endpoint::Keys), 4);
    clock.advance(Duration::from_secs(1));
    microsoft.set(Endpoint::Keys, list(&["old", "new", "again"]));
    assert_eq!(sign_in(&client, &microsoft, &clock, "again").await, Ok(()), "J3: after the pause");
    assert_eq!(microsoft.count(Endpoint::Keys), 5);
}

#[tokio::test]
async fn j3_unknown_ids_at_the_same_time_make_one_refetch() {
    let (microsoft, clock) = (Microsoft::of(TENANT), ManualClock::at(START));
    microsoft.set(Endpoint::Keys, list(&["old"]));
    let client = client(&microsoft, &clock);
    client.warm().await.unwrap();
    microsoft.set(Endpoint::Keys, list(&["old", "new"]));
    let kids: Vec<String> =
        (0..100).map(|n| if n % 2 == 0 { "new".to_owned() } else { format!("random-{n}") }).collect();
    let outcomes = join_all(kids.iter().map(|kid| sign_in(&client, &microsoft, &clock, kid))).await;
    let good = outcomes.iter().filter(|outcome| outcome.is_ok()).count();
    assert_eq!(good, 50, "J3");
    assert!(microsoft.count(Endpoint::Keys) <= 4, "J3: {}", microsoft.count(Endpoint::Keys));
    assert_eq!(microsoft.most_in_flight(Endpoint::Keys), 1);
}

#[tokio::test]
async fn j3_the_second_try_finds_another_front_end() {
    let (microsoft, clock) = (Microsoft::of(TENANT), ManualClock::at(START));
    microsoft.set(Endpoint::Keys, list(&["old", "new"]));
    microsoft.once(Endpoint::Keys, list(&["old"]));
    microsoft.once(Endpoint::Keys, list(&["old"]));
    let client = client(&microsoft, &clock);
    assert_eq!(sign_in(&client, &microsoft, &clock, "new").await, Ok(()));
    assert_eq!(microsoft.count(Endpoint::Keys), 3);
}

#[tokio::test]
async fn a_flapping_key_stays_for_its_grace_and_a_withdrawn_one_goes() {
    let (microsoft, clock) = (Microsoft::of(TENANT), ManualClock::at(START));
    microsoft.set(Endpoint::Keys, list(&["steady", "flapping"]));
    let client = client(&microsoft, &clock);
    assert_eq!(sign_in(&client, &microsoft, &clock, "flapping").await, Ok(()));

    microsoft.set(Endpoint::Keys, list(&["steady"]));
    clock.advance(Duration::from_mins(31));
    assert_eq!(sign_in(&client, &microsoft, &clock, "flapping").await, Ok(()), "gone for 31 minutes");
    assert_eq!(microsoft.count(Endpoint::Keys), 2);

    clock.advance(Duration::from_mins(29));
    let outcome = sign_in(&client, &microsoft, &clock, "flapping").await;
    assert_eq!(outcome, Err(Kind::IdTokenKeyUnknown), "J5: withdrawn an hour after it was last seen");
    microsoft.set(Endpoint::Keys, list(&["steady", "flapping"]));
    clock.advance(Duration::from_mins(5));
    assert_eq!(sign_in(&client, &microsoft, &clock, "flapping").await, Ok(()), "back again");
}

#[tokio::test]
async fn a_grace_of_zero_is_off() {
    let (microsoft, clock) = (Microsoft::of(TENANT), ManualClock::at(START));
    microsoft.set(Endpoint::Keys, list(&["steady", "gone"]));
    let client = builder(crate::microsoft::tenant(), &microsoft, &clock).key_grace(Duration::ZERO).build().unwrap();
    assert_eq!(sign_in(&client, &microsoft, &clock, "gone").await, Ok(()));
    microsoft.set(Endpoint::Keys, list(&["steady"]));
    clock.advance(Duration::from_mins(31));
    assert_eq!(sign_in(&client, &microsoft, &clock, "gone").await, Err(Kind::IdTokenKeyUnknown));
}

#[tokio::test]
async fn j5_a_dead_endpoint_is_survived_for_24_hours_and_then_closed() {
    let (microsoft, clock) = (Microsoft::of(TENANT), ManualClock::at(START));
    let client = client(&microsoft, &clock);
    assert_eq!(sign_in(&client, &microsoft, &clock, "work").await, Ok(()));
    for endpoint in [Endpoint::Metadata, Endpoint::Keys] {
        microsoft.set(endpoint, Reply::Fail(HttpErrorKind::Timeout));
    }
    for _ in 0..23 {
        clock.advance(Duration::from_hours(1));
        assert_eq!(sign_in(&client, &microsoft, &clock, "work").await, Ok(()), "J5: stale on error");
    }
    clock.advance(Duration::from_secs(3599));
    assert_eq!(sign_in(&client, &microsoft, &clock, "work").await, Ok(()), "J5: the last second");
    clock.advance(Duration::from_secs(1));
    assert_eq!(sign_in(&client, &microsoft, &clock, "work").await, Err(Kind::MetadataUnreachable), "J5: closed");
    microsoft.set(Endpoint::Metadata, Reply::json(&metadata(TENANT)));
    clock.advance(Duration::from_secs(3));
    assert_eq!(kind(client.warm().await), Err(Kind::KeysUnreachable), "J5: the keys too");
    microsoft.set(Endpoint::Keys, Reply::json(&key_list()));
    clock.advance(Duration::from_secs(3));
    assert_eq!(sign_in(&client, &microsoft, &clock, "work").await, Ok(()), "J5: open again");
}

#[tokio::test]
async fn a_failed_refresh_is_not_tried_at_every_call() {
    let (microsoft, clock) = (Microsoft::of(TENANT), ManualClock::at(START));
    let client = client(&microsoft, &clock);
    client.warm().await.unwrap();
    microsoft.set(Endpoint::Keys, Reply::status(500, ""));
    clock.advance(Duration::from_mins(31));
    for _ in 0..50 {
        client.warm().await.unwrap();
    }
    assert_eq!(microsoft.count(Endpoint::Keys), 3, "one fetch with its one retry");
    clock.advance(Duration::from_mins(1));
    client.warm().await.unwrap();
    assert_eq!(microsoft.count(Endpoint::Keys), 5);
}

#[tokio::test]
async fn j4_bad_key_lists_leave_the_old_one_in_use() {
    let huge = Reply::status(200, &format!(r#"{{"keys":[],"x":"{}"}}"#, "x".repeat(1024 * 1024)));
    let many: Vec<Value> = (0..1001).map(|n| json!({ "kid": n.to_string() })).collect();
    for (name, reply, alone) in [
        ("500", Reply::status(500, "oops"), Kind::KeysUnreachable),
        ("429", Reply::status(429, ""), Kind::KeysUnreachable),
        ("hang", Reply::Fail(HttpErrorKind::Timeout), Kind::KeysUnreachable),
        ("TLS", Reply::Fail(HttpErrorKind::Tls), Kind::KeysUnreachable),
        ("200 MB, as the client says", Reply::Fail(HttpErrorKind::TooLarge), Kind::KeysInvalid),
        ("over 1 MiB, as the client lets through", huge, Kind::KeysInvalid),
        ("1001 keys", Reply::json(&json!({ "keys": many })), Kind::KeysInvalid),
        ("HTML", Reply::status(200, "<html></html>"), Kind::KeysInvalid),
        ("truncated", Reply::status(200, r#"{"keys":[{"kty""#), Kind::KeysInvalid),
        ("gzip", Reply::status(200, "\u{1f}\u{8b}"), Kind::KeysInvalid),
        ("empty set", Reply::status(200, r#"{"keys":[]}"#), Kind::KeysInvalid),
        ("404", Reply::status(404, ""), Kind::KeysInvalid),
        ("a redirect", Reply::status(302, ""), Kind::KeysInvalid),
    ] {
        let (microsoft, clock) = (Microsoft::of(TENANT), ManualClock::at(START));
        let client = client(&microsoft, &clock);
        assert_eq!(sign_in(&client, &microsoft, &clock, "work").await, Ok(()));
        microsoft.set(Endpoint::Keys, reply.clone());
        clock.advance(Duration::from_mins(31));
        assert_eq!(sign_in(&client, &microsoft, &clock, "work").await, Ok(()), "J4: {name}");

        let microsoft = Microsoft::of(TENANT);
        microsoft.set(Endpoint::Keys, reply);
        let fresh = crate::microsoft::client(&microsoft, &clock);
        assert_eq!(kind(fresh.warm().await), Err(alone), "J4: {name}, with nothing kept");
        // A second try at once is for what may be there the next moment.
        let tries = if matches!(name, "500" | "TLS") { 2 } else { 1 };
        assert_eq!(microsoft.count(Endpoint::Keys), tries, "J4: {name}");
    }
    let (microsoft, clock) = (Microsoft::of(TENANT), ManualClock::at(START));
    let one_bad = json!({ "keys": [{ "kty": "oct", "kid": "bad", "k": "AAAA" }, Signer::published().jwk("work")] });
    microsoft.set(Endpoint::Keys, Reply::json(&one_bad));
    let client = client(&microsoft, &clock);
    assert_eq!(sign_in(&client, &microsoft, &clock, "work").await, Ok(()), "J4: one bad key among good ones");
}

#[tokio::test]
async fn j1_bad_metadata_leads_nowhere() {
    for (name, reply, alone) in [
        ("another issuer", Reply::json(&metadata(OTHER_TENANT)), Kind::MetadataInvalid),
        ("a redirect", Reply::status(302, ""), Kind::MetadataInvalid),
        ("404", Reply::status(404, ""), Kind::MetadataInvalid),
        ("503", Reply::status(503, ""), Kind::MetadataUnreachable),
    ] {
        let (microsoft, clock) = (Microsoft::of(TENANT), ManualClock::at(START));
        microsoft.set(Endpoint::Metadata, reply);
        let client = client(&microsoft, &clock);
        let outcome = client.begin(options(START)).await.map(|_| ()).map_err(|error| error.kind());
        assert_eq!(outcome, Err(alone), "J1: {name}");
        assert_eq!(microsoft.count(Endpoint::Stray) + microsoft.count(Endpoint::Keys), 0, "J1: {name}");
    }
}

#[tokio::test]
async fn a_tenant_that_does_not_exist_is_told_as_microsoft_tells_it() {
    let (microsoft, clock) = (Microsoft::of(TENANT), ManualClock::at(START));
    let body = r#"{"error":"invalid_tenant","error_description":"AADSTS90002: Tenant not found.\r\nTrace ID: x"}"#;
    microsoft.set(Endpoint::Metadata, Reply::status(400, body));
    let error = client(&microsoft, &clock).warm().await.unwrap_err();
    assert_eq!((error.kind(), error.aadsts()), (Kind::MetadataInvalid, Some(90_002)));
    assert!(!error.to_string().contains(['\r', '\n']));
}

#[tokio::test]
async fn a_domain_is_pinned_to_the_tenant_it_was_first() {
    let (microsoft, clock) = (Microsoft::of(TENANT), ManualClock::at(START));
    let authority = entra_oidc::Authority::entra(entra_oidc::Cloud::Public, Tenant::parse("contoso.example").unwrap());
    let client = builder(authority, &microsoft, &clock).build().unwrap();
    assert_eq!(client.pinned_tenant(), None);
    assert_eq!(sign_in(&client, &microsoft, &clock, "work").await, Ok(()));
    assert_eq!(client.pinned_tenant(), Some(crate::microsoft::guid(TENANT)));

    microsoft.set(Endpoint::Metadata, Reply::json(&metadata(OTHER_TENANT)));
    clock.advance(Duration::from_mins(31));
    assert_eq!(sign_in(&client, &microsoft, &clock, "work").await, Ok(()), "what is kept stays in use");
    clock.advance(Duration::from_hours(24));
    assert_eq!(sign_in(&client, &microsoft, &clock, "work").await, Err(Kind::MetadataInvalid));
    assert_eq!(client.pinned_tenant(), Some(crate::microsoft::guid(TENANT)));
}

#[tokio::test]
async fn a_clock_that_was_set_back_makes_nothing_fresh() {
    let (microsoft, clock) = (Microsoft::of(TENANT), ManualClock::at(START));
    let client = client(&microsoft, &clock);
    client.warm().await.unwrap();
    clock.set(START.minus(Duration::from_hours(1000)));
    client.warm().await.unwrap();
    assert_eq!(microsoft.count(Endpoint::Metadata), 2);
}
