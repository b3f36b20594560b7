//! A provider in memory: an `HttpClient` that answers each address with what it was told to.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};

use bytes::Bytes;
use entra_oidc::{HttpClient, HttpError, Limits};
use http::{Request, Response};
use serde_json::Value;

/// Clones are the same provider.
#[derive(Clone, Default)]
pub(crate) struct Scripted(Arc<Mutex<Inside>>);

#[derive(Default)]
struct Inside {
    answers: BTreeMap<String, (u16, String, Bytes)>,
    requests: Vec<Request<Bytes>>,
}

impl Scripted {
    pub(crate) fn json(&self, url: &str, body: &Value) {
        self.answer(url, 200, "application/json", body.to_string());
    }

    pub(crate) fn answer(&self, url: &str, status: u16, content_type: &str, body: impl Into<Bytes>) {
        self.0.lock().unwrap().answers.insert(url.to_owned(), (status, content_type.to_owned(), body.into()));
    }

    /// The last request to this address.
    pub(crate) fn last(&self, url: &str) -> Request<Bytes> {
        let inside = self.0.lock().unwrap();
        inside.requests.iter().rev().find(|request| *request.uri() == url).unwrap().clone()
    }

    pub(crate) fn addresses(&self) -> Vec<String> {
        self.0.lock().unwrap().requests.iter().map(|request| request.uri().to_string()).collect()
    }
}

impl HttpClient for Scripted {
    async fn send(&self, request: Request<Bytes>, _limits: Limits) -> Result<Response<Bytes>, HttpError> {
        let url = request.uri().to_string();
        let mut inside = self.0.lock().unwrap();
        inside.requests.push(request);
        let (status, content_type, body) = inside.answers.get(&url).cloned().unwrap_or_default();
        let status = if status == 0 { 404 } else { status };
        Ok(Response::builder().status(status).header("content-type", content_type).body(body).unwrap())
    }
}
