//! The one place where a session begins.

use std::sync::Arc;

use entra_oidc::{AccountKind, Identity};
use http::request::Parts;
use serde_json::{Map, Value};

use crate::{
    audit,
    context::Context,
    metrics::{labels::Ended, record},
    owner::Owner,
    refusal::Refusal,
    roles::Roles,
    session::{SessionId, data::SessionData, proof::Proof, tokens::SessionTokens},
    sign_in::accept::Accepted,
    site::Site,
    store_error::StoreError,
    users::{User, UserLookup},
    visit::Visit,
};

/// A new session with a new id, whatever the browser brought; the session it had before is over.
///
/// # Errors
/// E320 when the session store does not answer.
pub(crate) async fn establish(
    visit: &Visit,
    parts: &Parts,
    owner: &Arc<Owner>,
    accepted: &Accepted,
) -> Result<(), Refusal> {
    let (context, site) = (visit.context(), visit.site(parts)?);
    let cookies = visit.cookies(visit.origin(parts)?);
    let before = visit.session(parts).await?;
    if let Some(before) = visit.brought(parts)?
        && context.sessions.end(&before).await?
    {
        record::sessions_ended(Ended::Replaced, 1);
    }
    let keeps_tokens = context.settings.save_access_token;
    let claims = accepted.identity.claims().iter();
    let before = before.filter(|before| before.is_of(owner, &accepted.user.id, &accepted.identity));
    let beginning = Beginning {
        owner,
        user: accepted.user.clone(),
        site_staff: accepted.site_staff,
        backend: accepted.backend.clone(),
        roles: accepted.roles.clone(),
        earlier: before.map(|before| before.proof.clone()),
        answers: accepted.answers,
        sid: session_at(&accepted.identity),
        subject: subject_at(&accepted.identity),
        claims: claims.map(|(name, value)| (name.to_owned(), value.clone())).collect(),
        id_token: accepted.identity.id_token().map(|token| token.expose().to_owned()),
        tokens: if keeps_tokens { SessionTokens::new(&accepted.tokens, context.clock.now()) } else { None },
    };
    let id = begin(context, site, beginning).await?;
    visit.set_cookie(cookies.set_session(&id, site.settings.session_cookie_age));
    audit::signed_in(&accepted.user.id, accepted.new, owner);
    if accepted.answers.is_some() {
        audit::stepped_up(&accepted.user.id, owner);
    }
    Ok(())
}

/// What a session begins with.
pub(crate) struct Beginning<'a> {
    pub(crate) owner: &'a Arc<Owner>,
    pub(crate) user: User,
    pub(crate) site_staff: bool,
    pub(crate) backend: Option<String>,
    pub(crate) roles: Roles,
    /// What the session before this one proved of the same user.
    pub(crate) earlier: Option<Proof>,
    /// The step-up that its sign-in was asked for.
    pub(crate) answers: Option<u64>,
    pub(crate) sid: Option<String>,
    pub(crate) subject: Option<String>,
    pub(crate) claims: Map<String, Value>,
    pub(crate) id_token: Option<String>,
    pub(crate) tokens: Option<SessionTokens>,
}

/// The session itself, without a browser: also how a test of an application signs somebody in.
pub(crate) async fn begin(context: &Context, site: &Site, beginning: Beginning<'_>) -> Result<SessionId, StoreError> {
    let settings = &site.settings;
    let now = context.clock.now();
    let absolute_deadline = now.plus(settings.session_cookie_age);
    let directory = site.provider_of(beginning.owner).is_some_and(|own| own.client().authority().has_directory());
    let proof = Proof::of(&beginning.claims, directory, absolute_deadline);
    let proof = proof.after(&beginning.earlier.unwrap_or_default(), now);
    let data = SessionData {
        owner: beginning.owner.clone(),
        user: beginning.user,
        site_staff: beginning.site_staff,
        backend: beginning.backend,
        roles: beginning.roles,
        proof,
        answers: beginning.answers,
        rechecks: 0,
        user_checked_at: now,
        sid: beginning.sid,
        subject: beginning.subject,
        created_at: now,
        idle_age: settings.idle_age(),
        absolute_deadline,
        claims: beginning.claims,
        id_token: beginning.id_token,
        tokens: beginning.tokens,
    };
    let user = data.user.clone();
    let id = context.sessions.begin(data, now).await?;
    // Whoever changed the user while he signed in could not find this session yet: then its first request reads him again (F-55).
    // Reading him here, where nobody did, spares that request the write of what it read.
    let is_same = matches!(context.users.find(UserLookup::Id(user.id.clone())).await, Ok(Some(now)) if now == user);
    if !is_same && let Err(error) = context.sessions.recheck(&id).await {
        // Nobody has been told its id.
        let _ended = context.sessions.end(&id).await;
        return Err(error);
    }
    Ok(id)
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

/// The account, as a sign-out at a standard provider may name it. Microsoft tells of none by it.
fn subject_at(identity: &Identity) -> Option<String> {
    let account = identity.account();
    (account.kind() == AccountKind::OpenId).then(|| account.subject().to_owned())
}
