//! A client that behaves like a browser: keeps cookies, follows redirects, fills in forms, picks an account.

mod cookies;
mod error;
mod form;
mod navigation;
mod page;
mod site;
mod visit;

use std::fmt;
use std::sync::Arc;

use http::header::{CONTENT_TYPE, COOKIE, HeaderMap, HeaderName, HeaderValue, SET_COOKIE};
use url::Url;

use crate::clock::EmulatorClock;
use crate::guarded::Guarded;

use self::cookies::{Jar, Reach};
pub use self::error::BrowserError;
pub use self::form::Form;
use self::navigation::{Navigation, own_headers, parse};
pub use self::page::Page;
use self::site::Relation;
pub use self::visit::Visit;

/// How many redirects one navigation may take.
const REDIRECTS: usize = 20;

/// A cookie-keeping client for tests. Clones share cookies, like the tabs of one browser.
///
/// Cookies follow RFC 6265 with `SameSite` (absent means `Lax`) and the `__Host-` and `__Secure-` prefixes as Chromium
/// does: hosts count and ports do not, `Secure` works on https and on loopback. Scripts do not run; the two pages of
/// the emulator that need one (`form_post` and sign-out) are carried on by [`Visit`].
#[derive(Clone)]
pub struct Browser {
    client: reqwest::Client,
    jar: Arc<Guarded<Jar>>,
    clock: EmulatorClock,
    headers: HeaderMap,
    plain: bool,
}

impl fmt::Debug for Browser {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Browser").field("plain", &self.plain).finish_non_exhaustive()
    }
}

impl Browser {
    /// A browser without cookies, on the system's clock.
    ///
    /// # Panics
    ///
    /// When the HTTP client cannot be built, which needs no file and no network.
    #[must_use]
    pub fn new() -> Self {
        let client = client(None).expect("a client without certificates needs nothing from the machine");
        let jar = Arc::new(Guarded::new(Jar::default()));
        Self { client, jar, clock: EmulatorClock::system(), headers: HeaderMap::new(), plain: false }
    }

    /// Trusts this certificate authority, and no other: [`crate::Emulator::ca_pem`] of an emulator that speaks https.
    ///
    /// # Panics
    ///
    /// When `ca_pem` is no certificate in PEM.
    #[must_use]
    pub fn trusting(mut self, ca_pem: &str) -> Self {
        let certificate = reqwest::Certificate::from_pem(ca_pem.as_bytes());
        self.client = certificate.and_then(|certificate| client(Some(certificate))).expect("a certificate in PEM");
        self
    }

    /// With the clock that decides when cookies expire.
    #[must_use]
    pub fn clock(mut self, clock: EmulatorClock) -> Self {
        self.clock = clock;
        self
    }

    /// Sends this header too, or instead of the browser's own; with an empty value the header is not sent.
    ///
    /// # Panics
    ///
    /// When name or value cannot be a header.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        let name = HeaderName::try_from(name).expect("a header name");
        self.headers.insert(name, HeaderValue::try_from(value).expect("a header value"));
        self
    }

    /// Sends no header of its own except cookies: neither `Accept` nor `Sec-Fetch-…`.
    #[must_use]
    pub fn plain(mut self) -> Self {
        self.plain = true;
        self
    }

    /// Opens an address, as if somebody typed it, and follows redirects.
    ///
    /// # Errors
    ///
    /// The address is not http(s), nobody answers, or there are more than 20 redirects.
    pub async fn get(&self, url: impl AsRef<str>) -> Result<Page, BrowserError> {
        self.navigate(Navigation::get(parse(url.as_ref())?)).await
    }

    /// The same without following any redirect.
    ///
    /// # Errors
    ///
    /// The address is not http(s), or nobody answers.
    pub async fn get_once(&self, url: impl AsRef<str>) -> Result<Page, BrowserError> {
        let mut navigation = Navigation::get(parse(url.as_ref())?);
        navigation.stop = Some(String::new());
        self.navigate(navigation).await
    }

    /// Posts fields as a form that stands on a page of the same origin, and follows redirects.
    ///
    /// # Errors
    ///
    /// As [`Browser::get`].
    pub async fn post_form(&self, url: impl AsRef<str>, fields: &[(&str, &str)]) -> Result<Page, BrowserError> {
        let url = parse(url.as_ref())?;
        self.post_form_from(url.clone(), url, fields).await
    }

    /// Posts fields as a form that stands on the page `from`.
    ///
    /// # Errors
    ///
    /// As [`Browser::get`].
    pub async fn post_form_from(
        &self,
        from: impl AsRef<str>,
        url: impl AsRef<str>,
        fields: &[(&str, &str)],
    ) -> Result<Page, BrowserError> {
        self.navigate(Navigation::post(parse(from.as_ref())?, parse(url.as_ref())?, fields)).await
    }

    /// Opens a link that stands on `page`, and follows redirects.
    ///
    /// # Errors
    ///
    /// As [`Browser::get`].
    pub async fn follow(&self, page: &Page, link: &str) -> Result<Page, BrowserError> {
        let url = page.url.join(link).map_err(|_| BrowserError::Address(link.to_owned()))?;
        self.navigate(Navigation { initiator: Some(page.url.clone()), ..Navigation::get(url) }).await
    }

    /// Sends a form that stands on `page`, and follows redirects.
    ///
    /// # Errors
    ///
    /// As [`Browser::get`].
    pub async fn submit(&self, page: &Page, form: &Form) -> Result<Page, BrowserError> {
        self.navigate(form.navigation(&page.url)?).await
    }

    /// Sends the form with this `id` that stands on `page`, with these fields set, and follows redirects. A button is a
    /// field like any other: its name and value.
    ///
    /// # Errors
    ///
    /// There is no such form; else as [`Browser::get`].
    pub async fn submit_named(&self, page: &Page, id: &str, fields: &[(&str, &str)]) -> Result<Page, BrowserError> {
        let form = page.form(id);
        let form = form.ok_or_else(|| page.misses(format!("form with id {id}")))?;
        self.submit(page, &fields.iter().fold(form, |form, (name, value)| form.set(name, value))).await
    }

    /// Picks an account on the emulator's account page and follows redirects; stops at the consent page.
    ///
    /// # Errors
    ///
    /// `page` is not that page, or the account is not on it; else as [`Browser::get`].
    pub async fn pick(&self, page: &Page, name: &str) -> Result<Page, BrowserError> {
        self.submit(page, &page.account_form(name)?).await
    }

    /// The value of the cookie that would be sent to `url` under this name.
    #[must_use]
    pub fn cookie(&self, url: impl AsRef<str>, name: &str) -> Option<String> {
        let cookies = self.cookies(url);
        cookies.into_iter().find(|(cookie, _)| cookie == name).map(|(_, value)| value)
    }

    /// The cookies that would be sent to `url`, names and values.
    #[must_use]
    pub fn cookies(&self, url: impl AsRef<str>) -> Vec<(String, String)> {
        let Ok(url) = Url::parse(url.as_ref()) else { return Vec::new() };
        self.jar.with(|jar| jar.for_request(&url, Reach::Everything, self.clock.now()))
    }

    /// Stores a cookie as if `url` had answered with this `Set-Cookie` header.
    pub fn set_cookie(&self, url: impl AsRef<str>, set_cookie: &str) {
        if let Ok(url) = Url::parse(url.as_ref()) {
            self.jar.with(|jar| jar.store(&url, set_cookie, self.clock.now()));
        }
    }

    /// Forgets every cookie.
    pub fn clear_cookies(&self) {
        self.jar.with(|jar| *jar = Jar::default());
    }

    async fn navigate(&self, mut navigation: Navigation) -> Result<Page, BrowserError> {
        let mut relation = site::relation(navigation.initiator.as_ref(), &navigation.url);
        for _ in 0..=REDIRECTS {
            let page = self.send(&navigation, relation).await?;
            let Some(next) = page.location() else { return Ok(page) };
            if navigation.stop.as_ref().is_some_and(|stop| next.as_str().starts_with(stop.as_str())) {
                return Ok(page);
            }
            navigation.redirect(page.status, next);
            relation = relation.max(site::relation(navigation.initiator.as_ref(), &navigation.url));
        }
        Err(BrowserError::TooManyRedirects)
    }

    async fn send(&self, navigation: &Navigation, relation: Relation) -> Result<Page, BrowserError> {
        let url = &navigation.url;
        let mut request = self.client.request(navigation.method.clone(), url.clone());
        request = request.headers(self.request_headers(navigation, relation));
        if let Some((content_type, body)) = &navigation.body {
            request = request.header(CONTENT_TYPE, *content_type).body(body.clone());
        }
        let response = request.send().await.map_err(|error| BrowserError::network(url, error))?;
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        self.jar.with(|jar| {
            for cookie in headers.get_all(SET_COOKIE).iter().filter_map(|value| value.to_str().ok()) {
                jar.store(url, cookie, self.clock.now());
            }
        });
        let bytes = response.bytes().await.map_err(|error| BrowserError::network(url, error))?;
        Ok(Page::new(status, url.clone(), headers, bytes))
    }

    fn request_headers(&self, navigation: &Navigation, relation: Relation) -> HeaderMap {
        let mut headers = if self.plain { HeaderMap::new() } else { own_headers(navigation, relation) };
        let reach = navigation.reach(relation);
        let cookies = self.jar.with(|jar| jar.for_request(&navigation.url, reach, self.clock.now()));
        let cookies: Vec<String> = cookies.into_iter().map(|(name, value)| format!("{name}={value}")).collect();
        if let Ok(value) = HeaderValue::try_from(cookies.join("; "))
            && !value.is_empty()
        {
            headers.insert(COOKIE, value);
        }
        for (name, value) in &self.headers {
            if value.is_empty() {
                headers.remove(name);
            } else {
                headers.insert(name.clone(), value.clone());
            }
        }
        headers
    }
}

impl Default for Browser {
    fn default() -> Self {
        Self::new()
    }
}

/// A client that trusts one authority, or nobody, and leaves cookies and redirects to us.
fn client(trusted: Option<reqwest::Certificate>) -> reqwest::Result<reqwest::Client> {
    reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).no_proxy().tls_certs_only(trusted).build()
}
