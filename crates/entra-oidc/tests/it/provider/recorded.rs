//! Documents as Microsoft publishes them, one for each kind of authority: its own are accepted, all others are not.

use entra_oidc::{Authority, Cloud, EndSession, KeySet, Policy, SignInErrorKind as Kind, Tenant, Timestamp};
use serde_json::Value;
use url::Url;

use crate::{
    microsoft::{Endpoint, Microsoft, Reply, builder, common, guid, options, tenant},
    signer::{B2C_TENANT, EXTERNAL_TENANT, recorded_keys},
};

pub(crate) const V2_COMMON: &str = include_str!("../fixtures/v2-common.json");
pub(crate) const V2_TENANT: &str = include_str!("../fixtures/v2-tenant.json");
pub(crate) const V1_COMMON: &str = include_str!("../fixtures/v1-common.json");
pub(crate) const B2C_PATH: &str = include_str!("../fixtures/b2c-path.json");
pub(crate) const B2C_QUERY: &str = include_str!("../fixtures/b2c-query.json");
pub(crate) const EXTERNAL_ID: &str = include_str!("../fixtures/external-id.json");
pub(crate) const CHINA_ALIAS: &str = include_str!("../fixtures/china-alias.json");
pub(crate) const KEYS_V2: &str = include_str!("../fixtures/keys-v2.json");
pub(crate) const KEYS_V1: &str = include_str!("../fixtures/keys-v1.json");
pub(crate) const KEYS_B2C: &str = include_str!("../fixtures/keys-b2c.json");

pub(crate) fn v1_common() -> Authority {
    Authority::entra_v1(Cloud::Public, Tenant::Common, None).unwrap()
}

pub(crate) fn b2c() -> Authority {
    Authority::b2c("contoso", &Policy::parse("B2C_1_susi").unwrap(), None).unwrap()
}

pub(crate) fn external_id() -> Authority {
    Authority::external_id("contoso", None).unwrap()
}

fn china() -> Authority {
    Authority::entra(Cloud::China, Tenant::Organizations)
        .with_host(Url::parse("https://login.chinacloudapi.cn").unwrap())
        .unwrap()
}

#[test]
fn each_document_is_its_own_authority_s_and_no_other_s() {
    let documents = [
        ("v2 common", V2_COMMON),
        ("v2 tenant", V2_TENANT),
        ("v1 common", V1_COMMON),
        ("B2C, paths", B2C_PATH),
        ("B2C, queries", B2C_QUERY),
        ("External ID", EXTERNAL_ID),
        ("China, alias", CHINA_ALIAS),
    ];
    for (name, authority, own) in [
        ("v2 common", common(), vec!["v2 common"]),
        ("v2 tenant", tenant(), vec!["v2 tenant"]),
        ("v1 common", v1_common(), vec!["v1 common"]),
        ("B2C", b2c(), vec!["B2C, paths", "B2C, queries"]),
        ("External ID", external_id(), vec!["External ID"]),
        ("China", china(), vec!["China, alias"]),
    ] {
        for (document_name, document) in documents {
            let outcome = authority.accept_metadata(document.as_bytes());
            assert_eq!(outcome.is_ok(), own.contains(&document_name), "{name}: {document_name}: {outcome:?}");
            assert!(outcome.err().is_none_or(|error| error.kind() == Kind::MetadataInvalid));
        }
    }
}

#[test]
fn what_the_documents_say_is_read() {
    for (authority, document, issuer, tenant, jwks_uri) in [
        (
            v1_common(),
            V1_COMMON,
            "https://sts.windows.net/{tenantid}/",
            None,
            "https://login.microsoftonline.com/common/discovery/keys",
        ),
        (
            b2c(),
            B2C_QUERY,
            "https://contoso.b2clogin.com/2b3c4d5e-6f70-4182-93a4-b5c6d7e8f901/v2.0/",
            Some(B2C_TENANT),
            "https://contoso.b2clogin.com/contoso.onmicrosoft.com/discovery/v2.0/keys?p=b2c_1_susi",
        ),
        (
            external_id(),
            EXTERNAL_ID,
            "https://3c4d5e6f-7081-4293-a4b5-c6d7e8f90112.ciamlogin.com/3c4d5e6f-7081-4293-a4b5-c6d7e8f90112/v2.0",
            Some(EXTERNAL_TENANT),
            "https://contoso.ciamlogin.com/3c4d5e6f-7081-4293-a4b5-c6d7e8f90112/discovery/v2.0/keys",
        ),
        (
            china(),
            CHINA_ALIAS,
            "https://login.partner.microsoftonline.cn/{tenantid}/v2.0",
            None,
            "https://login.chinacloudapi.cn/common/discovery/v2.0/keys",
        ),
    ] {
        let found = authority.accept_metadata(document.as_bytes()).unwrap();
        assert_eq!(found.issuer(), issuer);
        assert_eq!(found.tenant(), tenant.map(guid));
        assert_eq!(found.jwks_uri().as_str(), jwks_uri);
        assert!(!found.answers_with_issuer(), "Microsoft promises no `iss`");
        assert_eq!(found.user_info_endpoint(), None, "Microsoft's is Graph's");
    }
}

#[tokio::test]
async fn a_query_of_an_endpoint_stays_and_ours_comes_after_it() {
    let document: Value = serde_json::from_str(B2C_QUERY).unwrap();
    let microsoft = Microsoft::publishing(&document, &recorded_keys(KEYS_B2C));
    microsoft.set(Endpoint::Token, Reply::status(400, r#"{"error":"invalid_grant"}"#));
    let clock = entra_oidc::ManualClock::at(Timestamp::from_unix(1_790_000_000));
    let client = builder(b2c(), &microsoft, &clock).build().unwrap();

    let (address, pending) = client.begin(options(clock.now())).await.unwrap();
    let begins = "https://contoso.b2clogin.com/contoso.onmicrosoft.com/oauth2/v2.0/authorize?p=b2c_1_susi&client_id=";
    assert!(address.as_str().starts_with(begins), "{address}");
    assert_eq!(address.as_str().matches('?').count(), 1, "{address}");
    assert_eq!(address.query_pairs().filter(|(name, _)| name == "scope").count(), 1);
    assert!(address.query_pairs().any(|(name, value)| name == "scope" && value == "openid profile email"), "no Graph");

    let query = format!("code=c&state={}", pending.state().as_str());
    let response = entra_oidc::AuthorizationResponse::from_query(&query).unwrap();
    assert_eq!(client.complete(pending, response).await.err().map(|error| error.kind()), Some(Kind::GrantRefused));
    let (request, _) = microsoft.last(Endpoint::Token);
    assert_eq!(
        request.uri().to_string(),
        "https://contoso.b2clogin.com/contoso.onmicrosoft.com/oauth2/v2.0/token?p=b2c_1_susi"
    );

    let back = Url::parse("https://app.contoso.example/").unwrap();
    let goodbye = client.end_session_url(EndSession::new().post_logout_redirect_uri(back)).await.unwrap();
    let begins = "https://contoso.b2clogin.com/contoso.onmicrosoft.com/oauth2/v2.0/logout?p=b2c_1_susi&client_id=";
    assert!(goodbye.as_str().starts_with(begins), "{goodbye}");

    client.warm().await.unwrap();
    let (request, _) = microsoft.last(Endpoint::Keys);
    assert!(request.uri().to_string().ends_with("/discovery/v2.0/keys?p=b2c_1_susi"), "{}", request.uri());
    assert_eq!(microsoft.count(Endpoint::Stray), 0);
}

#[test]
fn the_recorded_key_lists_are_read_whole() {
    let now = Timestamp::from_unix(1_790_000_000);
    for (name, text, len, fields) in [
        ("v2", KEYS_V2, 4, vec!["cloud_instance_name", "e", "issuer", "kid", "kty", "n", "use", "x5c", "x5t"]),
        ("v1", KEYS_V1, 2, vec!["e", "kid", "kty", "n", "use", "x5c", "x5t"]),
        ("B2C", KEYS_B2C, 1, vec!["e", "kid", "kty", "n", "nbf", "use"]),
    ] {
        assert_eq!(KeySet::parse(text.as_bytes(), now).unwrap().len(), len, "{name}");
        let list: Value = serde_json::from_str(text).unwrap();
        for key in list["keys"].as_array().unwrap() {
            let mut names: Vec<_> = key.as_object().unwrap().keys().map(String::as_str).collect();
            names.sort_unstable();
            assert_eq!(names, fields, "{name}");
        }
    }
}
