//! Many sign-ins in one browser at once.

use std::collections::BTreeSet;

use entra_sso::oidc::random_bytes;
use thirtyfour::WindowHandle;

use crate::{
    browser::{
        chromium::Chromium,
        picker::{ADELE, account},
    },
    process::demo_of_two_sites,
};

const TABS: usize = 20;

/// S16 and S12: opened at once, finished in random order, each comes back to its own page.
#[tokio::test]
async fn s16_twenty_tabs_opened_at_once_all_sign_in() {
    let (demo, chromium) = (demo_of_two_sites().start().await, Chromium::start().await);
    let mut tabs = opened_at_once(&chromium, demo.url(), TABS).await;
    let cookies = chromium.cookies(demo.url()).await;
    let attempts = cookies.iter().filter(|cookie| cookie.name.contains("attempt")).count();
    assert_eq!(attempts, TABS, "an attempt for each tab: {cookies:?}");

    shuffle(&mut tabs);
    let mut finished = BTreeSet::new();
    for tab in &tabs {
        chromium.driver.switch_to_window(tab.clone()).await.expect("a tab");
        chromium.click(&account(ADELE)).await;
        chromium.find("pre.sample").await;
        assert!(chromium.text().await.contains("OK user=adele@contoso.example"));
        finished.insert(chromium.url().await);
    }
    assert_eq!(finished.len(), TABS, "each tab has its own address: {finished:?}");
    assert!(finished.iter().all(|url| url.contains("/private?tab=")), "{finished:?}");
    let left = chromium.cookies(demo.url()).await;
    assert!(!left.iter().any(|cookie| cookie.name.contains("attempt")), "a finished attempt leaves nothing: {left:?}");
}

/// So many tabs, each with a sign-in of its own that shows Microsoft's accounts.
pub(crate) async fn opened_at_once(chromium: &Chromium, url: &str, count: usize) -> Vec<WindowHandle> {
    chromium.open(format!("{url}/no/such/page")).await;
    chromium
        .run(&format!(
            "for (let tab = 0; tab < {count}; tab++) window.open('/microsoft_sso/login/?next=' + encodeURIComponent('/private?tab=' + tab));"
        ))
        .await;
    let first = chromium.driver.window().await.expect("a window");
    let mut tabs = chromium.driver.windows().await.expect("windows");
    tabs.retain(|tab| *tab != first);
    assert_eq!(tabs.len(), count, "tabs were not opened");
    for tab in &tabs {
        chromium.driver.switch_to_window(tab.clone()).await.expect("a tab");
        chromium.find(&account(ADELE)).await;
    }
    tabs
}

/// Fisher and Yates, with chance from its one door.
fn shuffle<T>(items: &mut [T]) {
    for position in (1..items.len()).rev() {
        let other = u64::from_le_bytes(random_bytes()) % (position as u64 + 1);
        items.swap(position, usize::try_from(other).expect("an index"));
    }
}
