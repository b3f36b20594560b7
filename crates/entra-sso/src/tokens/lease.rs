//! One refresh of a session's tokens at a time, whichever replica makes it.
//!
//! A refresh token may be good for one use, and who uses it twice may lose all that came of the sign-in. In a process
//! [`InFlight`](crate::in_flight::InFlight) makes one call of many; between processes it is a mark beside the sessions, by the hash of the
//! refresh token. Who has not got it waits for what the other one stores.

use std::time::Duration;

use entra_oidc::{Secret, Timestamp};
use tokio::time::{MissedTickBehavior, interval};

use crate::{
    context::Context,
    refreshes::failure::Failure,
    session::{Mark, SessionId},
    store_error::StoreError,
};

/// So long beyond Microsoft's own time limit it may take to store what came.
const TO_STORE: Duration = Duration::from_secs(5);
/// So often the record is looked at while another replica is at it.
const LOOK_EVERY: Duration = Duration::from_millis(100);
/// And at most so often.
const LOOKS: usize = 600;

/// The right to use a refresh token, for a time.
pub(super) struct Lease(Option<String>);

impl Lease {
    /// Takes it, unless another replica has it. A replica that died leaves it until its deadline.
    pub(super) async fn take(context: &Context, token: &Secret) -> Result<Option<Lease>, StoreError> {
        if context.sessions.in_process() {
            return Ok(Some(Lease::unneeded()));
        }
        let name = format!("refresh {}", token.expose());
        let mark = context.once.hold(&name, deadline(context)).await?;
        Ok((mark == Mark::First).then_some(Lease(Some(name))))
    }

    /// For who has waited for as long as another replica may have it.
    pub(super) fn unneeded() -> Lease {
        Lease(None)
    }

    /// The token was not used up: the next one may try.
    pub(super) async fn give_back(self, context: &Context) {
        let Some(name) = self.0 else { return };
        if let Err(error) = context.once.give_back(&name).await {
            tracing::warn!("a refresh that failed could not be given back, others wait for it: {error}");
        }
    }
}

/// Waits until the session has another refresh token than this one. Says whether it has; else the other replica's time is over.
///
/// # Errors
/// The session has ended, or the store does not answer.
pub(super) async fn another_is_stored(context: &Context, id: &SessionId, token: &Secret) -> Result<bool, Failure> {
    let deadline = deadline(context);
    let mut look = interval(LOOK_EVERY);
    look.set_missed_tick_behavior(MissedTickBehavior::Delay);
    // A clock that stands still ends it too.
    for _ in 0..LOOKS {
        look.tick().await;
        if context.clock.now() >= deadline {
            break;
        }
        let loaded = context.sessions.load(id, context.clock.now()).await?.ok_or(Failure::SignedOut)?;
        let tokens = loaded.data().tokens.as_ref().ok_or(Failure::Missing)?;
        if tokens.main().tokens().refresh_token().is_none_or(|now| now.expose() != token.expose()) {
            return Ok(true);
        }
    }
    Ok(false)
}

fn deadline(context: &Context) -> Timestamp {
    context.clock.now().plus(context.settings.http_timeout + TO_STORE)
}
