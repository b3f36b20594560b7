//! `require_secure_callback` across sites: Microsoft's page posts the answer from `127.0.0.1` to `localhost`, over http and over
//! https. What lets the cookie come along is its own attribute, and not the two minutes for which Chromium sends a new
//! cookie without one.

use std::{collections::BTreeSet, fs, path::Path};

use serde_json::json;

use crate::{
    browser::{
        chromium::{Chromium, Cookie},
        picker::{ADELE, account, sign_in},
        tls::TlsFront,
    },
    emulator::exports,
    process::{Running, SCRATCH, demo, demo_of_two_sites, entra_sso},
};

const SETTING: &str = "MICROSOFT_SSO_REQUIRE_SECURE_CALLBACK";
const TABS: usize = 5;

fn only<'a>(cookies: &'a [Cookie], part: &str) -> &'a Cookie {
    let matching: Vec<&Cookie> = cookies.iter().filter(|cookie| cookie.name.contains(part)).collect();
    let [cookie] = matching.as_slice() else { panic!("expected one cookie with {part:?} in its name: {cookies:?}") };
    cookie
}

fn attributes(cookie: &Cookie) -> (&str, bool, bool, &str) {
    (cookie.same_site.as_str(), cookie.secure, cookie.http_only, cookie.path.as_str())
}

/// Every address that the tab has been at, Microsoft's among them.
async fn history(chromium: &Chromium) -> Vec<String> {
    let answer = chromium.devtools("Page.getNavigationHistory", json!({})).await;
    let entries = answer["entries"].as_array().expect("a list");
    entries.iter().map(|entry| entry["url"].as_str().expect("an address").to_owned()).collect()
}

/// From a protected page through Microsoft back to it; then a reload, and the back button.
async fn journey(chromium: &Chromium, url: &str, over_https: bool) {
    let page = format!("{url}/profile?from=a%20link");
    chromium.open(&page).await;
    chromium.find(&account(ADELE)).await;
    assert!(chromium.url().await.contains("response_mode=form_post"), "{}", chromium.url().await);
    let under_way = chromium.cookies(&format!("{url}/microsoft_sso/callback/")).await;
    let attempt = only(&under_way, "attempt");
    assert_eq!(attributes(attempt), ("None", true, true, "/"), "S11: {attempt:?}");
    assert_eq!(attempt.name.starts_with("__Host-"), over_https, "{attempt:?}");

    chromium.click(&account(ADELE)).await;
    chromium.find(".visitor form").await;
    arrived(chromium, &page).await;
    let signed_in = chromium.cookies(url).await;
    let session = only(&signed_in, "session");
    assert_eq!(attributes(session), ("Lax", over_https, true, "/"), "{session:?}");
    assert!(!signed_in.iter().any(|cookie| cookie.name.contains("attempt")), "{signed_in:?}");

    chromium.driver.refresh().await.expect("a reload");
    chromium.find(".visitor form").await;
    arrived(chromium, &page).await;
    chromium.driver.back().await.expect("back");
    chromium.find(".visitor form").await;
    assert!(chromium.url().await.starts_with(url), "F-37: {}", chromium.url().await);
    assert!(chromium.text().await.contains("Adele Vance"), "{}", chromium.text().await);
}

async fn arrived(chromium: &Chromium, page: &str) {
    assert_eq!(chromium.url().await.trim_end_matches('#'), page);
    assert!(chromium.text().await.contains("Adele Vance"), "{}", chromium.text().await);
    let history = history(chromium).await;
    assert!(!history.iter().any(|url| url.contains("code=")), "the code stands in an address: {history:?}");
}

#[tokio::test]
async fn s11_f33_across_sites_on_loopback_http() {
    let demo = demo_of_two_sites().env(SETTING, "true").start().await;
    assert!(demo.emulator_url().starts_with("http://127.0.0.1:"), "{}", demo.said);
    journey(&Chromium::start().await, demo.url(), false).await;
}

#[tokio::test]
async fn s11_f33_across_sites_on_https() {
    let front = TlsFront::bind().await;
    let emulator = emulator_for(&front).await;
    let mut demo = entra_sso(["demo", "--listen", "localhost:0"]);
    for (name, value) in exports(&emulator) {
        demo = demo.env(&name, value);
    }
    let demo = demo.env("MICROSOFT_SSO_PUBLIC_URL", front.url()).env(SETTING, "true").start().await;
    front.forward_to(demo.url());
    journey(&Chromium::start().await, front.url(), true).await;
}

/// A Microsoft at `https://127.0.0.1:…` that knows the application behind `front`.
async fn emulator_for(front: &TlsFront) -> Running {
    let directory = format!(
        r#"
[[tenant]]
id = "aaaaaaaa-0000-4000-8000-000000000001"
name = "Contoso"
domains = ["contoso.example"]

[[user]]
id = "bbbbbbbb-0000-4000-8000-000000000001"
tenant = "contoso.example"
upn = "{ADELE}"
name = "Adele Vance"

[[app]]
id = "dddddddd-0000-4000-8000-000000000001"
tenant = "contoso.example"
name = "Portal"
redirect_uris = ["{}/microsoft_sso/callback/"]
secrets = [{{ value = "a secret for tests" }}]
"#,
        front.url()
    );
    let own = |suffix: &str| Path::new(SCRATCH).join(format!("secure-callback-{}.{suffix}", std::process::id()));
    let (file, certificate) = (own("toml"), own("pem"));
    fs::write(&file, directory).expect("the scratch directory can be written to");
    let (file, certificate) = (file.display().to_string(), certificate.display().to_string());
    entra_sso(["emulator", "--listen", "127.0.0.1:0", "--directory", &file, "--https", &certificate]).start().await
}

/// S16: opened at once, finished in another order.
#[tokio::test]
async fn s16_tabs_opened_at_once_all_sign_in_by_post() {
    let demo = demo_of_two_sites().env(SETTING, "true").start().await;
    let chromium = Chromium::start().await;
    chromium.open(format!("{}/no/such/page", demo.url())).await;
    chromium
        .run(&format!(
            "for (let tab = 0; tab < {TABS}; tab++) window.open('/microsoft_sso/login/?next=' + encodeURIComponent('/private?tab=' + tab));"
        ))
        .await;
    let first = chromium.driver.window().await.expect("a window");
    let mut tabs = chromium.driver.windows().await.expect("windows");
    tabs.retain(|tab| *tab != first);
    assert_eq!(tabs.len(), TABS, "tabs were not opened");
    for tab in &tabs {
        chromium.driver.switch_to_window(tab.clone()).await.expect("a tab");
        chromium.find(&account(ADELE)).await;
    }
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
