//! The network between client and emulator: remembers what matters, and leads Azure's metadata service there as well.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};

use bytes::Bytes;
use entra_emulator::Emulator;
use entra_oidc::{HttpClient, HttpError, Limits, LinkLocal, ReqwestClient, ReqwestSettings};
use http::{Request, Response, Uri, header::AUTHORIZATION};
use serde_json::Value;
use url::Url;

#[derive(Clone)]
pub(super) struct Wire {
    client: ReqwestClient,
    emulator: Url,
    seen: Arc<Mutex<Seen>>,
}

#[derive(Default)]
struct Seen {
    form: BTreeMap<String, String>,
    has_header: bool,
    tokens: Value,
    keys: Value,
}

impl Wire {
    pub(super) fn to(emulator: &Emulator) -> Self {
        let client = ReqwestClient::new(&ReqwestSettings::new()).unwrap();
        Self { client, emulator: emulator.url(), seen: Arc::default() }
    }

    /// The form of the last request for tokens, and whether it had an `Authorization` header.
    pub(super) fn token_request(&self) -> (BTreeMap<String, String>, bool) {
        let seen = self.seen.lock().unwrap();
        (seen.form.clone(), seen.has_header)
    }

    pub(super) fn id_token(&self) -> String {
        self.seen.lock().unwrap().tokens["id_token"].as_str().unwrap().to_owned()
    }

    /// The key list that the client has fetched.
    pub(super) fn keys(&self) -> Value {
        self.seen.lock().unwrap().keys.clone()
    }

    /// The request as the emulator gets it.
    fn led(&self, mut request: Request<Bytes>) -> Request<Bytes> {
        if request.uri().host() == Some("169.254.169.254") {
            assert!(request.extensions().get::<LinkLocal>().is_some());
            let path = request.uri().path_and_query().unwrap().as_str();
            let url = self.emulator.join(path).unwrap();
            *request.uri_mut() = url.as_str().parse::<Uri>().unwrap();
        }
        request
    }
}

impl HttpClient for Wire {
    async fn send(&self, request: Request<Bytes>, limits: Limits) -> Result<Response<Bytes>, HttpError> {
        let request = self.led(request);
        let path = request.uri().path().to_owned();
        let is_for_tokens = path.contains("/oauth2/") && path.ends_with("/token") && !path.starts_with("/metadata/");
        if is_for_tokens {
            let mut seen = self.seen.lock().unwrap();
            seen.form = url::form_urlencoded::parse(request.body()).into_owned().collect();
            seen.has_header = request.headers().contains_key(AUTHORIZATION);
        }
        let response = self.client.send(request, limits).await?;
        let body = || serde_json::from_slice(response.body()).unwrap_or_default();
        if is_for_tokens {
            self.seen.lock().unwrap().tokens = body();
        } else if path.ends_with("/keys") {
            self.seen.lock().unwrap().keys = body();
        }
        Ok(response)
    }
}
