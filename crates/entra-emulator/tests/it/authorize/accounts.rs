//! The account page, and when it is skipped.

use std::time::Duration;

use entra_emulator::{Browser, BrowserError, Emulator, EmulatorClock, EmulatorError, Page, seed};

use crate::flow::{Ask, NOW, TokenAsk, start, told};

fn listed(page: &Page) -> Vec<String> {
    let form = page.form("accounts").unwrap_or_else(|| panic!("the account page, not {}", page.body));
    form.buttons.into_iter().filter(|(name, _)| name == "account").map(|(_, value)| value).collect()
}

async fn page(browser: &Browser, ask: &Ask) -> Page {
    browser.start_at(ask.url()).stop_at("http://localhost/").asking_nobody().await.expect("a page")
}

#[tokio::test]
async fn who_is_listed_where() {
    let emulator = start().await;
    let ask = Ask::new(&emulator);
    let of_contoso = vec![seed::ADELE, seed::ALEX, seed::LEE, seed::DORA, seed::MEGAN];
    let work = vec![seed::ADELE, seed::ALEX, seed::LEE, seed::DORA, seed::MEGAN, seed::DIEGO];
    let everybody: Vec<&str> = work.iter().copied().chain([seed::PAT]).collect();
    let rows = [
        (seed::CONTOSO, of_contoso.clone()),
        (seed::CONTOSO_DOMAIN, of_contoso),
        (seed::FABRIKAM, vec![seed::MEGAN, seed::DIEGO]),
        ("organizations", work),
        ("common", everybody),
        ("consumers", vec![seed::PAT]),
    ];
    for (segment, expected) in rows {
        let page = page(&Browser::new(), &ask.clone().at(segment)).await;
        assert_eq!(listed(&page), expected, "{segment}");
    }
}

#[tokio::test]
async fn hints_sort_and_filter() {
    let emulator = start().await;
    let ask = Ask::new(&emulator).at("common");
    let hinted = page(&Browser::new(), &ask.clone().set("login_hint", "ALEX@contoso.example")).await;
    assert_eq!(listed(&hinted)[0], seed::ALEX);
    let ignored = ask.clone().set("login_hint", seed::ALEX).set("prompt", "select_account");
    assert_eq!(listed(&page(&Browser::new(), &ignored).await)[0], seed::ADELE, "select_account ignores the hint");
    let rows = [
        ("consumers", vec![seed::PAT]),
        ("fabrikam.example", vec![seed::MEGAN, seed::DIEGO]),
        (seed::FABRIKAM, vec![seed::MEGAN, seed::DIEGO]),
    ];
    for (hint, expected) in rows {
        assert_eq!(listed(&page(&Browser::new(), &ask.clone().set("domain_hint", hint)).await), expected, "{hint}");
    }
}

#[tokio::test]
async fn somebody_else_can_be_typed() {
    let emulator = start().await;
    let browser = Browser::new();
    let ask = Ask::new(&emulator);
    let page = page(&browser, &ask).await;
    let other = page.form("other-account").expect("the second form");
    let unknown = browser.submit(&page, &other.clone().set("other_account", "nobody@contoso.example")).await;
    let unknown = unknown.expect("a page");
    assert!(unknown.body.contains("AADSTS50034") && unknown.emulator_page().as_deref() == Some("accounts"));
    let foreign = browser.submit(&page, &other.clone().set("other_account", seed::DIEGO)).await.expect("a page");
    assert_eq!(foreign.aadsts(), Some(50020), "a foreigner who is no guest");
    let empty = browser.submit(&page, &other.set("other_account", "")).await.expect("a page");
    assert_eq!(empty.emulator_page().as_deref(), Some("accounts"));
}

#[tokio::test]
async fn cancelling_tells_the_application() {
    let emulator = start().await;
    let browser = Browser::new();
    let ask = Ask::new(&emulator);
    let page = browser.start_at(ask.url()).stop_at("http://localhost/").cancelling().await.expect("an answer");
    let told = told(&page);
    assert_eq!((told["error"].as_str(), told["error_subcode"].as_str()), ("access_denied", "cancel"));
    assert_eq!(told["state"], "the-state");
    assert!(browser.cookies(emulator.url()).is_empty(), "nobody is signed in");
}

#[tokio::test]
async fn one_session_signs_in_silently_two_ask() {
    let emulator = start().await;
    let browser = Browser::new();
    let ask = Ask::new(&emulator);
    let first = told(&ask.answered_to(&browser, seed::ADELE).await);
    let silent = page(&browser, &ask).await;
    let second = told(&silent);
    assert_eq!(first["session_state"], second["session_state"], "the same session");
    assert_ne!(first["code"], second["code"]);
    let none = told(&page(&browser, &ask.clone().set("prompt", "none")).await);
    assert!(none.contains_key("code"));

    let add = ask.clone().set("prompt", "select_account");
    assert!(told(&add.answered_to(&browser, seed::ALEX).await).contains_key("code"));
    assert_eq!(page(&browser, &ask).await.emulator_page().as_deref(), Some("accounts"), "which of the two?");
    let none = told(&page(&browser, &ask.clone().set("prompt", "none")).await);
    assert!(none["error_description"].starts_with("AADSTS16000:"), "{none:?}");
    let hinted = told(&page(&browser, &ask.clone().set("prompt", "none").set("login_hint", seed::ALEX)).await);
    assert!(hinted.contains_key("code"), "a hint says which: {hinted:?}");
}

#[tokio::test]
async fn login_and_select_account_always_ask() {
    let emulator = start().await;
    let browser = Browser::new();
    let ask = Ask::new(&emulator);
    ask.answered_to(&browser, seed::ADELE).await;
    for prompt in ["login", "select_account"] {
        let page = page(&browser, &ask.clone().set("prompt", prompt)).await;
        assert_eq!(page.emulator_page().as_deref(), Some("accounts"), "{prompt}");
        assert!(page.body.contains("signed in"));
    }
}

#[tokio::test]
async fn the_login_hint_claim_is_a_hint() {
    let emulator = start().await;
    let code = Ask::new(&emulator).code(seed::ADELE).await;
    let claim = TokenAsk::code(&emulator, &code).send().await.id_token()["login_hint"].clone();
    let claim = claim.as_str().expect("the claim").to_owned();
    assert!(!claim.contains("adele"), "opaque");
    let page = page(&Browser::new(), &Ask::new(&emulator).set("login_hint", &claim)).await;
    assert_eq!(listed(&page)[0], seed::ADELE);
}

#[tokio::test]
async fn max_age_asks_again_and_moves_auth_time() {
    let emulator = start().await;
    let browser = Browser::new();
    let ask = Ask::new(&emulator).set("max_age", "60");
    let code = told(&ask.answered_to(&browser, seed::ADELE).await)["code"].clone();
    let first = TokenAsk::code(&emulator, &code).send().await.id_token();
    assert_eq!(first["auth_time"], NOW);
    emulator.clock().advance(Duration::from_mins(1));
    assert!(told(&page(&browser, &ask).await).contains_key("code"), "still fresh");
    emulator.clock().advance(Duration::from_secs(1));
    assert_eq!(page(&browser, &ask).await.emulator_page().as_deref(), Some("accounts"), "stale");
    let code = told(&ask.answered_to(&browser, seed::ADELE).await)["code"].clone();
    let second = TokenAsk::code(&emulator, &code).send().await.id_token();
    assert_eq!(second["auth_time"], NOW + 61);
    assert_eq!(first["sid"], second["sid"], "the same session");
    let now = page(&browser, &ask.set("max_age", "0")).await;
    assert_eq!(now.emulator_page().as_deref(), Some("accounts"), "0 always asks");
}

#[tokio::test]
async fn auto_sign_in_asks_nobody() {
    let builder = Emulator::builder().clock(EmulatorClock::at(NOW)).auto_sign_in(seed::PAT);
    let emulator = builder.start().await.expect("a start");
    for prompt in ["login", "select_account", "consent"] {
        let ask = Ask::new(&emulator).at("common").set("prompt", prompt);
        let told = told(&page(&Browser::new(), &ask).await);
        assert!(told.contains_key("code"), "{prompt}: {told:?}");
    }
    let none = Ask::new(&emulator).at("common").set("prompt", "none");
    assert!(told(&page(&Browser::new(), &none).await)["error_description"].starts_with("AADSTS50058:"));
    let elsewhere = page(&Browser::new(), &Ask::new(&emulator)).await;
    assert_eq!(elsewhere.aadsts(), Some(50020), "a personal account in Contoso");

    let nobody = Emulator::builder().auto_sign_in("nobody@contoso.example").start().await;
    assert!(matches!(nobody, Err(EmulatorError::UnknownUser(name)) if name == "nobody@contoso.example"));
}

#[tokio::test]
async fn a_foreign_page_picks_nobody() {
    let emulator = start().await;
    let ask = Ask::new(&emulator);
    let url = format!("{}{}/login", emulator.url(), seed::CONTOSO);
    let fields = [("request", ask.encoded()), ("account", seed::ADELE.to_owned())];
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let page = Browser::new().post_form_from("http://evil.example/", &url, &fields).await.expect("an answer");
    assert_eq!(page.status, 403);
    let own = Browser::new();
    let page = own.start_at(ask.url()).asking_nobody().await.expect("a page");
    let unlisted = own.pick(&page, "nobody@contoso.example").await;
    assert!(matches!(unlisted, Err(BrowserError::Missing { .. })));
}
