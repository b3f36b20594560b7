//! Device codes: asked for, entered, redeemed.

use entra_emulator::{Browser, Emulator, Endpoint, Page, seed};
use serde_json::{Value, json};

use crate::flow::{Answer, NOW, claims, client, start};

const GRANT: &str = "urn:ietf:params:oauth:grant-type:device_code";
const SCOPE: &str = "openid profile offline_access User.Read";

async fn ask(emulator: &Emulator, path: &str, form: &[(&str, &str)]) -> Answer {
    let url = format!("{}{path}", emulator.url());
    let response = client().post(url).form(form).send().await.expect("an answer");
    Answer { status: response.status().as_u16(), body: response.json().await.expect("JSON") }
}

async fn authorized(emulator: &Emulator, segment: &str, scope: &str) -> Answer {
    let form = [("client_id", seed::PUBLIC_APP_ID), ("scope", scope)];
    let answer = ask(emulator, &format!("{segment}/oauth2/v2.0/devicecode"), &form).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    answer
}

async fn poll(emulator: &Emulator, segment: &str, device_code: &str) -> Answer {
    let form = [("grant_type", GRANT), ("client_id", seed::PUBLIC_APP_ID), ("device_code", device_code)];
    ask(emulator, &format!("{segment}/oauth2/v2.0/token"), &form).await
}

/// What the person sees after typing a code.
async fn typed(browser: &Browser, page: &str, code: &str) -> Page {
    let page = browser.get(page).await.expect("a page");
    assert_eq!(page.emulator_page().as_deref(), Some("device"));
    let form = page.form("device").expect("a form").set("user_code", code);
    browser.submit(&page, &form).await.expect("a page")
}

async fn entered(authorized: &Answer, name: &str) -> Page {
    let browser = Browser::new();
    let page = typed(&browser, authorized.text("verification_uri"), authorized.text("user_code")).await;
    assert_eq!(page.emulator_page().as_deref(), Some("accounts"));
    browser.pick(&page, name).await.expect("a page")
}

#[tokio::test]
async fn the_answer_has_exactly_these_members() {
    let emulator = start().await;
    let mut answer = authorized(&emulator, "common", SCOPE).await;
    let (typed, secret) = (answer.body["user_code"].take(), answer.body["device_code"].take());
    let typed = typed.as_str().expect("a text");
    assert!(typed.len() == 9 && typed.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit()), "{typed}");
    assert!(secret.as_str().expect("a text").len() > 100);
    let page = format!("{}common/oauth2/deviceauth", emulator.url());
    assert_eq!(
        answer.body,
        json!({
            "user_code": null,
            "device_code": null,
            "verification_uri": page,
            "expires_in": 900,
            "interval": 5,
            "message": format!(
                "To sign in, use a web browser to open the page {page} and enter the code {typed} to authenticate."
            ),
        })
    );
    assert_eq!(emulator.journal().count(Endpoint::DeviceCode), 1);
}

#[tokio::test]
async fn somebody_enters_the_code() {
    let emulator = start().await;
    let device = authorized(&emulator, "common", SCOPE).await;
    let secret = device.text("device_code");
    assert_eq!(poll(&emulator, "common", secret).await.summary(), "400 authorization_pending 70016");
    let page = entered(&device, seed::ADELE).await;
    assert_eq!(page.emulator_page().as_deref(), Some("device-done"));
    let answer = poll(&emulator, "common", secret).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let id_token = answer.id_token();
    assert_eq!((&id_token["aud"], &id_token["oid"]), (&json!(seed::PUBLIC_APP_ID), &json!(seed::ADELE_ID)));
    assert_eq!(id_token.get("nonce"), None);
    assert_eq!(answer.text("scope"), "User.Read openid profile");
    let form = [
        ("grant_type", "refresh_token"),
        ("client_id", seed::PUBLIC_APP_ID),
        ("refresh_token", answer.text("refresh_token")),
    ];
    assert_eq!(ask(&emulator, "common/oauth2/v2.0/token", &form).await.status, 200);
    assert_eq!(poll(&emulator, "common", secret).await.summary(), "400 invalid_grant 54005", "once");
    let journal = serde_json::to_string(&emulator.journal().entries()).expect("JSON");
    assert!(journal.contains(GRANT) && journal.contains("user_code"));
    for hidden in [secret, device.text("user_code")] {
        assert!(!journal.contains(hidden), "Z1: a code is in the journal");
    }
}

#[tokio::test]
async fn codes_are_typed_carelessly() {
    let emulator = start().await;
    let device = authorized(&emulator, "common", SCOPE).await;
    let code = device.text("user_code").to_lowercase();
    let careless = format!(" {}-{} ", &code[..4], &code[4..]);
    let page = typed(&Browser::new(), device.text("verification_uri"), &careless).await;
    assert_eq!(page.emulator_page().as_deref(), Some("accounts"));
    let page = typed(&Browser::new(), device.text("verification_uri"), "BCDFGHJKL").await;
    assert_eq!(page.emulator_page().as_deref(), Some("device"), "asked again");
    assert!(page.body.contains("AADSTS70018"));
}

#[tokio::test]
async fn what_a_polling_device_is_refused() {
    let emulator = start().await;
    let declined = authorized(&emulator, "common", SCOPE).await;
    let browser = Browser::new();
    let page = typed(&browser, declined.text("verification_uri"), declined.text("user_code")).await;
    let form = page.form("accounts").expect("a form").set("decision", "cancel");
    let page = browser.submit(&page, &form).await.expect("a page");
    assert!(page.body.contains("You did not sign in"));
    let secret = declined.text("device_code");
    for _ in 0..2 {
        assert_eq!(poll(&emulator, "common", secret).await.summary(), "400 authorization_declined 65004");
    }
    let device = authorized(&emulator, "common", SCOPE).await;
    let secret = device.text("device_code");
    let other = [
        ("grant_type", GRANT),
        ("client_id", seed::APP_ID),
        ("client_secret", seed::APP_SECRET),
        ("device_code", secret),
    ];
    let without = [("grant_type", GRANT), ("client_id", seed::PUBLIC_APP_ID)];
    let token = "common/oauth2/v2.0/token";
    let rows = [
        ("unknown", poll(&emulator, "common", "1.Anything").await, "400 bad_verification_code 70018"),
        ("another application's", ask(&emulator, token, &other).await, "400 invalid_grant 70000"),
        ("another tenant path", poll(&emulator, seed::CONTOSO, secret).await, "400 invalid_grant 700005"),
        ("no code", ask(&emulator, token, &without).await, "400 invalid_request 900144"),
        ("still waiting", poll(&emulator, "common", secret).await, "400 authorization_pending 70016"),
    ];
    for (what, answer, expected) in rows {
        assert_eq!(answer.summary(), expected, "{what}");
    }
    emulator.clock().set(NOW + 899);
    assert_eq!(poll(&emulator, "common", secret).await.summary(), "400 authorization_pending 70016");
    emulator.clock().set(NOW + 900);
    assert_eq!(poll(&emulator, "common", secret).await.summary(), "400 expired_token 70020");
    let page = typed(&Browser::new(), device.text("verification_uri"), device.text("user_code")).await;
    assert_eq!(page.emulator_page().as_deref(), Some("device"), "too late to enter it");
}

#[tokio::test]
async fn what_a_device_is_refused() {
    let emulator = start().await;
    let v2 = "common/oauth2/v2.0/devicecode";
    let id = ("client_id", seed::PUBLIC_APP_ID);
    let scope = ("scope", SCOPE);
    let unknown = ("client_id", "11111111-2222-4333-8444-555555555555");
    let flow = format!("{}/{}/oauth2/v2.0/devicecode", seed::B2C_DOMAIN, seed::B2C_SIGN_IN_POLICY);
    let rows = [
        ("no client id", v2, vec![scope], "400 invalid_request 900144"),
        ("no scope", v2, vec![id], "400 invalid_request 900144"),
        ("unknown client", v2, vec![unknown, scope], "400 unauthorized_client 700016"),
        ("unknown resource", v2, vec![id, ("scope", "api://nobody/x")], "400 invalid_resource 500011"),
        ("resource at v2", v2, vec![id, scope, ("resource", "x")], "400 invalid_request 901002"),
        ("twice", v2, vec![id, id, scope], "400 invalid_request 90023"),
        ("unknown tenant", "nowhere.example/oauth2/v2.0/devicecode", vec![id, scope], "400 invalid_request 90002"),
    ];
    for (what, path, form, expected) in rows {
        assert_eq!(ask(&emulator, path, &form).await.summary(), expected, "{what}");
    }
    let answer = ask(&emulator, &flow, &[id, scope]).await;
    assert_eq!(answer.status, 400, "user flows have no device grant: {}", answer.body);
    assert_eq!(answer.body.get("device_code"), None);
}

#[tokio::test]
async fn v1_sends_texts_and_an_address_of_another_name() {
    let emulator = start().await;
    let query = [("client_id", seed::PUBLIC_APP_ID), ("resource", "https://graph.microsoft.com")];
    let url = format!("{}organizations/oauth2/devicecode", emulator.url());
    let response = client().get(url).query(&query).send().await.expect("an answer");
    assert_eq!(response.status(), 200, "v1 clients ask with GET");
    let body: Value = response.json().await.expect("JSON");
    let page = format!("{}common/oauth2/deviceauth", emulator.url());
    assert_eq!((&body["verification_url"], body.get("verification_uri")), (&json!(page), None));
    assert_eq!((&body["expires_in"], &body["interval"]), (&json!("900"), &json!("5")));
    let browser = Browser::new();
    let accounts = typed(&browser, &page, body["user_code"].as_str().expect("a code")).await;
    browser.pick(&accounts, seed::ADELE).await.expect("a page");
    let secret = body["device_code"].as_str().expect("a code");
    let form = |name| [("grant_type", "device_code"), ("client_id", seed::PUBLIC_APP_ID), (name, secret)];
    let answer = ask(&emulator, "organizations/oauth2/token", &form("device_code")).await;
    assert_eq!(answer.summary(), "400 invalid_request 900144", "v1 calls it code");
    let form = form("code");
    let answer = ask(&emulator, "organizations/oauth2/token", &form).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert_eq!(claims(answer.text("id_token"))["ver"], "1.0");
}

#[tokio::test]
async fn the_short_name_of_the_grant() {
    let emulator = start().await;
    let device = authorized(&emulator, "common", SCOPE).await;
    entered(&device, seed::MEGAN).await;
    let form = [
        ("grant_type", "device_code"),
        ("client_id", seed::PUBLIC_APP_ID),
        ("device_code", device.text("device_code")),
    ];
    assert_eq!(ask(&emulator, "common/oauth2/v2.0/token", &form).await.summary(), "200 - null");
}

#[tokio::test]
async fn consent_is_asked_for() {
    let emulator = start().await;
    let device = authorized(&emulator, "common", "openid Files.Read").await;
    let browser = Browser::new();
    let page = typed(&browser, device.text("verification_uri"), device.text("user_code")).await;
    let page = browser.pick(&page, seed::ADELE).await.expect("a page");
    assert_eq!(page.emulator_page().as_deref(), Some("consent"));
    let secret = device.text("device_code");
    assert_eq!(poll(&emulator, "common", secret).await.summary(), "400 authorization_pending 70016");
    let form = page.form("consent").expect("a form");
    let page = browser.submit(&page, &form.set("decision", "accept")).await.expect("a page");
    assert_eq!(page.emulator_page().as_deref(), Some("device-done"));
    assert_eq!(poll(&emulator, "common", secret).await.text("scope"), "Files.Read openid");
}

#[tokio::test]
async fn who_may_not_enter_a_code() {
    let emulator = start().await;
    let assigned = |app: &mut entra_emulator::App| app.unassigned.push(seed::LEE_ID.to_owned());
    emulator.directory().change_app(seed::PUBLIC_APP_ID, assigned).expect("a change");
    for (name, number) in [(seed::DORA, 50057), (seed::LEE, 50105)] {
        let device = authorized(&emulator, "common", SCOPE).await;
        assert_eq!(entered(&device, name).await.aadsts(), Some(number), "{name}");
        let answer = poll(&emulator, "common", device.text("device_code")).await;
        assert_eq!(answer.summary(), "400 authorization_pending 70016");
    }
    let url = format!("{}common/oauth2/deviceauth", emulator.url());
    let foreign = client().post(url).header("origin", "https://evil.example").form(&[("user_code", "x")]);
    assert_eq!(foreign.send().await.expect("an answer").status(), 403);
}
