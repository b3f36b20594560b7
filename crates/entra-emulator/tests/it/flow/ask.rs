//! The request to the authorization endpoint.

use std::collections::BTreeMap;

use entra_emulator::{Browser, Emulator, Page, seed};
use url::{Url, form_urlencoded};

use super::CHALLENGE;

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
