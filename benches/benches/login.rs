//! The CPU time of a whole login in the application's process, and the calls to Microsoft that it makes.
//!
//! Two processes: this one plays Microsoft and the browsers, a child is the application.

use std::time::Duration;

use entra_benches::{
    application::{self, Application},
    store::Store,
};
use entra_emulator::{Browser, Emulator, Endpoint, seed};

const LOGINS: u32 = 500;
const MOST: Duration = Duration::from_micros(1500);

#[tokio::main]
async fn main() {
    application::serve_if_asked().await;
    let logins = if std::env::args().any(|argument| argument == "--test") { 3 } else { LOGINS };
    let emulator = Emulator::builder().auto_sign_in(seed::ADELE).start().await.expect("the emulator");
    let application = Application::start(Some(Store::Memory), &emulator);
    let (browser, page) = (Browser::new(), application.page());
    for _ in 0..20 {
        login(&browser, &page).await;
    }
    emulator.journal().clear();
    let before = application.cpu();
    for _ in 0..logins {
        login(&browser, &page).await;
    }
    let each = application.cpu().saturating_sub(before) / logins;

    let calls = [Endpoint::Token, Endpoint::Me, Endpoint::Photo, Endpoint::Discovery, Endpoint::Keys]
        .map(|endpoint| emulator.journal().count(endpoint));
    println!(
        "login: {each:?} CPU each in {logins} logins (at most {MOST:?}); token, me, photo, discovery, keys: {calls:?}"
    );
    let logins = logins as usize;
    assert_eq!(calls, [logins, logins, logins, 0, 0]);
    assert!(each <= MOST, "{each:?} is above {MOST:?}");
}

/// By a browser that nobody knows, over the connections that it has.
async fn login(browser: &Browser, page: &str) {
    browser.clear_cookies();
    let shown = browser.get(page).await.expect("an answer");
    assert_eq!(shown.body, "OK user=adele@contoso.example");
}
