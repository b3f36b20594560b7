//! What every page of the demo carries.

use reqwest::{Client, Response, redirect::Policy};

use crate::process::{Running, demo};

async fn get(demo: &Running, path: &str) -> Response {
    let client = Client::builder().redirect(Policy::none()).no_proxy().build().expect("a client can be made");
    client.get(format!("{}{path}", demo.url())).header("Accept", "text/html").send().await.expect("an answer")
}

fn header<'a>(response: &'a Response, name: &str) -> &'a str {
    response.headers().get(name).map(|value| value.to_str().expect("ASCII")).unwrap_or_default()
}

#[tokio::test]
async fn with_the_emulator_every_page_says_so() {
    let demo = demo([]).start().await;
    for (path, status) in [
        ("/", 200),
        ("/no/such/page", 404),
        ("/microsoft_sso/", 200),
        ("/microsoft_sso/logout/", 200),
        ("/microsoft_sso/callback/?code=x&state=y&state=z", 400),
    ] {
        let response = get(&demo, path).await;
        let policy = header(&response, "content-security-policy").to_owned();
        assert_eq!(response.status(), status, "{path}");
        let page = response.text().await.expect("a page");
        assert!(page.contains("This is not Microsoft"), "{path}: {page}");
        assert!(policy.contains("style-src 'self'"), "{path}: {policy}");
    }
}

#[tokio::test]
async fn pages_run_no_script_and_ask_nobody_else() {
    let demo = demo([]).start().await;
    for path in ["/", "/no/such/page", "/microsoft_sso/"] {
        let response = get(&demo, path).await;
        let policy = header(&response, "content-security-policy").to_owned();
        for part in ["default-src 'none'", "base-uri 'none'", "frame-ancestors 'none'", "form-action 'self'"] {
            assert!(policy.contains(part), "{path}: {part} is not in {policy}");
        }
        assert!(!policy.contains("unsafe") && !policy.contains("script-src"), "{path}: {policy}");
        assert_eq!(header(&response, "x-content-type-options"), "nosniff", "{path}");
        assert_eq!(header(&response, "cache-control"), "no-store", "{path}");
        let page = response.text().await.expect("a page");
        assert!(!page.contains("<script") && !page.contains("http://") && !page.contains("https://"), "{path}: {page}");
    }
}

#[tokio::test]
async fn assets_have_their_type() {
    let demo = demo([]).start().await;
    for (path, expected) in [
        ("/assets/demo.css", "text/css; charset=utf-8"),
        ("/assets/banner.css", "text/css; charset=utf-8"),
        ("/assets/icon.svg", "image/svg+xml"),
    ] {
        let response = get(&demo, path).await;
        assert_eq!(response.status(), 200, "{path}");
        assert_eq!(header(&response, "content-type"), expected, "{path}");
        assert_eq!(header(&response, "x-content-type-options"), "nosniff", "{path}");
    }
}

#[tokio::test]
async fn a_signed_out_browser_is_sent_to_sign_in() {
    let demo = demo([]).start().await;
    for path in ["/private", "/profile", "/profile/picture"] {
        let response = get(&demo, path).await;
        assert_eq!(response.status(), 303, "{path}");
        let location = header(&response, "location");
        assert!(location.starts_with("/microsoft_sso/login/?next="), "{path}: {location}");
    }
}
