//! More than being signed in: a recent authentication, an authentication context, or what an API's challenge asks for.

use std::sync::Arc;
use std::time::Duration;

use aws_lc_rs::digest;
use entra_oidc::{Authority, SignInOptions, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::{
    errors::RefusalKind,
    owner::Owner,
    refusal::Refusal,
    sealing::{Purpose, Sealer},
};

/// The longest name of an authentication context. Microsoft's are `c1` to `c99`.
const LONGEST_CONTEXT: usize = 40;
/// The longest claims request, in bytes. Microsoft's are some hundred.
const LONGEST_CLAIMS: usize = 2048;

/// What a sign-in has to prove beyond who the user is.
///
/// A guard asks for it ([`require::within`](crate::require::within), [`require::acrs`](crate::require::acrs)), or a
/// handler does with [`SignedIn::step_up`](crate::SignedIn::step_up). The browser goes to the authority with it and comes
/// back with a new session; the token must hold what was asked for. Who turns back keeps the session that he has.
///
/// It travels sealed, so that no link can ask for anything of it, and for no longer than a sign-in may take (`timeout`).
///
/// ```
/// use std::time::Duration;
/// use entra_sso::StepUp;
///
/// let recently = StepUp::new().max_age(Duration::from_mins(5));
/// let strongly = StepUp::new().acrs("c1");
/// assert_ne!(recently, strongly);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[must_use]
pub struct StepUp {
    #[serde(rename = "m", default, skip_serializing_if = "Option::is_none")]
    pub(crate) max_age: Option<u64>,
    #[serde(rename = "a", default, skip_serializing_if = "Option::is_none")]
    pub(crate) acrs: Option<String>,
    #[serde(rename = "c", default, skip_serializing_if = "Option::is_none")]
    pub(crate) claims: Option<String>,
}

/// What travels in `step=`.
#[derive(Serialize, Deserialize)]
struct Sealed {
    /// Whose session asked. No other provider is asked for it.
    #[serde(rename = "o")]
    owner: Arc<Owner>,
    #[serde(rename = "d")]
    deadline: Timestamp,
    #[serde(rename = "s")]
    step: StepUp,
}

impl StepUp {
    /// Nothing but a new sign-in.
    pub const fn new() -> StepUp {
        StepUp { max_age: None, acrs: None, claims: None }
    }

    /// The user must have authenticated at most this long ago, counted in seconds; the token's `auth_time` proves it.
    pub const fn max_age(mut self, age: Duration) -> StepUp {
        self.max_age = Some(age.as_secs());
        self
    }

    /// An authentication context of Conditional Access, such as `c1`; the token's `acrs` proves it. Entra ID and
    /// External ID only.
    pub fn acrs(mut self, context: impl Into<String>) -> StepUp {
        self.acrs = Some(context.into());
        self
    }

    /// A claims request, a JSON object, as an API's challenge has it. Entra ID and External ID only.
    pub fn claims(mut self, json: impl Into<String>) -> StepUp {
        self.claims = Some(json.into());
        self
    }

    /// Whether this authority can be asked for it.
    ///
    /// # Errors
    /// E352 where it cannot, E353 for what nobody can be asked for.
    pub(crate) fn check(&self, authority: &Authority) -> Result<(), Refusal> {
        let invalid = |why: &str| Err(Refusal::new(RefusalKind::StepUpInvalid, why));
        if self.acrs.as_deref().is_some_and(|context| !is_context(context)) {
            return invalid("expected an authentication context such as `c1`");
        }
        if self.claims.as_deref().is_some_and(|json| !is_claims(json)) {
            return invalid("expected a claims request: a JSON object of at most 2 KiB");
        }
        if (self.acrs.is_some() || self.claims.is_some()) && !authority.has_directory() {
            let detail = format!("{} has neither authentication contexts nor claims challenges", authority.id());
            return Err(Refusal::new(RefusalKind::StepUpImpossible, detail));
        }
        Ok(())
    }

    /// Asks for it.
    pub(crate) fn write(self, mut ask: SignInOptions) -> SignInOptions {
        if let Some(seconds) = self.max_age {
            ask = ask.max_age(seconds);
        }
        if let Some(context) = self.acrs {
            ask = ask.acrs(context);
        }
        if let Some(claims) = self.claims {
            ask = ask.claims(claims);
        }
        ask
    }

    /// Tells one from another: a session knows by it what its sign-in was asked for.
    pub(crate) fn digest(&self) -> u64 {
        let StepUp { max_age, acrs, claims } = self;
        let digest = digest::digest(&digest::SHA256, format!("{max_age:?} {acrs:?} {claims:?}").as_bytes());
        digest.as_ref().iter().take(8).fold(0, |all, byte| all << 8 | u64::from(*byte))
    }

    /// As text, for a session of `owner`, until `deadline`.
    pub(crate) fn seal(&self, sealer: &Sealer, owner: &Arc<Owner>, deadline: Timestamp) -> Result<String, Refusal> {
        let refuse = |why: String| Refusal::new(RefusalKind::StepUpInvalid, why);
        let content = Sealed { owner: owner.clone(), deadline, step: self.clone() };
        let json = serde_json::to_vec(&content).map_err(|error| refuse(error.to_string()))?;
        sealer.seal(Purpose::StepUp, &json).map_err(|error| refuse(error.to_string()))
    }

    /// What a link asks for; none when we did not seal it for `owner`, or its deadline is over (S14).
    pub(crate) fn open(sealer: &Sealer, text: &str, owner: &Arc<Owner>, now: Timestamp) -> Option<StepUp> {
        let json = sealer.open(Purpose::StepUp, text).ok()?;
        let content: Sealed = serde_json::from_slice(&json).ok()?;
        (content.owner == *owner && now < content.deadline).then_some(content.step)
    }
}

fn is_context(context: &str) -> bool {
    (1..=LONGEST_CONTEXT).contains(&context.len()) && context.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

fn is_claims(json: &str) -> bool {
    json.len() <= LONGEST_CLAIMS && serde_json::from_str::<Map<String, Value>>(json).is_ok()
}

#[cfg(test)]
mod tests;
