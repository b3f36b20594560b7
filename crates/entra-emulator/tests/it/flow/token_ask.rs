//! The request to the token endpoint, and its answer.

use entra_emulator::{Emulator, seed};
use serde_json::Value;

use super::{VERIFIER, claims, client};

/// A request to the token endpoint, complete and correct until it is changed.
#[derive(Clone, Debug)]
pub(crate) struct TokenAsk {
    url: String,
    form: Vec<(String, String)>,
    headers: Vec<(String, String)>,
}

/// An answer of the token endpoint.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: Value,
}

impl TokenAsk {
    fn new(emulator: &Emulator, segment: &str, form: &[(&str, &str)]) -> Self {
        let url = format!("{}{segment}/oauth2/v2.0/token", emulator.url());
        let credentials = [("client_id", seed::APP_ID), ("client_secret", seed::APP_SECRET)];
        let form = form.iter().chain(&credentials).map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        Self { url, form: form.collect(), headers: Vec::new() }
    }

    pub(crate) fn code(emulator: &Emulator, code: &str) -> Self {
        let form = [
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", seed::REDIRECT_URI),
            ("code_verifier", VERIFIER),
        ];
        Self::new(emulator, seed::CONTOSO, &form)
    }

    pub(crate) fn refresh(emulator: &Emulator, token: &str) -> Self {
        Self::new(emulator, seed::CONTOSO, &[("grant_type", "refresh_token"), ("refresh_token", token)])
    }

    pub(crate) fn app(emulator: &Emulator, scope: &str) -> Self {
        Self::new(emulator, seed::CONTOSO, &[("grant_type", "client_credentials"), ("scope", scope)])
    }

    pub(crate) fn at(mut self, emulator: &Emulator, segment: &str) -> Self {
        self.url = format!("{}{segment}/oauth2/v2.0/token", emulator.url());
        self
    }

    /// At the endpoint of v1.
    pub(crate) fn v1(mut self) -> Self {
        self.url = self.url.replace("/oauth2/v2.0/", "/oauth2/");
        self
    }

    pub(crate) fn set(mut self, name: &str, value: &str) -> Self {
        self = self.without(name);
        self.form.push((name.to_owned(), value.to_owned()));
        self
    }

    pub(crate) fn without(mut self, name: &str) -> Self {
        self.form.retain(|(field, _)| field != name);
        self
    }

    pub(crate) fn twice(mut self, name: &str, value: &str) -> Self {
        self.form.push((name.to_owned(), value.to_owned()));
        self
    }

    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    pub(crate) async fn send(&self) -> Answer {
        let mut request = client().post(&self.url).form(&self.form);
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        let response = request.send().await.expect("the emulator answers");
        let status = response.status().as_u16();
        Answer { status, body: response.json().await.expect("JSON") }
    }
}

impl Answer {
    pub(crate) fn text(&self, name: &str) -> &str {
        self.body[name].as_str().unwrap_or_else(|| panic!("{name} in {}", self.body))
    }

    /// Status, `error` and AADSTS number in one line.
    pub(crate) fn summary(&self) -> String {
        format!("{} {} {}", self.status, self.body["error"].as_str().unwrap_or("-"), self.body["error_codes"][0])
    }

    pub(crate) fn id_token(&self) -> Value {
        claims(self.text("id_token"))
    }
}
