//! Error pages, by who has to act; and the login page with several providers.

use crate::{
    browser::chromium::Chromium,
    process::{Invocation, Running, demo},
};

/// Names of the pages, and what Microsoft answers: nothing is what a stranger sends by himself.
pub(crate) const ERRORS: [(&str, &str); 5] = [
    ("user", "error=access_denied&error_description=AADSTS65004"),
    ("administrator", "error=consent_required&error_description=AADSTS65001"),
    ("operator", "error=unauthorized_client&error_description=AADSTS700016"),
    ("microsoft", "error=server_error&error_description=AADSTS90036"),
    ("attacker", ""),
];

/// The demo in this language, where what the user caused has a page of its own, too.
pub(crate) fn explaining(language: &str) -> Invocation {
    demo([]).env("MICROSOFT_SSO_LANGUAGES", language).env("MICROSOFT_SSO_ENABLE_MESSAGES", "false")
}

/// Begins a sign-in, and answers it like this in Microsoft's place.
pub(crate) async fn open_error(chromium: &Chromium, demo: &Running, answer: &str) {
    let callback = format!("{}/microsoft_sso/callback/", demo.url());
    if answer.is_empty() {
        chromium.open(format!("{callback}?code=x&state=y&state=z")).await;
    } else {
        chromium.open(format!("{}/microsoft_sso/login/?next=/private", demo.url())).await;
        chromium.find("button[name=\"account\"]").await;
        let there = chromium.url().await;
        let (_, rest) = there.split_once("&state=").expect("the request has a state");
        let state = rest.split('&').next().unwrap_or_default();
        chromium.open(format!("{callback}?{answer}&state={state}")).await;
    }
    chromium.find(".facts").await;
}

/// The demo with two providers beside Microsoft, in this language; its pages are made without asking anybody.
pub(crate) fn with_providers(language: &str) -> Invocation {
    let providers = r#"[{"name": "partners", "oidc_authority": "https://fs.partner.example/adfs", "client_id": "portal",
        "client_secret": "a secret for a picture", "text": "Sign in with your partner account"},
        {"name": "fabrikam", "oidc_authority": "https://fs.fabrikam.example/adfs", "client_id": "portal",
        "client_secret": "a secret for a picture"}]"#;
    demo([])
        .env("MICROSOFT_SSO_LANGUAGES", language)
        .env("AZURE_TENANT_ID", "8f3c2a10-5b7d-4e6a-9c41-0a1b2c3d4e5f")
        .env("AZURE_CLIENT_ID", "6c1d5a90-2e4b-4d8f-b3a6-7e5f4d3c2b1a")
        .env("AZURE_CLIENT_SECRET", "a secret for a picture")
        .env("MICROSOFT_SSO_PROVIDER", providers)
}
