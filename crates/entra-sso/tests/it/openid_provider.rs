//! A standard OpenID provider on a random port, with a key of its own. It signs in whoever the test says, and lies where
//! the test says so.

use std::sync::{Arc, Mutex, MutexGuard};

use aws_lc_rs::{
    digest,
    rand::SystemRandom,
    rsa::KeySize,
    signature::{KeyPair, RSA_PKCS1_SHA256, RsaKeyPair},
};
use axum::{
    Form, Json, Router,
    extract::{Query, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use entra_sso::oidc::{ManualClock, Timestamp};
use serde_json::{Map, Value, json};
use tokio::{net::TcpListener, task::JoinHandle};
use url::Url;

use crate::app::NOW;

pub(crate) const CLIENT_ID: &str = "contoso-portal";
pub(crate) const CLIENT_SECRET: &str = "a secret for tests only";
pub(crate) const ACCESS_TOKEN: &str = "access-token-of-the-partner";
const BACK_CHANNEL: &str = "http://schemas.openid.net/event/backchannel-logout";

/// The provider; it stops when it is dropped.
pub(crate) struct OpenIdProvider {
    /// The issuer, without a slash at its end.
    pub(crate) url: String,
    pub(crate) clock: ManualClock,
    inside: Arc<Inside>,
    server: JoinHandle<()>,
}

impl Drop for OpenIdProvider {
    fn drop(&mut self) {
        self.server.abort();
    }
}

struct Inside {
    url: String,
    clock: ManualClock,
    key: RsaKeyPair,
    state: Mutex<Says>,
}

/// What the provider says, as a test can change it.
pub(crate) struct Says {
    /// The claims of who signs in, beside the protocol's own; a `null` takes one of those away.
    pub(crate) claims: Value,
    pub(crate) user_info: Value,
    /// Further members of the metadata.
    pub(crate) metadata: Value,
    /// Further parameters of the authorization answer.
    pub(crate) answer: Vec<(&'static str, String)>,
    /// An error in place of a code.
    pub(crate) error: Option<&'static str>,
    /// A refresh token, which stays good and is not replaced.
    pub(crate) refresh_token: Option<&'static str>,
    /// How often its endpoints were asked: authorize, token, `UserInfo`.
    pub(crate) asked: [usize; 3],
    /// The last authorization request.
    pub(crate) request: Map<String, Value>,
    /// The last ID token.
    pub(crate) id_token: String,
    /// The name of its key.
    key_id: &'static str,
    keys_fetched: usize,
}

impl OpenIdProvider {
    pub(crate) async fn start() -> OpenIdProvider {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let url = format!("http://127.0.0.1:{}", listener.local_addr().expect("bound").port());
        let clock = ManualClock::at(Timestamp::from_unix(NOW));
        let says = Says {
            claims: json!({ "sub": "adele", "name": "Adele Vance", "email": "Adele@Partner.example", "sid": "sid-1" }),
            user_info: json!({ "sub": "adele", "preferred_username": "adele.v", "locale": "de" }),
            metadata: json!({}),
            answer: Vec::new(),
            error: None,
            refresh_token: None,
            asked: [0; 3],
            request: Map::new(),
            id_token: String::new(),
            key_id: "one",
            keys_fetched: 0,
        };
        let key = RsaKeyPair::generate(KeySize::Rsa2048).expect("a key");
        let inside = Arc::new(Inside { url: url.clone(), clock: clock.clone(), key, state: Mutex::new(says) });
        let router = Router::new()
            .route("/.well-known/openid-configuration", get(metadata))
            .route("/keys", get(keys))
            .route("/authorize", get(authorize))
            .route("/token", post(token))
            .route("/userinfo", get(user_info))
            .route("/logout", get(|| async { "signed out" }))
            .with_state(inside.clone());
        let server = tokio::spawn(async move { axum::serve(listener, router).await.expect("serves until dropped") });
        OpenIdProvider { url, clock, inside, server }
    }

    /// What it says from now on.
    pub(crate) fn says(&self) -> MutexGuard<'_, Says> {
        self.inside.state.lock().expect("no test panics while it holds this")
    }

    pub(crate) fn asked(&self) -> [usize; 3] {
        self.says().asked
    }

    /// How often its key list was fetched.
    pub(crate) fn keys_fetched(&self) -> usize {
        self.says().keys_fetched
    }

    /// The key has another name from now on, and none of the old name is published.
    pub(crate) fn rotate(&self) {
        self.says().key_id = "two";
    }

    /// A logout token as the specification has it, with these claims in place of its own; a `null` takes one away.
    pub(crate) fn logout_token(&self, jti: &str, claims: &Value) -> String {
        let now = self.clock.clock().now().unix();
        let own = json!({
            "iss": self.url, "aud": CLIENT_ID, "iat": now, "exp": now + 120, "jti": jti, "events": { BACK_CHANNEL: {} },
        });
        self.inside.sign(&json!({ "alg": "RS256", "typ": "logout+jwt", "kid": "one" }), &merged(own, claims))
    }

    /// Any claims under any header.
    pub(crate) fn sign(&self, header: &Value, claims: &Value) -> String {
        self.inside.sign(header, claims)
    }
}

impl Inside {
    fn state(&self) -> MutexGuard<'_, Says> {
        self.state.lock().expect("no test panics while it holds this")
    }

    fn sign(&self, header: &Value, claims: &Value) -> String {
        let signed = format!("{}.{}", encoded(header.to_string()), encoded(claims.to_string()));
        let mut signature = vec![0; self.key.public_modulus_len()];
        self.key.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), signed.as_bytes(), &mut signature).expect("signs");
        format!("{signed}.{}", encoded(signature))
    }
}

async fn metadata(State(inside): State<Arc<Inside>>) -> Json<Value> {
    let at = |path: &str| format!("{}/{path}", inside.url);
    let own = json!({
        "issuer": inside.url,
        "authorization_endpoint": at("authorize"),
        "token_endpoint": at("token"),
        "jwks_uri": at("keys"),
        "userinfo_endpoint": at("userinfo"),
        "end_session_endpoint": at("logout"),
        "id_token_signing_alg_values_supported": ["RS256"],
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "backchannel_logout_supported": true,
        "backchannel_logout_session_supported": true,
    });
    Json(merged(own, &inside.state().metadata))
}

async fn keys(State(inside): State<Arc<Inside>>) -> Json<Value> {
    let mut says = inside.state();
    says.keys_fetched += 1;
    let public = inside.key.public_key();
    let n = encoded(public.modulus().big_endian_without_leading_zero());
    let e = encoded(public.exponent().big_endian_without_leading_zero());
    Json(json!({ "keys": [{ "kty": "RSA", "use": "sig", "alg": "RS256", "kid": says.key_id, "n": n, "e": e }] }))
}

/// Everybody is signed in already. The code is the request itself, so that nothing has to be remembered.
async fn authorize(State(inside): State<Arc<Inside>>, Query(asked): Query<Map<String, Value>>) -> Redirect {
    let mut says = inside.state();
    says.asked[0] += 1;
    says.request.clone_from(&asked);
    let text = |name: &str| asked.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let mut back = Url::parse(&text("redirect_uri")).expect("a redirect URI");
    {
        let mut query = back.query_pairs_mut();
        query.append_pair("state", &text("state"));
        match says.error {
            Some(error) => query.append_pair("error", error),
            None => query.append_pair("code", &encoded(Value::Object(asked.clone()).to_string())),
        };
        query.extend_pairs(&says.answer);
    }
    Redirect::to(back.as_str())
}

async fn token(State(inside): State<Arc<Inside>>, Form(form): Form<Map<String, Value>>) -> Response {
    let mut says = inside.state();
    says.asked[1] += 1;
    let text = |name: &str| form.get(name).and_then(Value::as_str).unwrap_or_default();
    if says.refresh_token.is_some_and(|token| token == text("refresh_token")) {
        let answer = json!({ "token_type": "Bearer", "expires_in": 300, "access_token": ACCESS_TOKEN });
        return Json(answer).into_response();
    }
    let code = URL_SAFE_NO_PAD.decode(text("code")).ok().and_then(|code| serde_json::from_slice::<Value>(&code).ok());
    let Some(code) = code else { return refuse("invalid_grant") };
    if text("client_id") != CLIENT_ID || text("client_secret") != CLIENT_SECRET {
        return refuse("invalid_client");
    }
    let challenge = encoded(digest::digest(&digest::SHA256, text("code_verifier").as_bytes()));
    if code["code_challenge"] != json!(challenge) || code["redirect_uri"] != json!(text("redirect_uri")) {
        return refuse("invalid_grant");
    }
    let now = inside.clock.clock().now().unix();
    let own = json!({
        "iss": inside.url, "aud": CLIENT_ID, "iat": now, "exp": now + 300, "nonce": code["nonce"],
    });
    let id_token =
        inside.sign(&json!({ "alg": "RS256", "typ": "JWT", "kid": says.key_id }), &merged(own, &says.claims));
    says.id_token.clone_from(&id_token);
    let answer =
        json!({ "token_type": "Bearer", "expires_in": 300, "access_token": ACCESS_TOKEN, "id_token": id_token });
    Json(merged(answer, &says.refresh_token.map_or_else(|| json!({}), |token| json!({ "refresh_token": token }))))
        .into_response()
}

async fn user_info(State(inside): State<Arc<Inside>>, headers: HeaderMap) -> Response {
    let mut says = inside.state();
    says.asked[2] += 1;
    if headers.get("authorization").is_none_or(|value| value != format!("Bearer {ACCESS_TOKEN}").as_str()) {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    Json(says.user_info.clone()).into_response()
}

fn refuse(error: &str) -> Response {
    (StatusCode::BAD_REQUEST, Json(json!({ "error": error }))).into_response()
}

fn merged(own: Value, changes: &Value) -> Value {
    let Value::Object(mut own) = own else { return own };
    for (name, value) in changes.as_object().into_iter().flatten() {
        if value.is_null() {
            own.remove(name);
        } else {
            own.insert(name.clone(), value.clone());
        }
    }
    Value::Object(own)
}

fn encoded(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}
