//! Key lists that clients share: by address, one fetch at a time, and bounded.

use entra_oidc::{AllowedTenants, Authority, Cloud, EntraClient, KeyCache, ManualClock, Tenant, Timestamp};
use futures_util::future::join_all;
use serde_json::json;

use crate::{
    microsoft::{Endpoint, Microsoft, Reply, builder, metadata, tenant},
    signer::{TENANT, key_list},
};

fn clock() -> ManualClock {
    ManualClock::at(Timestamp::from_unix(1_790_000_000))
}

fn client(authority: Authority, microsoft: &Microsoft, clock: &ManualClock, keys: &KeyCache) -> EntraClient {
    builder(authority, microsoft, clock).allowed_tenants(AllowedTenants::Any).key_cache(keys.clone()).build().unwrap()
}

#[tokio::test]
async fn clients_of_one_address_share_its_list() {
    let (microsoft, clock, keys) = (Microsoft::of(TENANT), clock(), KeyCache::new());
    assert!(keys.is_empty());
    let clients: Vec<_> = (0..20).map(|_| client(tenant(), &microsoft, &clock, &keys)).collect();
    let outcomes = join_all(clients.iter().map(EntraClient::warm)).await;
    assert!(outcomes.iter().all(Result::is_ok), "{outcomes:?}");
    assert_eq!(microsoft.count(Endpoint::Metadata), 20, "metadata is each client's own");
    assert_eq!(microsoft.count(Endpoint::Keys), 1, "one fetch for all that wait");
    assert_eq!(microsoft.most_in_flight(Endpoint::Keys), 1);
    assert_eq!(keys.len(), 1);

    let alone = builder(tenant(), &microsoft, &clock).build().unwrap();
    alone.warm().await.unwrap();
    assert_eq!(microsoft.count(Endpoint::Keys), 2, "who was given no cache has his own");
}

#[tokio::test]
async fn two_addresses_are_two_lists() {
    let (clock, keys) = (clock(), KeyCache::new());
    for (segment, tenant) in [("common", Tenant::Common), ("organizations", Tenant::Organizations)] {
        let microsoft = Microsoft::of(segment);
        client(Authority::entra(Cloud::Public, tenant), &microsoft, &clock, &keys).warm().await.unwrap();
        assert_eq!(microsoft.count(Endpoint::Keys), 1, "{segment}: Microsoft serves other keys for each");
    }
    assert_eq!(keys.len(), 2);

    // The query is part of the address: B2C's lists may differ in nothing else.
    for policy in ["b2c_1_a", "b2c_1_b"] {
        let mut document = metadata(TENANT);
        document["jwks_uri"] = json!(format!("https://login.microsoftonline.com/x/discovery/v2.0/keys?p={policy}"));
        let microsoft = Microsoft::publishing(&document, &key_list());
        client(tenant(), &microsoft, &clock, &keys).warm().await.unwrap();
        assert_eq!(microsoft.count(Endpoint::Keys), 1, "{policy}");
    }
    assert_eq!(keys.len(), 4);
}

#[tokio::test]
async fn a_list_that_cannot_be_had_is_nobody_else_s_problem() {
    let (clock, keys) = (clock(), KeyCache::new());
    let broken = Microsoft::of("common");
    broken.set(Endpoint::Keys, Reply::status(500, ""));
    let common = client(Authority::entra(Cloud::Public, Tenant::Common), &broken, &clock, &keys);
    assert!(common.warm().await.is_err());
    let microsoft = Microsoft::of(TENANT);
    assert!(client(tenant(), &microsoft, &clock, &keys).warm().await.is_ok());
}

#[tokio::test]
async fn many_tenants_do_not_fill_the_memory() {
    let (clock, keys) = (clock(), KeyCache::new());
    for number in 0..200_u32 {
        let mut document = metadata(TENANT);
        document["jwks_uri"] = json!(format!("https://login.microsoftonline.com/{number}/discovery/v2.0/keys"));
        let microsoft = Microsoft::publishing(&document, &key_list());
        client(tenant(), &microsoft, &clock, &keys).warm().await.unwrap();
    }
    assert_eq!(keys.len(), 64);
}
