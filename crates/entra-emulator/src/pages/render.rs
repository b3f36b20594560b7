//! A page from its template.

use std::sync::OnceLock;

use http::HeaderName;
use http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS};
use minijinja::Environment;
use serde_json::{Value, json};

use crate::answer::{Answer, add_header, with_type};
use crate::avatar;
use crate::chance;

const TEMPLATES: [(&str, &str); 13] = [
    ("base.html", include_str!("base.html")),
    ("accounts.html", include_str!("accounts.html")),
    ("consent.html", include_str!("consent.html")),
    ("device.html", include_str!("device.html")),
    ("device_done.html", include_str!("device_done.html")),
    ("edit_profile.html", include_str!("edit_profile.html")),
    ("error.html", include_str!("error.html")),
    ("form_post.html", include_str!("form_post.html")),
    ("home.html", include_str!("home.html")),
    ("reset_password.html", include_str!("reset_password.html")),
    ("sign_out.html", include_str!("sign_out.html")),
    ("sign_up.html", include_str!("sign_up.html")),
    ("signed_out.html", include_str!("signed_out.html")),
];

/// Renders a page; styles and scripts carry a nonce, nothing comes from elsewhere, and nobody may frame it.
pub(super) fn render(template: &str, mut values: Value) -> Answer {
    let nonce = chance::text::<16>();
    values["nonce"] = json!(nonce);
    values["colours"] = json!(avatar::colours());
    let html = environment()
        .get_template(template)
        .and_then(|template| template.render(minijinja::Value::from(minijinja::value::Serde(&values))));
    let html = html.unwrap_or_else(|error| {
        tracing::error!(template, %error, "a page was not rendered");
        "<!doctype html><title>Local Microsoft</title><p>This page could not be rendered.".to_owned()
    });
    let mut answer = with_type(200, "text/html; charset=utf-8", html);
    let policy = format!(
        "default-src 'none'; style-src 'nonce-{nonce}'; script-src 'nonce-{nonce}'; img-src 'self'; \
         frame-src http: https:; base-uri 'none'; frame-ancestors 'none'"
    );
    let headers: [(HeaderName, &str); 5] = [
        (CONTENT_SECURITY_POLICY, &policy),
        (CACHE_CONTROL, "no-store, no-cache"),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (X_FRAME_OPTIONS, "DENY"),
        // The origin only: a stricter policy would make browsers post `Origin: null` to applications.
        (REFERRER_POLICY, "strict-origin"),
    ];
    for (name, value) in headers {
        add_header(&mut answer, name, value);
    }
    answer
}

fn environment() -> &'static Environment<'static> {
    static ENVIRONMENT: OnceLock<Environment<'static>> = OnceLock::new();
    ENVIRONMENT.get_or_init(|| {
        let mut environment = Environment::new();
        for (name, source) in TEMPLATES {
            environment
                .add_template(name, source)
                .expect("the templates are part of the program, and tests render them");
        }
        environment
    })
}
