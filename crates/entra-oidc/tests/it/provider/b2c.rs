//! B2C: issuers (J1), policies of tokens (T9), keys that say nothing, one account in all policies (I12).

use entra_oidc::{Authority, ConfigErrorKind, Policy, SignInErrorKind as Kind};
use serde_json::{Value, json};
use url::Url;

use crate::{
    court::Court,
    microsoft::{common, guid, tenant},
    provider::recorded::{B2C_PATH, B2C_QUERY, KEYS_B2C, KEYS_V2, V2_COMMON, b2c},
    signer::{B2C_TENANT, CLIENT, Forge, OID, OTHER_TENANT, Signer, issuer, recorded_keys},
};

fn url(text: &str) -> Url {
    Url::parse(text).unwrap()
}

fn policy(name: &str) -> Policy {
    Policy::parse(name).unwrap()
}

fn court() -> Court {
    Court::new(b2c(), B2C_PATH, &recorded_keys(KEYS_B2C))
}

fn accepts(authority: &Authority, name: &str, value: &str) -> bool {
    let mut document: Value = serde_json::from_str(B2C_QUERY).unwrap();
    document[name] = json!(value);
    authority.accept_metadata(document.to_string().as_bytes()).is_ok()
}

#[test]
fn j1_the_issuers_of_a_directory() {
    let own = format!("https://contoso.b2clogin.com/{B2C_TENANT}/v2.0/");
    let by_id = Authority::b2c("contoso", &policy("B2C_1_susi"), Some(guid(B2C_TENANT))).unwrap();
    let custom = b2c().with_host(url("https://login.contoso.example")).unwrap();
    for (name, issuer, expected) in [
        ("its own", own.clone(), [true, true, true]),
        ("another tenant's", own.replace(B2C_TENANT, OTHER_TENANT), [true, false, true]),
        ("with the policy", format!("https://contoso.b2clogin.com/tfp/{B2C_TENANT}/b2c_1_SUSI/v2.0/"), [true; 3]),
        ("with another policy", format!("https://contoso.b2clogin.com/tfp/{B2C_TENANT}/b2c_1_edit/v2.0/"), [false; 3]),
        ("the policy without tfp", format!("https://contoso.b2clogin.com/{B2C_TENANT}/b2c_1_susi/v2.0/"), [false; 3]),
        ("tfp without a policy", format!("https://contoso.b2clogin.com/tfp/{B2C_TENANT}/v2.0/"), [false; 3]),
        ("more after it", format!("{own}x"), [false; 3]),
        ("more after it, deep", format!("{own}tfp/x/y/z/v2.0/"), [false; 3]),
        ("no slash", own.trim_end_matches('/').to_owned(), [false; 3]),
        ("the domain", "https://contoso.b2clogin.com/contoso.onmicrosoft.com/v2.0/".to_owned(), [false; 3]),
        ("upper case", own.replace(B2C_TENANT, &B2C_TENANT.to_uppercase()), [false; 3]),
        ("a custom domain", format!("https://login.contoso.example/{B2C_TENANT}/v2.0/"), [false, false, true]),
        ("another directory's host", own.replace("contoso", "fabrikam"), [false; 3]),
        ("a host that begins alike", own.replace("b2clogin.com", "b2clogin.com.evil.test"), [false; 3]),
        ("http", own.replace("https", "http"), [false; 3]),
        ("the retired host", format!("https://login.microsoftonline.com/{B2C_TENANT}/v2.0/"), [false; 3]),
        ("Entra's", issuer(B2C_TENANT), [false; 3]),
        ("empty", String::new(), [false; 3]),
    ] {
        let found = [&b2c(), &by_id, &custom].map(|authority| accepts(authority, "issuer", &issuer));
        assert_eq!(found, expected, "J1: {name}: by name, by id, behind a domain");
    }
}

#[test]
fn j1_endpoints_stay_with_the_directory() {
    let custom = b2c().with_host(url("https://login.contoso.example")).unwrap();
    for (endpoint, named, behind_a_domain) in [
        ("https://contoso.b2clogin.com/x?p=b2c_1_susi", true, true),
        ("https://login.contoso.example/x", false, true),
        ("https://fabrikam.b2clogin.com/x", false, false),
        ("https://contoso.b2clogin.com.evil.test/x", false, false),
        ("https://contoso.b2clogin.com:8443/x", false, false),
        ("http://contoso.b2clogin.com/x", false, false),
        ("https://a@contoso.b2clogin.com/x", false, false),
        ("https://contoso.b2clogin.com/x#y", false, false),
        ("https://login.microsoftonline.com/x", false, false),
    ] {
        for name in ["authorization_endpoint", "token_endpoint", "jwks_uri", "end_session_endpoint"] {
            assert_eq!(accepts(&b2c(), name, endpoint), named, "J1: {name} {endpoint}");
            assert_eq!(accepts(&custom, name, endpoint), behind_a_domain, "J1: {name} {endpoint}, custom domain");
        }
    }
}

#[test]
fn t9_the_token_is_of_this_directory_and_this_policy() {
    let court = court();
    let good = || court.forge(Forge::b2c);
    for (name, forge) in [
        ("as it is", good()),
        ("the policy in another case", good().claim("tfp", json!("b2c_1_SUSI"))),
        ("an old policy's", good().without("tfp").claim("acr", json!("b2c_1_susi"))),
        ("`acr` of another kind beside `tfp`", good().claim("acr", json!("1"))),
        ("`tid` when it is configured", good().claim("tid", json!(B2C_TENANT))),
        ("no `oid`", good().without("oid")),
        ("`oid` that is no GUID", good().claim("oid", json!("x"))),
    ] {
        let (account, claims) = court.judge(&forge).unwrap_or_else(|kind| panic!("{name}: {kind:?}"));
        assert_eq!(account, format!("b2c:{B2C_TENANT}/{OID}"), "{name}");
        assert!(claims.policy().is_some_and(|policy| policy.eq_ignore_ascii_case("B2C_1_susi")), "{name}");
        assert_eq!(claims.tenant_id(), Some(guid(B2C_TENANT)), "{name}: from the issuer");
    }
    court.refuses(
        &good(),
        vec![
            ("another policy", good().claim("tfp", json!("B2C_1_edit")), Kind::IdTokenPolicy),
            (
                "another policy beside ours in `acr`",
                good().claim("tfp", json!("B2C_1_edit")).claim("acr", json!("B2C_1_susi")),
                Kind::IdTokenPolicy,
            ),
            ("another policy in `acr`", good().without("tfp").claim("acr", json!("B2C_1_edit")), Kind::IdTokenPolicy),
            ("a policy that begins alike", good().claim("tfp", json!("B2C_1_susi2")), Kind::IdTokenPolicy),
            ("no policy", good().without("tfp"), Kind::IdTokenPolicy),
            (
                "I12: the `sub` of everybody, where the user flow's subject claim is off",
                good().claim("sub", json!("Not supported currently. Use oid claim.")),
                Kind::IdTokenClaims,
            ),
            ("a list of policies", good().claim("tfp", json!(["B2C_1_susi"])), Kind::IdTokenPolicy),
            ("an empty policy", good().claim("tfp", json!("")), Kind::IdTokenPolicy),
            (
                "another tenant's issuer",
                good().claim("iss", json!(format!("https://contoso.b2clogin.com/{OTHER_TENANT}/v2.0/"))),
                Kind::IdTokenIssuer,
            ),
            (
                "the other form of issuer",
                good().claim("iss", json!(format!("https://contoso.b2clogin.com/tfp/{B2C_TENANT}/b2c_1_susi/v2.0/"))),
                Kind::IdTokenIssuer,
            ),
            (
                "T8: no slash",
                good().claim("iss", json!(format!("https://contoso.b2clogin.com/{B2C_TENANT}/v2.0"))),
                Kind::IdTokenIssuer,
            ),
            ("another `tid`", good().claim("tid", json!(OTHER_TENANT)), Kind::IdTokenIssuer),
            (
                "`TID` beside `tid`",
                good().claim("tid", json!(B2C_TENANT)).claim("TID", json!(B2C_TENANT)),
                Kind::IdTokenTenant,
            ),
            ("`tid` that is no GUID", good().claim("tid", json!("x")), Kind::IdTokenTenant),
            ("a work account's token", court.forge(Forge::valid), Kind::IdTokenIssuer),
            ("ver 2.0", good().claim("ver", json!("2.0")), Kind::IdTokenClaims),
            ("T14: an empty `sub`", good().claim("sub", json!("")), Kind::IdTokenClaims),
            ("T15: no nonce", good().without("nonce"), Kind::IdTokenNonce),
            ("T15: another nonce", good().claim("nonce", json!("x")), Kind::IdTokenNonce),
            ("T7: another application", good().claim("aud", json!(OTHER_TENANT)), Kind::IdTokenAudience),
            ("T7: a list", good().claim("aud", json!([CLIENT])), Kind::IdTokenAudience),
            ("a stranger's signature", good().signed_by(Signer::stranger()), Kind::IdTokenSignature),
        ],
    );
}

#[test]
fn i12_two_policies_are_one_account() {
    let edit = b2c().with_policy(&policy("B2C_1_edit")).unwrap();
    let document = B2C_PATH.replace("b2c_1_susi", "b2c_1_edit");
    let (first, second) = (court(), Court::new(edit, &document, &recorded_keys(KEYS_B2C)));
    let edited = second.forge(Forge::b2c).claim("tfp", json!("B2C_1_edit"));
    assert_eq!(first.judge(&first.forge(Forge::b2c)).unwrap().0, second.judge(&edited).unwrap().0);
    assert_eq!(first.judge(&edited).err(), Some(Kind::IdTokenPolicy), "one policy's token at the other");
}

#[test]
fn t10_a_key_that_names_an_issuer_signs_for_it_alone() {
    let mut keys = recorded_keys(KEYS_B2C);
    keys["keys"][0]["issuer"] = json!("https://login.microsoftonline.com/{tenantid}/v2.0");
    let court = Court::new(b2c(), B2C_PATH, &keys);
    assert_eq!(court.judge(&court.forge(Forge::b2c)).err(), Some(Kind::IdTokenKeyIssuer), "T10: issuer");
    let mut keys = recorded_keys(KEYS_B2C);
    keys["keys"][0]["cloud_instance_name"] = json!("microsoftonline.us");
    let court = Court::new(b2c(), B2C_PATH, &keys);
    assert_eq!(court.judge(&court.forge(Forge::b2c)).err(), Some(Kind::IdTokenKeyIssuer), "T10: cloud");
}

#[test]
fn the_first_of_many_addresses_is_shown() {
    let court = court();
    let good = || court.forge(Forge::b2c);
    let email = |forge: Forge| court.judge(&forge).unwrap().1.email().map(str::to_owned);
    assert_eq!(email(good()).as_deref(), Some("robin@mail.example"));
    assert_eq!(email(good().claim("email", json!("other@mail.example"))).as_deref(), Some("other@mail.example"));
    for odd in [json!([]), json!([1]), json!({}), json!(["robin@mail.example", 1]), Value::Null] {
        assert_eq!(email(good().claim("emails", odd)), None);
    }
    assert!(!court.judge(&good()).unwrap().1.xms_edov(), "for showing only");
    let entra = Court::new(common(), V2_COMMON, &recorded_keys(KEYS_V2));
    let odd = entra.forge(Forge::valid).claim("emails", json!(["victim@contoso.example"]));
    assert_eq!(entra.judge(&odd).unwrap().1.email(), None, "I1: B2C's claim means nothing in Entra's tokens");
}

#[test]
fn j2_names_and_addresses() {
    for (text, id) in [
        ("https://contoso.b2clogin.com/contoso.onmicrosoft.com/B2C_1_susi", b2c().id()),
        ("https://contoso.b2clogin.com/contoso.onmicrosoft.com/b2c_1_susi/v2.0/", b2c().id()),
        ("https://contoso.b2clogin.com/tfp/contoso.onmicrosoft.com/B2C_1_susi/", b2c().id()),
        (
            "https://contoso.b2clogin.com/2b3c4d5e-6f70-4182-93a4-b5c6d7e8f901/B2C_1_susi/v2.0",
            Authority::b2c("contoso", &policy("B2C_1_susi"), Some(guid(B2C_TENANT))).unwrap().id(),
        ),
    ] {
        assert_eq!(Authority::from_url(&url(text)).unwrap().id(), id, "{text}");
    }
    let government = Authority::from_url(&url("https://contoso.b2clogin.us/contoso.onmicrosoft.us/b2c_1_a")).unwrap();
    assert_eq!(government.cloud(), Some(entra_oidc::Cloud::UsGovernment));
    for (text, kind) in [
        ("https://contoso.b2clogin.com/contoso.onmicrosoft.com", ConfigErrorKind::Authority),
        ("https://contoso.b2clogin.com/", ConfigErrorKind::Authority),
        ("https://contoso.b2clogin.com/contoso.onmicrosoft.com/susi", ConfigErrorKind::Policy),
        ("https://contoso.b2clogin.com/contoso.onmicrosoft.com/b2c_1%2fx", ConfigErrorKind::Policy),
        ("https://contoso.b2clogin.com/common/b2c_1_susi", ConfigErrorKind::Tenant),
        ("https://contoso.b2clogin.com/nonsense/b2c_1_susi", ConfigErrorKind::Tenant),
        ("https://contoso.b2clogin.com/contoso.onmicrosoft.com/?p=b2c_1_susi", ConfigErrorKind::Authority),
        ("https://contoso.b2clogin.com.evil.test/contoso.onmicrosoft.com/b2c_1_susi", ConfigErrorKind::Authority),
        ("https://a.contoso.b2clogin.com/contoso.onmicrosoft.com/b2c_1_susi", ConfigErrorKind::TenantName),
    ] {
        assert_eq!(Authority::from_url(&url(text)).err().map(|error| error.kind()), Some(kind), "{text}");
    }
    for name in ["", "a.b", "a/b", "a?b", "a#b", "a%b", "a@b", "-a", "a-", "é", "a b", &"a".repeat(64)] {
        let error = Authority::b2c(name, &policy("b2c_1_susi"), None).unwrap_err();
        assert_eq!(error.kind(), ConfigErrorKind::TenantName, "{name}");
    }
    let longest = policy(&format!("b2c_{}", "x".repeat(60)));
    assert!(Authority::b2c(&"a".repeat(63), &longest, None).is_ok());
}

#[test]
fn only_b2c_has_policies_and_it_has_no_graph() {
    for authority in [common(), tenant(), crate::provider::recorded::external_id()] {
        let error = authority.with_policy(&policy("b2c_1_edit")).unwrap_err();
        assert_eq!(error.kind(), ConfigErrorKind::Policy);
    }
    assert!(b2c().graph_url().is_none() && !b2c().has_graph());
    assert!(b2c().default_scopes().is_empty());
    assert!(b2c().admin_consent_url(&guid(CLIENT).into()).is_none());
    let microsoft = crate::microsoft::Microsoft::of("common");
    let clock = entra_oidc::ManualClock::at(entra_oidc::Timestamp::from_unix(1_790_000_000));
    let client = crate::microsoft::builder(b2c(), &microsoft, &clock)
        .graph_url(url("https://graph.microsoft.com"))
        .build()
        .unwrap();
    assert!(client.graph().is_none(), "a configured Graph is not asked with B2C's tokens");
}
