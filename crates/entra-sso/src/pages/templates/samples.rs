//! Values to try templates with: everything there can be, and as little.

use std::sync::Arc;

use minijinja::{Value, context, value::Serde};

use super::of_language;
use crate::{
    catalogue::Catalogue,
    message::Message,
    pages::values::{Button, ErrorPage, LoginPage, SignOutPage},
};

/// Names of templates that are asked for by themselves, with their values.
pub(super) fn samples() -> Vec<(&'static str, Value)> {
    let language = of_language(&Arc::new(Catalogue::english()));
    let page = |values: Value, logo: Option<&str>| context! { style_nonce => "nonce", logo_url => logo, ..values };
    let mut samples: Vec<(&'static str, Value)> = Vec::new();
    for (full, logo) in [(true, Some("/logo.svg")), (false, None)] {
        samples.push(("login.html", page(login(full), logo)));
        samples.push(("error.html", page(error(full), logo)));
        samples.push(("sign_out.html", page(sign_out(full), logo)));
        samples.push(("buttons.html", context! { buttons => Value::from(Serde(buttons(full))) }));
        samples.push(("button.html", context! { button => Value::from(Serde(&buttons(full)[0])) }));
        samples.push(("sign_out_form.html", context! { action => "/microsoft_sso/logout/", everywhere => full }));
    }
    samples.into_iter().map(|(name, values)| (name, context! { ..values, ..language.clone() })).collect()
}

fn some(full: bool, text: &str) -> Option<String> {
    full.then(|| text.to_owned())
}

fn buttons(full: bool) -> Vec<Button> {
    let button = |provider: Option<&str>| Button {
        href: "/microsoft_sso/login/".to_owned(),
        text: "Sign in".to_owned(),
        microsoft: provider.is_none(),
        provider: provider.map(str::to_owned),
    };
    if full { vec![button(None), button(Some("partners"))] } else { vec![button(None)] }
}

fn login(full: bool) -> Value {
    let messages = [Message::success("Signed in."), Message::error("Refused.", "E301-4f1d09c2")];
    let messages = if full { &messages[..] } else { &[] };
    let other_account = "/microsoft_sso/login/?prompt=select_account".to_owned();
    let forgotten = some(full, "/microsoft_sso/reset_password/");
    Value::from(Serde(LoginPage { messages, buttons: buttons(full), other_account, forgotten }))
}

fn error(full: bool) -> Value {
    Value::from(Serde(ErrorPage {
        status: if full { 403 } else { 400 },
        heading: "You cannot sign in".to_owned(),
        explanation: "This account may not enter.".to_owned(),
        who: some(full, "An administrator has to act."),
        again: some(full, "/microsoft_sso/login/"),
        consent: some(full, "https://login.example/adminconsent"),
        home: "/",
        reference: "E301-4f1d09c2",
        number: some(full, "AADSTS65001"),
    }))
}

fn sign_out(full: bool) -> Value {
    let action = "/microsoft_sso/logout/".to_owned();
    Value::from(Serde(SignOutPage { name: some(full, "Adele Vance"), others: some(full, "20+"), action, home: "/" }))
}
