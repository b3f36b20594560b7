//! External ID: the issuer's host is the tenant's id (T8, T9), keys and endpoints stay where the document is (J1).

use entra_oidc::{Authority, ConfigErrorKind, Guid, SignInErrorKind as Kind, Tenant};
use serde_json::{Value, json};
use url::Url;

use crate::{
    court::Court,
    microsoft::guid,
    provider::recorded::{EXTERNAL_ID, KEYS_V1, external_id},
    signer::{EXTERNAL_TENANT, Forge, OID, OTHER_TENANT, issuer, recorded_keys},
};

fn url(text: &str) -> Url {
    Url::parse(text).unwrap()
}

fn own_issuer(host: &str, path: &str) -> Value {
    json!(format!("https://{host}.ciamlogin.com/{path}/v2.0"))
}

fn accepts(authority: &Authority, name: &str, value: &Value) -> bool {
    let mut document: Value = serde_json::from_str(EXTERNAL_ID).unwrap();
    document[name] = value.clone();
    authority.accept_metadata(document.to_string().as_bytes()).is_ok()
}

#[test]
fn j1_the_issuer_is_named_after_the_tenant_s_id_twice() {
    let by_id = Authority::external_id("contoso", Some(Tenant::Id(guid(EXTERNAL_TENANT)))).unwrap();
    let upper = EXTERNAL_TENANT.to_uppercase();
    for (name, issuer, by_domain, by_guid) in [
        ("its own", own_issuer(EXTERNAL_TENANT, EXTERNAL_TENANT), true, true),
        ("another tenant's", own_issuer(OTHER_TENANT, OTHER_TENANT), true, false),
        ("the tenant's name as host", own_issuer("contoso", EXTERNAL_TENANT), false, false),
        ("two tenants", own_issuer(EXTERNAL_TENANT, OTHER_TENANT), false, false),
        ("two tenants, the other way", own_issuer(OTHER_TENANT, EXTERNAL_TENANT), false, false),
        ("upper case", own_issuer(&upper, &upper), false, false),
        ("the template", own_issuer("{tenantid}", "{tenantid}"), false, false),
        ("a domain", own_issuer("contoso.onmicrosoft.com", "contoso.onmicrosoft.com"), false, false),
        ("Entra's", json!(issuer(EXTERNAL_TENANT)), false, false),
        ("another host", json!(format!("https://{EXTERNAL_TENANT}.evil.test/{EXTERNAL_TENANT}/v2.0")), false, false),
        ("a slash", json!(format!("https://{EXTERNAL_TENANT}.ciamlogin.com/{EXTERNAL_TENANT}/v2.0/")), false, false),
        ("http", json!(format!("http://{EXTERNAL_TENANT}.ciamlogin.com/{EXTERNAL_TENANT}/v2.0")), false, false),
        ("empty", json!(""), false, false),
        ("short", json!("https://"), false, false),
        ("letters of two bytes", json!(format!("https://{}", "é".repeat(40))), false, false),
    ] {
        assert_eq!(accepts(&external_id(), "issuer", &issuer), by_domain, "J1: {name}");
        assert_eq!(accepts(&by_id, "issuer", &issuer), by_guid, "J1: {name}, tenant by id");
    }
}

#[test]
fn j1_endpoints_stay_at_the_host_of_the_document() {
    let custom = Authority::external_id_at(url("https://login.contoso.example"), guid(EXTERNAL_TENANT)).unwrap();
    for (endpoint, named, behind_a_domain) in [
        ("https://contoso.ciamlogin.com/x", true, false),
        ("https://login.contoso.example/x", false, true),
        ("https://fabrikam.ciamlogin.com/x", false, false),
        ("https://contoso.ciamlogin.com.evil.test/x", false, false),
        ("https://contoso.ciamlogin.com:8443/x", false, false),
        ("http://contoso.ciamlogin.com/x", false, false),
        ("https://login.microsoftonline.com/x", false, false),
        ("https://evil.test/x", false, false),
    ] {
        for name in ["authorization_endpoint", "token_endpoint", "jwks_uri", "end_session_endpoint"] {
            assert_eq!(accepts(&external_id(), name, &json!(endpoint)), named, "J1: {name} {endpoint}");
            let moved = EXTERNAL_ID.replace("https://contoso.ciamlogin.com", "https://login.contoso.example");
            let mut document: Value = serde_json::from_str(&moved).unwrap();
            document[name] = json!(endpoint);
            let outcome = custom.accept_metadata(document.to_string().as_bytes());
            assert_eq!(outcome.is_ok(), behind_a_domain, "J1: {name} {endpoint} {outcome:?}");
        }
    }
}

#[test]
fn t8_t9_what_external_id_refuses() {
    let court = Court::new(external_id(), EXTERNAL_ID, &recorded_keys(KEYS_V1));
    let good = || court.forge(Forge::external_id);
    let (account, claims) = court.judge(&good()).unwrap();
    assert_eq!(account, format!("entra:{EXTERNAL_TENANT}/{OID}"));
    assert_eq!(claims.tenant_id(), Some(guid(EXTERNAL_TENANT)));
    court.refuses(
        &good(),
        vec![
            (
                "T9: another tenant, iss and tid",
                good().claim("iss", own_issuer(OTHER_TENANT, OTHER_TENANT)).claim("tid", json!(OTHER_TENANT)),
                Kind::IdTokenIssuer,
            ),
            ("T9: another tid", good().claim("tid", json!(OTHER_TENANT)), Kind::IdTokenIssuer),
            ("T9: the tenant's name", good().claim("iss", own_issuer("contoso", EXTERNAL_TENANT)), Kind::IdTokenIssuer),
            ("T9: Entra's issuer", good().claim("iss", json!(issuer(EXTERNAL_TENANT))), Kind::IdTokenIssuer),
            ("T9: a work account's token", court.forge(Forge::valid), Kind::IdTokenIssuer),
            ("T9: no tid", good().without("tid"), Kind::IdTokenTenant),
            ("I12: no oid", good().without("oid"), Kind::IdTokenTenant),
            ("ver 1.0", good().claim("ver", json!("1.0")), Kind::IdTokenClaims),
            ("T15: another nonce", good().claim("nonce", json!("other")), Kind::IdTokenNonce),
            ("T7: a list of one", good().claim("aud", json!([crate::signer::CLIENT])), Kind::IdTokenAudience),
        ],
    );
}

#[test]
fn t10_a_key_that_names_an_issuer_signs_for_it_alone() {
    let mut keys = recorded_keys(KEYS_V1);
    for (issuer, accepted) in [
        ("https://{tenantid}.ciamlogin.com/{tenantid}/v2.0".to_owned(), true),
        (own_issuer(EXTERNAL_TENANT, EXTERNAL_TENANT).as_str().unwrap().to_owned(), true),
        (own_issuer(OTHER_TENANT, OTHER_TENANT).as_str().unwrap().to_owned(), false),
        (issuer("{tenantid}"), false),
    ] {
        keys["keys"][0]["issuer"] = json!(issuer);
        let court = Court::new(external_id(), EXTERNAL_ID, &keys);
        let outcome = court.judge(&court.forge(Forge::external_id)).err();
        assert_eq!(outcome, (!accepted).then_some(Kind::IdTokenKeyIssuer), "T10: {issuer}");
    }
}

#[test]
fn j2_names_and_addresses() {
    for (text, metadata) in [
        (
            "https://contoso.ciamlogin.com",
            "https://contoso.ciamlogin.com/contoso.onmicrosoft.com/v2.0/.well-known/openid-configuration",
        ),
        (
            "https://Contoso.ciamlogin.com/",
            "https://contoso.ciamlogin.com/contoso.onmicrosoft.com/v2.0/.well-known/openid-configuration",
        ),
        (
            "https://contoso.ciamlogin.com/contoso.example/v2.0/",
            "https://contoso.ciamlogin.com/contoso.example/v2.0/.well-known/openid-configuration",
        ),
        (
            "https://3c4d5e6f-7081-4293-a4b5-c6d7e8f90112.ciamlogin.com",
            "https://3c4d5e6f-7081-4293-a4b5-c6d7e8f90112.ciamlogin.com/3c4d5e6f-7081-4293-a4b5-c6d7e8f90112/v2.0/.well-known/openid-configuration",
        ),
    ] {
        assert_eq!(Authority::from_url(&url(text)).unwrap().metadata_url().as_str(), metadata, "{text}");
    }
    for (text, kind) in [
        ("https://contoso.ciamlogin.com/common", ConfigErrorKind::Tenant),
        ("https://contoso.ciamlogin.com/organizations/v2.0", ConfigErrorKind::Tenant),
        ("https://contoso.ciamlogin.com/nonsense", ConfigErrorKind::Tenant),
        ("https://contoso.ciamlogin.com/contoso.example/oauth2/v2.0/authorize", ConfigErrorKind::Authority),
        ("https://a.contoso.ciamlogin.com/", ConfigErrorKind::TenantName),
        ("https://ciamlogin.com/", ConfigErrorKind::Authority),
        ("https://contoso.ciamlogin.com.evil.test/", ConfigErrorKind::Authority),
        ("https://contoso.ciamlogin.com:8443/", ConfigErrorKind::Authority),
        ("http://contoso.ciamlogin.com/", ConfigErrorKind::Authority),
        ("https://contoso.ciamlogin.com/?x", ConfigErrorKind::Authority),
    ] {
        let outcome = Authority::from_url(&url(text));
        assert_eq!(outcome.err().map(|error| error.kind()), Some(kind), "{text}");
    }
    for name in
        ["", "a.b", "a/b", "a?b", "a#b", "a@b", "-a", "a-", "é", "a b", &"a".repeat(64), "contoso.ciamlogin.com"]
    {
        let error = Authority::external_id(name, None).unwrap_err();
        assert_eq!(error.kind(), ConfigErrorKind::TenantName, "{name}");
    }
    let long = "a".repeat(63);
    assert!(Authority::external_id(&long, None).is_ok());
    let error = Authority::external_id_at(url("http://login.contoso.example"), Guid::PERSONAL_ACCOUNTS).unwrap_err();
    assert_eq!(error.kind(), ConfigErrorKind::AuthorityHost);
}

#[test]
fn customers_read_themselves_in_graph() {
    assert_eq!(external_id().default_scopes(), ["User.Read"]);
    assert_eq!(external_id().graph_url().unwrap().as_str(), "https://graph.microsoft.com/");
    let emulated = external_id().with_host(url("http://localhost:8400")).unwrap();
    assert!(emulated.graph_url().is_none() && emulated.has_graph());
}
