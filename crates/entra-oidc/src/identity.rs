//! Who has signed in.

use std::fmt;

use serde_json::Value;

use crate::{
    account::AccountKey,
    end_session::EndSession,
    guid::Guid,
    provider::{Authority, Membership},
    secret::Secret,
    sign_in::AuthorizationCode,
    token::{Claims, VerifiedIdToken},
};

/// Somebody who has proved who he is. Only made from an ID token that has passed every check.
#[derive(Clone)]
pub struct Identity {
    account: AccountKey,
    claims: Claims,
    session_id: Option<String>,
    authority_id: String,
    membership: Membership,
    id_token: Option<Secret>,
}

impl Identity {
    pub(crate) fn new(token: VerifiedIdToken, code: &AuthorizationCode, authority: &Authority) -> Self {
        Self::with_session(token, code.session_state(), authority)
    }

    /// The same person, as a later token describes him.
    pub(crate) fn refreshed(token: VerifiedIdToken, authority: &Authority) -> Self {
        Self::with_session(token, None, authority)
    }

    fn with_session(token: VerifiedIdToken, session_state: Option<&str>, authority: &Authority) -> Self {
        let (account, claims) = token.into_parts();
        let session_id = claims.sid().or(session_state).filter(|id| is_session_id(id)).map(str::to_owned);
        Self {
            account,
            claims,
            session_id,
            authority_id: authority.id(),
            membership: authority.membership(),
            id_token: None,
        }
    }

    /// With the token itself, where a sign-out will ask for it.
    pub(crate) fn with_id_token(self, id_token: Secret, authority: &Authority) -> Self {
        let kept = authority.wants_id_token_hint() && id_token.expose().len() <= EndSession::LONGEST_ID_TOKEN;
        Self { id_token: kept.then_some(id_token), ..self }
    }

    /// The key to store the user under.
    #[must_use]
    pub const fn account(&self) -> &AccountKey {
        &self.account
    }

    /// What the token says.
    #[must_use]
    pub const fn claims(&self) -> &Claims {
        &self.claims
    }

    /// `iss`.
    #[must_use]
    pub fn issuer(&self) -> &str {
        self.claims.issuer()
    }

    /// The session at Microsoft, which front-channel sign-out names: `sid`, else `session_state`.
    #[must_use]
    pub fn session_id(&self) -> Option<&str> {
        self.session_id.as_deref()
    }

    /// The ID token as it came, for [`EndSession::id_token_hint`]: where the authority
    /// [wants it](Authority::wants_id_token_hint), and up to 4 KiB. It proves nothing any more, and is a secret all the same.
    #[must_use]
    pub const fn id_token(&self) -> Option<&Secret> {
        self.id_token.as_ref()
    }

    /// [`Authority::id`] of the authority that vouches for this.
    #[must_use]
    pub fn authority_id(&self) -> &str {
        &self.authority_id
    }

    /// Whether there is any sign of a guest: `acct` is 1, at Entra ID another identity provider than the issuer, or a
    /// user name with `#EXT#`. In doubt, yes. Customers bring identity providers of their own and are no guests for it; a
    /// standard provider has no guests, and these claims mean nothing there.
    #[must_use]
    pub fn is_guest(&self) -> bool {
        if self.membership == Membership::None {
            return false;
        }
        let elsewhere = |idp: &Value| idp.as_str() != Some(self.issuer());
        let claims = &self.claims;
        let external = |name: Option<&str>| name.is_some_and(|name| name.to_ascii_uppercase().contains("#EXT#"));
        claims.get("acct").is_some_and(|_| claims.acct() != Some(0))
            || (self.membership == Membership::Managed && claims.get("idp").is_some_and(elsewhere))
            || external(claims.upn())
            || external(claims.preferred_username())
            || external(claims.str("unique_name"))
    }

    /// Whether it is a personal Microsoft account. One that is a guest in a tenant is a guest, not this.
    #[must_use]
    pub fn is_personal(&self) -> bool {
        self.claims.tenant_id() == Some(Guid::PERSONAL_ACCOUNTS)
    }
}

/// Microsoft's are GUIDs. `session_state` comes unsigned through the browser, so nothing long or odd is kept.
fn is_session_id(text: &str) -> bool {
    (1..=128).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic())
}

/// By what was verified; the token that said it is no part of who somebody is.
impl PartialEq for Identity {
    fn eq(&self, other: &Self) -> bool {
        self.account == other.account
            && self.claims == other.claims
            && self.session_id == other.session_id
            && self.authority_id == other.authority_id
            && self.membership == other.membership
    }
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Identity")
            .field("account", &self.account)
            .field("authority_id", &self.authority_id)
            .field("claims", &self.claims)
            .finish_non_exhaustive()
    }
}
