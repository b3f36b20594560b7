//! Faults in the answer to the application.

use entra_emulator::{Browser, ErrorAnswer, Fault, seed};

use crate::flow::{Ask, start, told};

#[tokio::test]
async fn an_oversized_code() {
    let emulator = start().await;
    emulator.faults().once(Fault::LongCode(9000));
    assert!(Ask::new(&emulator).code(seed::ADELE).await.len() >= 9000);
    assert!(Ask::new(&emulator).code(seed::ADELE).await.len() < 1000);
}

#[tokio::test]
async fn redirects_end_in_an_empty_fragment() {
    let emulator = start().await;
    let page = Ask::new(&emulator).answered_to(&Browser::new(), seed::ADELE).await;
    assert!(page.header("location").expect("a redirect").ends_with('#'));
    emulator.faults().once(Fault::AuthorizeError(ErrorAnswer::new("access_denied", 53003, "Blocked.")));
    let page = Ask::new(&emulator).answered_to(&Browser::new(), seed::ADELE).await;
    assert!(page.header("location").expect("a redirect").ends_with('#'), "errors, too");
}

#[tokio::test]
async fn an_error_on_a_page_that_leads_nowhere() {
    let emulator = start().await;
    emulator.faults().once(Fault::AuthorizePage(50105));
    let page = Ask::new(&emulator).answered_to(&Browser::new(), seed::ADELE).await;
    assert_eq!((page.status, page.aadsts(), page.location()), (200, Some(50105), None));
    assert!(!page.body.contains(seed::REDIRECT_URI));
}

#[tokio::test]
async fn line_breaks_in_the_description() {
    let emulator = start().await;
    let error = || Fault::AuthorizeError(ErrorAnswer::new("access_denied", 53003, "Blocked."));
    emulator.faults().together([error(), Fault::LineBreaks]);
    let broken = Ask::new(&emulator).told(seed::ADELE).await;
    assert!(broken["error_description"].starts_with("AADSTS53003: Blocked.\r\nTrace ID: "));
    emulator.faults().once(error());
    let whole = Ask::new(&emulator).told(seed::ADELE).await;
    assert!(whole["error_description"].starts_with("AADSTS53003: Blocked. Trace ID: "));
}

#[tokio::test]
async fn suberror_and_claims() {
    let emulator = start().await;
    let claims = r#"{"access_token":{"polids":{"essential":true,"values":["p"]}}}"#;
    let error = ErrorAnswer::new("interaction_required", 50076, "More is needed.");
    emulator.faults().once(Fault::AuthorizeError(error.suberror("basic_action").claims(claims)));
    let told = Ask::new(&emulator).told(seed::ADELE).await;
    assert_eq!((told["error"].as_str(), told["suberror"].as_str()), ("interaction_required", "basic_action"));
    assert_eq!(told["claims"], claims);
    assert_eq!(told["state"], "the-state");
}

#[tokio::test]
async fn s1_state_and_session_state() {
    let emulator = start().await;
    let rows = [
        (Fault::NoState, "state", None),
        (Fault::WrongState, "state", Some("another-state")),
        (Fault::NoSessionState, "session_state", None),
        (
            Fault::ResponseParameter("iss".to_owned(), "https://evil.example".to_owned()),
            "iss",
            Some("https://evil.example"),
        ),
    ];
    for (fault, name, value) in rows {
        emulator.faults().once(fault.clone());
        let told = told(&Ask::new(&emulator).answered_to(&Browser::new(), seed::ADELE).await);
        assert_eq!(told.get(name).map(String::as_str), value, "{fault:?}");
    }
}
