//! The few pages of our own: login, sign-out and error.
//!
//! They load nothing from anywhere: one style block, named by its hash in the content security policy, and no script.

use aws_lc_rs::digest;
use axum::response::{IntoResponse, Response};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use http::{HeaderValue, StatusCode, header};
use minijinja::{Environment, value::Serde};
use serde::Serialize;
use url::Url;

use crate::{
    message::Message,
    next_url::NextUrl,
    paths,
    provider::{Provider, Providers},
    settings::Settings,
};

const STYLE: &str = concat!(include_str!("pages/style.css"), include_str!("pages/button.css"));

/// The login page: messages and the buttons.
#[derive(Serialize)]
pub(crate) struct LoginPage<'a> {
    pub(crate) messages: &'a [Message],
    pub(crate) buttons: String,
    /// Whether there is a choice.
    pub(crate) several: bool,
    pub(crate) other_account: String,
    /// Where a forgotten password leads, if anywhere.
    pub(crate) forgotten: Option<String>,
}

/// The page of an error that someone has to do something about.
#[derive(Serialize)]
pub(crate) struct ErrorPage<'a> {
    pub(crate) heading: &'a str,
    pub(crate) text: &'a str,
    pub(crate) who: Option<&'a str>,
    pub(crate) again: Option<String>,
    pub(crate) consent: Option<String>,
    pub(crate) home: &'a str,
    pub(crate) reference: &'a str,
}

/// The question behind a GET of the sign-out address.
#[derive(Serialize)]
pub(crate) struct SignOutPage<'a> {
    pub(crate) name: Option<String>,
    pub(crate) action: String,
    pub(crate) home: &'a str,
}

/// The templates of a site, parsed once, and the headers that every page carries.
pub(crate) struct Pages {
    templates: Environment<'static>,
    content_security_policy: HeaderValue,
    /// The sign-out form's answer may lead on to a provider, and a browser holds a form's redirects to `form-action`.
    signing_out: HeaderValue,
}

impl Pages {
    pub(crate) fn new(settings: &Settings, providers: &Providers) -> Pages {
        let mut templates = Environment::new();
        for (name, source) in [
            ("layout.html", include_str!("pages/layout.html")),
            ("login.html", include_str!("pages/login.html")),
            ("error.html", include_str!("pages/error.html")),
            ("sign_out.html", include_str!("pages/sign_out.html")),
        ] {
            templates.add_template(name, source).expect("a template of this crate parses");
        }
        templates.add_global("style", STYLE);
        templates.add_global("logo_url", settings.logo_url.clone());
        let logo = settings.logo_url.as_deref();
        let onward = if settings.slo_enabled { end_session_sources(providers) } else { String::new() };
        Pages {
            templates,
            content_security_policy: content_security_policy(STYLE, logo, ""),
            signing_out: content_security_policy(STYLE, logo, &onward),
        }
    }

    pub(crate) fn login(&self, page: &LoginPage<'_>) -> Response {
        self.render(StatusCode::OK, "login.html", page)
    }

    pub(crate) fn error(&self, status: StatusCode, page: &ErrorPage<'_>) -> Response {
        self.render(status, "error.html", page)
    }

    pub(crate) fn sign_out(&self, page: &SignOutPage<'_>) -> Response {
        let mut response = self.render(StatusCode::OK, "sign_out.html", page);
        response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, self.signing_out.clone());
        response
    }

    fn render(&self, status: StatusCode, template: &str, values: impl Serialize) -> Response {
        let html = self
            .templates
            .get_template(template)
            .and_then(|template| template.render(minijinja::Value::from(Serde(values))))
            .expect("a template of this crate renders");
        self::html(status, self.content_security_policy.clone(), html)
    }
}

/// A page with the headers that every page of ours carries.
pub(crate) fn html(status: StatusCode, content_security_policy: HeaderValue, page: String) -> Response {
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8")),
        (header::CONTENT_SECURITY_POLICY, content_security_policy),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
        (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
        (header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
    ];
    (status, headers, page).into_response()
}

/// A provider's button as a piece of HTML: Microsoft's with its logo, any other with its text alone.
pub(crate) fn button(provider: &Provider, prefix: &str, next: Option<&NextUrl>) -> String {
    let href = paths::login(prefix, provider.name(), next);
    let microsoft = provider.name().is_none();
    snippet(include_str!("pages/button.html"), minijinja::context! { href, microsoft, text => provider.text() })
}

/// All of a site's buttons, side by side, Microsoft's first.
pub(crate) fn buttons(providers: &Providers, prefix: &str, next: Option<&NextUrl>) -> String {
    let buttons: Vec<_> = providers.iter().map(|provider| button(provider, prefix, next)).collect();
    match buttons.as_slice() {
        [button] => button.clone(),
        buttons => format!("<div class=\"entra-sso-buttons\">{}</div>", buttons.concat()),
    }
}

/// The sign-out form as a piece of HTML.
pub(crate) fn sign_out_form(action: &str) -> String {
    snippet(include_str!("pages/sign_out_form.html"), minijinja::context! { action })
}

fn snippet(template: &str, values: minijinja::Value) -> String {
    let mut templates = Environment::new();
    templates.set_auto_escape_callback(|_| minijinja::AutoEscape::Html);
    templates.render_str(template, values).expect("a snippet of this crate renders").trim_end().to_owned()
}

/// The style of the button, for an application's own style sheet.
pub(crate) const BUTTON_STYLE: &str = include_str!("pages/button.css");

/// Where a sign-out may lead: Microsoft sends a browser on through hosts of its own, so any that speaks https; and the
/// providers on this machine.
fn end_session_sources(providers: &Providers) -> String {
    let mut sources = "https:".to_owned();
    for provider in providers.iter() {
        let authority = provider.client().authority();
        if authority.is_loopback() {
            sources = format!("{sources} {}", authority.base().origin().ascii_serialization());
        }
    }
    sources
}

/// Nothing but the style block of the page, the logo from where the settings say, and forms to ourselves or `form_action`.
pub(crate) fn content_security_policy(style: &str, logo_url: Option<&str>, form_action: &str) -> HeaderValue {
    let style = STANDARD.encode(digest::digest(&digest::SHA256, style.as_bytes()));
    let logo = logo_url.and_then(|logo| Url::parse(logo).ok()).map(|logo| logo.origin().ascii_serialization());
    let images = logo.as_deref().unwrap_or("");
    let policy = format!(
        "default-src 'none'; style-src 'sha256-{style}'; img-src 'self' {images}; form-action 'self' {form_action}; base-uri 'none'; frame-ancestors 'none'"
    );
    HeaderValue::from_str(&policy).expect("a hash and an origin are ASCII")
}
