//! The endpoints and tokens of v1.

use std::collections::BTreeSet;

use entra_emulator::{Browser, seed};
use serde_json::{Value, json};

use crate::flow::{Ask, NOW, TokenAsk, claims, client, get_json, header, start, told};

const GRAPH: &str = "https://graph.microsoft.com";

/// The answer of the token endpoint to `name`'s sign-in, both at v1.
async fn signed_in(emulator: &entra_emulator::Emulator, ask: &Ask, name: &str) -> crate::flow::Answer {
    let code = ask.code(name).await;
    TokenAsk::code(emulator, &code).at(emulator, &ask.segment).v1().send().await
}

#[tokio::test]
async fn discovery_has_the_recorded_shape() {
    let emulator = start().await;
    let at = |path: &str| format!("{}common/{path}", emulator.url());
    let (status, v1) = get_json(at(".well-known/openid-configuration")).await;
    assert_eq!(status, 200);
    let changed = json!({
        "token_endpoint": at("oauth2/token"),
        "authorization_endpoint": at("oauth2/authorize"),
        "device_authorization_endpoint": at("oauth2/devicecode"),
        "end_session_endpoint": at("oauth2/logout"),
        "jwks_uri": at("discovery/keys"),
        "issuer": "https://sts.windows.net/{tenantid}/",
        "response_types_supported": ["code", "id_token", "code id_token", "token id_token", "token"],
        "scopes_supported": ["openid"],
        "microsoft_multi_refresh_token": true,
        "check_session_iframe": at("oauth2/checksession"),
        "userinfo_endpoint": at("openid/userinfo"),
        "claims_supported": [
            "sub", "iss", "cloud_instance_name", "cloud_instance_host_name", "cloud_graph_host_name", "msgraph_host",
            "aud", "exp", "iat", "auth_time", "acr", "amr", "nonce", "email", "given_name", "family_name", "nickname",
        ],
    });
    let (_, mut expected) = get_json(at("v2.0/.well-known/openid-configuration")).await;
    let members = expected.as_object_mut().expect("an object");
    members.remove("request_uri_parameter_supported");
    members.extend(changed.as_object().expect("an object").clone());
    assert_eq!(v1, expected, "the rest as v2");
}

#[tokio::test]
async fn keys_are_the_same_but_for_personal_accounts_and_say_nothing_of_issuers() {
    let emulator = start().await;
    let fetch = async |path: &str| get_json(format!("{}{}/{path}", emulator.url(), seed::CONTOSO)).await.1;
    let (v1, mut v2) = (fetch("discovery/keys").await, fetch("discovery/v2.0/keys").await);
    let v2_keys = v2["keys"].as_array_mut().expect("a list");
    let before = v2_keys.len();
    v2_keys.retain(|key| !key["issuer"].as_str().is_some_and(|issuer| issuer.contains(seed::PERSONAL_ACCOUNTS)));
    assert_eq!(v2_keys.len(), before - 1, "personal accounts have no v1");
    for key in v2_keys {
        let key = key.as_object_mut().expect("an object");
        assert!(key.remove("issuer").is_some() && key.remove("cloud_instance_name").is_some());
    }
    assert_eq!(v1, v2);
}

#[tokio::test]
async fn a_member() {
    let emulator = start().await;
    let ask = Ask::new(&emulator).v1();
    let answer = signed_in(&emulator, &ask, seed::ADELE).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let token = answer.text("id_token");
    let names: BTreeSet<String> = header(token).as_object().expect("an object").keys().cloned().collect();
    assert_eq!(names, BTreeSet::from(["alg", "kid", "typ", "x5t"].map(str::to_owned)));
    assert_eq!(header(token)["x5t"], header(token)["kid"]);
    let mut claims = claims(token);
    for opaque in ["aio", "rh", "uti", "sub", "sid", "login_hint"] {
        assert!(claims[opaque].take().as_str().is_some_and(|value| value.len() >= 20), "{opaque}");
    }
    let expected = json!({
        "aud": seed::APP_ID,
        "iss": format!("https://sts.windows.net/{}/", seed::CONTOSO),
        "iat": NOW - 300,
        "nbf": NOW - 300,
        "exp": NOW + 3600,
        "aio": null, "rh": null, "uti": null, "sub": null, "sid": null, "login_hint": null,
        "amr": ["pwd"],
        "ipaddr": "127.0.0.1",
        "name": "Adele Vance",
        "given_name": "Adele",
        "family_name": "Vance",
        "unique_name": seed::ADELE,
        "upn": seed::ADELE,
        "oid": seed::ADELE_ID,
        "tid": seed::CONTOSO,
        "nonce": "the-nonce",
        "email": seed::ADELE,
        "xms_edov": true,
        "groups": [seed::ENGINEERING, seed::ALL_STAFF],
        "roles": [seed::ROLE],
        "ver": "1.0",
    });
    assert_eq!(claims, expected);
}

#[tokio::test]
async fn a_guest_and_somebody_without_an_address() {
    let emulator = start().await;
    let ask = Ask::new(&emulator).v1();
    let guest = signed_in(&emulator, &ask, seed::MEGAN).await.id_token();
    assert_eq!(guest["oid"], seed::MEGAN_GUEST_ID);
    assert_eq!(guest["unique_name"], seed::MEGAN);
    assert_eq!(guest["idp"], format!("https://sts.windows.net/{}/", seed::FABRIKAM));
    assert_eq!((&guest["email"], guest.get("upn")), (&json!(seed::MEGAN), None));
    let alex = signed_in(&emulator, &ask, seed::ALEX).await.id_token();
    assert_eq!((&alex["upn"], alex.get("email")), (&json!(seed::ALEX), None));
}

#[tokio::test]
async fn the_same_person_as_at_v2() {
    let emulator = start().await;
    let v1 = signed_in(&emulator, &Ask::new(&emulator).v1(), seed::ADELE).await.id_token();
    let v2 = crate::flow::tokens(&emulator, &Ask::new(&emulator), seed::ADELE).await.id_token();
    for claim in ["tid", "oid", "sub", "aud"] {
        assert_eq!(v1[claim], v2[claim], "{claim}");
    }
}

#[tokio::test]
async fn numbers_are_strings_and_the_resource_is_named() {
    let emulator = start().await;
    let body = signed_in(&emulator, &Ask::new(&emulator).v1(), seed::ADELE).await.body;
    let members = ["expires_in", "ext_expires_in", "expires_on", "not_before", "resource", "scope", "token_type"];
    let seen: Vec<&Value> = members.iter().map(|member| &body[*member]).collect();
    let expires = (NOW + 3599).to_string();
    let begins = (NOW - 300).to_string();
    let expected = ["3599", "3599", &expires, &begins, GRAPH, "User.Read User.ReadBasic.All openid profile", "Bearer"];
    assert_eq!(seen, expected);
    assert!(body["refresh_token"].is_string(), "without asking for offline_access");
    let access = claims(body["access_token"].as_str().expect("a token"));
    assert_eq!((&access["aud"], &access["ver"]), (&json!(GRAPH), &json!("1.0")));
    let v2 = crate::flow::tokens(&emulator, &Ask::new(&emulator), seed::ADELE).await.body;
    assert_eq!(v2["expires_in"], 3599);
    assert_eq!((v2.get("resource"), v2.get("expires_on")), (None, None));
}

#[tokio::test]
async fn scopes_are_not_heard_and_resources_are() {
    let emulator = start().await;
    let ask = Ask::new(&emulator).v1();
    let without = ask.clone().without("resource");
    for (ask, what) in [
        (ask.clone().set("scope", "openid nonsense! Mail.Read"), "a scope"),
        (without.clone(), "no resource: Graph"),
        (ask.clone().set("resource", "https://graph.microsoft.com/"), "a slash at the end"),
        (ask.clone().set("resource", "00000003-0000-0000-c000-000000000000"), "by id"),
    ] {
        let answer = signed_in(&emulator, &ask, seed::ADELE).await;
        assert_eq!((answer.summary().as_str(), answer.text("resource")), ("200 - null", GRAPH), "{what}");
    }
    let own = ask.clone().set("resource", &format!("api://{}", seed::APP_ID));
    let answer = signed_in(&emulator, &own, seed::ADELE).await;
    assert_eq!(answer.text("resource"), seed::APP_ID);
    assert_eq!(claims(answer.text("access_token"))["aud"], seed::APP_ID);
    let unknown = ask.set("resource", "https://nobody.example").told(seed::ADELE).await;
    assert!(unknown["error_description"].starts_with("AADSTS500011: "), "{unknown:?}");
    assert_eq!(unknown["error"], "invalid_resource");
}

#[tokio::test]
async fn refreshing_for_another_resource() {
    let emulator = start().await;
    let answer = signed_in(&emulator, &Ask::new(&emulator).v1(), seed::ADELE).await;
    let refresh = TokenAsk::refresh(&emulator, answer.text("refresh_token")).v1();
    let same = refresh.clone().send().await;
    assert_eq!((same.text("resource"), &same.id_token()["ver"]), (GRAPH, &json!("1.0")));
    let other = refresh.clone().set("resource", seed::APP_ID).send().await;
    assert_eq!(other.text("resource"), seed::APP_ID);
    let unknown = refresh.set("resource", "api://nobody").send().await;
    assert_eq!(unknown.summary(), "400 invalid_resource 500011");
}

#[tokio::test]
async fn the_application_itself() {
    let emulator = start().await;
    let ask = TokenAsk::app(&emulator, "https://graph.microsoft.com/.default").v1();
    assert_eq!(ask.clone().send().await.summary(), "400 invalid_request 900144", "a scope is no resource");
    let answer = ask.without("scope").set("resource", GRAPH).send().await;
    let names: BTreeSet<&str> = answer.body.as_object().expect("an object").keys().map(String::as_str).collect();
    let expected =
        ["access_token", "expires_in", "expires_on", "ext_expires_in", "not_before", "resource", "token_type"];
    assert_eq!(names, BTreeSet::from(expected));
    assert_eq!(claims(answer.text("access_token"))["iss"], format!("https://sts.windows.net/{}/", seed::CONTOSO));
}

#[tokio::test]
async fn v2_refuses_resource() {
    let emulator = start().await;
    let told = Ask::new(&emulator).set("resource", GRAPH).told(seed::ADELE).await;
    assert!(told["error_description"].starts_with("AADSTS901002: "), "{told:?}");
    let code = Ask::new(&emulator).code(seed::ADELE).await;
    let tokens = crate::flow::tokens(&emulator, &Ask::new(&emulator), seed::ADELE).await;
    let asks = [
        TokenAsk::code(&emulator, &code),
        TokenAsk::refresh(&emulator, tokens.text("refresh_token")),
        TokenAsk::app(&emulator, "https://graph.microsoft.com/.default"),
    ];
    for ask in asks {
        let answer = ask.set("resource", GRAPH).send().await;
        assert_eq!(answer.summary(), "400 invalid_request 901002");
    }
}

/// The version of an ID token is the version of the token endpoint.
#[tokio::test]
async fn t9_the_endpoint_decides_the_version() {
    let emulator = start().await;
    let ask = Ask::new(&emulator);
    let at_v1 = TokenAsk::code(&emulator, &ask.code(seed::ADELE).await).v1().send().await;
    assert_eq!(at_v1.id_token()["ver"], "1.0");
    let at_v2 = TokenAsk::code(&emulator, &ask.v1().code(seed::ADELE).await).send().await;
    assert_eq!(at_v2.id_token()["ver"], "2.0");
}

#[tokio::test]
async fn personal_accounts_have_no_v1() {
    let emulator = start().await;
    for segment in ["consumers", seed::PERSONAL_ACCOUNTS] {
        let ask = Ask::new(&emulator).v1().at(segment);
        let page = ask.answered_to(&Browser::new(), seed::PAT).await;
        assert_eq!((page.location(), page.aadsts()), (None, Some(90027)), "{segment}");
        let (status, body) = get_json(format!("{}{segment}/.well-known/openid-configuration", emulator.url())).await;
        assert_eq!((status, &body["error_codes"][0]), (400, &json!(90027)), "{segment}");
        let (status, body) = get_json(format!("{}{segment}/discovery/keys", emulator.url())).await;
        assert_eq!((status, &body["error_codes"][0]), (400, &json!(90027)), "{segment}");
        let answer = TokenAsk::code(&emulator, "x").at(&emulator, segment).v1().send().await;
        assert_eq!(answer.summary(), "400 invalid_request 90027", "{segment}");
    }
    let ask = Ask::new(&emulator).v1().at("common");
    let browser = Browser::new();
    let page = browser.get(ask.url()).await.expect("the account page");
    let form = page.form("accounts").expect("the account page");
    let offers = |name: &str| form.buttons.iter().any(|(_, value)| value == name);
    assert!(offers(seed::ADELE) && !offers(seed::PAT));
    let typed = browser.submit(&page, &form.set("other_account", seed::PAT)).await.expect("an answer");
    assert_eq!(typed.aadsts(), Some(90027), "typed by name");
    let v2 = crate::flow::tokens(&emulator, &Ask::new(&emulator).at("common"), seed::PAT).await;
    let refresh = TokenAsk::refresh(&emulator, v2.text("refresh_token")).at(&emulator, "common").v1();
    assert_eq!(refresh.send().await.summary(), "400 invalid_request 90027", "with a token of v2");
}

#[tokio::test]
async fn pages_post_back_to_v1() {
    let emulator = start().await;
    emulator.directory().change_app(seed::APP_ID, |app| app.consented_scopes.clear()).expect("the application");
    let browser = Browser::new();
    let page = browser.get(Ask::new(&emulator).v1().url()).await.expect("the account page");
    let consent = browser.pick(&page, seed::ADELE).await.expect("the consent page");
    assert_eq!(consent.emulator_page().as_deref(), Some("consent"));
    let answer = signed_in(&emulator, &Ask::new(&emulator).v1(), seed::ADELE).await;
    assert_eq!(answer.id_token()["ver"], "1.0");
}

#[tokio::test]
async fn user_info_and_logout() {
    let emulator = start().await;
    let browser = Browser::new();
    let page = Ask::new(&emulator).v1().answered_to(&browser, seed::ADELE).await;
    let answer = TokenAsk::code(&emulator, &told(&page)["code"]).v1().send().await;
    let url = format!("{}{}/openid/userinfo", emulator.url(), seed::CONTOSO);
    let bearer = answer.text("access_token");
    let info: Value =
        client().get(&url).bearer_auth(bearer).send().await.expect("an answer").json().await.expect("JSON");
    assert_eq!((&info["sub"], &info["name"]), (&answer.id_token()["sub"], &json!("Adele Vance")));
    assert_eq!(client().get(&url).send().await.expect("an answer").status(), 401, "without a token");
    let logout = format!("{}{}/oauth2/logout", emulator.url(), seed::CONTOSO);
    browser.get(logout).await.expect("signed out");
    assert_eq!(browser.cookies(emulator.url()), []);
}
