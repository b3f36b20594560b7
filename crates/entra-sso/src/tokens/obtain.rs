//! A token that is good now: the session's own, or one that is waited for.

use std::{ops::Range, sync::Arc};

use entra_oidc::Timestamp;

use super::{
    error::TokenError,
    holder::Holder,
    refresh::{PAUSE, refresh},
};
use crate::{
    audit,
    context::Context,
    in_flight::Turn,
    metrics::{
        labels::{self, Ended},
        record,
    },
    refreshes::{
        access_token::AccessToken,
        failure::Failure,
        wanted::{Standing, Wanted},
    },
    session::{SessionId, data::SessionData},
};

/// So many other calls for one session are waited for before one's own.
const OTHERS: usize = 32;

/// The token that is wanted, good now, for who asks; what cannot be wanted is refused.
pub(crate) async fn token(holder: &Holder, wanted: Result<Wanted, Failure>) -> Result<AccessToken, TokenError> {
    let found = match wanted {
        Ok(wanted) => find(holder, &wanted).await,
        Err(failure) => Err(failure),
    };
    found.map_err(|failure| TokenError::new(failure, holder.clone()))
}

async fn find(holder: &Holder, wanted: &Wanted) -> Result<AccessToken, Failure> {
    if let Some((context, id)) = holder.here() {
        return obtain(context, id, holder.session(), wanted).await;
    }
    // Without a request, as in a test of a handler: what the session has.
    let tokens = holder.session().tokens.as_ref().ok_or(Failure::NotSaved)?;
    wanted.in_session(tokens).ok_or(Failure::Over)
}

/// One that is due is good, and a new one is got meanwhile; one that is over, or was never there,
/// is waited for.
async fn obtain(
    context: &Arc<Context>,
    id: &SessionId,
    data: &SessionData,
    wanted: &Wanted,
) -> Result<AccessToken, Failure> {
    let Some(tokens) = &data.tokens else {
        return Err(if context.settings.save_access_token { Failure::Missing } else { Failure::NotSaved });
    };
    match wanted.standing(tokens, context.clock.now()) {
        Standing::Fresh(token) => Ok(token),
        Standing::Due(token) => {
            let _ = turn(context, id, wanted);
            Ok(token)
        }
        Standing::Over => wait(context, id, wanted).await,
    }
}

/// Begins a refresh of the sign-in's token when it is due. Nobody waits, but for a session that must not outlive its token.
///
/// # Errors
/// With `session_ends_with_token`: the token is over and there is no new one. The session has ended.
pub(crate) async fn keep_fresh(
    context: &Arc<Context>,
    id: &SessionId,
    data: &SessionData,
) -> Result<Freshness, Failure> {
    let Some(tokens) = &data.tokens else { return Ok(Freshness::AsLoaded) };
    match Wanted::SignIn.standing(tokens, context.clock.now()) {
        Standing::Fresh(_) => Ok(Freshness::AsLoaded),
        Standing::Over if context.settings.session_ends_with_token => match wait(context, id, &Wanted::SignIn).await {
            Ok(_) => Ok(Freshness::Renewed),
            // A store that is away says nothing of the token.
            Err(failure @ (Failure::Store(_) | Failure::Unstored(_))) => Err(failure),
            Err(failure) => {
                if context.sessions.end(id).await? {
                    audit::session_ended(&data.user.id, &data.owner, Ended::TokenOver);
                }
                Err(failure)
            }
        },
        _ if tokens.main().tokens().refresh_token().is_some() => {
            let _ = turn(context, id, &Wanted::SignIn);
            Ok(Freshness::AsLoaded)
        }
        _ => Ok(Freshness::AsLoaded),
    }
}

/// Whether the session is still what was loaded.
pub(crate) enum Freshness {
    AsLoaded,
    Renewed,
}

async fn wait(context: &Arc<Context>, id: &SessionId, wanted: &Wanted) -> Result<AccessToken, Failure> {
    for _ in 0..OTHERS {
        match turn(context, id, wanted) {
            Turn::Wait(outcome) => return outcome.await.unwrap_or(Err(Failure::Broken)),
            Turn::After(other) => drop(other.await),
            Turn::Paused(failed) => return failed,
        }
    }
    Err(Failure::Broken)
}

/// The call that is made for it now, in a task of its own.
fn turn(context: &Arc<Context>, id: &SessionId, wanted: &Wanted) -> Turn<Result<AccessToken, Failure>> {
    context.refreshes.turn(id.key(), wanted, context.clock.now(), || {
        let (context, id, wanted) = (context.clone(), id.clone(), wanted.clone());
        async move {
            let outcome = refresh(&context, &id, &wanted).await;
            count(&wanted, &outcome);
            let pause = outcome.as_ref().err().and_then(|failure| pause(failure, context.clock.now()));
            (outcome, pause)
        }
    })
}

fn count(wanted: &Wanted, outcome: &Result<AccessToken, Failure>) {
    let wanted = match wanted {
        Wanted::SignIn => labels::Wanted::SignIn,
        Wanted::Api(_) => labels::Wanted::Api,
    };
    record::refreshed(wanted, counted(outcome.as_ref().err()));
}

fn counted(failure: Option<&Failure>) -> labels::Refresh {
    match failure {
        None => labels::Refresh::Refreshed,
        Some(Failure::SignedOut) => labels::Refresh::SignedOut,
        Some(Failure::Unstored(_)) => labels::Refresh::NotStored,
        Some(_) => labels::Refresh::Failed,
    }
}

/// From when to when nobody asks again. What needs no network needs no pause.
fn pause(failure: &Failure, now: Timestamp) -> Option<Range<Timestamp>> {
    match failure {
        Failure::Protocol(error) => {
            tracing::warn!("a token could not be refreshed: {error}");
            Some(now..now.plus(error.retry_after().unwrap_or_default().max(PAUSE)))
        }
        Failure::Unstored(cause) => {
            tracing::error!("a refreshed token could not be stored: {cause}");
            Some(now..now.plus(PAUSE))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn f81_a_refresh_is_not_stored_when_new_tokens_came_and_the_store_did_not_keep_them() {
        for (failure, expected) in [
            (None, labels::Refresh::Refreshed),
            (Some(Failure::SignedOut), labels::Refresh::SignedOut),
            (Some(Failure::Over), labels::Refresh::Failed),
            (Some(Failure::Store("nothing was asked of Microsoft".to_owned())), labels::Refresh::Failed),
            (Some(Failure::Unstored("Microsoft gave".to_owned())), labels::Refresh::NotStored),
        ] {
            assert_eq!(counted(failure.as_ref()), expected, "{failure:?}");
        }
    }
}
