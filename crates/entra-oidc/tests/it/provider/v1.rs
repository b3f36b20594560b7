//! v1 endpoints: issuer, version, keys (T9, T10), the resource, and that the account is v2's (I12).

use entra_oidc::{Authority, Cloud, ConfigErrorKind, Guid, SignInErrorKind as Kind, Tenant, Timestamp};
use serde_json::{Value, json};
use url::Url;

use crate::{
    court::Court,
    microsoft::{Microsoft, builder, common, guid, options},
    provider::recorded::{KEYS_V1, KEYS_V2, V1_COMMON, V2_COMMON, v1_common},
    signer::{CLIENT, Forge, OID, OTHER_TENANT, PERSONAL, TENANT, issuer, recorded_keys},
};

const GRAPH_ID: &str = "00000003-0000-0000-c000-000000000000";

fn v1(resource: &str) -> Authority {
    Authority::entra_v1(Cloud::Public, Tenant::Organizations, Some(resource.to_owned())).unwrap()
}

fn v1_issuer(tenant: &str) -> Value {
    json!(format!("https://sts.windows.net/{tenant}/"))
}

#[test]
fn i12_v1_and_v2_name_the_same_account() {
    let first = Court::new(v1_common(), V1_COMMON, &recorded_keys(KEYS_V1));
    let second = Court::new(common(), V2_COMMON, &recorded_keys(KEYS_V2));
    let (account, claims) = first.judge(&first.forge(Forge::v1)).unwrap();
    assert_eq!(account, format!("entra:{TENANT}/{OID}"));
    assert_eq!(claims.upn(), Some("adele@contoso.example"));
    assert_eq!(second.judge(&second.forge(Forge::valid)).unwrap().0, account);
}

#[test]
fn t9_t10_what_v1_refuses() {
    let court = Court::new(v1_common(), V1_COMMON, &recorded_keys(KEYS_V1));
    let good = || court.forge(Forge::v1);
    court.refuses(
        &good(),
        vec![
            ("T9: a v2 token", court.forge(Forge::valid), Kind::IdTokenIssuer),
            ("T9: v2's issuer", good().claim("iss", json!(issuer(TENANT))), Kind::IdTokenIssuer),
            ("T9: another tenant's issuer", good().claim("iss", v1_issuer(OTHER_TENANT)), Kind::IdTokenIssuer),
            ("T9: another `tid`", good().claim("tid", json!(OTHER_TENANT)), Kind::IdTokenIssuer),
            ("T9: the template itself", good().claim("iss", v1_issuer("{tenantid}")), Kind::IdTokenIssuer),
            (
                "T8: no slash",
                good().claim("iss", json!(format!("https://sts.windows.net/{TENANT}"))),
                Kind::IdTokenIssuer,
            ),
            ("T8: upper case", good().claim("iss", v1_issuer(&TENANT.to_uppercase())), Kind::IdTokenIssuer),
            ("T9: no `tid`", good().without("tid"), Kind::IdTokenTenant),
            ("T9: `tid` is no GUID", good().claim("tid", json!("contoso.example")), Kind::IdTokenTenant),
            ("T9: `TID` too", good().claim("TID", json!(TENANT)), Kind::IdTokenTenant),
            ("I12: no `oid`", good().without("oid"), Kind::IdTokenTenant),
            ("ver 2.0", good().claim("ver", json!("2.0")), Kind::IdTokenClaims),
            ("ver a number", good().claim("ver", json!(1.0)), Kind::IdTokenClaims),
            ("no ver", good().without("ver"), Kind::IdTokenClaims),
            (
                "personal accounts have no v1",
                good().claim("tid", json!(PERSONAL)).claim("iss", v1_issuer(PERSONAL)),
                Kind::TenantNotAllowed,
            ),
            ("T15: no nonce", good().without("nonce"), Kind::IdTokenNonce),
            ("T15: an empty nonce", good().claim("nonce", json!("")), Kind::IdTokenNonce),
            ("T7: another application", good().claim("aud", json!(OTHER_TENANT)), Kind::IdTokenAudience),
            ("T7: a list", good().claim("aud", json!([CLIENT])), Kind::IdTokenAudience),
        ],
    );
    // A list that does say whom its keys are for is believed: v2's keys sign for v2's issuer only.
    let foreign = Court::new(v1_common(), V1_COMMON, &recorded_keys(KEYS_V2));
    assert_eq!(foreign.judge(&foreign.forge(Forge::v1)).err(), Some(Kind::IdTokenKeyIssuer), "T10");
}

#[test]
fn t10_a_key_that_is_certified_for_another_cloud_signs_nothing_at_v1() {
    let nothing_said = |name: &str| -> Value {
        let mut list: Value = serde_json::from_str(name).unwrap();
        for key in list["keys"].as_array_mut().unwrap() {
            key.as_object_mut().unwrap().retain(|name, _| !matches!(name.as_str(), "issuer" | "cloud_instance_name"));
        }
        list
    };
    let court = Court::new(v1_common(), V1_COMMON, &recorded_keys(&nothing_said(KEYS_V2).to_string()));
    assert!(court.judge(&court.forge(Forge::v1)).is_ok(), "a key of the cloud's own");
    let government = court.signed_with(Forge::v1, 2);
    assert_eq!(court.judge(&government).err(), Some(Kind::IdTokenKeyIssuer), "T10: login.microsoftonline.us");
}

#[test]
fn t9_v2_refuses_v1_s_tokens() {
    let court = Court::new(common(), V2_COMMON, &recorded_keys(KEYS_V2));
    let good = || court.forge(Forge::valid);
    court.refuses(
        &good(),
        vec![
            ("T9: a v1 token", court.forge(Forge::v1), Kind::IdTokenIssuer),
            ("T9: v1's issuer", good().claim("iss", v1_issuer(TENANT)), Kind::IdTokenIssuer),
            ("ver 1.0", good().claim("ver", json!("1.0")), Kind::IdTokenClaims),
            ("no ver", good().without("ver"), Kind::IdTokenClaims),
            ("I12: no `oid`", good().without("oid"), Kind::IdTokenTenant),
            (
                "T10: the personal accounts' key for a work account",
                court.signed_with(Forge::valid, 3),
                Kind::IdTokenKeyIssuer,
            ),
            ("T10: the government's key", court.signed_with(Forge::valid, 2), Kind::IdTokenKeyIssuer),
        ],
    );
    let personal = court.signed_with(Forge::valid, 3).of_tenant(PERSONAL);
    assert!(court.judge(&personal).is_ok(), "T10: that key signs for its own");
}

#[test]
fn the_clouds_issuers() {
    for (cloud, iss) in [
        (Cloud::Public, "https://sts.windows.net/{tenantid}/"),
        (Cloud::UsGovernment, "https://sts.windows.net/{tenantid}/"),
        (Cloud::China, "https://sts.chinacloudapi.cn/{tenantid}/"),
    ] {
        let authority = Authority::entra_v1(cloud, Tenant::Organizations, None).unwrap();
        let document = |issuer: &str| {
            let mut document: Value = serde_json::from_str(V1_COMMON).unwrap();
            document["issuer"] = json!(issuer);
            document["cloud_instance_name"] = json!(cloud.cloud_instance_name());
            let text = document.to_string().replace("login.microsoftonline.com", cloud.login_host());
            authority.accept_metadata(text.as_bytes()).is_ok()
        };
        assert!(document(iss), "{cloud}");
        assert!(!document(iss.trim_end_matches('/')), "{cloud}");
        assert!(!document("https://login.microsoftonline.com/{tenantid}/v2.0"), "{cloud}");
        assert!(!document("https://sts.evil.test/{tenantid}/"), "{cloud}");
    }
}

#[test]
fn the_resource_decides_about_graph() {
    let none = Authority::entra_v1(Cloud::China, Tenant::Organizations, None).unwrap();
    assert_eq!(none.resource(), Some("https://microsoftgraph.chinacloudapi.cn"));
    assert!(none.has_graph() && none.default_scopes().is_empty());
    for (resource, graph) in [
        ("https://graph.microsoft.com", true),
        ("https://graph.microsoft.com/", true),
        (GRAPH_ID, true),
        ("https://graph.windows.net", false),
        ("https://graph.microsoft.us", false),
        ("http://graph.microsoft.com", false),
        ("https://graph.microsoft.com.evil.test", false),
        ("https://graph.microsoft.com/v1.0", false),
        ("api://contoso", false),
        ("graph.microsoft.com", false),
    ] {
        let authority = v1(resource);
        assert_eq!(authority.resource(), Some(resource));
        assert_eq!((authority.has_graph(), authority.graph_url().is_some()), (graph, graph), "{resource}");
    }
    assert_eq!(common().resource(), None, "v2 has scopes");
    for resource in ["", " ", "https://a b", "https://é.example", "a\n", &"x".repeat(513)] {
        let error = Authority::entra_v1(Cloud::Public, Tenant::Common, Some(resource.to_owned())).unwrap_err();
        assert_eq!(error.kind(), ConfigErrorKind::Resource, "{resource:?}");
    }
}

#[test]
fn where_there_is_no_v1() {
    for (cloud, tenant) in [
        (Cloud::Public, Tenant::Consumers),
        (Cloud::Bleu, Tenant::Organizations),
        (Cloud::Delos, Tenant::Organizations),
        (Cloud::GovSg, Tenant::Organizations),
    ] {
        let error = Authority::entra_v1(cloud, tenant, None).unwrap_err();
        assert_eq!(error.kind(), ConfigErrorKind::EndpointVersion, "{cloud}");
    }
}

#[tokio::test]
async fn the_request_names_the_resource_and_no_scopes_of_it() {
    let document: Value = serde_json::from_str(V1_COMMON).unwrap();
    let microsoft = Microsoft::publishing(&document, &recorded_keys(KEYS_V1));
    let clock = entra_oidc::ManualClock::at(Timestamp::from_unix(1_790_000_000));
    let client = builder(v1_common(), &microsoft, &clock)
        .allowed_tenants(entra_oidc::AllowedTenants::Any)
        .scopes(vec!["User.Read".to_owned()])
        .build()
        .unwrap();
    let (address, _) = client.begin(options(clock.now()).scopes(["Mail.Read"])).await.unwrap();
    assert_eq!(address.path(), "/common/oauth2/authorize");
    let value = |name: &str| address.query_pairs().find(|(at, _)| at == name).map(|(_, value)| value.into_owned());
    assert_eq!(value("resource").as_deref(), Some("https://graph.microsoft.com"));
    assert_eq!(value("scope").as_deref(), Some("openid profile email"));
    assert_eq!(microsoft.count(crate::microsoft::Endpoint::Stray), 0);
}

#[test]
fn keys_of_one_application_are_asked_for_by_its_id() {
    let app: Guid = guid(CLIENT);
    for (authority, document, metadata, keys) in [
        (
            v1_common(),
            V1_COMMON,
            "https://login.microsoftonline.com/common/.well-known/openid-configuration",
            "https://login.microsoftonline.com/common/discovery/keys",
        ),
        (
            common(),
            V2_COMMON,
            "https://login.microsoftonline.com/common/v2.0/.well-known/openid-configuration",
            "https://login.microsoftonline.com/common/discovery/v2.0/keys",
        ),
    ] {
        let with = authority.clone().with_app_signing_keys(app).unwrap();
        assert_eq!(authority.metadata_url().as_str(), metadata);
        assert_eq!(with.metadata_url().as_str(), format!("{metadata}?appid={CLIENT}"));
        assert_eq!(authority.accept_metadata(document.as_bytes()).unwrap().jwks_uri().as_str(), keys);
        let asked = format!("{keys}?appid={CLIENT}");
        assert_eq!(with.accept_metadata(document.as_bytes()).unwrap().jwks_uri().as_str(), asked);
        let said = document.replace(keys, &asked);
        assert_eq!(with.accept_metadata(said.as_bytes()).unwrap().jwks_uri().as_str(), asked, "once is enough");
        let moved = with.with_host(Url::parse("http://localhost:8400").unwrap()).unwrap();
        assert_eq!(moved.metadata_url().query(), Some(&*format!("appid={CLIENT}")));
    }
    for other in [crate::provider::recorded::b2c(), crate::provider::recorded::external_id()] {
        let error = other.with_app_signing_keys(app).unwrap_err();
        assert_eq!(error.kind(), ConfigErrorKind::AppSigningKeys);
    }
}
