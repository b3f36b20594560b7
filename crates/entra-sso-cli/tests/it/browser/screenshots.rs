//! Pictures of every page: light, dark and narrow.
//!
//! They are kept where `ENTRA_SSO_SCREENSHOTS` says, else in the scratch directory of the tests.

use std::{
    fs,
    path::{Path, PathBuf},
};

use serde_json::json;

use crate::{
    browser::{
        chromium::Chromium,
        error_pages::{ERRORS, explaining, open_error, with_providers},
        look::{LOOKS, Look},
        picker::{ADELE, account, sign_in},
    },
    process::{Running, SCRATCH, demo},
};

/// Where the pictures go.
fn directory() -> PathBuf {
    #[expect(clippy::disallowed_methods, reason = "the one variable that the tests read")]
    let wanted = std::env::var_os("ENTRA_SSO_SCREENSHOTS");
    wanted.map_or_else(|| Path::new(SCRATCH).join("screenshots"), PathBuf::from)
}

/// The open page in every look; nothing of it may be wider than the window.
pub(crate) async fn take(chromium: &Chromium, page: &str) {
    let directory = directory();
    fs::create_dir_all(&directory).expect("the directory can be made");
    for look in LOOKS {
        look.apply(chromium).await;
        let overflow =
            chromium.run("return document.documentElement.scrollWidth - document.documentElement.clientWidth").await;
        assert_eq!(overflow, 0, "{page}, {}: wider than the window", look.name);
        let full = chromium.run("return document.documentElement.scrollHeight").await;
        let height = u32::try_from(full.as_u64().expect("a height")).expect("a page").max(look.height);
        look.apply_as_high_as(chromium, height).await;
        let picture = chromium.driver.screenshot_as_png().await.expect("a picture");
        assert!(picture.starts_with(b"\x89PNG"), "{page}, {}", look.name);
        fs::write(directory.join(format!("{page}-{}.png", look.name)), picture).expect("the picture can be kept");
    }
    Look::leave(chromium).await;
}

async fn open_and_take(chromium: &Chromium, demo: &Running, path: &str, page: &str) {
    chromium.open(format!("{}{path}", demo.url())).await;
    take(chromium, page).await;
}

#[tokio::test]
async fn every_page_fits_in_every_look() {
    let (demo, chromium) = (demo([]).start().await, Chromium::start().await);
    open_and_take(&chromium, &demo, "/", "home").await;
    open_and_take(&chromium, &demo, "/microsoft_sso/", "login").await;
    open_and_take(&chromium, &demo, "/no/such/page", "missing").await;
    open_and_take(&chromium, &demo, "/microsoft_sso/callback/?code=x&state=y&state=z", "error").await;
    chromium.open(format!("{}/private", demo.url())).await;
    chromium.find(&account(ADELE)).await;
    take(&chromium, "picker").await;

    sign_in(&chromium, &demo, ADELE).await;
    take(&chromium, "welcome").await;
    open_and_take(&chromium, &demo, "/profile", "profile").await;
    open_and_take(&chromium, &demo, "/private", "private").await;
    open_and_take(&chromium, &demo, "/microsoft_sso/logout/", "sign-out").await;
}

/// With sessions elsewhere, without any, of nobody, and refused.
#[tokio::test]
async fn signing_out_fits_in_every_look() {
    const LOGOUT: &str = "/microsoft_sso/logout/";
    let chromium = Chromium::start().await;
    for language in ["en", "de"] {
        let demo = demo([]).env("MICROSOFT_SSO_LANGUAGES", language).start().await;
        sign_in(&chromium, &demo, ADELE).await;
        open_and_take(&chromium, &demo, LOGOUT, &format!("logout-question-{language}")).await;
        chromium.devtools("Network.clearBrowserCookies", json!({})).await;
        open_and_take(&chromium, &demo, LOGOUT, &format!("logout-nobody-{language}")).await;
        sign_in(&chromium, &demo, ADELE).await;
        open_and_take(&chromium, &demo, LOGOUT, &format!("logout-everywhere-{language}")).await;
        chromium.open(format!("data:text/html,<form method=post action={}{LOGOUT}><button>", demo.url())).await;
        chromium.click("button").await;
        chromium.find(".facts").await;
        take(&chromium, &format!("logout-refused-{language}")).await;
        chromium.devtools("Network.clearBrowserCookies", json!({})).await;
    }
}

#[tokio::test]
async fn user_flows_fit_in_every_look() {
    const ROBIN: &str = "robin@mail.example";
    let (demo, chromium) = (demo(["--authority", "b2c"]).start().await, Chromium::start().await);
    chromium.open(format!("{}/private", demo.url())).await;
    chromium.find(&account(ROBIN)).await;
    take(&chromium, "b2c-picker").await;
    chromium.click("button[value=\"sign_up\"]").await;
    chromium.find("form#sign-up").await;
    take(&chromium, "b2c-sign-up").await;
    chromium.open(format!("{}/private", demo.url())).await;
    chromium.click("button[value=\"forgot\"]").await;
    chromium.find("form#reset-password").await;
    take(&chromium, "b2c-reset").await;
    sign_in(&chromium, &demo, ROBIN).await;
    open_and_take(&chromium, &demo, "/profile", "b2c-profile").await;
    chromium.click("a[href*='/edit_profile/']").await;
    chromium.find("form#edit-profile").await;
    take(&chromium, "b2c-edit").await;
}

#[tokio::test]
async fn providers_stand_side_by_side_in_every_look() {
    let chromium = Chromium::start().await;
    for language in ["en", "de"] {
        let demo = with_providers(language).start().await;
        open_and_take(&chromium, &demo, "/microsoft_sso/", &format!("login-providers-{language}")).await;
    }
}

#[tokio::test]
async fn errors_and_german_fit_in_every_look() {
    let chromium = Chromium::start().await;
    for language in ["en", "de"] {
        let demo = explaining(language).start().await;
        for (name, answer) in ERRORS {
            open_error(&chromium, &demo, answer).await;
            take(&chromium, &format!("error-{name}-{language}")).await;
        }
    }
    let demo = demo([]).env("MICROSOFT_SSO_LANGUAGES", "de").start().await;
    // A message, and where it leads.
    open_and_take(&chromium, &demo, "/microsoft_sso/callback/?code=x&state=y", "login-message-de").await;
    sign_in(&chromium, &demo, ADELE).await;
    open_and_take(&chromium, &demo, "/microsoft_sso/logout/", "sign-out-de").await;
}
