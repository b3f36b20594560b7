//! The content security policy of the pages.

use aws_lc_rs::digest;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use http::HeaderValue;
use url::Url;

use super::templates::STYLE;
use crate::{
    errors::{Check, Finding},
    provider::Providers,
    settings::Settings,
};

/// What pages may load beside our own style block: for an application's own templates.
///
/// By default that is nothing but pictures from the application itself, and the logo. Scripts stay forbidden unless the
/// application writes the whole policy itself. A style block of a template is allowed by its nonce:
/// `<style nonce="{{ style_nonce }}">`.
///
/// ```
/// use entra_sso::PagePolicy;
///
/// let policy = PagePolicy::new().style("'self'").font("'self'").image("https://cdn.example.com");
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PagePolicy {
    styles: Vec<String>,
    images: Vec<String>,
    fonts: Vec<String>,
    whole: Option<String>,
}

/// Where a policy has the nonce of its page.
const NONCE: &str = "{nonce}";

impl PagePolicy {
    /// Nothing beside what our own pages need.
    #[must_use]
    pub fn new() -> PagePolicy {
        PagePolicy::default()
    }

    /// Style sheets from this source (CSP: `'self'`, `https://cdn.example.com`).
    #[must_use]
    pub fn style(mut self, source: &str) -> PagePolicy {
        self.styles.push(source.to_owned());
        self
    }

    /// Pictures from this source.
    #[must_use]
    pub fn image(mut self, source: &str) -> PagePolicy {
        self.images.push(source.to_owned());
        self
    }

    /// Fonts from this source.
    #[must_use]
    pub fn font(mut self, source: &str) -> PagePolicy {
        self.fonts.push(source.to_owned());
        self
    }

    /// The whole policy, in place of ours; `{nonce}` in it becomes the page's nonce, which templates know as
    /// `style_nonce`.
    ///
    /// Whoever allows scripts here is responsible for them: a script on the login page sees who signs in. With
    /// `slo_enabled`, `form-action` has to let the sign-out form lead on to the provider
    /// ([`EntraSso::sign_out_form_action`](crate::EntraSso::sign_out_form_action)).
    #[must_use]
    pub fn whole(mut self, policy: &str) -> PagePolicy {
        self.whole = Some(policy.to_owned());
        self
    }

    /// E114: a source that is more than one, or a policy that is no header.
    pub(super) fn fault(&self) -> Option<Finding> {
        let is_source = |source: &&String| {
            !source.is_empty() && source.bytes().all(|byte| byte.is_ascii_graphic() && !matches!(byte, b';' | b','))
        };
        let sources = self.styles.iter().chain(&self.images).chain(&self.fonts);
        let wrong = sources.into_iter().find(|source| !is_source(source));
        let whole = self.whole.iter().find(|policy| policy.trim().is_empty() || HeaderValue::from_str(policy).is_err());
        let wrong = wrong.or(whole)?;
        let shown: String = wrong.chars().take(80).collect();
        Some(Finding::new(Check::PagePolicyInvalid, None, format!("The policy of the pages has {shown:?}.")))
    }
}

/// Our own address, as a source.
const SELF: &str = "'self'";

/// The header of each page of one site.
pub(super) struct Headers {
    pages: Header,
    /// The sign-out form's answer may lead on to a provider, and a browser holds a form's redirects to `form-action`.
    signing_out: Header,
}

enum Header {
    Fixed(HeaderValue),
    WithNonce(String),
}

impl Headers {
    pub(super) fn new(policy: &PagePolicy, settings: &Settings, providers: &Providers, nonce: bool) -> Headers {
        let logo = settings.logo_url.as_deref();
        Headers {
            pages: Header::of(written(policy, logo, nonce, SELF)),
            signing_out: Header::of(written(policy, logo, nonce, &sign_out_form_action(settings, providers))),
        }
    }

    pub(super) fn of(&self, template: &str, nonce: &str) -> HeaderValue {
        let header = if template == "sign_out.html" { &self.signing_out } else { &self.pages };
        match header {
            Header::Fixed(header) => header.clone(),
            Header::WithNonce(policy) => value(&policy.replace(NONCE, nonce)),
        }
    }
}

impl Header {
    fn of(policy: String) -> Header {
        if policy.contains(NONCE) { Header::WithNonce(policy) } else { Header::Fixed(value(&policy)) }
    }
}

fn value(policy: &str) -> HeaderValue {
    HeaderValue::from_str(policy).expect("sources, a hash and a nonce are ASCII")
}

/// Our style block, the logo from where the settings say, forms to `form_action`, and what was added.
fn written(policy: &PagePolicy, logo_url: Option<&str>, nonce: bool, form_action: &str) -> String {
    if let Some(whole) = &policy.whole {
        return whole.clone();
    }
    let hash = hash(STYLE);
    let nonce = if nonce { format!(" 'nonce-{NONCE}'") } else { String::new() };
    let logo = logo_url.and_then(|logo| Url::parse(logo).ok()).map(|logo| logo.origin().ascii_serialization());
    let images = [SELF.to_owned()].into_iter().chain(logo).chain(policy.images.iter().cloned());
    let images: Vec<String> = images.collect();
    let styles = policy.styles.iter().fold(String::new(), |styles, source| styles + " " + source);
    let fonts = if policy.fonts.is_empty() { String::new() } else { format!("font-src {}; ", policy.fonts.join(" ")) };
    format!(
        "default-src 'none'; style-src 'sha256-{hash}'{nonce}{styles}; img-src {}; {fonts}form-action {form_action}; base-uri 'none'; frame-ancestors 'none'",
        images.join(" ")
    )
}

/// For pages with another style block, and nothing else.
#[cfg(feature = "admin")]
pub(crate) fn policy_of_style(style: &str) -> HeaderValue {
    value(&format!(
        "default-src 'none'; style-src 'sha256-{}'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
        hash(style)
    ))
}

fn hash(style: &str) -> String {
    STANDARD.encode(digest::digest(&digest::SHA256, style.as_bytes()))
}

/// Where a sign-out form may lead. With `slo_enabled` Microsoft sends a browser on through hosts of its own, so any that speaks
/// https; and the providers on this machine.
pub(crate) fn sign_out_form_action(settings: &Settings, providers: &Providers) -> String {
    if !settings.slo_enabled {
        return SELF.to_owned();
    }
    let mut sources = format!("{SELF} https:");
    for provider in providers.iter() {
        let authority = provider.client().authority();
        if authority.is_loopback() {
            sources = format!("{sources} {}", authority.base().origin().ascii_serialization());
        }
    }
    sources
}
