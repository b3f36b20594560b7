//! The reception.

use entra_emulator::{Browser, Emulator, Endpoint, Fault, Page, seed};
use hooks::{Reception, app, sso};

use crate::place::Place;

async fn reception() -> Place {
    let mut place = Place::free().await;
    let reception = Reception::new();
    let sso = sso(place.settings(""), &reception).unwrap();
    place.serve(app(&sso, reception));
    place
}

/// Reads the rules, then goes through the door.
async fn enter(place: &Place, who: &str) -> Page {
    let browser = Browser::new();
    let welcome = place.open_as(&browser, "/badge", who).await;
    assert!(welcome.url.path() == "/welcome", "{}: {}", welcome.url, welcome.body);
    let home = browser.get(place.at("/")).await.unwrap();
    assert!(home.body.starts_with("Reception"), "nobody is signed in: {}", home.body);
    browser.submit(&welcome, &welcome.forms()[0]).await.unwrap();
    place.open_as(&browser, "/badge", who).await
}

fn change(emulator: &Emulator, who: &str, change: impl FnOnce(&mut entra_emulator::User)) {
    emulator.directory().change_user(who, change).unwrap();
}

#[tokio::test]
async fn who_has_read_the_rules_gets_a_badge_with_what_graph_knows() {
    let place = reception().await;
    let badge = enter(&place, seed::ADELE).await;
    assert_eq!((badge.status, &*badge.body), (200, "Adele Vance\nadele@contoso.example\nborn 1988-04-01\n"));
}

#[tokio::test]
async fn what_the_hook_reads_is_the_users_from_then_on() {
    let place = reception().await;
    enter(&place, seed::ADELE).await;
    change(&place.emulator, seed::ADELE, |adele| {
        adele.surname = Some("Vance-Ray".to_owned());
        adele.mail = Some("Adele.Ray@Contoso.example".to_owned());
        adele.given_name = None;
    });
    let badge = enter(&place, seed::ADELE).await;
    assert_eq!(&*badge.body, "Adele Vance-Ray\nadele.ray@contoso.example\nborn 1988-04-01\n", "null erases nothing");
}

#[tokio::test]
async fn who_has_no_birth_date_is_told_so_and_is_nobody() {
    let place = reception().await;
    for birthday in [None, Some(String::new())] {
        change(&place.emulator, seed::ALEX, |alex| alex.birthday = birthday);
        let browser = Browser::new();
        let welcome = place.open_as(&browser, "/badge", seed::ALEX).await;
        browser.submit(&welcome, &welcome.forms()[0]).await.unwrap();
        let page = place.open_as(&browser, "/badge", seed::ALEX).await;
        assert!(page.body.contains("Ask the personnel office to add it."), "{} {}", page.status, page.body);
        assert!(browser.get(place.at("/")).await.unwrap().body.starts_with("Reception"));
    }
}

#[tokio::test]
async fn without_graph_there_is_a_reference_and_no_badge() {
    let place = reception().await;
    enter(&place, seed::ADELE).await;
    place.emulator.faults().always(Fault::Status(Endpoint::Me, 503));
    let page = enter(&place, seed::ADELE).await;
    assert!(page.status >= 400 && page.body.contains("E342-"), "{} {}", page.status, page.body);
}
