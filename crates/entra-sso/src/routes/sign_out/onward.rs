//! Where the browser goes after a sign-out (`OpenID` Connect RP-Initiated Logout 1.0).

use std::sync::Arc;

use entra_oidc::{EndSession, EntraClient, Guid, Secret, Timestamp};
use http::request::Parts;
use serde_json::Value;
use url::Url;

use crate::{session::data::SessionData, visit::Visit};

/// On to the provider that began the session, or home when that is not asked for or cannot be.
pub(super) async fn address(visit: &Visit, parts: &Parts, session: Option<Arc<SessionData>>) -> String {
    let settings = &visit.site_or_default(parts).settings;
    let there = match session.filter(|_| settings.slo_enabled) {
        Some(session) => end_session_url(visit, parts, &session).await,
        None => None,
    };
    there.map_or_else(|| settings.logout_redirect_path.clone(), Into::into)
}

/// The end-session endpoint of the session's own provider; none for a session of another site, or where there is no
/// such endpoint.
async fn end_session_url(visit: &Visit, parts: &Parts, session: &SessionData) -> Option<Url> {
    let site = visit.site(parts).ok()?;
    let provider = site.provider_of(&session.owner)?;
    let home = visit.origin(parts).ok()?.url(&site.settings.logout_redirect_path);
    let client = provider.client();
    let ask = hinted(EndSession::new().post_logout_redirect_uri(home), client, session, visit.context().clock.now());
    let url = client.end_session_url(ask).await;
    url.inspect_err(|error| tracing::warn!("signed out here, and not at {}: {error}", provider.owner())).ok()
}

/// With what tells the provider whose sign-out it is: Entra takes the claim `login_hint`, and the user's tenant; the
/// others the ID token. B2C shows an error for one that is over, and without one it asks nobody.
fn hinted(ask: EndSession, client: &EntraClient, session: &SessionData, now: Timestamp) -> EndSession {
    let authority = client.authority();
    let claim = |name: &str| session.claims.get(name).and_then(Value::as_str);
    if authority.wants_id_token_hint() {
        let is_over = session.claims.get("exp").and_then(Value::as_i64).is_none_or(|exp| exp <= now.unix());
        let refused = authority.is_microsoft() && is_over;
        return match session.id_token.as_ref().filter(|_| !refused) {
            Some(id_token) => ask.id_token_hint(Secret::new(id_token.as_str())),
            None => ask,
        };
    }
    let ask = match claim("tid").and_then(|tenant| Guid::parse(tenant).ok()) {
        Some(tenant) => ask.tenant(tenant),
        None => ask,
    };
    match claim("login_hint") {
        Some(hint) => ask.logout_hint(hint),
        None => ask,
    }
}
