use entra_emulator::{AppSecret, Emulator, seed};

use crate::flow::{TokenAsk, claims, header, start};

const GRAPH: &str = "https://graph.microsoft.com/.default";

#[tokio::test]
async fn the_envelope_has_exactly_four_members() {
    let emulator = start().await;
    let answer = TokenAsk::app(&emulator, GRAPH).send().await;
    assert_eq!(answer.status, 200);
    let mut names: Vec<&str> = answer.body.as_object().expect("an object").keys().map(String::as_str).collect();
    names.sort_unstable();
    assert_eq!(names, ["access_token", "expires_in", "ext_expires_in", "token_type"]);
}

#[tokio::test]
async fn a_token_for_an_own_api_has_the_recorded_claims() {
    let emulator = start().await;
    let answer = TokenAsk::app(&emulator, &format!("api://{}/.default", seed::APP_ID)).send().await;
    let token = answer.text("access_token");
    let claims = claims(token);
    let mut names: Vec<&str> = claims.as_object().expect("an object").keys().map(String::as_str).collect();
    names.sort_unstable();
    let recorded =
        ["aio", "aud", "azp", "azpacr", "exp", "iat", "iss", "nbf", "oid", "rh", "sub", "tid", "uti", "ver", "xms_ftd"];
    assert_eq!(names, recorded);
    let header = header(token);
    let mut names: Vec<&str> = header.as_object().expect("an object").keys().map(String::as_str).collect();
    names.sort_unstable();
    assert_eq!(names, ["alg", "kid", "typ"]);
}

#[tokio::test]
async fn scopes_and_tenants() {
    let emulator = start().await;
    let ask = |scope: &str| TokenAsk::app(&emulator, scope);
    let both = format!("{GRAPH} api://{}/.default", seed::APP_ID);
    let rows = [
        ("graph", ask(GRAPH), "200 - null"),
        ("openid beside .default", ask(&format!("openid profile {GRAPH}")), "200 - null"),
        ("a single permission", ask("https://graph.microsoft.com/User.Read"), "400 invalid_scope 70011"),
        ("openid alone", ask("openid"), "400 invalid_scope 70011"),
        ("unknown resource", ask("api://unknown/.default"), "400 invalid_resource 500011"),
        ("two resources", ask(&both), "400 invalid_request 700022"),
        ("no scope", ask(GRAPH).without("scope"), "400 invalid_request 900144"),
        ("common", ask(GRAPH).at(&emulator, "common"), "400 invalid_request 9001023"),
        ("organizations", ask(GRAPH).at(&emulator, "organizations"), "400 invalid_request 9001023"),
        ("consumers", ask(GRAPH).at(&emulator, "consumers"), "400 invalid_request 9001023"),
        (
            "a public client",
            ask(GRAPH).set("client_id", seed::PUBLIC_APP_ID).without("client_secret"),
            "401 invalid_client 7000218",
        ),
        ("a customer's tenant", ask(GRAPH).at(&emulator, seed::FABRIKAM), "200 - null"),
    ];
    for (what, ask, expected) in rows {
        assert_eq!(ask.send().await.summary(), expected, "{what}");
    }
}

#[tokio::test]
async fn a_secret_of_this_run_replaces_the_seeded_one() {
    let emulator = Emulator::builder().app_secret("of this run").start().await.expect("a start");
    assert_eq!(TokenAsk::app(&emulator, GRAPH).send().await.summary(), "401 invalid_client 7000215");
    assert_eq!(TokenAsk::app(&emulator, GRAPH).set("client_secret", "of this run").send().await.status, 200);
    assert!(emulator.env().contains(&("AZURE_CLIENT_SECRET", "of this run".to_owned())));
    assert!(!format!("{emulator:?}").contains("of this run"), "secrets are not shown");
    assert_eq!(format!("{:?}", AppSecret::new("hush")), r#"AppSecret { value: "…", expires: None }"#);
}
