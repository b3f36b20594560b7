//! All that a browser does with a sign-in, from the first click on, with Microsoft at another site. What lets the cookie come
//! along is its own attribute, and not the two minutes for which Chromium sends a new cookie without one.

use serde_json::json;
use thirtyfour::{ChromeCapabilities, prelude::WebDriverResult};

use super::stage::{ADDRESS, LOCALHOST, Stage, over_http, over_https};
use crate::browser::{
    chromium::{Chromium, Cookie, third_party_cookies},
    picker::{ADELE, ALEX, account},
    requests::{Sent, logged, requests, requests_with},
};

const CALLBACK: &str = "/microsoft_sso/callback/";
const ANOTHER: &str = "/microsoft_sso/login/?prompt=select_account&next=/private";
const CANCEL: &str = "button[value=\"cancel\"]";

#[tokio::test]
async fn s11_f33_http_from_127_0_0_1_to_localhost() {
    everything(&over_http(LOCALHOST, ADDRESS).await, logged).await;
}

#[tokio::test]
async fn s11_f33_http_from_localhost_to_127_0_0_1() {
    everything(&over_http(ADDRESS, LOCALHOST).await, logged).await;
}

#[tokio::test]
async fn s11_f33_https_from_localhost_to_127_0_0_1() {
    everything(&over_https(ADDRESS, LOCALHOST).await, logged).await;
}

#[tokio::test]
async fn s11_f33_https_from_127_0_0_1_to_localhost() {
    let stage = over_https(LOCALHOST, ADDRESS).await;
    let chromium = everything(&stage, allowed).await;
    assert_eq!(held_back_from_a_picture(&chromium, &stage).await, [""; 0]);
}

/// R6: a page that was posted to is no third party, so that its cookies come along where frames and pictures get none.
#[tokio::test]
async fn r6_f33_where_third_party_cookies_are_blocked() {
    let stage = over_https(LOCALHOST, ADDRESS).await;
    let chromium = everything(&stage, blocked).await;
    assert_ne!(held_back_from_a_picture(&chromium, &stage).await, [""; 0], "they are not blocked");
}

fn allowed(wanted: &mut ChromeCapabilities) -> WebDriverResult<()> {
    logged(wanted)?;
    third_party_cookies(wanted, true)
}

fn blocked(wanted: &mut ChromeCapabilities) -> WebDriverResult<()> {
    logged(wanted)?;
    third_party_cookies(wanted, false)
}

/// Why a picture of ours in a page of Microsoft's is asked for without the cookie of a sign-in that waits.
async fn held_back_from_a_picture(chromium: &Chromium, stage: &Stage) -> Vec<String> {
    chromium.open(format!("{}{ANOTHER}", stage.url)).await;
    chromium.find(&account(ADELE)).await;
    // A document without a content security policy.
    chromium.open(format!("{}/contoso.example/v2.0/.well-known/openid-configuration", stage.microsoft)).await;
    requests(chromium).await;
    let picture = format!("{}/microsoft_sso/me", stage.url);
    let load = "const [url] = arguments; return new Promise(done => { const picture = new Image(); \
                picture.onerror = picture.onload = done; picture.src = url; }).then(() => 1)";
    chromium.driver.execute(load, vec![json!(picture)]).await.expect("the script runs");
    let sent = requests(chromium).await;
    let asked = sent.iter().find(|sent| sent.url == picture).unwrap_or_else(|| panic!("no picture: {sent:?}"));
    asked.held_back("attempt").into_iter().map(str::to_owned).collect()
}

async fn everything(stage: &Stage, want: fn(&mut ChromeCapabilities) -> WebDriverResult<()>) -> Chromium {
    let chromium = Chromium::start_with(want).await;
    from_a_page_and_back(&chromium, stage).await;
    brought_again(&chromium, stage).await;
    an_answer_in_the_address_is_refused(&chromium, stage).await;
    a_failed_sign_in_leaves_who_is_signed_in(&chromium, stage).await;
    the_session_before_ends(&chromium, stage).await;
    chromium
}

/// `next` survives, the code stands in no address, and the cookies hold.
async fn from_a_page_and_back(chromium: &Chromium, stage: &Stage) {
    let over_https = stage.url.starts_with("https:");
    let page = format!("{}/profile?from=a%20link", stage.url);
    chromium.open(&page).await;
    chromium.find(&account(ADELE)).await;
    let there = chromium.url().await;
    assert!(there.starts_with(&stage.microsoft) && there.contains("response_mode=form_post"), "{there}");
    let under_way = chromium.cookies(&format!("{}{CALLBACK}", stage.url)).await;
    let attempt = only(&under_way, "attempt");
    assert_eq!(attributes(attempt), ("None", true, true, "/"), "S11: {attempt:?}");
    assert_eq!(attempt.name.starts_with("__Host-"), over_https, "{attempt:?}");

    chromium.click(&account(ADELE)).await;
    chromium.find(".visitor form").await;
    let posted = posted(chromium, stage).await;
    assert_eq!(posted.held_back("attempt"), [""; 0], "it came along: {posted:?}");
    arrived(chromium, &page).await;
    let signed_in = chromium.cookies(&stage.url).await;
    let session = only(&signed_in, "session");
    assert_eq!(attributes(session), ("Lax", over_https, true, "/"), "{session:?}");
    assert_eq!(session.name.starts_with("__Host-"), over_https, "{session:?}");
    assert!(!signed_in.iter().any(|cookie| cookie.name.contains("attempt")), "{signed_in:?}");
    chromium.driver.refresh().await.expect("a reload");
    chromium.find(".visitor form").await;
    arrived(chromium, &page).await;
}

/// F-37: back at Microsoft the page answers once more, with a state that was used.
async fn brought_again(chromium: &Chromium, stage: &Stage) {
    requests(chromium).await;
    chromium.driver.back().await.expect("back");
    chromium.find(".visitor form").await;
    posted(chromium, stage).await;
    assert!(chromium.url().await.starts_with(&stage.url), "{}", chromium.url().await);
    assert!(chromium.text().await.contains("Adele Vance"), "{}", chromium.text().await);
}

/// S9.
async fn an_answer_in_the_address_is_refused(chromium: &Chromium, stage: &Stage) {
    chromium.open(format!("{}{CALLBACK}?code=x&state=y", stage.url)).await;
    let page = chromium.text().await;
    assert!(page.contains("E323-"), "{page}");
    chromium.open(&stage.url).await;
    assert!(chromium.text().await.contains("Hello, Adele Vance"), "who is signed in stays");
}

/// He is told on a page, and a reload, which posts the answer again, leads on.
async fn a_failed_sign_in_leaves_who_is_signed_in(chromium: &Chromium, stage: &Stage) {
    let before = session_of(chromium, stage).await;
    chromium.open(format!("{}{ANOTHER}", stage.url)).await;
    requests(chromium).await;
    chromium.click(CANCEL).await;
    chromium.find("main").await;
    let posted_once = posted(chromium, stage).await;
    assert!(without_session(&posted_once), "nobody says who is signed in");
    assert_eq!(chromium.url().await, format!("{}{CALLBACK}", stage.url));
    assert!(chromium.text().await.to_lowercase().contains("cancel"), "{}", chromium.text().await);
    chromium.driver.refresh().await.expect("a reload");
    chromium.find("pre.sample").await;
    posted(chromium, stage).await;
    assert!(chromium.text().await.contains(&format!("OK user={ADELE}")), "{}", chromium.text().await);
    assert_eq!(session_of(chromium, stage).await, before);
}

/// K1.
async fn the_session_before_ends(chromium: &Chromium, stage: &Stage) {
    let (name, before) = session_of(chromium, stage).await;
    chromium.open(format!("{}{ANOTHER}", stage.url)).await;
    requests(chromium).await;
    chromium.click(&account(ALEX)).await;
    chromium.find("pre.sample").await;
    let posted = posted(chromium, stage).await;
    assert!(without_session(&posted));
    assert!(chromium.text().await.contains(&format!("OK user={ALEX}")), "{}", chromium.text().await);
    let (_, now) = session_of(chromium, stage).await;
    assert_ne!(now, before);
    for (value, signed_in) in [(&before, false), (&now, true)] {
        let cookie = json!({ "name": name, "value": value, "url": stage.url, "secure": name.starts_with("__Host-") });
        chromium.devtools("Network.setCookie", cookie).await;
        chromium.open(&stage.url).await;
        assert_eq!(chromium.text().await.contains("Hello, Alex Wilber"), signed_in, "{}", chromium.text().await);
    }
}

/// The form that was posted since the last look: from another site, as Chromium itself says, and once.
async fn posted(chromium: &Chromium, stage: &Stage) -> Sent {
    let callback = format!("{}{CALLBACK}", stage.url);
    let is_posted = |sent: &Sent| sent.url == callback && sent.method == "POST";
    let sent = requests_with(chromium, is_posted).await;
    let posted: Vec<&Sent> = sent.iter().filter(|sent| is_posted(sent)).collect();
    let [posted] = posted.as_slice() else { panic!("expected one POST to {callback}: {sent:?}") };
    assert_eq!(posted.header("sec-fetch-site"), Some("cross-site"), "{posted:?}");
    assert_eq!(posted.header("sec-fetch-mode"), Some("navigate"), "{posted:?}");
    (*posted).clone()
}

/// There is one, and Chromium kept it back because of its `SameSite=Lax`.
fn without_session(sent: &Sent) -> bool {
    let reasons = sent.held_back("session");
    !reasons.is_empty() && reasons.iter().all(|reason| reason.ends_with("SameSiteLax"))
}

async fn arrived(chromium: &Chromium, page: &str) {
    assert_eq!(chromium.url().await.trim_end_matches('#'), page);
    assert!(chromium.text().await.contains("Adele Vance"), "{}", chromium.text().await);
    let history = chromium.devtools("Page.getNavigationHistory", json!({})).await;
    let entries = history["entries"].as_array().expect("a list");
    assert!(!entries.iter().any(|entry| entry["url"].as_str().expect("an address").contains("code=")), "{entries:?}");
}

/// Name and value.
async fn session_of(chromium: &Chromium, stage: &Stage) -> (String, String) {
    let answer = chromium.devtools("Network.getCookies", json!({ "urls": [stage.url] })).await;
    let cookies = answer["cookies"].as_array().expect("a list");
    let text = |cookie: &serde_json::Value, member: &str| cookie[member].as_str().expect("text").to_owned();
    let session = cookies.iter().find(|cookie| text(cookie, "name").contains("session")).expect("a session");
    (text(session, "name"), text(session, "value"))
}

pub(super) fn only<'a>(cookies: &'a [Cookie], part: &str) -> &'a Cookie {
    let matching: Vec<&Cookie> = cookies.iter().filter(|cookie| cookie.name.contains(part)).collect();
    let [cookie] = matching.as_slice() else { panic!("expected one cookie with {part:?} in its name: {cookies:?}") };
    cookie
}

fn attributes(cookie: &Cookie) -> (&str, bool, bool, &str) {
    (cookie.same_site.as_str(), cookie.secure, cookie.http_only, cookie.path.as_str())
}
