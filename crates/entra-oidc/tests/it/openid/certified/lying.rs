//! Somebody between us and the provider, who changes what it answers.

use std::sync::{Arc, Mutex};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use bytes::Bytes;
use entra_oidc::{Algorithm, HttpClient, HttpError, Limits, ReqwestClient, ReqwestSettings};
use http::{HeaderValue, Request, Response, header::CONTENT_TYPE};
use serde_json::{Map, Value, json};

use super::super::keys::{ours, stranger};

type Lie = Box<dyn Fn(&str, &mut Response<Bytes>) + Send>;

/// Passes everything on, until it is told a lie. Clones tell the same one.
#[derive(Clone)]
pub(super) struct Lying {
    honest: ReqwestClient,
    inside: Arc<Mutex<Inside>>,
}

#[derive(Default)]
struct Inside {
    lie: Option<Lie>,
    id_token: Option<String>,
}

impl Default for Lying {
    fn default() -> Self {
        let honest = ReqwestClient::new(&ReqwestSettings::new()).unwrap();
        Self { honest, inside: Arc::default() }
    }
}

impl Lying {
    pub(super) fn lie(&self, lie: Lie) {
        self.inside.lock().unwrap().lie = Some(lie);
    }

    pub(super) fn tell_the_truth(&self) {
        self.inside.lock().unwrap().lie = None;
    }

    /// The last ID token that the provider itself has issued.
    pub(super) fn last_id_token(&self) -> String {
        self.inside.lock().unwrap().id_token.clone().unwrap()
    }

    /// Changes the members of what comes from this path.
    pub(super) fn json(path: &'static str, change: impl Fn(&mut Map<String, Value>) + Send + 'static) -> Lie {
        Box::new(move |asked, response| {
            if asked != path {
                return;
            }
            let mut body: Map<String, Value> = serde_json::from_slice(response.body()).unwrap();
            change(&mut body);
            *response.body_mut() = Bytes::from(Value::from(body).to_string());
        })
    }

    /// Changes the ID token.
    pub(super) fn id_token(change: impl Fn(&str) -> String + Send + 'static) -> Lie {
        Self::json("/token", move |body| {
            let changed = change(body["id_token"].as_str().unwrap());
            body.insert("id_token".to_owned(), json!(changed));
        })
    }

    /// Puts another body in the place of what comes from this path.
    pub(super) fn body(path: &'static str, content_type: &'static str, body: &'static str) -> Lie {
        Box::new(move |asked, response| {
            if asked == path {
                response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
                *response.body_mut() = Bytes::from_static(body.as_bytes());
            }
        })
    }
}

impl HttpClient for Lying {
    async fn send(&self, request: Request<Bytes>, limits: Limits) -> Result<Response<Bytes>, HttpError> {
        let path = request.uri().path().to_owned();
        let mut response = self.honest.send(request, limits).await?;
        let mut inside = self.inside.lock().unwrap();
        let body: Option<Value> = serde_json::from_slice(response.body()).ok();
        if let Some(token) = body.as_ref().and_then(|body| body["id_token"].as_str()) {
            inside.id_token = Some(token.to_owned());
        }
        if let Some(lie) = &inside.lie {
            lie(&path, &mut response);
        }
        Ok(response)
    }
}

/// Header and claims of a token.
pub(super) fn opened(raw: &str) -> (Value, Value) {
    let mut parts = raw.split('.').map(|part| URL_SAFE_NO_PAD.decode(part).unwrap());
    let mut next = || serde_json::from_slice(&parts.next().unwrap()).unwrap();
    (next(), next())
}

/// The token, changed and signed again with the provider's own key.
pub(super) fn resigned(raw: &str, change: impl FnOnce(&mut Value, &mut Value)) -> String {
    let (mut header, mut claims) = opened(raw);
    change(&mut header, &mut claims);
    ours().sign(Algorithm::Rs256, &header, &claims)
}

pub(super) fn signed_by_a_stranger(raw: &str) -> String {
    let (header, claims) = opened(raw);
    stranger().sign(Algorithm::Rs256, &header, &claims)
}
