//! The admin API.

use entra_emulator::{Emulator, Endpoint, seed};
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

use crate::flow::{NOW, TokenAsk, client, get_json, start};

fn request(emulator: &Emulator, method: Method, path: &str) -> RequestBuilder {
    let url = format!("{}_emulator/{path}", emulator.url());
    client().request(method, url).header("x-emulator-token", emulator.admin_token())
}

async fn post(emulator: &Emulator, path: &str, body: &Value) -> (u16, Value) {
    let response = request(emulator, Method::POST, path).json(body).send().await.expect("an answer");
    (response.status().as_u16(), response.json().await.expect("JSON"))
}

/// What it is, the headers that are added, the status.
type Row<'a> = (&'a str, &'a [(&'a str, &'a str)], u16);

#[tokio::test]
async fn x11_other_pages_and_strangers_are_refused() {
    let emulator = start().await;
    let own = emulator.url().as_str().trim_end_matches('/').to_owned();
    let rows: [Row<'_>; 9] = [
        ("own origin", &[("origin", own.as_str())], 200),
        ("no origin", &[], 200),
        ("same-origin", &[("sec-fetch-site", "same-origin")], 200),
        ("foreign origin", &[("origin", "http://evil.test")], 403),
        ("opaque origin", &[("origin", "null")], 403),
        ("another port of ours", &[("origin", "http://127.0.0.1:1")], 403),
        ("cross-site", &[("sec-fetch-site", "cross-site")], 403),
        ("same-site", &[("sec-fetch-site", "same-site")], 403),
        ("foreign host", &[("host", "evil.test")], 421),
    ];
    for (what, headers, status) in rows {
        let mut ask = request(&emulator, Method::POST, "clock").json(&json!({ "advance": 0 }));
        for (name, value) in headers {
            ask = ask.header(*name, *value);
        }
        let response = ask.send().await.expect("an answer");
        assert_eq!(response.status(), status, "X11: {what}");
        assert!(!response.headers().contains_key("access-control-allow-origin"), "no CORS");
    }
    let url = format!("{}_emulator/clock", emulator.url());
    let bare = client().post(&url).json(&json!({ "advance": 9 })).send().await.expect("an answer");
    assert_eq!(bare.status(), 401, "no token");
    let wrong = client().post(&url).header("x-emulator-token", "wrong").json(&json!({ "advance": 9 }));
    assert_eq!(wrong.send().await.expect("an answer").status(), 401);
    let form = request(&emulator, Method::POST, "clock").form(&[("advance", "9")]).send().await.expect("an answer");
    assert_eq!(form.status(), 415, "what a plain form can send is not read");
    let preflight = client().request(Method::OPTIONS, &url).header("origin", "http://evil.test");
    assert_eq!(preflight.send().await.expect("an answer").status(), 403);
    assert_eq!(emulator.clock().now(), NOW, "nothing happened");
    assert_ne!(emulator.admin_token(), start().await.admin_token(), "one per run");
}

#[tokio::test]
async fn it_does_what_the_library_does() {
    let emulator = start().await;
    assert_eq!(post(&emulator, "clock", &json!({ "advance": 60 })).await, (200, json!({ "now": NOW + 60 })));
    assert_eq!(emulator.clock().now(), NOW + 60);
    assert_eq!(post(&emulator, "clock", &json!({ "set": 5 })).await, (200, json!({ "now": 5 })));

    post(&emulator, "faults", &json!({ "once": { "status": ["keys", 503] } })).await;
    let keys = || async {
        let url = format!("{}common/discovery/v2.0/keys", emulator.url());
        client().get(url).send().await.expect("an answer").status().as_u16()
    };
    assert_eq!((keys().await, keys().await), (503, 200));
    post(&emulator, "faults", &json!({ "after": [1, { "status": ["keys", 503] }] })).await;
    assert_eq!((keys().await, keys().await, keys().await), (200, 503, 200));
    post(&emulator, "faults", &json!({ "always": { "status": ["keys", 500] } })).await;
    assert_eq!(keys().await, 500);
    request(&emulator, Method::DELETE, "faults").send().await.expect("an answer");
    assert_eq!(keys().await, 200);

    let before = emulator.keys().signing_kid();
    let (_, body) = post(&emulator, "keys/rotate", &Value::Null).await;
    assert_ne!(body["signing"], before);
    assert_eq!(body["signing"], emulator.keys().signing_kid());

    let uri = "http://127.0.0.1:8000/microsoft_sso/callback/";
    assert_eq!(post(&emulator, "redirect_uris", &json!({ "app": seed::APP_ID, "uri": uri })).await.0, 200);
    assert!(emulator.directory().app(seed::APP_ID).expect("the app").redirect_uris.contains(&uri.to_owned()));
    let (status, body) = post(&emulator, "redirect_uris", &json!({ "app": seed::APP_ID, "uri": "http://evil/" })).await;
    assert_eq!(status, 400);
    assert!(body["error"].as_str().expect("text").contains("http is for localhost and 127.0.0.1 only"));

    assert_eq!(post(&emulator, "revocations", &json!({ "user": seed::ADELE })).await.0, 200);
    assert_eq!(post(&emulator, "revocations", &json!({ "user": "nobody" })).await.0, 400);
    assert_eq!(post(&emulator, "clock", &json!({ "advance": "soon" })).await.0, 400);
    assert_eq!(post(&emulator, "faults", &json!({ "once": "no_such_fault" })).await.0, 400);

    let journal = request(&emulator, Method::GET, "journal").send().await.expect("an answer");
    let journal: Vec<Value> = journal.json().await.expect("JSON");
    assert!(journal.iter().any(|entry| entry["endpoint"] == "keys" && entry["status"] == 503));
    request(&emulator, Method::DELETE, "journal").send().await.expect("an answer");
    assert_eq!(emulator.journal().count(Endpoint::Keys), 0);
}

#[tokio::test]
async fn credentials_for_another_process() {
    let emulator = start().await;
    let signer = crate::signer::Signer::new(0, "portal");
    let (status, body) = post(&emulator, "certificates", &json!({ "app": seed::APP_ID, "pem": signer.pem })).await;
    assert_eq!(status, 200, "{body}");
    assert_eq!(emulator.directory().app(seed::APP_ID).expect("the app").certificates.len(), 1);
    assert_eq!(post(&emulator, "certificates", &json!({ "app": seed::APP_ID, "pem": "none" })).await.0, 400);

    let subject = "system:serviceaccount:shop:worker";
    let asked = json!({ "subject": subject, "audience": "api://AzureADTokenExchange" });
    let (_, body) = post(&emulator, "workload_tokens", &asked).await;
    assert_eq!(body["issuer"], emulator.workload_issuer());
    let ask = TokenAsk::app(&emulator, "https://graph.microsoft.com/.default").without("client_secret");
    let ask = ask
        .set("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer")
        .set("client_assertion", body["token"].as_str().expect("a token"));
    assert_eq!(ask.send().await.summary(), "401 invalid_client 700213");
    let mut trust = json!({
        "app": seed::APP_ID, "name": "shop", "issuer": body["issuer"], "subject": subject,
        "audience": "api://AzureADTokenExchange",
    });
    assert_eq!(post(&emulator, "federated_credentials", &trust).await.0, 200);
    assert_eq!(ask.send().await.summary(), "200 - null");
    assert_eq!(post(&emulator, "federated_credentials", &trust).await.0, 400, "the name is taken");
    trust["jwks"] = json!([]);
    assert_eq!(post(&emulator, "federated_credentials", &trust).await.0, 400, "no key list");

    let response = request(&emulator, Method::GET, "app_service").send().await.expect("an answer");
    let environment: Value = response.json().await.expect("JSON");
    for (name, value) in emulator.app_service_env() {
        assert_eq!(environment[name], value, "{name}");
    }
    let journal = request(&emulator, Method::GET, "directory").send().await.expect("an answer");
    assert!(!journal.text().await.expect("a body").contains("BEGIN CERTIFICATE"));
}

#[tokio::test]
async fn the_directory_is_shown_without_secrets() {
    let emulator = start().await;
    let response = request(&emulator, Method::GET, "directory").send().await.expect("an answer");
    let text = response.text().await.expect("a body");
    assert!(text.contains(seed::ADELE) && text.contains(seed::APP_ID));
    assert!(!text.contains(seed::APP_SECRET));
    assert_eq!(get_json(format!("{}common/discovery/v2.0/keys", emulator.url())).await.0, 200);
}
