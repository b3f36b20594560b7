//! The one place where a session begins.

use entra_oidc::{AccountKind, Identity};
use http::request::Parts;

use crate::{
    audit,
    context::Context,
    owner::Owner,
    refusal::Refusal,
    session::{SessionId, data::SessionData},
    sign_in::provision::Provisioned,
    site::Site,
    store_error::StoreError,
    users::User,
    visit::Visit,
};

/// A new session with a new id, whatever the browser brought; the session it had before is over.
///
/// # Errors
/// E320 when the session store does not answer.
pub(crate) async fn establish(
    visit: &Visit,
    parts: &Parts,
    owner: &Owner,
    provisioned: Provisioned,
) -> Result<(), Refusal> {
    let (context, site) = (visit.context(), visit.site(parts)?);
    let cookies = visit.cookies(visit.origin(parts)?);
    if let Some(before) = cookies.session(&parts.headers) {
        context.sessions.end(&before).await?;
    }
    let new = provisioned.is_new();
    let (identity, user) = provisioned.into_parts();
    let claims = identity.claims().iter().map(|(name, value)| (name.to_owned(), value.clone())).collect();
    let user_id = user.id.clone();
    let id = begin(context, site, owner, user, claims, session_at(&identity)).await?;
    visit.set_cookie(cookies.set_session(&id, site.settings.session_cookie_age));
    audit::signed_in(&user_id, new, owner);
    Ok(())
}

/// The session itself, without a browser: also how a test of an application signs somebody in.
pub(crate) async fn begin(
    context: &Context,
    site: &Site,
    owner: &Owner,
    user: User,
    claims: serde_json::Map<String, serde_json::Value>,
    sid: Option<String>,
) -> Result<SessionId, StoreError> {
    let settings = &site.settings;
    let now = context.clock.now();
    let data = SessionData {
        owner: owner.clone(),
        user,
        site_staff: false,
        backend: None,
        rechecks: 0,
        user_checked_at: now,
        sid,
        created_at: now,
        idle_age: settings.idle_age(),
        absolute_deadline: now.plus(settings.session_cookie_age),
        claims,
    };
    context.sessions.begin(data, now).await
}

/// The session at the authority, as a sign-out there will name it. What Microsoft calls `session_state` is the same thing;
/// elsewhere it is another (`OpenID` Connect Session Management 1.0 section 3).
fn session_at(identity: &Identity) -> Option<String> {
    let sid = match identity.account().kind() {
        AccountKind::OpenId => identity.claims().sid(),
        _ => identity.session_id(),
    };
    sid.map(str::to_owned)
}
