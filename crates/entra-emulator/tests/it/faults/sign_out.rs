//! What applications hear of a sign-out.

use entra_emulator::{Browser, Emulator, Fault, seed};

use crate::flow::{Ask, start, told};

/// The address in the iframe of the signed-out page, and the session it is about.
async fn told_in_an_iframe(emulator: &Emulator) -> (String, String) {
    let browser = Browser::new().plain();
    let session = told(&Ask::new(emulator).answered_to(&browser, seed::ADELE).await)["session_state"].clone();
    let url = format!("{}{}/oauth2/v2.0/logout", emulator.url(), seed::CONTOSO);
    let page = browser.get_once(url).await.expect("a page");
    let (_, frame) = page.body.split_once("<iframe src=\"").expect("an iframe");
    let address = frame.split('"').next().unwrap_or_default();
    (address.replace("&#x2f;", "/").replace("&amp;", "&"), session)
}

#[tokio::test]
async fn the_sid_alone() {
    let emulator = start().await;
    let url = Some("http://localhost:1/front".to_owned());
    emulator.directory().change_app(seed::APP_ID, |app| app.logout_url = url).expect("a change");
    let (address, session) = told_in_an_iframe(&emulator).await;
    assert_eq!(address, format!("http://localhost:1/front?sid={session}"), "and no iss");
    emulator.faults().once(Fault::FrontChannelIssuer);
    let (address, _) = told_in_an_iframe(&emulator).await;
    assert!(address.contains("&iss=https"), "{address}");
}
