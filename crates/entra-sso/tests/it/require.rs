//! Guards: who passes, and what the others are told (F-49, F-54, F-68).

mod permissions;
mod protected;
mod roles;
mod same_origin;
mod step_up;

use axum::{Router, body::Body};
use entra_emulator::seed;
use entra_sso::{EntraSso, Settings, testing::TestUser};
use http::{HeaderMap, Request, StatusCode, header};
use http_body_util::BodyExt as _;
use serde_json::Value;
use tower::ServiceExt as _;

/// What came back.
struct Answer {
    status: u16,
    headers: HeaderMap,
    body: String,
}

impl Answer {
    fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("no JSON: {} {}", self.status, self.body))
    }

    fn code(&self) -> String {
        self.json()["code"].as_str().unwrap_or_default().to_owned()
    }
}

/// An application whose Microsoft is never asked.
fn sso() -> EntraSso {
    let vars = [
        ("MICROSOFT_SSO_APPLICATION_ID", seed::APP_ID),
        ("MICROSOFT_SSO_CLIENT_SECRET", "not used here"),
        ("MICROSOFT_SSO_TENANT_ID", seed::CONTOSO),
        ("MICROSOFT_SSO_SECRET_KEYS", "9hlWjyvpsVJJ+tq6lRsUoHja9p73VLcf+OotuokFZak="),
    ];
    EntraSso::builder(Settings::from_vars(vars).unwrap()).build().unwrap()
}

async fn cookie(sso: &EntraSso, user: TestUser) -> String {
    user.cookie(sso).await.unwrap().to_str().unwrap().to_owned()
}

/// One request to `localhost`.
async fn ask(router: &Router, method: &str, path: &str, headers: &[(&str, &str)]) -> Answer {
    let mut request = Request::builder().method(method).uri(path).header(header::HOST, "localhost");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let response = router.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
    let (parts, body) = response.into_parts();
    let body = body.collect().await.unwrap().to_bytes();
    let body = String::from_utf8_lossy(&body).into_owned();
    Answer { status: parts.status.as_u16(), headers: parts.headers, body }
}

/// A browser that navigates.
const PAGE: (&str, &str) = ("sec-fetch-mode", "navigate");
/// A script that asks.
const FETCH: (&str, &str) = ("sec-fetch-mode", "cors");

#[tokio::test]
async fn without_the_layer_nobody_passes() {
    let router = Router::new().route("/x", axum::routing::get(|| async { "x" }));
    let router = router.route_layer(entra_sso::require::signed_in());
    let answer = ask(&router, "GET", "/x", &[PAGE]).await;
    assert_eq!((answer.status, answer.code().as_str()), (StatusCode::INTERNAL_SERVER_ERROR.as_u16(), "E321"));
}
