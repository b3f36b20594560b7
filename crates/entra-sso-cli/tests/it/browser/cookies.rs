//! Cookies as the browser keeps them: application and Microsoft are two different sites, `localhost` and `127.0.0.1`.

use crate::{
    browser::{
        chromium::{Chromium, Cookie},
        picker::{ADELE, account},
        tls::TlsFront,
    },
    process::demo_of_two_sites,
};

fn only<'a>(cookies: &'a [Cookie], part: &str) -> &'a Cookie {
    let matching: Vec<&Cookie> = cookies.iter().filter(|cookie| cookie.name.contains(part)).collect();
    let [cookie] = matching.as_slice() else { panic!("expected one cookie with {part:?} in its name: {cookies:?}") };
    cookie
}

#[tokio::test]
async fn s11_k3_on_loopback_http() {
    let (demo, chromium) = (demo_of_two_sites().start().await, Chromium::start().await);
    assert!(demo.emulator_url().starts_with("http://127.0.0.1:"), "{}", demo.said);
    chromium.open(demo.url()).await;
    assert_eq!(chromium.cookies(demo.url()).await, [], "a visit leaves no cookie");

    chromium.click(".entra-sso-button").await;
    chromium.find(&account(ADELE)).await;
    let under_way = chromium.cookies(&format!("{}/microsoft_sso/callback/", demo.url())).await;
    let attempt = only(&under_way, "attempt");
    assert_eq!((attempt.same_site.as_str(), attempt.http_only, attempt.secure), ("Lax", true, false), "{attempt:?}");
    assert_eq!(attempt.domain, "localhost", "host only: {attempt:?}");

    chromium.click(&account(ADELE)).await;
    chromium.find(".visitor form").await;
    let signed_in = chromium.cookies(demo.url()).await;
    let session = only(&signed_in, "session");
    assert_eq!((session.same_site.as_str(), session.http_only, session.secure), ("Lax", true, false), "{session:?}");
    assert_eq!((session.domain.as_str(), session.path.as_str()), ("localhost", "/"), "{session:?}");
    assert_eq!(session.name, "microsoft_sso_session");
    assert!(!signed_in.iter().any(|cookie| cookie.name.starts_with("__Host-")), "{signed_in:?}");
    assert!(!signed_in.iter().any(|cookie| cookie.name.contains("attempt")), "{signed_in:?}");

    assert_eq!(chromium.run("return document.cookie").await, "", "no script can read a cookie");
    let at_microsoft = chromium.cookies(demo.emulator_url()).await;
    assert!(!at_microsoft.iter().any(|cookie| cookie.name.contains("microsoft_sso")), "{at_microsoft:?}");

    chromium.click(".visitor form button").await;
    chromium.find(".entra-sso-button").await;
    let signed_out = chromium.cookies(demo.url()).await;
    assert!(!signed_out.iter().any(|cookie| cookie.name.contains("session")), "{signed_out:?}");
}

#[tokio::test]
async fn k3_on_https_every_cookie_is_host_bound_and_secure() {
    let front = TlsFront::bind().await;
    let demo = demo_of_two_sites().env("MICROSOFT_SSO_PUBLIC_URL", front.url()).start().await;
    let chromium = Chromium::start().await;
    front.forward_to(demo.url());

    chromium.open(front.url()).await;
    chromium.click(".entra-sso-button").await;
    chromium.find(&account(ADELE)).await;
    let under_way = chromium.cookies(&format!("{}/microsoft_sso/callback/", front.url())).await;
    check_host_bound(only(&under_way, "attempt"));

    chromium.click(&account(ADELE)).await;
    chromium.find(".visitor form").await;
    let signed_in = chromium.cookies(front.url()).await;
    let session = only(&signed_in, "session");
    assert_eq!(session.name, "__Host-microsoft_sso_session");
    check_host_bound(session);

    // The same cookie jar over plain http: neither sent nor read.
    assert!(chromium.cookies(demo.url()).await.iter().all(|cookie| !cookie.name.contains("attempt")));
    chromium.click(".visitor form button").await;
    chromium.find(".entra-sso-button").await;
    let signed_out = chromium.cookies(front.url()).await;
    assert!(!signed_out.iter().any(|cookie| cookie.name.contains("session")), "{signed_out:?}");
}

fn check_host_bound(cookie: &Cookie) {
    assert!(cookie.name.starts_with("__Host-"), "{cookie:?}");
    assert!(cookie.secure && cookie.http_only, "{cookie:?}");
    assert_eq!(
        (cookie.path.as_str(), cookie.domain.as_str(), cookie.same_site.as_str()),
        ("/", "localhost", "Lax"),
        "{cookie:?}"
    );
}
