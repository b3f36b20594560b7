//! What is refused: answers that do not hold, whatever strangers write, and everything while the store is away.

use std::sync::atomic::Ordering;

use entra_emulator::{Endpoint, ErrorAnswer, Fault, seed};
use http::{Request, header};
use url::Url;

use super::{CANARY, FORM, LOGOUT, Tour};

impl Tour {
    pub(super) async fn refused_callbacks(&mut self) {
        let invalid = ErrorAnswer::new("invalid_client", 7_000_215, "Invalid client secret provided");
        for fault in [
            None,
            Some(Fault::BadSignature),
            Some(Fault::WrongNonce),
            Some(Fault::Status(Endpoint::Token, 500)),
            Some(Fault::TokenError(invalid)),
            Some(Fault::AuthorizeError(ErrorAnswer::new("access_denied", 65004, "declined"))),
            Some(Fault::NoTokenMember("id_token".to_owned())),
        ] {
            let browser = self.app.browser();
            if let Some(fault) = fault {
                self.app.emulator.faults().once(fault);
            }
            let start = "/microsoft_sso/login/?next=/private";
            let callback = self.app.callback_of(&browser, start, seed::ADELE).await;
            let answer = Url::parse(&callback).unwrap();
            let asked = answer.query_pairs().into_owned();
            self.seen.secrets.extend(asked.filter(|(name, _)| matches!(name.as_str(), "code" | "state")));
            // Once by somebody else, once by the one whose it is, and once more.
            for browser in [&self.app.browser(), &browser, &browser] {
                let page = browser.get(&callback).await.unwrap();
                self.keep(browser, &page);
            }
        }
        let browser = self.app.browser();
        let callback = self.app.callback_of(&browser, "/microsoft_sso/login/", seed::ADELE).await;
        self.an_hour_later();
        let page = browser.get(callback).await.unwrap();
        self.keep(&browser, &page);
    }

    /// Whatever a stranger writes, wherever he can.
    pub(super) async fn strangers(&mut self) {
        for at in [
            format!("/microsoft_sso/callback/?code={CANARY}&state={CANARY}"),
            format!("/microsoft_sso/callback/?error={CANARY}&error_description={CANARY}&state={CANARY}"),
            format!("/microsoft_sso/partner/callback/?code={CANARY}&state={CANARY}&iss={CANARY}"),
            format!("/microsoft_sso/login/?next=/{CANARY}&login_hint={CANARY}&step={CANARY}"),
            format!("/microsoft_sso/front_channel_logout/?sid={CANARY}&iss={CANARY}"),
            format!("/microsoft_sso/{CANARY}/login/"),
            format!("/private?{CANARY}={CANARY}"),
        ] {
            for (name, value) in [
                ("x-request-id", CANARY.to_owned()),
                ("authorization", format!("Bearer {CANARY}")),
                ("cookie", format!("microsoft_sso_session={CANARY}; microsoft_sso_attempt_{CANARY}={CANARY}")),
                ("host", format!("{CANARY}.example")),
                ("user-agent", CANARY.to_owned()),
            ] {
                self.send(Request::get("/").header(name, value), &at, "").await;
            }
            let form = Request::post("/").header(header::CONTENT_TYPE, FORM);
            self.send(form, &at, format!("code={CANARY}&state={CANARY}&logout_token={CANARY}")).await;
            let method = Request::builder().method(http::Method::from_bytes(b"CANARY-4711").unwrap());
            self.send(method, &at, "").await;
        }
        // A flood of them: with the clock at one second.
        for _ in 0..30 {
            self.send(Request::get("/"), "/microsoft_sso/callback/?code=a&state=b", "").await;
        }
    }

    pub(super) async fn store_away(&mut self) {
        let browser = self.signed_in(seed::ADELE).await;
        let callback = self.app.callback_of(&self.app.browser(), "/microsoft_sso/login/", seed::ALEX).await;
        self.sessions.1.store(true, Ordering::SeqCst);
        for path in ["/private", "/token", "/microsoft_sso/me", "/microsoft_sso/", "/admin/"] {
            assert_eq!(self.open(&browser, path).await.status, 503, "{path}");
        }
        assert_eq!(self.post(&browser, LOGOUT, "everywhere=1").await, 503);
        let page = browser.get(callback).await.unwrap();
        self.keep(&browser, &page);
        self.sessions.1.store(false, Ordering::SeqCst);
    }
}
