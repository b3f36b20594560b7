//! The few pages of our own: login, sign-out and error, and the buttons for an application's own pages.
//!
//! They load nothing from anywhere: one style block, named by its hash in the content security policy, and no script. An
//! application can replace each template, add sources to the policy, and speak other languages.

mod bundle;
mod policy;
mod templates;
mod values;

use std::sync::Arc;

use axum::response::{IntoResponse, Response};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use entra_oidc::random_bytes;
use http::{HeaderValue, StatusCode, header};
use minijinja::{Value, context, value::Serde};
use serde::Serialize;

use self::policy::Headers;
pub use self::policy::PagePolicy;
#[cfg(feature = "admin")]
pub(crate) use self::policy::policy_of_style;
pub(crate) use self::policy::sign_out_form_action;
pub(crate) use self::{
    bundle::{Bundle, GivenPages},
    values::{Button, ErrorPage, LoginPage, SignOutPage},
};
use crate::{
    catalogue::Catalogue,
    next_url::NextUrl,
    paths,
    provider::{Provider, Providers},
    settings::Settings,
};

/// The pages of one site.
pub(crate) struct Pages {
    bundle: Arc<Bundle>,
    logo_url: Option<String>,
    headers: Headers,
}

impl Pages {
    pub(crate) fn new(settings: &Settings, providers: &Providers, bundle: Arc<Bundle>) -> Pages {
        let headers = Headers::new(bundle.policy(), settings, providers, bundle.templates().has_given());
        Pages { bundle, logo_url: settings.logo_url.clone(), headers }
    }

    pub(crate) fn login(&self, catalogue: &Arc<Catalogue>, page: &LoginPage<'_>) -> Response {
        self.page(StatusCode::OK, "login.html", catalogue, page)
    }

    pub(crate) fn error(&self, catalogue: &Arc<Catalogue>, status: StatusCode, page: &ErrorPage<'_>) -> Response {
        self.page(status, "error.html", catalogue, page)
    }

    pub(crate) fn sign_out(&self, catalogue: &Arc<Catalogue>, page: &SignOutPage<'_>) -> Response {
        self.page(StatusCode::OK, "sign_out.html", catalogue, page)
    }

    /// A provider's button as a piece of HTML: Microsoft's with its logo, any other with its text alone.
    pub(crate) fn button(&self, catalogue: &Arc<Catalogue>, button: &Button) -> String {
        self.snippet("button.html", catalogue, context! { button => Value::from(Serde(button)) })
    }

    /// Buttons side by side as a piece of HTML.
    pub(crate) fn buttons(&self, catalogue: &Arc<Catalogue>, buttons: &[Button]) -> String {
        self.snippet("buttons.html", catalogue, context! { buttons => Value::from(Serde(buttons)) })
    }

    /// The sign-out form as a piece of HTML: for this browser, or for everywhere.
    pub(crate) fn sign_out_form(&self, catalogue: &Arc<Catalogue>, action: &str, everywhere: bool) -> String {
        self.snippet("sign_out_form.html", catalogue, context! { action, everywhere })
    }

    fn snippet(&self, template: &str, catalogue: &Arc<Catalogue>, values: Value) -> String {
        let values = context! { ..values, ..templates::of_language(catalogue) };
        self.bundle.templates().render(template, &values).trim_end().to_owned()
    }

    fn page(&self, status: StatusCode, template: &str, catalogue: &Arc<Catalogue>, values: impl Serialize) -> Response {
        let nonce = STANDARD.encode(random_bytes::<16>());
        let frame = context! { style_nonce => nonce.as_str(), logo_url => self.logo_url.as_deref() };
        let values = context! { ..Value::from(Serde(values)), ..frame, ..templates::of_language(catalogue) };
        let html = self.bundle.templates().render(template, &values);
        let mut response = self::html(status, self.headers.of(template, &nonce), html);
        self.bundle.languages().label(catalogue, response.headers_mut());
        response
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

/// A site's buttons, Microsoft's first.
pub(crate) fn buttons(
    providers: &Providers,
    catalogue: &Catalogue,
    prefix: &str,
    next: Option<&NextUrl>,
) -> Vec<Button> {
    providers.iter().map(|provider| button(provider, catalogue, prefix, next)).collect()
}

/// One provider's button.
pub(crate) fn button(provider: &Provider, catalogue: &Catalogue, prefix: &str, next: Option<&NextUrl>) -> Button {
    let name = provider.name().unwrap_or("Microsoft");
    Button {
        href: paths::login(prefix, provider.name(), next),
        text: provider.text().map_or_else(|| catalogue.text("sign_in_with", &[("name", name)]), str::to_owned),
        microsoft: provider.name().is_none(),
        provider: provider.name().map(str::to_owned),
    }
}

/// The style of the button, for an application's own style sheet.
pub(crate) const BUTTON_STYLE: &str = include_str!("pages/button.css");
