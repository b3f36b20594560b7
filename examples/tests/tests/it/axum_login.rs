//! The office with axum-login.

use axum_login_example::{Staff, app, sso};
use entra_emulator::{Browser, seed};
use entra_sso::EntraSso;

use crate::place::Place;

async fn office() -> (Place, Staff, EntraSso) {
    let mut place = Place::free().await;
    let staff = Staff::new();
    let sso = sso(place.settings("user_check_interval = 0"), &staff).unwrap();
    place.serve(app(&sso, staff.clone(), false));
    (place, staff, sso)
}

async fn home(place: &Place, browser: &Browser) -> String {
    browser.get(place.at("/")).await.unwrap().body
}

#[tokio::test]
async fn who_signs_in_with_microsoft_is_logged_in_to_axum_login() {
    let (place, ..) = office().await;
    let browser = Browser::new();
    assert!(home(&place, &browser).await.starts_with("The office"));
    let desk = place.open_as(&browser, "/desk", seed::ADELE).await;
    assert_eq!((desk.status, desk.url.path()), (200, "/desk"), "login_required leads through Microsoft and back");
    assert!(desk.body.contains("Desk of employee 1"), "{}", desk.body);
    assert_eq!(home(&place, &browser).await, "Hello, Adele Vance");
    assert!(browser.cookie(&place.url, "id").is_some(), "axum-login's own cookie");
    let alex = place.open_as(&Browser::new(), "/desk", seed::ALEX).await;
    assert!(alex.body.contains("Desk of employee 2"), "{}", alex.body);
}

#[tokio::test]
async fn signing_out_ends_both_sessions() {
    let (place, ..) = office().await;
    let browser = Browser::new();
    let desk = place.open_as(&browser, "/desk", seed::ADELE).await;
    browser.submit(&desk, &desk.forms()[0]).await.unwrap();
    assert!(home(&place, &browser).await.starts_with("The office"));
}

#[tokio::test]
async fn a_session_that_axum_login_has_lost_is_no_circle() {
    let (place, ..) = office().await;
    let browser = Browser::new();
    place.open_as(&browser, "/desk", seed::ADELE).await;
    browser.set_cookie(&place.url, "id=lost; Path=/");
    let desk = browser.get(place.at("/desk")).await.unwrap();
    assert!(desk.body.contains("Desk of employee 1"), "{}", desk.body);
}

#[tokio::test]
async fn a_session_that_ends_elsewhere_takes_the_other_one_with_it() {
    let (place, staff, sso) = office().await;
    let browser = Browser::new();
    place.open_as(&browser, "/desk", seed::ADELE).await;
    let adele = staff.number(1).unwrap();
    assert_eq!(sso.end_sessions_of(&adele.user).await.unwrap(), 1);
    assert!(home(&place, &browser).await.starts_with("The office"));
}

#[tokio::test]
async fn who_has_left_is_refused_and_has_no_session_of_either_kind() {
    let (place, staff, _) = office().await;
    let browser = Browser::new();
    place.open_as(&browser, "/desk", seed::ADELE).await;
    staff.dismiss(1);
    let page = browser.get(place.at("/desk")).await.unwrap();
    assert_eq!((page.status, &*page.body), (403, "You do not work here any more."), "at once");
    let browser = Browser::new();
    let page = place.open_as(&browser, "/desk", seed::ADELE).await;
    assert!(page.body.contains("You do not work here any more."), "{} {}", page.status, page.body);
    assert!(home(&place, &browser).await.starts_with("The office"));
    let me = browser.get(place.at("/microsoft_sso/me")).await.unwrap().body;
    assert!(!me.contains("adele"), "{me}");
}
