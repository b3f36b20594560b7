//! What a browser shows.

use std::fmt;

use bytes::Bytes;
use http::StatusCode;
use http::header::{HeaderMap, LOCATION};
use url::Url;

use super::error::BrowserError;
use super::form::{self, Form};
use super::site::without_query;

/// An answer, after the redirects that led to it.
#[derive(Clone)]
#[non_exhaustive]
pub struct Page {
    /// HTTP status.
    pub status: u16,
    /// The address in the address bar.
    pub url: Url,
    /// The headers of the last answer.
    pub headers: HeaderMap,
    /// The body as text; bytes that are not UTF-8 are replaced.
    pub body: String,
    /// The body as it came.
    pub bytes: Bytes,
}

impl fmt::Debug for Page {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Page({} {})", self.status, without_query(&self.url))
    }
}

impl Page {
    pub(super) fn new(status: u16, url: Url, headers: HeaderMap, bytes: Bytes) -> Self {
        let body = String::from_utf8_lossy(&bytes).into_owned();
        Self { status, url, headers, body, bytes }
    }

    /// Where this answer redirects to, when it is a redirect that was not followed.
    #[must_use]
    pub fn location(&self) -> Option<Url> {
        let status = StatusCode::from_u16(self.status).ok()?;
        if !status.is_redirection() {
            return None;
        }
        self.url.join(self.headers.get(LOCATION)?.to_str().ok()?).ok()
    }

    /// Every form on the page.
    #[must_use]
    pub fn forms(&self) -> Vec<Form> {
        form::scan(&self.body)
    }

    /// The form with this `id`.
    #[must_use]
    pub fn form(&self, id: &str) -> Option<Form> {
        self.forms().into_iter().find(|form| form.id == id)
    }

    /// A header's value as text.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// Which of the emulator's pages this is (`accounts`, `consent`, `sign-up`, `reset-password`, `edit-profile`,
    /// `device`, `device-done`, `form-post`, `error`, `sign-out`, `signed-out`, `home`).
    #[must_use]
    pub fn emulator_page(&self) -> Option<String> {
        form::attribute(&self.body, "body", "data-emulator-page")
    }

    /// The AADSTS number on the emulator's error page.
    #[must_use]
    pub fn aadsts(&self) -> Option<u32> {
        form::attribute(&self.body, "body", "data-aadsts")?.parse().ok()
    }

    /// The AADB2C number on the emulator's error page.
    #[must_use]
    pub fn aadb2c(&self) -> Option<u32> {
        form::attribute(&self.body, "body", "data-aadb2c")?.parse().ok()
    }

    /// The form that picks an account.
    pub(super) fn account_form(&self, name: &str) -> Result<Form, BrowserError> {
        let form = self.form("accounts").ok_or_else(|| self.misses("account page"))?;
        let mut accounts = form.buttons.iter().filter(|(button, _)| button == "account");
        let listed = accounts.find(|(_, value)| value.eq_ignore_ascii_case(name)).map(|(_, value)| value.clone());
        let value = listed.ok_or_else(|| self.misses(format!("account {name}")))?;
        Ok(form.set("account", &value))
    }

    /// A form with one of its buttons pressed.
    pub(super) fn pressing(&self, id: &str, name: &str, value: &str) -> Result<Form, BrowserError> {
        let form = self.form(id).filter(|form| form.has_button(name, value));
        Ok(form.ok_or_else(|| self.misses(format!("button {name}={value}")))?.set(name, value))
    }

    pub(super) fn misses(&self, what: impl Into<String>) -> BrowserError {
        BrowserError::missing(&self.url, self.status, what)
    }
}
