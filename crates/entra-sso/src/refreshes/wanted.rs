use std::{sync::Arc, time::Duration};

use entra_oidc::Timestamp;

use super::{access_token::AccessToken, failure::Failure};
use crate::{
    session::tokens::{Kept, SessionTokens},
    set_back::was_set_back,
};

/// A token is due so long before it is over, or when Microsoft says so.
const BEFORE: Duration = Duration::from_mins(5);
/// The most scopes that one token is asked for.
const MOST_SCOPES: usize = 20;

/// Which of a session's tokens is wanted.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Wanted {
    /// That of the sign-in.
    SignIn,
    /// One for these scopes, in order, each once.
    Api(Arc<str>),
}

/// How a token stands now.
pub(crate) enum Standing {
    Fresh(AccessToken),
    /// Still good, and time for a new one.
    Due(AccessToken),
    /// Over, or not there.
    Over,
}

impl Wanted {
    /// One for these scopes.
    ///
    /// # Errors
    /// [`Failure::Scopes`] when they are no scopes, or too many.
    pub(crate) fn api<'a>(scopes: impl IntoIterator<Item = &'a str>) -> Result<Wanted, Failure> {
        let mut scopes: Vec<&str> = scopes.into_iter().collect();
        scopes.sort_unstable();
        scopes.dedup();
        let is_scope = |scope: &&str| !scope.is_empty() && scope.bytes().all(|byte| byte.is_ascii_graphic());
        let sound = (1..=MOST_SCOPES).contains(&scopes.len()) && scopes.iter().all(is_scope);
        if sound { Ok(Wanted::Api(scopes.join(" ").into())) } else { Err(Failure::Scopes) }
    }

    pub(crate) fn standing(&self, tokens: &SessionTokens, now: Timestamp) -> Standing {
        let Some(kept) = self.find(tokens) else { return Standing::Over };
        let tokens = kept.tokens();
        let left = tokens.expires_at().since(now);
        match AccessToken::of(tokens) {
            Some(token) if !left.is_zero() => {
                let asked_for = tokens.refresh_at().is_some_and(|refresh_at| now >= refresh_at);
                // One that lives for minutes only is not always due; one that came in the future may be over at Microsoft.
                let due = asked_for || left <= BEFORE.min(kept.life() / 2) || was_set_back(kept.received_at(), now);
                if due { Standing::Due(token) } else { Standing::Fresh(token) }
            }
            _ => Standing::Over,
        }
    }

    /// Whatever the session has, good or not.
    pub(crate) fn in_session(&self, tokens: &SessionTokens) -> Option<AccessToken> {
        AccessToken::of(self.find(tokens)?.tokens())
    }

    fn find<'a>(&self, tokens: &'a SessionTokens) -> Option<&'a Kept> {
        match self {
            Wanted::SignIn => Some(tokens.main()),
            Wanted::Api(scopes) => tokens.other(scopes),
        }
    }
}
