//! The local Microsoft's account picker.

use crate::{browser::chromium::Chromium, process::Running};

pub(crate) const ADELE: &str = "adele@contoso.example";
pub(crate) const ALEX: &str = "alex@contoso.example";

/// The button of an account.
pub(crate) fn account(upn: &str) -> String {
    format!("button[name=\"account\"][value=\"{upn}\"]")
}

/// From the home page through the button and the picker, back to the home page.
pub(crate) async fn sign_in(chromium: &Chromium, demo: &Running, upn: &str) {
    chromium.open(demo.url()).await;
    chromium.click(".entra-sso-button").await;
    chromium.click(&account(upn)).await;
    chromium.find(".visitor form").await;
}
