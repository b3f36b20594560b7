//! The one place where a refusal becomes an answer: a page, a redirect or JSON; and where it is logged, once.

pub(crate) mod asker;
pub(crate) mod audience;
mod step_up;
mod texts;

use std::{sync::Arc, time::Duration};

use axum::{
    Json,
    extract::OriginalUri,
    response::{IntoResponse, Response},
};
use entra_oidc::{Blame, SignInError, SignInErrorKind, random_bytes};
use http::{HeaderValue, StatusCode, header, request::Parts};
use serde_json::json;
use url::Url;

use self::audience::Audience;
use crate::{
    audit,
    catalogue::Catalogue,
    errors::RefusalKind,
    line_budget::Line,
    message::Message,
    messages,
    metrics::record,
    next_url::{self, NextUrl},
    pages::ErrorPage,
    paths,
    refusal::Refusal,
    request_span,
    visit::Visit,
};

/// The answer to a request that an extractor or a guard did not let through.
#[derive(Debug)]
pub struct Rejection(Box<Response>);

impl IntoResponse for Rejection {
    fn into_response(self) -> Response {
        *self.0
    }
}

impl Rejection {
    /// Nobody is signed in: a browser goes to sign in and comes back here, a program is told.
    pub(crate) fn not_signed_in(parts: &Parts) -> Rejection {
        let Some(visit) = parts.extensions.get::<Arc<Visit>>() else {
            return Rejection::of(parts, &RefusalKind::LayerMissing.into());
        };
        let prefix = &visit.context().settings.prefix;
        let response = match Audience::of(parts) {
            Audience::Page => see_other(&paths::login(prefix, None, here(parts, prefix).as_ref())),
            Audience::Htmx => {
                let login = paths::login(prefix, None, htmx_page(parts, prefix).as_ref());
                ([("hx-redirect", login.clone())], login_needed(visit, parts, RefusalKind::NotSignedIn, &login))
                    .into_response()
            }
            Audience::Json => {
                login_needed(visit, parts, RefusalKind::NotSignedIn, &paths::login(prefix, None, None)).into_response()
            }
        };
        Rejection(Box::new(response))
    }

    /// The same, which says how long to wait, when that is known.
    pub(crate) fn retry_after(mut self, wait: Option<Duration>) -> Rejection {
        if let Some(wait) = wait {
            self.0.headers_mut().insert(header::RETRY_AFTER, seconds(wait));
        }
        self
    }

    pub(crate) fn of(parts: &Parts, refusal: &Refusal) -> Rejection {
        Rejection(Box::new(answer(parts.extensions.get::<Arc<Visit>>().map(AsRef::as_ref), parts, refusal)))
    }
}

/// The seconds of `Retry-After`, never less than one.
fn seconds(wait: Duration) -> HeaderValue {
    HeaderValue::from((wait.as_secs() + u64::from(wait.subsec_nanos() > 0)).max(1))
}

/// 303 to a place that we made ourselves, always with a fragment: without one a browser carries on the old one (R7).
pub(crate) fn see_other(location: &str) -> Response {
    let location = HeaderValue::from_str(&next_url::location(location))
        .expect("our own locations are ASCII without control characters");
    let headers = [
        (header::LOCATION, location),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    ];
    (StatusCode::SEE_OTHER, headers).into_response()
}

/// The answer to a sign-in that did not come about.
pub(crate) struct Failed {
    pub(crate) response: Response,
    /// What the user can quote, and the log has.
    pub(crate) reference: String,
}

/// A sign-in that did not come about: what the user caused is told on the next page, anything else on a page of its own.
/// `stays`: somebody is signed in and stays so, for whom there is no next page.
pub(crate) fn sign_in_failed(visit: &Visit, parts: &Parts, refusal: &Refusal, stays: bool) -> Failed {
    let reference = log(Some(visit), parts, refusal);
    let leads_on = !stays && refusal.entry().blame == Blame::User;
    let response = if leads_on && visit.context().settings.enable_messages && Audience::of(parts) == Audience::Page {
        on_the_next_page(visit, parts, refusal, &reference)
    } else {
        told(Some(visit), parts, refusal, &reference)
    };
    Failed { response, reference }
}

fn on_the_next_page(visit: &Visit, parts: &Parts, refusal: &Refusal, reference: &str) -> Response {
    let settings = &visit.context().settings;
    let text = texts::text(refusal, visit.language(parts), is_open(Some(visit), parts));
    messages::add(visit, parts, Message::error(text, reference));
    let failed = &visit.site_or_default(parts).settings.login_failed_url;
    let page = failed.clone().unwrap_or_else(|| paths::login_page(&settings.prefix, visit.next()));
    see_other(&page)
}

/// Page or JSON with the refusal's status, public text and a reference id; the rest goes to the log.
pub(crate) fn answer(visit: Option<&Visit>, parts: &Parts, refusal: &Refusal) -> Response {
    told(visit, parts, refusal, &log(visit, parts, refusal))
}

fn told(visit: Option<&Visit>, parts: &Parts, refusal: &Refusal, reference: &str) -> Response {
    let page = visit.filter(|_| Audience::of(parts) == Audience::Page);
    let mut response = page
        .map_or_else(|| as_json(visit, parts, refusal, reference), |visit| as_page(visit, parts, refusal, reference));
    // Who is busy says for how long, and whoever tries again should know.
    if let Some(wait) = refusal.protocol().and_then(SignInError::retry_after) {
        response.headers_mut().insert(header::RETRY_AFTER, seconds(wait));
    }
    response
}

fn as_page(visit: &Visit, parts: &Parts, refusal: &Refusal, reference: &str) -> Response {
    let (site, language) = (visit.site_or_default(parts), visit.language(parts));
    let settings = &site.settings;
    let status = refusal.status();
    let page = ErrorPage {
        status: status.as_u16(),
        heading: texts::heading(refusal, language),
        explanation: texts::text(refusal, language, is_open(Some(visit), parts)),
        who: texts::who(refusal.who(), language),
        again: may_try_again(refusal).then(|| again(visit, parts, refusal)),
        consent: consent_link(visit, parts, refusal),
        home: &settings.logout_redirect_path,
        reference,
        number: texts::number(refusal).map(|number| format!("AADSTS{number}")),
    };
    site.pages.error(language, status, &page)
}

fn as_json(visit: Option<&Visit>, parts: &Parts, refusal: &Refusal, reference: &str) -> Response {
    let openly = is_open(visit, parts);
    let message = texts::text(refusal, language(visit, parts), openly);
    let entry = texts::entry(refusal, openly);
    let body = json!({ "error": entry.name, "code": entry.code, "message": message, "reference": reference });
    json_answer(visit, parts, refusal.status(), body)
}

/// `code` and `error` are the same in every language.
fn json_answer(visit: Option<&Visit>, parts: &Parts, status: StatusCode, body: serde_json::Value) -> Response {
    let mut response = (status, [(header::CACHE_CONTROL, "no-store")], Json(body)).into_response();
    if let Some(visit) = visit {
        visit.context().languages.label(visit.language(parts), response.headers_mut());
    }
    response
}

/// Without a layer there are no settings: English.
fn language<'a>(visit: Option<&'a Visit>, parts: &Parts) -> &'a Catalogue {
    match visit {
        Some(visit) => visit.language(parts),
        None => Catalogue::of_nobody(),
    }
}

/// Whether who is refused may know why (`show_failed_login_message`).
fn is_open(visit: Option<&Visit>, parts: &Parts) -> bool {
    visit.is_some_and(|visit| visit.site_or_default(parts).settings.show_failed_login_message)
}

/// One line for each refusal, loud by who has to act; gives the reference id, such as `E301-4f1d09c2`. Line and audit event
/// have the refusal's own code, whatever the reference begins with. A flood of one code that nobody is known for leaves lines
/// out (X7).
fn log(visit: Option<&Visit>, parts: &Parts, refusal: &Refusal) -> String {
    let code = refusal.entry().code;
    let shown = texts::entry(refusal, is_open(visit, parts)).code;
    let reference = format!("{shown}-{:08x}", u32::from_be_bytes(random_bytes()));
    request_span::record("reference", &reference);
    // Who is answered without a layer's help may have one all the same.
    let visit = visit.or_else(|| parts.extensions.get::<Arc<Visit>>().map(AsRef::as_ref));
    if is_left_out(visit, code) {
        return reference;
    }
    match refusal.entry().blame {
        Blame::User => tracing::info!(reference, "{refusal}"),
        Blame::Operator => tracing::error!(reference, remedy = refusal.remedy(), "{refusal}"),
        _ => tracing::warn!(reference, remedy = refusal.remedy(), "{refusal}"),
    }
    audit::denied(refusal, &reference, visit.and_then(Visit::account), visit.and_then(Visit::user));
    reference
}

/// Counts a refusal, and says whether its line is one too many (X7). Whoever is known has proved himself to somebody, which
/// nobody does a thousand times a second.
pub(crate) fn is_left_out(visit: Option<&Visit>, code: &'static str) -> bool {
    record::refused(code);
    let Some(visit) = visit.filter(|visit| visit.account().is_none() && visit.user().is_none()) else { return false };
    match visit.context().lines.spend(code, visit.context().clock.now()) {
        Line::LeftOut => {
            record::left_out(code);
            return true;
        }
        Line::Written { left_out: 0 } => {}
        Line::Written { left_out } => tracing::warn!(code, left_out, "so many lines of this code were left out"),
    }
    false
}

/// In the extensions of a request: where it can be tried again, when that is not the sign-in.
#[derive(Clone)]
pub(crate) struct Again(pub(crate) String);

/// Where the sign-in begins again; for who may not open this page, with another account.
fn again(visit: &Visit, parts: &Parts, refusal: &Refusal) -> String {
    if let Some(Again(place)) = parts.extensions.get() {
        return place.clone();
    }
    let prefix = &visit.context().settings.prefix;
    if texts::is_about_a_page(refusal) {
        return paths::another_account(prefix, here(parts, prefix).as_ref());
    }
    paths::login(prefix, visit.provider(), visit.next())
}

/// Whether another sign-in can help: not who is signed in already and may not see a page.
fn may_try_again(refusal: &Refusal) -> bool {
    let is_final = matches!(
        refusal.kind(),
        Some(
            RefusalKind::PermissionMissing
                | RefusalKind::StepUpImpossible
                | RefusalKind::AdminStaffOnly
                | RefusalKind::AdminSuperusersOnly
                | RefusalKind::AdminFormRefused
        )
    );
    !is_final && !matches!(refusal.status(), StatusCode::INTERNAL_SERVER_ERROR | StatusCode::NOT_FOUND)
}

/// Where an administrator approves the application, when that is what is missing.
fn consent_link(visit: &Visit, parts: &Parts, refusal: &Refusal) -> Option<String> {
    refusal.protocol().filter(|error| error.kind() == SignInErrorKind::ConsentRequired)?;
    let client = visit.site(parts).ok()?.providers.named(visit.provider())?.client();
    client.authority().admin_consent_url(client.registration().client_id()).map(Into::into)
}

/// For a program: there is somewhere to go first.
fn login_needed(visit: &Visit, parts: &Parts, kind: RefusalKind, login: &str) -> Response {
    let entry = kind.entry();
    let message = visit.language(parts).error(entry);
    let body = json!({ "error": entry.name, "code": entry.code, "message": message, "login_url": login });
    json_answer(Some(visit), parts, StatusCode::UNAUTHORIZED, body)
}

/// The page that was asked for, as the browser knows it, also under a nested router.
fn here(parts: &Parts, prefix: &str) -> Option<NextUrl> {
    let uri = parts.extensions.get::<OriginalUri>().map_or(&parts.uri, |original| &original.0);
    NextUrl::parse(uri.path_and_query()?.as_str(), prefix)
}

/// The page that htmx runs in.
fn htmx_page(parts: &Parts, prefix: &str) -> Option<NextUrl> {
    let page = Url::parse(parts.headers.get("hx-current-url")?.to_str().ok()?).ok()?;
    NextUrl::parse(&page[url::Position::BeforePath..], prefix)
}
