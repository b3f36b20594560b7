//! One emulator, one application, and the two requests of a sign-in.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use entra_emulator::{Browser, Emulator, EmulatorClock, Page, seed};
use serde_json::Value;
use url::{Url, form_urlencoded};

/// A time at which nothing special happens.
pub(crate) const NOW: i64 = 1_800_000_000;
/// 43 characters, and its S256 challenge.
pub(crate) const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
pub(crate) const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

/// An emulator whose clock stands at [`NOW`].
pub(crate) async fn start() -> Emulator {
    Emulator::builder().clock(EmulatorClock::at(NOW)).start().await.expect("the emulator starts")
}

/// An authorization request of the seeded application, complete and correct until it is changed.
#[derive(Clone, Debug)]
pub(crate) struct Ask {
    base: Url,
    pub(crate) segment: String,
    /// `oauth2/v2.0`, or `oauth2`.
    folder: &'static str,
    parameters: Vec<(String, String)>,
}

impl Ask {
    pub(crate) fn new(emulator: &Emulator) -> Self {
        let parameters = [
            ("client_id", seed::APP_ID),
            ("response_type", "code"),
            ("redirect_uri", seed::REDIRECT_URI),
            ("scope", "openid profile email offline_access User.Read"),
            ("state", "the-state"),
            ("nonce", "the-nonce"),
            ("code_challenge", CHALLENGE),
            ("code_challenge_method", "S256"),
        ];
        let parameters = parameters.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec();
        Self { base: emulator.url(), segment: seed::CONTOSO.to_owned(), folder: "oauth2/v2.0", parameters }
    }

    pub(crate) fn at(mut self, segment: &str) -> Self {
        segment.clone_into(&mut self.segment);
        self
    }

    /// At the endpoint of v1, where `resource` stands for the scopes.
    pub(crate) fn v1(mut self) -> Self {
        self.folder = "oauth2";
        self.without("scope").set("resource", "https://graph.microsoft.com")
    }

    pub(crate) fn set(mut self, name: &str, value: &str) -> Self {
        self = self.without(name);
        self.parameters.push((name.to_owned(), value.to_owned()));
        self
    }

    pub(crate) fn without(mut self, name: &str) -> Self {
        self.parameters.retain(|(parameter, _)| parameter != name);
        self
    }

    /// Adds a parameter although it may be there.
    pub(crate) fn twice(mut self, name: &str, value: &str) -> Self {
        self.parameters.push((name.to_owned(), value.to_owned()));
        self
    }

    pub(crate) fn encoded(&self) -> String {
        form_urlencoded::Serializer::new(String::new()).extend_pairs(&self.parameters).finish()
    }

    pub(crate) fn endpoint(&self) -> String {
        format!("{}{}/{}/authorize", self.base, self.segment, self.folder)
    }

    pub(crate) fn url(&self) -> String {
        format!("{}?{}", self.endpoint(), self.encoded())
    }

    /// Signs in and stops before the application: at the redirect to it, or at a page of the emulator.
    pub(crate) async fn answered_to(&self, browser: &Browser, name: &str) -> Page {
        let visit = browser.start_at(self.url()).stop_at("http://localhost/");
        visit.signing_in_as(name).await.expect("the emulator answers")
    }

    /// What the application is told when `name` signs in, in a fresh browser.
    pub(crate) async fn told(&self, name: &str) -> BTreeMap<String, String> {
        told(&self.answered_to(&Browser::new(), name).await)
    }

    /// A code for `name`.
    pub(crate) async fn code(&self, name: &str) -> String {
        let told = self.told(name).await;
        told.get("code").unwrap_or_else(|| panic!("a code for {name}, not {told:?}")).clone()
    }
}

/// The parameters with which a page redirects to the application, from query and fragment.
pub(crate) fn told(page: &Page) -> BTreeMap<String, String> {
    let location = page.location().unwrap_or_else(|| panic!("a redirect, not status {}: {}", page.status, page.body));
    let text = location.query().filter(|query| !query.is_empty()).or(location.fragment()).unwrap_or_default();
    form_urlencoded::parse(text.as_bytes()).into_owned().collect()
}

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

/// The claims of a token, unverified.
pub(crate) fn claims(token: &str) -> Value {
    part(token, 1)
}

/// The header of a token.
pub(crate) fn header(token: &str) -> Value {
    part(token, 0)
}

fn part(token: &str, index: usize) -> Value {
    let part = token.split('.').nth(index).expect("three parts");
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).expect("base64url")).expect("JSON")
}

/// A client that follows nothing and keeps nothing.
pub(crate) fn client() -> reqwest::Client {
    let builder = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).no_proxy();
    builder.tls_certs_only(std::iter::empty()).build().expect("a client without certificates")
}

/// A GET whose answer is JSON.
pub(crate) async fn get_json(url: impl AsRef<str>) -> (u16, Value) {
    let response = client().get(url.as_ref()).send().await.expect("the emulator answers");
    (response.status().as_u16(), response.json().await.expect("JSON"))
}

/// Signs `name` in and redeems the code.
pub(crate) async fn tokens(emulator: &Emulator, ask: &Ask, name: &str) -> Answer {
    let code = ask.code(name).await;
    let answer = TokenAsk::code(emulator, &code).at(emulator, &ask.segment).send().await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    answer
}
