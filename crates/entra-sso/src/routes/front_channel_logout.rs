//! `{prefix}/front_channel_logout/` and `{prefix}/{name}/front_channel_logout/`: a user has signed out at Microsoft, or at
//! a provider, and its page loads this address in a frame (`OpenID` Connect Front-Channel Logout 1.0).
//!
//! 1. Nobody proves who asks, and often no cookie comes along: the session id is all. The sessions of that id at that
//!    authority end, at whichever site they began, since the user has left all of them; nothing else happens, and no token
//!    is revoked.
//! 2. The answer is always the same, whatever was asked and whatever came of it.
//! 3. Only this page may be framed, and only by who signs users in here.
//! 4. Each session id may be asked for a few times a minute; what is more is not looked up, and who knows it that well has
//!    been heard.
//! 5. A peer that asks often is heard all the same, since behind one address there may be everybody: a proxy that nobody named,
//!    an office. Only then it waits: all such peers together have a few places at the store. Nothing tells its guesses from
//!    real frames, since any page can have frames; and a look costs no more than a made-up cookie, which nobody counts.

use std::sync::Arc;

use axum::{
    Extension,
    extract::Request,
    response::{IntoResponse, Response},
};
use entra_oidc::Guid;
use http::{HeaderValue, Method, StatusCode, header, request::Parts};
use tokio::sync::SemaphorePermit;
use url::form_urlencoded;

use super::door::Door;
use crate::{
    audit,
    context::Context,
    line_budget::Line,
    metrics::{labels::OverBudget, record},
    peer,
    provider::Provider,
    refusal::Refusal,
    rejection,
    visit::Visit,
};

/// The longest session id and issuer that are looked at.
const LONGEST: usize = 255;

pub(super) async fn receive(
    Extension(visit): Extension<Arc<Visit>>,
    Extension(door): Extension<Door>,
    request: Request,
) -> Response {
    let (parts, _) = request.into_parts();
    let provider = door.enter(&visit, visit.site_or_default(&parts)).ok();
    // A HEAD only looks.
    if let Some(provider) = provider.filter(|_| parts.method == Method::GET)
        && let Err(refusal) = end(visit.context(), &parts, provider).await
        && !rejection::is_left_out(Some(&visit), refusal.entry().code)
    {
        tracing::error!(remedy = refusal.remedy(), "a sign-out at {} was not done here: {refusal}", provider.owner());
    }
    answer(provider)
}

async fn end(context: &Context, parts: &Parts, provider: &Provider) -> Result<(), Refusal> {
    let Some(asked) = Asked::read(parts.uri.query().unwrap_or_default()) else { return Ok(()) };
    let authority = &provider.owner().authority;
    let of_microsoft = provider.name().is_none();
    if of_microsoft && Guid::parse(&asked.sid).is_err() || !may_ask_for(context, authority, &asked.sid) {
        return Ok(());
    }
    if let Some(issuer) = &asked.iss
        && !provider.client().is_issuer(issuer).await?
    {
        return Ok(());
    }
    let _place = place(context, parts).await;
    let ended = context.sessions.end_of_sid(authority, &asked.sid).await?;
    if ended > 0 {
        audit::signed_out_elsewhere(provider.owner(), ended, audit::Channel::Front);
    }
    Ok(())
}

/// What the query asks for.
struct Asked {
    sid: String,
    iss: Option<String>,
}

impl Asked {
    /// None without exactly one `sid`, with more than one `iss`, or with one that is empty, long or not visible ASCII.
    fn read(query: &str) -> Option<Asked> {
        let (mut sid, mut iss) = (None, None);
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            let place = match &*name {
                "sid" => &mut sid,
                "iss" => &mut iss,
                _ => continue,
            };
            let fits = !value.is_empty() && value.len() <= LONGEST && value.bytes().all(|byte| byte.is_ascii_graphic());
            if !fits || place.replace(value.into_owned()).is_some() {
                return None;
            }
        }
        Some(Asked { sid: sid?, iss })
    }
}

fn may_ask_for(context: &Context, authority: &str, sid: &str) -> bool {
    let may = context.sign_outs.by_sid.spend(&format!("{sid} {authority}"), context.clock.now());
    if !may {
        tell(context, OverBudget::Sid, "sign-outs of one session id were not looked up: it was asked for too often");
    }
    may
}

/// The place at the store of a peer that asks too often, once there is one. Who asks through a proxy of ours is counted for
/// himself where the proxy says so; whom nobody knows is not counted.
async fn place<'a>(context: &'a Context, parts: &Parts) -> Option<SemaphorePermit<'a>> {
    let peer = peer::network(parts, &context.settings)?;
    if context.sign_outs.by_peer.spend(&peer, context.clock.now()) {
        return None;
    }
    let text = "sign-outs in a frame wait for each other: too many come from one address. \
                If it is a proxy of yours, name it in `trusted_proxies`";
    tell(context, OverBudget::Peer, text);
    context.sign_outs.places.acquire().await.ok()
}

fn tell(context: &Context, what: OverBudget, text: &'static str) {
    record::over_budget(what);
    match context.lines.spend(what.as_str(), context.clock.now()) {
        Line::Written { left_out } => tracing::warn!(left_out, "{text}"),
        Line::LeftOut => record::left_out(record::NO_CODE),
    }
}

fn answer(provider: Option<&Provider>) -> Response {
    let ancestors = provider.map_or_else(|| "'none'".to_owned(), login_origins);
    let policy = format!("default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors {ancestors}");
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8")),
        (header::CONTENT_SECURITY_POLICY, HeaderValue::from_str(&policy).expect("origins are ASCII")),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
        (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    ];
    (StatusCode::OK, headers, "<!doctype html><title>Signed out</title>").into_response()
}

/// The authority's own origin; with Microsoft, its cloud's other login hosts as well.
fn login_origins(provider: &Provider) -> String {
    let authority = provider.client().authority();
    let mut origins = vec![authority.base().origin().ascii_serialization()];
    if let Some(cloud) = authority.cloud() {
        let hosts = [cloud.login_host()].into_iter().chain(cloud.login_host_aliases().iter().copied());
        origins.extend(hosts.map(|host| format!("https://{host}")));
    }
    origins.dedup();
    origins.join(" ")
}
