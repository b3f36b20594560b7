//! The address the browser is sent to: one snapshot for each preset, S8, S14.

use std::fmt::Write as _;

use entra_oidc::{
    AllowedTenants, Authority, Cloud, ManualClock, Prompt, Seed, SignInErrorKind as Kind, SignInOptions, State, Tenant,
    Timestamp,
};
use serde_json::{Value, json};
use url::Url;

use crate::{
    microsoft::{Endpoint, Microsoft, Reply, any_tenant, builder, client, metadata, options, redirect_uri},
    signer::TENANT,
};

pub(super) const START: Timestamp = Timestamp::from_unix(1_790_000_000);

pub(super) fn fixed() -> SignInOptions {
    options(START).seed(Seed::from_bytes([7; 32])).state(State::new("the-state-that-was-sealed").unwrap())
}

/// One parameter a line.
pub(super) fn lines(url: &Url) -> String {
    let mut text = format!("{}{}\n", url.origin().ascii_serialization(), url.path());
    for (name, value) in url.query_pairs() {
        writeln!(text, "{name} = {value}").unwrap();
    }
    text
}

async fn ask(segment: &str, authority: Authority, options: SignInOptions) -> Result<Url, Kind> {
    let (microsoft, clock) = (Microsoft::of(segment), ManualClock::at(START));
    let allowed = if authority.is_multi_tenant() { AllowedTenants::Any } else { AllowedTenants::Pinned };
    let client = builder(authority, &microsoft, &clock).allowed_tenants(allowed).build().unwrap();
    client.begin(options).await.map(|(url, _)| url).map_err(|error| error.kind())
}

#[tokio::test]
async fn the_address_for_one_tenant() {
    let url = ask(TENANT, crate::microsoft::tenant(), fixed()).await.unwrap();
    insta::assert_snapshot!(lines(&url), @r#"
    https://login.microsoftonline.com/8f1c1f6a-3b5e-4b9a-9a53-0c1d2e3f4a5b/oauth2/v2.0/authorize
    client_id = b6c69a37-df96-4db0-9088-2ab96e1d8215
    response_type = code
    redirect_uri = https://app.contoso.example/microsoft_sso/callback/
    response_mode = query
    scope = openid profile email User.ReadBasic.All
    state = the-state-that-was-sealed
    nonce = -F_UVA2Q11RfMp0XvQKKYCDsGpl0iJTNLEHBblJKlP8
    code_challenge = vF8pfWlwJ7zaC247c1mSN3Lmnsscw51jc5mYUVq_miI
    code_challenge_method = S256
    "#);
}

#[tokio::test]
async fn the_address_for_common() {
    let url = ask("common", crate::microsoft::common(), fixed()).await.unwrap();
    insta::assert_snapshot!(lines(&url), @r#"
    https://login.microsoftonline.com/common/oauth2/v2.0/authorize
    client_id = b6c69a37-df96-4db0-9088-2ab96e1d8215
    response_type = code
    redirect_uri = https://app.contoso.example/microsoft_sso/callback/
    response_mode = query
    scope = openid profile email User.Read
    state = the-state-that-was-sealed
    nonce = -F_UVA2Q11RfMp0XvQKKYCDsGpl0iJTNLEHBblJKlP8
    code_challenge = vF8pfWlwJ7zaC247c1mSN3Lmnsscw51jc5mYUVq_miI
    code_challenge_method = S256
    "#);
}

#[tokio::test]
async fn the_address_for_organizations() {
    let authority = Authority::entra(Cloud::Public, Tenant::Organizations);
    let url = ask("organizations", authority, fixed()).await.unwrap();
    insta::assert_snapshot!(lines(&url), @r#"
    https://login.microsoftonline.com/organizations/oauth2/v2.0/authorize
    client_id = b6c69a37-df96-4db0-9088-2ab96e1d8215
    response_type = code
    redirect_uri = https://app.contoso.example/microsoft_sso/callback/
    response_mode = query
    scope = openid profile email User.ReadBasic.All
    state = the-state-that-was-sealed
    nonce = -F_UVA2Q11RfMp0XvQKKYCDsGpl0iJTNLEHBblJKlP8
    code_challenge = vF8pfWlwJ7zaC247c1mSN3Lmnsscw51jc5mYUVq_miI
    code_challenge_method = S256
    "#);
}

#[tokio::test]
async fn the_address_for_consumers() {
    let authority = Authority::entra(Cloud::Public, Tenant::Consumers);
    let url = ask(crate::signer::PERSONAL, authority, fixed()).await.unwrap();
    insta::assert_snapshot!(lines(&url), @r#"
    https://login.microsoftonline.com/9188040d-6c67-4c5b-b112-36a304b66dad/oauth2/v2.0/authorize
    client_id = b6c69a37-df96-4db0-9088-2ab96e1d8215
    response_type = code
    redirect_uri = https://app.contoso.example/microsoft_sso/callback/
    response_mode = query
    scope = openid profile email User.Read
    state = the-state-that-was-sealed
    nonce = -F_UVA2Q11RfMp0XvQKKYCDsGpl0iJTNLEHBblJKlP8
    code_challenge = vF8pfWlwJ7zaC247c1mSN3Lmnsscw51jc5mYUVq_miI
    code_challenge_method = S256
    "#);
}

#[tokio::test]
async fn the_address_with_every_option() {
    let options = fixed()
        .prompt(Prompt::SelectAccount)
        .login_hint("adele@contoso.example")
        .domain_hint("contoso.example")
        .ui_locales("de en")
        .max_age(600)
        .acrs("c1")
        .claims(r#"{"access_token":{"xms_cc":{"values":["cp1"]}}}"#)
        .scopes(["offline_access", "Calendars.Read", "User.ReadBasic.All"])
        .extra("msafed", "0")
        .extra("prompt", "login");
    let url = ask(TENANT, crate::microsoft::tenant(), options).await.unwrap();
    insta::assert_snapshot!(lines(&url), @r#"
    https://login.microsoftonline.com/8f1c1f6a-3b5e-4b9a-9a53-0c1d2e3f4a5b/oauth2/v2.0/authorize
    client_id = b6c69a37-df96-4db0-9088-2ab96e1d8215
    response_type = code
    redirect_uri = https://app.contoso.example/microsoft_sso/callback/
    response_mode = query
    scope = openid profile email User.ReadBasic.All offline_access Calendars.Read
    state = the-state-that-was-sealed
    nonce = -F_UVA2Q11RfMp0XvQKKYCDsGpl0iJTNLEHBblJKlP8
    code_challenge = vF8pfWlwJ7zaC247c1mSN3Lmnsscw51jc5mYUVq_miI
    code_challenge_method = S256
    prompt = select_account
    login_hint = adele@contoso.example
    domain_hint = contoso.example
    ui_locales = de en
    max_age = 600
    claims = {"access_token":{"xms_cc":{"values":["cp1"]}},"id_token":{"acrs":{"essential":true,"value":"c1"}}}
    msafed = 0
    "#);
}

#[tokio::test]
async fn a_query_that_the_endpoint_has_stays() {
    let (microsoft, clock) = (Microsoft::of(TENANT), ManualClock::at(START));
    let mut document = metadata(TENANT);
    document["authorization_endpoint"] = json!("https://login.microsoftonline.com/x/authorize?p=b2c_1_a");
    microsoft.set(Endpoint::Metadata, Reply::json(&document));
    let (url, _) = client(&microsoft, &clock).begin(fixed()).await.unwrap();
    let text = url.as_str();
    assert!(text.starts_with("https://login.microsoftonline.com/x/authorize?p=b2c_1_a&client_id="), "{text}");
    assert_eq!(text.matches('?').count(), 1);
}

#[tokio::test]
async fn s8_pkce_is_s256_always_and_the_verifier_never_travels() {
    let (microsoft, clock) = (Microsoft::of("common"), ManualClock::at(START));
    let client = any_tenant(&microsoft, &clock);
    let (url, pending) = client.begin(options(START)).await.unwrap();
    let (other, other_pending) = client.begin(options(START)).await.unwrap();
    let get =
        |url: &Url, name: &str| url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned());
    assert_eq!(get(&url, "code_challenge_method").as_deref(), Some("S256"));
    assert_eq!(get(&url, "code_challenge"), Some(pending.code_verifier().challenge()));
    assert!(!url.as_str().contains(pending.code_verifier().expose()));
    for name in ["code_challenge", "state", "nonce"] {
        assert_ne!(get(&url, name), get(&other, name), "S2, S8: {name}");
    }
    assert_ne!(pending.code_verifier().expose(), other_pending.code_verifier().expose());

    // S8: metadata that says nothing about PKCE, or says `plain`, changes nothing.
    let mut document = metadata("common");
    document["code_challenge_methods_supported"] = json!(["plain"]);
    let downgraded = Microsoft::of("common");
    downgraded.set(Endpoint::Metadata, Reply::json(&document));
    let (url, _) = any_tenant(&downgraded, &clock).begin(options(START)).await.unwrap();
    assert_eq!(get(&url, "code_challenge_method").as_deref(), Some("S256"));
}

#[tokio::test]
async fn s14_options_cannot_take_the_protocol_over() {
    for name in [
        "client_id",
        "redirect_uri",
        "response_type",
        "response_mode",
        "scope",
        "state",
        "nonce",
        "code_challenge",
        "code_challenge_method",
        "claims",
        "max_age",
        "request",
        "request_uri",
        "resource",
        "client_secret",
        "STATE",
        "",
    ] {
        let outcome = ask(TENANT, crate::microsoft::tenant(), fixed().extra(name, "evil")).await;
        assert_eq!(outcome, Err(Kind::OptionInvalid), "S14: {name}");
    }
    for (name, options) in [
        ("a line break in login_hint", fixed().login_hint("a\r\nb")),
        ("an empty login_hint", fixed().login_hint("")),
        ("a long domain_hint", fixed().domain_hint("a".repeat(3000))),
        ("a blank in a scope", fixed().scopes(["a b"])),
        ("an empty scope", fixed().scopes([""])),
        ("claims that are no object", fixed().claims("[]")),
        ("claims with a member twice", fixed().claims(r#"{"a":1,"a":2}"#)),
        ("claims whose id_token is no object", fixed().acrs("c1").claims(r#"{"id_token":1}"#)),
        ("claims too long", fixed().claims(format!(r#"{{"a":"{}"}}"#, "x".repeat(9000)))),
    ] {
        let outcome = ask(TENANT, crate::microsoft::tenant(), options).await;
        assert_eq!(outcome, Err(Kind::OptionInvalid), "S14: {name}");
    }
    for text in ["javascript:alert(1)", "ftp://app.contoso.example/", "https://app.contoso.example/#x"] {
        let options = SignInOptions::new(Url::parse(text).unwrap(), START);
        assert_eq!(ask(TENANT, crate::microsoft::tenant(), options).await, Err(Kind::OptionInvalid), "S14: {text}");
    }
    let url =
        ask(TENANT, crate::microsoft::tenant(), fixed().login_hint("x&redirect_uri=https://evil.test")).await.unwrap();
    assert_eq!(url.query_pairs().filter(|(name, _)| name == "redirect_uri").count(), 1, "S14: values are encoded");
}

#[tokio::test]
async fn a_step_up_is_merged_into_a_claims_challenge() {
    let challenge =
        r#"{"id_token":{"auth_time":{"essential":true}},"access_token":{"nbf":{"essential":true,"value":"1"}}}"#;
    let url = ask(TENANT, crate::microsoft::tenant(), fixed().claims(challenge).acrs("c2")).await.unwrap();
    let (_, claims) = url.query_pairs().find(|(name, _)| name == "claims").unwrap();
    let claims: Value = serde_json::from_str(&claims).unwrap();
    assert_eq!(
        claims,
        json!({
            "access_token": { "nbf": { "essential": true, "value": "1" } },
            "id_token": { "auth_time": { "essential": true }, "acrs": { "essential": true, "value": "c2" } },
        })
    );
}

#[test]
fn what_waits_survives_being_written_down() {
    let options = SignInOptions::new(redirect_uri(), START).max_age(60).acrs("c1");
    let text = serde_json::to_string(options.expected()).unwrap();
    assert_eq!(&serde_json::from_str::<entra_oidc::Expected>(&text).unwrap(), options.expected());
    assert!(serde_json::from_str::<entra_oidc::Expected>("{}").is_err());
}
