//! F-67: who signs out at Microsoft is signed out here, by a frame of Microsoft's page.
//!
//! Application and Microsoft are two sites, as in life, and the application is at a https address. A witness cookie that
//! may go into foreign frames shows which browser lets cookies into them.

use std::time::Duration;

use serde_json::json;
use tokio::{sync::broadcast, time::timeout};

use crate::{
    browser::{
        chromium::Chromium,
        picker::{ADELE, ALEX, account},
        tls::TlsFront,
    },
    process::{Running, demo_of_two_sites},
};

const DOOR: &str = "/microsoft_sso/front_channel_logout/";
/// Adele's tenant.
const CONTOSO: &str = "contoso.example";

/// A demo behind https, that told its Microsoft so.
async fn behind_https() -> (TlsFront, Running) {
    let front = TlsFront::bind().await;
    let demo = demo_of_two_sites().env("MICROSOFT_SSO_PUBLIC_URL", front.url()).start().await;
    front.forward_to(demo.url());
    (front, demo)
}

async fn sign_in(chromium: &Chromium, front: &TlsFront, upn: &str) {
    chromium.open(front.url()).await;
    chromium.click(".entra-sso-button").await;
    chromium.click(&account(upn)).await;
    chromium.find(".visitor form").await;
}

/// A cookie of the application that goes along wherever the browser lets one.
async fn leave_witness(chromium: &Chromium, front: &TlsFront) {
    let witness = json!({
        "url": front.url(), "name": "witness", "value": "here", "secure": true, "sameSite": "None", "httpOnly": true,
    });
    assert_eq!(chromium.devtools("Network.setCookie", witness).await["success"], true);
}

/// The head of the request that Microsoft's page made in its frame.
async fn asked_in_frame(heard: &mut broadcast::Receiver<String>) -> String {
    let asked = async {
        loop {
            let request = heard.recv().await.expect("the front listens");
            if request.starts_with(&format!("GET {DOOR}?sid=")) {
                return request.to_ascii_lowercase();
            }
        }
    };
    timeout(Duration::from_mins(1), asked).await.expect("Microsoft's page loads its frame")
}

#[tokio::test]
async fn l3_a_frame_signs_out_where_third_party_cookies_are_blocked() {
    let (front, demo) = behind_https().await;
    for allowed in [true, false] {
        let chromium = Chromium::with_third_party_cookies(allowed).await;
        sign_in(&chromium, &front, ADELE).await;
        leave_witness(&chromium, &front).await;
        let session = chromium.cookies(front.url()).await;
        assert!(session.iter().any(|cookie| cookie.name == "__Host-microsoft_sso_session"), "{session:?}");

        let mut heard = front.listen();
        chromium.open(format!("{}/{CONTOSO}/oauth2/v2.0/logout", demo.emulator_url())).await;
        let frame = chromium.find("body[data-emulator-page='signed-out'] iframe").await;
        let asked = asked_in_frame(&mut heard).await;
        assert!(asked.contains("sec-fetch-dest: iframe") && asked.contains("sec-fetch-site: cross-site"), "{asked}");
        let cookies = asked.lines().filter(|line| line.starts_with("cookie:")).collect::<Vec<_>>();
        let expected = if allowed { vec!["cookie: witness=here"] } else { Vec::new() };
        assert_eq!(cookies, expected, "which cookies this browser lets in, and never the session's: {asked}");

        frame.enter_frame().await.expect("there is a frame");
        assert_eq!(chromium.run("return document.title").await, "Signed out", "Microsoft's page may show it");
        chromium.driver.enter_default_frame().await.expect("the page around it");

        assert_eq!(chromium.cookies(front.url()).await, session, "the browser knows nothing of it");
        chromium.open(front.url()).await;
        chromium.find(".entra-sso-button").await;
    }
}

#[tokio::test]
async fn f67_who_did_not_sign_out_there_stays() {
    let (front, demo) = behind_https().await;
    let adele = Chromium::with_third_party_cookies(false).await;
    let others = [(Chromium::start().await, ADELE), (Chromium::start().await, ALEX)];
    sign_in(&adele, &front, ADELE).await;
    for (other, upn) in &others {
        sign_in(other, &front, upn).await;
    }
    let mut heard = front.listen();
    adele.open(format!("{}/{CONTOSO}/oauth2/v2.0/logout", demo.emulator_url())).await;
    asked_in_frame(&mut heard).await;
    adele.find("body[data-emulator-page='signed-out'] iframe").await;
    adele.open(front.url()).await;
    adele.find(".entra-sso-button").await;
    for (other, _) in &others {
        other.open(front.url()).await;
        other.find(".visitor form").await;
    }
}
