//! `{prefix}/`: messages and the buttons.

use std::sync::Arc;

use axum::{
    Extension,
    extract::{Query, Request, rejection::QueryRejection},
    response::Response,
};
use serde::Deserialize;

use crate::{
    journey::Journey,
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
    let site = match visit.site(&parts) {
        Ok(site) => site,
        Err(refusal) => return rejection::answer(Some(&visit), &parts, &refusal),
    };
    let prefix = &site.settings.prefix;
    let next = asked.ok().and_then(|Query(asked)| NextUrl::parse(&asked.next?, prefix));
    match visit.session(&parts).await {
        Err(refusal) => return rejection::answer(Some(&visit), &parts, &refusal),
        Ok(Some(_)) => {
            let next = next.unwrap_or_else(|| site.home.clone());
            return rejection::see_other(&next.location());
        }
        Ok(None) => {}
    }
    let messages = messages::take(&visit, &parts);
    let other_account = paths::another_account(prefix, next.as_ref());
    let resets = site.main().offers(Journey::ResetPassword);
    let language = visit.language(&parts);
    let page = LoginPage {
        messages: &messages,
        buttons: pages::buttons(&site.providers, language, prefix, next.as_ref()),
        other_account,
        forgotten: resets.then(|| paths::reset_password(prefix, next.as_ref())),
    };
    site.pages.login(language, &page)
}
