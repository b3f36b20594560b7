//! `{prefix}/`: messages and the button.

use std::sync::Arc;

use axum::{
    Extension,
    extract::{Query, Request, rejection::QueryRejection},
    response::Response,
};
use serde::Deserialize;

use crate::{
    messages,
    next_url::NextUrl,
    pages::{self, LoginPage},
    paths, rejection,
    visit::Visit,
};

#[derive(Deserialize)]
pub(super) struct Asked {
    next: Option<String>,
}

pub(super) async fn show(
    Extension(visit): Extension<Arc<Visit>>,
    asked: Result<Query<Asked>, QueryRejection>,
    request: Request,
) -> Response {
    let (parts, _) = request.into_parts();
    let settings = &visit.context().settings;
    let next = asked.ok().and_then(|Query(asked)| NextUrl::parse(&asked.next?, &settings.prefix));
    match visit.session(&parts).await {
        Err(refusal) => return rejection::answer(Some(&visit), &parts, &refusal),
        Ok(Some(_)) => {
            let next = next.unwrap_or_else(|| visit.context().home.clone());
            return rejection::see_other(&next.location());
        }
        Ok(None) => {}
    }
    let messages = messages::take(&visit, &parts);
    let login = paths::login(&settings.prefix, next.as_ref());
    let other_account = format!("{login}{}prompt=select_account", if login.contains('?') { '&' } else { '?' });
    let button = pages::button(&login, &settings.text);
    visit.context().pages.login(&LoginPage { messages: &messages, button, other_account })
}
