//! The emulator's own pages.

use entra_emulator::{App, Browser, User, seed};

use crate::flow::{Ask, start};

const BANNER: &str = "Local Microsoft — not the real one";

#[tokio::test]
async fn every_page_carries_the_banner_and_a_strict_policy() {
    let emulator = start().await;
    let browser = Browser::new();
    let ask = Ask::new(&emulator);
    let base = emulator.url();
    let customers = ask.clone().set("scope", "openid");
    let shop = customers.clone().set("client_id", seed::B2C_APP_ID);
    let flow = |name: &str| shop.clone().at(&format!("{}/{name}", seed::B2C_DOMAIN)).url();
    let sign_up = customers.at(seed::EXTERNAL_TENANT).set("client_id", seed::EXTERNAL_APP_ID).set("prompt", "create");
    browser.start_at(flow("b2c_1_susi")).stop_at("http://localhost/").signing_in_as(seed::ROBIN).await.expect("a code");
    let pages = [
        ("home", base.to_string()),
        ("accounts", ask.url()),
        ("error", ask.clone().at("nowhere.example").url()),
        ("form-post", ask.clone().set("prompt", "none").set("response_mode", "form_post").url()),
        ("signed-out", format!("{base}common/oauth2/v2.0/logout")),
        ("reset-password", flow("b2c_1_reset")),
        ("edit-profile", flow("b2c_1_edit")),
        ("sign-up", sign_up.url()),
    ];
    for (kind, url) in pages {
        let page = browser.get(url).await.expect("a page");
        assert_eq!(page.emulator_page().as_deref(), Some(kind));
        assert!(page.body.contains(BANNER), "{kind}");
        let policy = page.header("content-security-policy").expect("a policy");
        assert!(policy.starts_with("default-src 'none'") && policy.contains("frame-ancestors 'none'"), "{policy}");
        assert!(!policy.contains("unsafe"), "{policy}");
        assert_eq!(page.header("x-frame-options"), Some("DENY"));
        assert_eq!(page.header("referrer-policy"), Some("strict-origin"));
        assert!(
            !page.body.contains("https://") || kind == "signed-out" || kind == "accounts",
            "nothing from elsewhere: {kind}"
        );
    }
}

#[tokio::test]
async fn z6_names_and_parameters_are_escaped() {
    let emulator = start().await;
    let script = "<script>alert(1)</script>";
    emulator.directory().change_app(seed::APP_ID, |app: &mut App| app.name = script.to_owned()).expect("a change");
    let rename = |user: &mut User| user.display_name = Some(script.to_owned());
    emulator.directory().change_user(seed::ADELE, rename).expect("a change");
    emulator.directory().change_user(seed::ROBIN, rename).expect("a change");
    let rename = |app: &mut App| app.name = script.to_owned();
    emulator.directory().change_app(seed::B2C_APP_ID, rename).expect("a change");
    let evil = format!("\">{script}");
    let ask = Ask::new(&emulator).set("state", &evil).set("login_hint", &evil);
    let shop = ask.clone().set("client_id", seed::B2C_APP_ID).set("scope", "openid");
    let browser = Browser::new();
    let flow = |name: &str| shop.clone().at(&format!("{}/{name}", seed::B2C_DOMAIN)).without("login_hint").url();
    let visit = browser.start_at(flow("b2c_1_susi")).stop_at("http://localhost/");
    visit.signing_in_as(seed::ROBIN).await.expect("a code");
    let club = ask.clone().at(seed::EXTERNAL_TENANT).set("client_id", seed::EXTERNAL_APP_ID);
    let urls = [
        flow("b2c_1_reset"),
        flow("b2c_1_edit"),
        club.set("scope", "openid").set("prompt", "create").url(),
        emulator.url().to_string(),
        ask.url(),
        ask.clone().set("client_id", &evil).url(),
        ask.clone().set("redirect_uri", &evil).url(),
        ask.clone().set("prompt", "none").set("response_mode", "form_post").url(),
    ];
    for url in urls {
        let page = browser.get(&url).await.expect("a page");
        assert!(!page.body.contains("<script>alert"), "{url}");
    }
}
