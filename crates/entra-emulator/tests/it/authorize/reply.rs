//! How the application is answered.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use entra_emulator::{Browser, Fault, seed};
use serde_json::{Value, json};

use crate::flow::{Ask, client, start, told};

#[tokio::test]
async fn query_is_the_default_and_ends_in_an_empty_fragment() {
    let emulator = start().await;
    let page = Ask::new(&emulator).answered_to(&Browser::new(), seed::ADELE).await;
    assert_eq!(page.status, 302);
    let location = page.header("location").expect("a redirect");
    assert!(location.starts_with(seed::REDIRECT_URI) && location.ends_with('#'), "{location}");
    let told = told(&page);
    let names: Vec<&str> = told.keys().map(String::as_str).collect();
    assert_eq!(names, ["code", "session_state", "state"], "and never iss");
    assert_eq!(told["state"], "the-state");
    assert!(uuid_like(&told["session_state"]), "{}", told["session_state"]);
    assert!(told["code"].len() > 400, "codes are long");
}

fn uuid_like(text: &str) -> bool {
    let parts: Vec<usize> = text.split('-').map(str::len).collect();
    parts == [8, 4, 4, 4, 12] && text.chars().all(|c| c == '-' || c.is_ascii_hexdigit())
}

#[tokio::test]
async fn fragment() {
    let emulator = start().await;
    let ask = Ask::new(&emulator).set("response_mode", "fragment");
    let page = ask.answered_to(&Browser::new(), seed::ADELE).await;
    let location = page.location().expect("a redirect");
    assert_eq!(location.query(), None);
    assert!(location.fragment().expect("a fragment").starts_with("code="));
}

#[tokio::test]
async fn form_post_posts_itself() {
    let emulator = start().await;
    let state = r#"a"b<c>&d'e"#;
    let ask = Ask::new(&emulator).set("response_mode", "form_post").set("state", state);
    let page = ask.answered_to(&Browser::new(), seed::ADELE).await;
    assert_eq!((page.status, page.emulator_page().as_deref()), (200, Some("form-post")));
    let form = page.form("form-post").expect("the form");
    assert!(form.post);
    assert_eq!(form.action, seed::REDIRECT_URI);
    assert_eq!(form.field("state"), Some(state), "escaped and back");
    assert!(form.field("code").is_some_and(|code| !code.is_empty()));
    assert!(page.header("content-security-policy").is_some_and(|policy| policy.contains("script-src 'nonce-")));
    assert_eq!(page.header("cache-control"), Some("no-store, no-cache"));
}

#[tokio::test]
async fn form_post_tells_errors_too() {
    let emulator = start().await;
    let ask = Ask::new(&emulator).set("response_mode", "form_post").set("prompt", "none");
    let page = ask.answered_to(&Browser::new(), seed::ADELE).await;
    let form = page.form("form-post").expect("the form");
    assert_eq!((form.field("error"), form.field("state")), (Some("login_required"), Some("the-state")));
}

#[tokio::test]
async fn client_info_on_demand() {
    let emulator = start().await;
    let told = Ask::new(&emulator).set("client_info", "1").told(seed::ADELE).await;
    let client_info = URL_SAFE_NO_PAD.decode(&told["client_info"]).expect("base64url");
    let client_info: Value = serde_json::from_slice(&client_info).expect("JSON");
    assert_eq!(client_info, json!({ "uid": seed::ADELE_ID, "utid": seed::CONTOSO }));
}

#[tokio::test]
async fn a_request_may_be_posted() {
    let emulator = start().await;
    let ask = Ask::new(&emulator);
    let fields = url::form_urlencoded::parse(ask.encoded().as_bytes()).into_owned().collect::<Vec<_>>();
    let response = client().post(ask.endpoint()).form(&fields).send().await.expect("an answer");
    assert_eq!(response.status(), 200);
    assert!(response.text().await.expect("a page").contains("Pick an account"));
    // S10: once in the query and once in the body.
    let url = format!("{}?state=other", ask.endpoint());
    let page = client().post(url).form(&fields).send().await.expect("an answer").text().await.expect("a page");
    assert!(page.contains("AADSTS90023"), "{page}");
    let wrong = client().put(ask.url()).send().await.expect("an answer");
    assert_eq!(wrong.status(), 405);
}

#[tokio::test]
async fn spoiled_replies() {
    let emulator = start().await;
    let ask = Ask::new(&emulator);
    let faults = emulator.faults();
    faults.once(Fault::NoState);
    assert!(!ask.told(seed::ADELE).await.contains_key("state"));
    faults.once(Fault::WrongState);
    assert_ne!(ask.told(seed::ADELE).await["state"], "the-state");
    faults.once(Fault::NoSessionState);
    assert!(!ask.told(seed::ADELE).await.contains_key("session_state"));
    faults.once(Fault::ResponseParameter("iss".to_owned(), "https://evil.example".to_owned()));
    assert_eq!(ask.told(seed::ADELE).await["iss"], "https://evil.example");
    faults.once(Fault::LongCode(9000));
    assert!(ask.told(seed::ADELE).await["code"].len() >= 9000);
    faults.once(Fault::ResponseParameter("code".to_owned(), "second".to_owned()));
    let page = ask.answered_to(&Browser::new(), seed::ADELE).await;
    assert_eq!(page.header("location").expect("a redirect").matches("code=").count(), 2);
}
