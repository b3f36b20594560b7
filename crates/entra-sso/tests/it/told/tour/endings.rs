//! How sessions end: by staff, by who has them, by a provider, by Microsoft, with their token.

use entra_emulator::{Fault, seed};
use entra_sso::{
    Settings,
    users::{Grant, GrantChange, Grants, UserUpdate},
};
use http::{Request, header};
use serde_json::json;

use super::{FORM, HOUR, LOGOUT, Tour, keeping};
use crate::app::App;

impl Tour {
    pub(super) async fn administered(&mut self) {
        let root = self.app.prepare("boss", |user| {
            user.invitation = Some(seed::ALEX.to_owned());
            user.superuser = Grants::of(Grant::Admin);
        });
        root.await;
        let root = self.signed_in(seed::ALEX).await;
        let mut update = UserUpdate::of(self.adele().await.id);
        update.staff = GrantChange::set(Grant::Admin, true);
        let _updated = self.app.sso.update_user(update).await.unwrap();
        let adele = self.signed_in(seed::ADELE).await;
        let path = format!("/admin/users/{}", self.adele().await.id);
        assert_eq!(self.post(&adele, &format!("{path}/give_superuser"), "").await, 403);
        assert_eq!(self.post(&root, &format!("{path}/deactivate"), "confirmed=yes").await, 303);
        self.open(&adele, "/private").await;
        // She is known and may not enter.
        self.signed_in(seed::ADELE).await;
        let mut update = UserUpdate::of(self.adele().await.id);
        update.is_active = Some(true);
        let _updated = self.app.sso.update_user(update).await.unwrap();
    }

    pub(super) async fn sign_outs(&mut self) {
        let (one, two) = (self.signed_in(seed::ADELE).await, self.signed_in(seed::ADELE).await);
        assert_eq!(self.send(Request::post("/").header("origin", "https://evil.test"), LOGOUT, "").await, 403);
        self.open(&one, LOGOUT).await;
        assert_eq!(self.post(&one, LOGOUT, "").await, 303);
        assert_eq!(self.post(&two, LOGOUT, "everywhere=1").await, 303);
        self.signed_in(seed::ADELE).await;
        let sid = claim(&self.wire.last("id_token"), "sid");
        self.send(Request::get("/"), &format!("/microsoft_sso/front_channel_logout/?sid={sid}"), "").await;
        self.signed_in(seed::ADELE).await;
        assert_eq!(self.app.sso.end_sessions_of(&self.adele().await.id).await.unwrap(), 1);
    }

    pub(super) async fn partners_sign_outs(&mut self) {
        let person = json!({ "sub": "subject-1", "name": "Pia", "preferred_username": "pia", "sid": "sid-of-pia-1" });
        self.provider.says().claims = person;
        self.provider.says().user_info = json!({ "sub": "subject-1" });
        let browser = self.app.browser();
        self.open(&browser, "/microsoft_sso/partner/login/").await;
        assert_eq!(self.app.who(&browser).await, "pia");
        for claims in [json!({ "sid": "sid-of-pia-1", "aud": "another" }), json!({ "sid": "sid-of-pia-1" })] {
            let token = self.provider.logout_token("a name of a logout token", &claims);
            let request = Request::post("/").header(header::CONTENT_TYPE, FORM);
            let body = format!("logout_token={token}");
            self.send(request, "/microsoft_sso/partner/back_channel_logout/", body).await;
            self.seen.secrets.insert(("logout token".to_owned(), token));
        }
        assert_eq!(self.app.who(&browser).await, "nobody");
    }

    pub(super) async fn ended_by_microsoft(&mut self) {
        let browser = self.signed_in(seed::ADELE).await;
        self.app.emulator.revoke(seed::ADELE).unwrap();
        self.an_hour_later();
        self.open(&browser, "/token").await;
        self.signed_in(seed::ADELE).await;
        let _deleted = self.app.sso.delete_user(&self.adele().await.id, false).await.unwrap();
    }

    /// `session_ends_with_token`, and no new one can be had.
    pub(super) async fn over_with_the_token(&mut self) {
        let network = self.wire.clone();
        let capped = |settings: &mut Settings| {
            keeping(settings);
            settings.session_ends_with_token = true;
        };
        let app = App::plugged(capped, |builder| builder.http_client(network)).await;
        app.emulator.faults().once(Fault::NoTokenMember("refresh_token".to_owned()));
        let browser = app.browser();
        app.sign_in(&browser, seed::ADELE).await;
        app.advance(HOUR);
        assert_eq!(app.who(&browser).await, "nobody");
    }
}

/// One claim of a token that nobody has to believe.
fn claim(token: &str, name: &str) -> String {
    use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};

    let claims = URL_SAFE_NO_PAD.decode(token.split('.').nth(1).expect("claims")).expect("base64url");
    let claims: serde_json::Value = serde_json::from_slice(&claims).expect("JSON");
    claims[name].as_str().expect("text").to_owned()
}
