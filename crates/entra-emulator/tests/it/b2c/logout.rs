use entra_emulator::{Browser, Directory, Emulator, EmulatorClock, Page, TenantKind, seed};
use url::Url;

use crate::flow::{Ask, NOW, start};

use super::{SUSI, ask, tokens};

const BACK: &str = "http://localhost/goodbye?x=1";

/// A sign-out request, up to where it leads.
async fn sign_out(emulator: &Emulator, browser: &Browser, parameters: &[(&str, &str)]) -> Page {
    let url = format!("{}{SUSI}/oauth2/v2.0/logout", emulator.url());
    let url = Url::parse_with_params(&url, parameters).expect("a URL");
    browser.get_once(url.as_str()).await.expect("an answer")
}

fn leads_to(page: &Page) -> String {
    page.location().map_or_else(|| panic!("a redirect, not {}", page.body), String::from)
}

#[tokio::test]
async fn it_ends_the_session_and_leads_back_with_state() {
    let emulator = start().await;
    let browser = Browser::new();
    ask(&emulator).answered_to(&browser, seed::ROBIN).await;
    let parameters = [("post_logout_redirect_uri", BACK), ("state", "s")];
    let page = sign_out(&emulator, &browser, &parameters).await;
    assert_eq!(leads_to(&page), "http://localhost/goodbye?x=1&state=s", "an address is not checked without a hint");
    let page = browser.get(ask(&emulator).url()).await.expect("a page");
    assert_eq!(page.emulator_page().as_deref(), Some("accounts"));
    let page = sign_out(&emulator, &browser, &[]).await;
    assert_eq!(page.emulator_page().as_deref(), Some("signed-out"));
    let page = sign_out(&emulator, &browser, &[("post_logout_redirect_uri", "javascript:alert(1)")]).await;
    assert_eq!(page.aadb2c(), Some(90067));
}

#[tokio::test]
async fn sessions_of_other_tenants_stay() {
    let emulator = start().await;
    let browser = Browser::new();
    Ask::new(&emulator).answered_to(&browser, seed::ADELE).await;
    ask(&emulator).answered_to(&browser, seed::ROBIN).await;
    sign_out(&emulator, &browser, &[]).await;
    let silent = Ask::new(&emulator).set("prompt", "none").url();
    let page = browser.get_once(silent).await.expect("an answer");
    assert!(leads_to(&page).contains("code="));
    ask(&emulator).answered_to(&browser, seed::ROBIN).await;
    browser.get(format!("{}common/oauth2/v2.0/logout", emulator.url())).await.expect("a page");
    let page = browser.get_once(ask(&emulator).set("prompt", "none").url()).await.expect("an answer");
    assert!(leads_to(&page).contains("code="), "nor does an organisation's sign-out end a customer's session");
    browser.get(format!("{}common/oauth2/v2.0/logout?sign_out=everywhere", emulator.url())).await.expect("a page");
    let page = browser.get_once(ask(&emulator).set("prompt", "none").url()).await.expect("an answer");
    assert!(leads_to(&page).contains("AADB2C90077"));
}

#[tokio::test]
async fn a_hint_is_verified_and_pins_the_address() {
    let clock = EmulatorClock::at(NOW);
    let emulator = Emulator::builder().clock(clock.clone()).start().await.expect("it starts");
    let hint = tokens(&emulator, &ask(&emulator), seed::ROBIN).await.text("id_token").to_owned();
    let (head, tail) = hint.split_at(hint.len() - 8);
    let swapped = if tail.starts_with('A') { 'B' } else { 'A' };
    let forged = format!("{head}{swapped}{}", &tail[1..]);
    let registered = [("post_logout_redirect_uri", seed::REDIRECT_URI), ("id_token_hint", &hint)];
    let page = sign_out(&emulator, &Browser::new(), &registered).await;
    assert_eq!(leads_to(&page), seed::REDIRECT_URI);
    let refused = [
        ([("post_logout_redirect_uri", BACK), ("id_token_hint", hint.as_str())], 90006),
        ([("post_logout_redirect_uri", seed::REDIRECT_URI), ("id_token_hint", forged.as_str())], 90239),
        ([("post_logout_redirect_uri", seed::REDIRECT_URI), ("id_token_hint", "nonsense")], 90239),
    ];
    for (parameters, number) in refused {
        let page = sign_out(&emulator, &Browser::new(), &parameters).await;
        assert_eq!(page.aadb2c(), Some(number), "{}", page.body);
    }
    clock.set(NOW + 3600);
    let page = sign_out(&emulator, &Browser::new(), &registered).await;
    assert_eq!(page.aadb2c(), Some(90235));
}

#[tokio::test]
async fn a_user_flow_can_require_the_hint() {
    let mut directory = Directory::default();
    let tenant = directory.tenants.iter_mut().find(|tenant| tenant.id == seed::B2C_TENANT).expect("seeded");
    let TenantKind::B2c(b2c) = &mut tenant.kind else { panic!("a B2C tenant") };
    b2c.user_flows[0].logout_needs_id_token = true;
    let emulator = Emulator::builder().directory(directory).start().await.expect("it starts");
    let parameters = [("post_logout_redirect_uri", seed::REDIRECT_URI)];
    let page = sign_out(&emulator, &Browser::new(), &parameters).await;
    assert_eq!(page.aadb2c(), Some(90239));
}
