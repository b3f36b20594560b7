//! What Graph knows.

use entra_emulator::{Browser, Endpoint, Fault, Group, seed};
use graph_example::{app, sso};

use crate::place::Place;

/// As Graph asks it when a policy wants more of this sign-in.
const CHALLENGE: &str = r#"{"access_token":{"nbf":{"essential":true,"value":"1795262400"}}}"#;

async fn start() -> Place {
    let mut place = Place::free().await;
    let sso = sso(place.settings("")).unwrap();
    place.serve(app(&sso));
    place
}

async fn get(place: &Place, browser: &Browser, path: &str) -> (u16, String) {
    let page = browser.get(place.at(path)).await.unwrap();
    (page.status, page.body)
}

#[tokio::test]
async fn a_handler_asks_with_the_token_of_the_session() {
    let place = start().await;
    let page = place.open_as(&Browser::new(), "/profile", seed::ADELE).await;
    assert_eq!((page.status, &*page.body), (200, "Adele Vance\nRetail Manager\n"));
    let page = place.open_as(&Browser::new(), "/profile", seed::ALEX).await;
    assert_eq!(&*page.body, "Alex Wilber\n\n", "null is nothing");
}

#[tokio::test]
async fn a_list_is_read_page_by_page() {
    let place = start().await;
    let browser = Browser::new();
    assert_eq!(
        place.open_as(&browser, "/groups", seed::ADELE).await.body,
        "2 groups on 1 pages\nEngineering\nAll staff\n"
    );
    for number in 0..150 {
        let id = format!("99999999-0000-4000-8000-{number:012}");
        place.emulator.directory().add_group(Group::new(&id, seed::CONTOSO, "Team").member(seed::ADELE_ID)).unwrap();
    }
    let (status, body) = get(&place, &browser, "/groups").await;
    assert_eq!((status, body.lines().next()), (200, Some("152 groups on 2 pages")));
}

#[tokio::test]
async fn another_api_has_a_token_of_its_own() {
    let place = start().await;
    let browser = Browser::new();
    let page = place.open_as(&browser, "/orders", seed::ADELE).await;
    assert!(page.status == 200 && page.body.contains("orders.read"), "{} {}", page.status, page.body);
    let asked = place.emulator.journal().count(Endpoint::Token);
    assert_eq!(get(&place, &browser, "/orders").await, (200, page.body));
    assert_eq!(place.emulator.journal().count(Endpoint::Token), asked, "it is kept");
}

#[tokio::test]
async fn a_claims_challenge_leads_through_a_stronger_sign_in_and_back() {
    let place = start().await;
    let browser = Browser::new();
    place.open_as(&browser, "/profile", seed::ADELE).await;
    let before = browser.cookies(&place.url);
    place.emulator.faults().once(Fault::ClaimsChallenge(Endpoint::Me, CHALLENGE.to_owned()));
    let page = place.open_as(&browser, "/profile", seed::ADELE).await;
    assert_eq!((page.url.path(), &*page.body), ("/profile", "Adele Vance\nRetail Manager\n"));
    assert_ne!(browser.cookies(&place.url), before, "a new session");
}

#[tokio::test]
async fn a_page_can_say_first_what_a_challenge_means() {
    let place = start().await;
    let browser = Browser::new();
    place.open_as(&browser, "/profile", seed::ADELE).await;
    for _ in 0..2 {
        place.emulator.faults().once(Fault::ClaimsChallenge(Endpoint::Me, CHALLENGE.to_owned()));
    }
    let vault = browser.get(place.at("/vault")).await.unwrap();
    assert!(vault.body.contains("once more"), "{} {}", vault.status, vault.body);
    let page = place.open_as(&browser, "/vault?prove", seed::ADELE).await;
    assert!(page.body.contains("In the vault: +1 425 555 0109"), "{} {}", page.url, page.body);
}

#[tokio::test]
async fn a_busy_graph_says_when_to_come_back() {
    let place = start().await;
    let browser = Browser::new();
    place.open_as(&browser, "/profile", seed::ADELE).await;
    place.emulator.faults().once(Fault::Throttled(Endpoint::Me, Some("2.128".to_owned())));
    let page = browser.get(place.at("/profile")).await.unwrap();
    assert_eq!((page.status, page.header("retry-after")), (503, Some("3")));
}
