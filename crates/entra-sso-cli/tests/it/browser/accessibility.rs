//! Every page of ours and of the demo, judged by the rules for who does not see it, or sees it badly.

use crate::{
    browser::{
        axe::assert_accessible,
        chromium::Chromium,
        error_pages::{ERRORS, explaining, open_error, with_providers},
        picker::{ADELE, sign_in},
    },
    process::{Running, demo},
};

async fn open_and_judge(chromium: &Chromium, demo: &Running, path: &str) {
    chromium.open(format!("{}{path}", demo.url())).await;
    assert_accessible(chromium, path).await;
}

#[tokio::test]
async fn nothing_is_found_in_the_pages_of_strangers() {
    let (demo, chromium) = (demo([]).start().await, Chromium::start().await);
    open_and_judge(&chromium, &demo, "/").await;
    open_and_judge(&chromium, &demo, "/microsoft_sso/").await;
    open_and_judge(&chromium, &demo, "/microsoft_sso/logout/").await;
    open_and_judge(&chromium, &demo, "/no/such/page").await;
    open_and_judge(&chromium, &demo, "/microsoft_sso/callback/?code=x&state=y&state=z").await;
    // A message, and where it leads.
    chromium.open(format!("{}/microsoft_sso/callback/?code=x&state=y", demo.url())).await;
    chromium.find(".message").await;
    assert_accessible(&chromium, "login with a message").await;
}

#[tokio::test]
async fn nothing_is_found_in_the_pages_of_users() {
    let (demo, chromium) = (demo([]).start().await, Chromium::start().await);
    sign_in(&chromium, &demo, ADELE).await;
    chromium.find(".message").await;
    assert_accessible(&chromium, "home with a message").await;
    open_and_judge(&chromium, &demo, "/private").await;
    open_and_judge(&chromium, &demo, "/profile").await;
    open_and_judge(&chromium, &demo, "/microsoft_sso/logout/").await;
}

#[tokio::test]
async fn f83_nothing_is_found_in_error_pages_whoever_has_to_act() {
    let chromium = Chromium::start().await;
    for language in ["en", "de"] {
        let demo = explaining(language).start().await;
        for (name, answer) in ERRORS {
            open_error(&chromium, &demo, answer).await;
            assert_eq!(chromium.run("return document.documentElement.lang").await, language);
            assert_accessible(&chromium, name).await;
        }
    }
}

#[tokio::test]
async fn f62_nothing_is_found_with_several_providers_and_in_german() {
    let chromium = Chromium::start().await;
    for language in ["en", "de"] {
        let demo = with_providers(language).start().await;
        open_and_judge(&chromium, &demo, "/microsoft_sso/").await;
        open_and_judge(&chromium, &demo, "/microsoft_sso/logout/").await;
    }
}
