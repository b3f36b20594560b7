//! Which number, and who is told: the user on Microsoft's page, or the application.

use entra_emulator::{App, Browser, Fault, seed};

use crate::flow::{Ask, start, told};

/// What came of a request: `page N`, or `error N` as the application was told.
async fn outcome(ask: &Ask, name: &str) -> String {
    let page = ask.answered_to(&Browser::new(), name).await;
    if let Some(number) = page.aadsts() {
        assert_eq!(page.status, 200, "errors that are shown have status 200");
        assert!(page.location().is_none());
        return format!("page {number}");
    }
    let told = told(&page);
    let Some(error) = told.get("error") else { return "code".to_owned() };
    let description = &told["error_description"];
    let number: String = description.trim_start_matches("AADSTS").chars().take_while(char::is_ascii_digit).collect();
    assert_eq!(told.get("state").map(String::as_str), Some("the-state"), "errors carry the state, too");
    assert!(!told.contains_key("code"));
    format!("{error} {number}")
}

#[tokio::test]
async fn every_rule_has_its_number_and_its_audience() {
    let emulator = start().await;
    let ask = Ask::new(&emulator);
    let nil = "00000000-0000-0000-0000-000000000000";
    let unknown = "11111111-2222-4333-8444-555555555555";
    let single = |segment: &str| ask.clone().set("client_id", seed::SINGLE_TENANT_APP_ID).at(segment);
    let rows: Vec<(&str, Ask, &str)> = vec![
        ("nothing wrong", ask.clone(), "code"),
        ("unknown tenant", ask.clone().at("nowhere.example"), "page 90002"),
        ("no client_id", ask.clone().without("client_id"), "page 900144"),
        ("empty client_id", ask.clone().set("client_id", ""), "page 900144"),
        ("all-zero client_id", ask.clone().set("client_id", nil), "page 700038"),
        ("unknown client_id", ask.clone().set("client_id", unknown), "page 700016"),
        ("client_id that is no GUID", ask.clone().set("client_id", "portal"), "page 700016"),
        ("S10: state twice", ask.clone().twice("state", "other"), "page 90023"),
        ("S10: client_id twice", ask.clone().twice("client_id", seed::APP_ID), "page 90023"),
        ("foreign redirect_uri", ask.clone().set("redirect_uri", "https://evil.example/"), "page 50011"),
        ("single tenant at common", single("common"), "page 50194"),
        ("single tenant at organizations", single("organizations"), "page 50194"),
        ("single tenant at a foreign tenant", single(seed::FABRIKAM), "page 700016"),
        ("single tenant at consumers", single("consumers"), "page 700016"),
        ("no response_type", ask.clone().without("response_type"), "invalid_request 900144"),
        ("id_token", ask.clone().set("response_type", "id_token"), "unsupported_response_type 700054"),
        ("code id_token", ask.clone().set("response_type", "code id_token"), "unsupported_response_type 700054"),
        ("token", ask.clone().set("response_type", "token"), "unsupported_response_type 70005"),
        ("unknown response_mode", ask.clone().set("response_mode", "okta_post_message"), "invalid_request 70007"),
        ("no scope", ask.clone().without("scope"), "invalid_request 900144"),
        ("resource", ask.clone().set("resource", "https://graph.microsoft.com"), "invalid_request 901002"),
        ("address", ask.clone().set("scope", "openid address"), "invalid_scope 70011"),
        (".default with others", ask.clone().set("scope", "openid .default User.Read"), "invalid_scope 70011"),
        ("malformed scope", ask.clone().set("scope", "openid us\"er"), "invalid_scope 70011"),
        ("unknown resource", ask.clone().set("scope", "openid api://nothing/x"), "invalid_resource 500011"),
        ("two prompts", ask.clone().set("prompt", "login consent"), "invalid_request 90023"),
        ("max_age that is no number", ask.clone().set("max_age", "soon"), "invalid_request 90023"),
        ("claims that are no JSON", ask.clone().set("claims", "{"), "invalid_request 90023"),
        ("nobody signed in, prompt=none", ask.clone().set("prompt", "none"), "login_required 50058"),
        ("unknown parameters are ignored", ask.clone().set("x-client-SKU", "rust"), "code"),
    ];
    for (what, ask, expected) in rows {
        assert_eq!(outcome(&ask, seed::ADELE).await, expected, "{what}");
    }
}

#[tokio::test]
async fn people_who_may_not() {
    let emulator = start().await;
    let ask = Ask::new(&emulator);
    assert_eq!(outcome(&ask, seed::DORA).await, "page 50057", "disabled");
    assert_eq!(outcome(&ask, seed::LEE).await, "page 50105", "not assigned");
    assert_eq!(outcome(&ask, seed::ADELE).await, "code");
}

#[tokio::test]
async fn assignment_can_be_required() {
    let emulator = start().await;
    let require = |app: &mut App| app.assignment_required = true;
    emulator.directory().change_app(seed::APP_ID, require).expect("a change");
    let ask = Ask::new(&emulator);
    assert_eq!(outcome(&ask, seed::ADELE).await, "code", "a role is an assignment");
    assert_eq!(outcome(&ask, seed::ALEX).await, "page 50105");
    let assign = |app: &mut App| app.assigned.push(seed::ALEX_ID.to_owned());
    emulator.directory().change_app(seed::APP_ID, assign).expect("a change");
    assert_eq!(outcome(&ask, seed::ALEX).await, "code");
}

#[tokio::test]
async fn without_a_page_a_missing_assignment_is_told() {
    let emulator = start().await;
    let browser = Browser::new();
    // The other application lets Lee in; his session is there afterwards.
    let other = Ask::new(&emulator).set("client_id", seed::SINGLE_TENANT_APP_ID);
    assert!(told(&other.answered_to(&browser, seed::LEE).await).contains_key("code"));
    let silent = Ask::new(&emulator).set("prompt", "none").answered_to(&browser, seed::LEE).await;
    assert!(told(&silent)["error_description"].starts_with("AADSTS50105:"));
}

#[tokio::test]
async fn an_application_without_redirect_uri_or_disabled() {
    let emulator = start().await;
    emulator.directory().change_app(seed::APP_ID, |app| app.redirect_uris.clear()).expect("a change");
    assert_eq!(outcome(&Ask::new(&emulator), seed::ADELE).await, "page 900971");
    emulator.directory().change_app(seed::APP_ID, |app| app.enabled = false).expect("a change");
    assert_eq!(outcome(&Ask::new(&emulator), seed::ADELE).await, "page 7000112");
}

#[tokio::test]
async fn errors_on_demand() {
    let emulator = start().await;
    emulator.faults().once(Fault::AuthorizePage(50105));
    emulator.faults().once(Fault::AuthorizeError(
        entra_emulator::ErrorAnswer::new("access_denied", 53003, "Blocked.").claims(r#"{"access_token":{}}"#),
    ));
    let ask = Ask::new(&emulator);
    assert_eq!(outcome(&ask, seed::ADELE).await, "page 50105");
    let answer = ask.told(seed::ADELE).await;
    assert_eq!((answer["error"].as_str(), answer["claims"].as_str()), ("access_denied", r#"{"access_token":{}}"#));
    assert_eq!(outcome(&ask, seed::ADELE).await, "code", "each once");
}

#[tokio::test]
async fn descriptions_can_have_line_breaks() {
    let emulator = start().await;
    let ask = Ask::new(&emulator).set("prompt", "none");
    let plain = ask.told(seed::ADELE).await;
    assert!(!plain["error_description"].contains('\n'));
    assert!(plain["error_description"].ends_with("Timestamp: 2027-01-15 08:00:00Z"), "{plain:?}");
    emulator.faults().once(Fault::LineBreaks);
    let broken = ask.told(seed::ADELE).await;
    assert_eq!(broken["error_description"].matches("\r\n").count(), 3);
}
