use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use entra_emulator::{ErrorAnswer, Fault, seed};
use serde_json::json;

use crate::flow::{Ask, TokenAsk, claims, client, header, start, tokens};

#[tokio::test]
async fn the_answer_has_the_recorded_members() {
    let emulator = start().await;
    let answer = tokens(&emulator, &Ask::new(&emulator), seed::ADELE).await;
    let mut names: Vec<&str> = answer.body.as_object().expect("an object").keys().map(String::as_str).collect();
    names.sort_unstable();
    let expected = ["access_token", "expires_in", "ext_expires_in", "id_token", "refresh_token", "scope", "token_type"];
    assert_eq!(names, expected);
    assert_eq!(answer.body["token_type"], "Bearer");
    assert_eq!(answer.body["expires_in"], 3599, "a number");
    assert_eq!(answer.body["scope"], "User.Read openid profile email", "without offline_access");
}

#[tokio::test]
async fn members_follow_the_scope() {
    let emulator = start().await;
    let ask = Ask::new(&emulator);
    let bare = tokens(&emulator, &ask.clone().set("scope", "User.Read"), seed::ADELE).await;
    assert!(bare.body.get("id_token").is_none() && bare.body.get("refresh_token").is_none());
    let openid = tokens(&emulator, &ask.clone().set("scope", "openid"), seed::ADELE).await;
    assert!(openid.body.get("id_token").is_some() && openid.body.get("refresh_token").is_none());
    let code = ask.code(seed::ADELE).await;
    let answer = TokenAsk::code(&emulator, &code).set("client_info", "1").send().await;
    let client_info = URL_SAFE_NO_PAD.decode(answer.text("client_info")).expect("base64url");
    let client_info: serde_json::Value = serde_json::from_slice(&client_info).expect("JSON");
    assert_eq!(client_info, json!({ "uid": seed::ADELE_ID, "utid": seed::CONTOSO }));
}

type Change<'a> = Box<dyn Fn(TokenAsk) -> TokenAsk + 'a>;

#[tokio::test]
async fn what_a_code_is_bound_to() {
    let emulator = start().await;
    let ask = Ask::new(&emulator);
    let single = [("client_id", seed::SINGLE_TENANT_APP_ID), ("client_secret", seed::SINGLE_TENANT_APP_SECRET)];
    let other_client =
        |request: TokenAsk| single.iter().fold(request, |request, (name, value)| request.set(name, value));
    let rows: Vec<(&str, Change<'_>, &str)> = vec![
        ("nothing wrong", Box::new(|request| request), "200 - null"),
        ("domain instead of GUID", Box::new(|request| request.at(&emulator, seed::CONTOSO_DOMAIN)), "200 - null"),
        ("another client", Box::new(other_client), "400 invalid_grant 70000"),
        ("another tenant", Box::new(|request| request.at(&emulator, seed::FABRIKAM)), "400 invalid_grant 700005"),
        ("common", Box::new(|request| request.at(&emulator, "common")), "400 invalid_grant 700005"),
        ("unknown tenant", Box::new(|request| request.at(&emulator, "nowhere.example")), "400 invalid_request 90002"),
        (
            "another redirect URI",
            Box::new(|request| request.set("redirect_uri", "http://localhost:81/microsoft_sso/callback/")),
            "400 invalid_grant 50011",
        ),
        ("no redirect URI", Box::new(|request| request.without("redirect_uri")), "400 invalid_request 900144"),
        ("no code", Box::new(|request| request.without("code")), "400 invalid_request 900144"),
        ("unknown code", Box::new(|request| request.set("code", "1.Anything")), "400 invalid_grant 70000"),
        ("S10: code twice", Box::new(|request| request.twice("code", "other")), "400 invalid_request 90023"),
        (
            "two resources",
            Box::new(|request| request.set("scope", "User.Read api://6c1d5a90-2e4b-4d8f-b3a6-7e5f4d3c2b1a/x")),
            "400 invalid_request 700022",
        ),
    ];
    for (what, change, expected) in rows {
        let code = ask.code(seed::ADELE).await;
        let answer = change(TokenAsk::code(&emulator, &code)).send().await;
        assert_eq!(answer.summary(), expected, "{what}");
    }
}

#[tokio::test]
async fn a_code_lives_ten_minutes() {
    let emulator = start().await;
    let ask = Ask::new(&emulator);
    let (first, second) = (ask.code(seed::ADELE).await, ask.code(seed::ADELE).await);
    emulator.clock().advance(Duration::from_secs(599));
    assert_eq!(TokenAsk::code(&emulator, &first).send().await.status, 200);
    emulator.clock().advance(Duration::from_secs(1));
    assert_eq!(TokenAsk::code(&emulator, &second).send().await.summary(), "400 invalid_grant 70008");
}

#[tokio::test]
async fn a_second_redemption_revokes_the_first() {
    let emulator = start().await;
    let code = Ask::new(&emulator).code(seed::ADELE).await;
    let request = TokenAsk::code(&emulator, &code);
    let first = request.send().await;
    assert_eq!(request.send().await.summary(), "400 invalid_grant 54005");
    let refresh = TokenAsk::refresh(&emulator, first.text("refresh_token")).send().await;
    assert_eq!(refresh.summary(), "400 invalid_grant 50173");
    let me = client().get(format!("{}graph/v1.0/me", emulator.url())).bearer_auth(first.text("access_token"));
    assert_eq!(me.send().await.expect("an answer").status(), 401);
}

async fn redeemed_at_once(emulator: &entra_emulator::Emulator, code: &str, times: usize) -> Vec<String> {
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..times {
        let request = TokenAsk::code(emulator, code);
        tasks.spawn(async move { request.send().await.summary() });
    }
    tasks.join_all().await
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_hundred_redemptions_one_succeeds() {
    let emulator = start().await;
    let code = Ask::new(&emulator).code(seed::ADELE).await;
    let answers = redeemed_at_once(&emulator, &code, 100).await;
    assert_eq!(answers.iter().filter(|answer| *answer == "200 - null").count(), 1);
    assert_eq!(answers.iter().filter(|answer| *answer == "400 invalid_grant 54005").count(), 99);
}

#[tokio::test(flavor = "multi_thread")]
async fn s17_a_reusable_code_is_redeemed_every_time() {
    let emulator = start().await;
    emulator.faults().once(Fault::ReusableCode);
    let code = Ask::new(&emulator).code(seed::ADELE).await;
    let answers = redeemed_at_once(&emulator, &code, 20).await;
    assert_eq!(answers, vec!["200 - null"; 20]);
    let next = Ask::new(&emulator).code(seed::ADELE).await;
    assert_eq!(redeemed_at_once(&emulator, &next, 2).await.iter().filter(|answer| *answer == "200 - null").count(), 1);
}

#[tokio::test]
async fn graph_tokens_are_v1_and_cannot_be_verified() {
    let emulator = start().await;
    let work = tokens(&emulator, &Ask::new(&emulator), seed::ADELE).await;
    let token = work.text("access_token");
    let header = header(token);
    assert!(header["nonce"].is_string());
    assert_eq!((&header["alg"], &header["x5t"]), (&json!("RS256"), &header["kid"]));
    let claims = claims(token);
    assert_eq!(claims["ver"], "1.0");
    assert_eq!(claims["iss"], format!("https://sts.windows.net/{}/", seed::CONTOSO));
    assert_eq!((&claims["appid"], &claims["oid"]), (&json!(seed::APP_ID), &json!(seed::ADELE_ID)));
    let personal = tokens(&emulator, &Ask::new(&emulator).at("consumers"), seed::PAT).await;
    assert!(!personal.text("access_token").contains('.'), "personal accounts have opaque ones");
}

#[tokio::test]
async fn whoever_was_disabled_meanwhile_gets_nothing() {
    let emulator = start().await;
    let code = Ask::new(&emulator).code(seed::ADELE).await;
    emulator.directory().change_user(seed::ADELE, |user| user.enabled = false).expect("a change");
    assert_eq!(TokenAsk::code(&emulator, &code).send().await.summary(), "400 invalid_grant 50057");
}

#[tokio::test]
async fn error_bodies_have_the_recorded_members() {
    let emulator = start().await;
    let sent = "0f0e0d0c-0b0a-4908-8706-050403020100";
    let request = TokenAsk::code(&emulator, "1.Anything").header("client-request-id", sent);
    let body = request.send().await.body;
    assert_eq!(body["correlation_id"], sent);
    assert_eq!(body["timestamp"], "2027-01-15 08:00:00Z");
    let description = body["error_description"].as_str().expect("text");
    assert!(description.starts_with("AADSTS70000: "), "{description}");
    let tail = format!(
        " Trace ID: {} Correlation ID: {sent} Timestamp: 2027-01-15 08:00:00Z",
        body["trace_id"].as_str().expect("text")
    );
    assert!(description.ends_with(&tail), "{description}");
    assert_eq!(body["error_uri"], "https://login.microsoftonline.com/error?code=70000");
    let unsupported = TokenAsk::app(&emulator, "x").set("grant_type", "nonsense").send().await;
    assert_eq!(unsupported.summary(), "400 unsupported_grant_type 70003");
    assert!(unsupported.body.get("error_uri").is_none(), "recorded without it");
}

#[tokio::test]
async fn errors_on_demand() {
    let emulator = start().await;
    let told = ErrorAnswer::new("invalid_grant", 50076, "MFA is needed.").suberror("basic_action").claims("{}");
    emulator.faults().once(Fault::TokenError(told));
    emulator.faults().once(Fault::TokenError(ErrorAnswer::new("temporarily_unavailable", 90055, "Later.").status(503)));
    let code = Ask::new(&emulator).code(seed::ADELE).await;
    let request = TokenAsk::code(&emulator, &code);
    let first = request.send().await;
    assert_eq!(first.summary(), "400 invalid_grant 50076");
    assert_eq!((&first.body["suberror"], &first.body["claims"]), (&json!("basic_action"), &json!("{}")));
    assert_eq!(request.send().await.summary(), "503 temporarily_unavailable 90055");
    assert_eq!(request.send().await.status, 200, "the code was not touched");
}
