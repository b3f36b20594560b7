//! `require_secure_callback`: Microsoft's page posts the answer from another site.

mod journey;
mod stage;

use std::collections::BTreeSet;

use serde_json::json;

use self::journey::only;
use crate::{
    browser::{
        chromium::Chromium,
        picker::{ADELE, account, sign_in},
        tabs::opened_at_once,
    },
    process::{demo, demo_of_two_sites},
};

const SETTING: &str = "MICROSOFT_SSO_REQUIRE_SECURE_CALLBACK";
const TABS: usize = 5;

/// S16: opened at once, finished in another order.
#[tokio::test]
async fn s16_tabs_opened_at_once_all_sign_in_by_post() {
    let demo = demo_of_two_sites().env(SETTING, "true").start().await;
    let chromium = Chromium::start().await;
    let tabs = opened_at_once(&chromium, demo.url(), TABS).await;
    let mut finished = BTreeSet::new();
    for tab in (0..TABS).map(|tab| &tabs[(tab * 3 + 1) % TABS]) {
        chromium.driver.switch_to_window(tab.clone()).await.expect("a tab");
        chromium.click(&account(ADELE)).await;
        chromium.find("pre.sample").await;
        assert!(chromium.text().await.contains("OK user=adele@contoso.example"));
        finished.insert(chromium.url().await);
    }
    assert_eq!(finished.len(), TABS, "each tab has its own address: {finished:?}");
    let left = chromium.cookies(demo.url()).await;
    assert!(!left.iter().any(|cookie| cookie.name.contains("attempt")), "a finished attempt leaves nothing: {left:?}");
}

/// F-37: a cookie that was lost once starts the sign-in once more, quietly.
#[tokio::test]
async fn f37_a_lost_cookie_starts_once_more_and_signs_in() {
    let demo = demo_of_two_sites().env(SETTING, "true").start().await;
    let chromium = Chromium::start().await;
    chromium.open(format!("{}/private", demo.url())).await;
    chromium.find(&account(ADELE)).await;
    let callback = format!("{}/microsoft_sso/callback/", demo.url());
    let under_way = chromium.cookies(&callback).await;
    let lost = only(&under_way, "attempt");
    chromium.devtools("Network.deleteCookies", json!({ "name": lost.name, "url": callback })).await;
    chromium.click(&account(ADELE)).await;
    chromium.find("pre.sample").await;
    assert!(chromium.text().await.contains("OK user=adele@contoso.example"));
    let left = chromium.cookies(demo.url()).await;
    assert!(!left.iter().any(|cookie| cookie.name.contains("attempt")), "{left:?}");
}

/// The demo as it stands in the README, on one site.
#[tokio::test]
async fn f33_the_demo_signs_in_by_post() {
    let (demo, chromium) = (demo([]).env(SETTING, "true").start().await, Chromium::start().await);
    sign_in(&chromium, &demo, ADELE).await;
    assert!(chromium.text().await.contains("Hello, Adele Vance"), "{}", chromium.text().await);
}
