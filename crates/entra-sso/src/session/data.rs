//! What a session knows.

use std::{fmt, sync::Arc, time::Duration};

use entra_oidc::{Identity, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{proof::Proof, tokens::SessionTokens};
use crate::{
    owner::Owner,
    roles::Roles,
    step_up::StepUp,
    users::{User, UserId},
};

/// For so long, what a sign-in did not prove is not asked for again.
const JUST_NOW: Duration = Duration::from_mins(1);

/// What a session knows. Written as JSON inside a sealed body; the format's number stands in front of it
/// (`session::body`). New fields get `#[serde(default)]`; a change that this cannot carry gets a new number.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct SessionData {
    /// Who made it. It counts for no other (K13).
    #[serde(flatten)]
    pub(crate) owner: Arc<Owner>,
    /// The user as he was when last looked up, without the picture.
    pub(crate) user: User,
    /// Staff in this session alone, by the staff list of its site.
    #[serde(default)]
    pub(crate) site_staff: bool,
    /// The authentication backend that chose the user.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) backend: Option<String>,
    /// The user's app roles and groups.
    #[serde(default)]
    pub(crate) roles: Roles,
    /// What the user has proved beyond who he is.
    #[serde(default)]
    pub(crate) proof: Proof,
    /// The step-up that its sign-in was asked for, by its digest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) answers: Option<u64>,
    /// Of how many rechecks of its row the session knows.
    #[serde(default)]
    pub(crate) rechecks: u64,
    /// When the user was last looked up.
    pub(crate) user_checked_at: Timestamp,
    /// Microsoft's id of its own session.
    pub(crate) sid: Option<String>,
    /// The account's `sub`, at a provider that tells of a sign-out by it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) subject: Option<String>,
    /// When the user signed in.
    pub(crate) created_at: Timestamp,
    /// Without a request for this long the session is over.
    pub(crate) idle_age: Duration,
    /// Nothing moves this deadline.
    pub(crate) absolute_deadline: Timestamp,
    /// The verified claims of the newest ID token.
    pub(crate) claims: Map<String, Value>,
    /// The newest ID token itself, where the authority asks for it at a sign-out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) id_token: Option<String>,
    /// The tokens, where they are saved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) tokens: Option<SessionTokens>,
}

impl SessionData {
    /// Whom the authority's page may assume when this user goes there again: the claim that Microsoft has for it, else
    /// the name that he signed in with. Nobody's, at another provider than the session's.
    pub(crate) fn login_hint(&self, at: &Arc<Owner>) -> Option<String> {
        let claim = |name: &str| self.claims.get(name).and_then(Value::as_str).map(str::to_owned);
        Some(()).filter(|()| self.owner == *at)?;
        claim("login_hint").or_else(|| claim("preferred_username")).or_else(|| claim("upn"))
    }

    /// Whether it is of the same user, who signed in with the same account, with `owner`.
    pub(crate) fn is_of(&self, owner: &Arc<Owner>, user: &UserId, identity: &Identity) -> bool {
        let is = |name: &str| identity.claims().get(name).is_some_and(|value| self.claims.get(name) == Some(value));
        self.owner == *owner && self.user.id == *user && is("iss") && is("sub")
    }

    /// Whether the user has proved what `step` asks for; `skew` is how far clocks may differ. A claims challenge is for
    /// another token than the session's, and so is never proved.
    pub(crate) fn has_proved(&self, step: &StepUp, skew: Duration, now: Timestamp) -> bool {
        let is_recent = |seconds| self.proof.is_within(Duration::from_secs(seconds), self.created_at, skew, now);
        step.claims.is_none()
            && step.max_age.is_none_or(is_recent)
            && step.acrs.as_deref().is_none_or(|context| self.proof.has_context(context, now))
    }

    /// Whether it comes from a sign-in that was asked for this just now: another one would bring nothing else (R6).
    pub(crate) fn just_answered(&self, step: &StepUp, now: Timestamp) -> bool {
        self.answers == Some(step.digest()) && now.since(self.created_at) < JUST_NOW
    }

    /// Whether it comes from a sign-in for that step-up which began at this time or later.
    pub(crate) fn has_answered(&self, step: u64, since: Timestamp) -> bool {
        self.answers == Some(step) && since <= self.created_at
    }

    /// The idle deadline of a session that is used now.
    pub(crate) fn idle_deadline(&self, now: Timestamp) -> Timestamp {
        now.plus(self.idle_age).min(self.absolute_deadline)
    }
}

impl fmt::Debug for SessionData {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("SessionData").field("owner", &self.owner).field("user", &self.user.id).finish_non_exhaustive()
    }
}
