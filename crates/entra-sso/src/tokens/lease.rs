//! One refresh of a session's tokens at a time, whichever replica makes it.
//!
//! A refresh token may be good for one use, and who uses it twice may lose all that came of the sign-in. In a process
//! [`InFlight`](crate::in_flight::InFlight) makes one call of many; between processes it is a mark beside the sessions, by the hash of the
//! refresh token. Who has not got it waits for what the other one stores. Of those who waited in vain one goes on, by a second mark.

use std::time::Duration;

use entra_oidc::{Secret, TokenSet};
use tokio::time::{MissedTickBehavior, interval};

use crate::{
    context::Context,
    refreshes::failure::Failure,
    session::{Mark, SessionId, tokens::SessionTokens},
    store_error::StoreError,
};

/// Who waits for the token does not wait longer than this for a store that is to keep what came.
pub(super) const TO_WRITE: Duration = Duration::from_secs(10);
/// So often the record is looked at while another replica is at it.
const LOOK_EVERY: Duration = Duration::from_millis(100);
/// And so many looks come between two tries to take the lease: it may have been given back.
const LOOKS_FOR_A_TRY: u128 = 10;
/// What the marks are for: who comes first, and who goes on when that one never came back.
const TURNS: [&str; 2] = ["refresh", "refresh 2"];

/// The right to use a refresh token, for a time.
pub(super) struct Lease {
    token: Secret,
    /// None in a process alone.
    mark: Option<String>,
}

enum Waited {
    OthersAreStored,
    Taken(Lease),
    InVain,
}

impl Lease {
    /// Takes it, unless another replica has it. One that died leaves it until its deadline; where a mark stays until it is swept
    /// (SQL), until then.
    pub(super) async fn take(context: &Context, token: &Secret) -> Result<Option<Lease>, StoreError> {
        if context.sessions.in_process() {
            return Ok(Some(Lease { token: token.clone(), mark: None }));
        }
        Lease::marked(context, token, TURNS[0]).await
    }

    /// For who has not got it: waits until the session has other tokens than these (None), or until it can be had.
    ///
    /// # Errors
    /// The session has ended, the store does not answer, or nobody who has it comes back.
    pub(super) async fn wait(
        context: &Context,
        id: &SessionId,
        tokens: &SessionTokens,
    ) -> Result<Option<Lease>, Failure> {
        for turn in TURNS {
            match waited(context, id, tokens, turn).await? {
                Waited::OthersAreStored => return Ok(None),
                Waited::Taken(lease) => return Ok(Some(lease)),
                Waited::InVain => {}
            }
        }
        Err(Failure::Store("other replicas refresh this session's tokens, and none has stored new ones".to_owned()))
    }

    /// Whether it is for this refresh token.
    pub(super) fn is_for(&self, token: &Secret) -> bool {
        self.token.expose() == token.expose()
    }

    /// Whether its refresh token is over: these came for it, with another one.
    pub(super) fn is_used_up(&self, came: &TokenSet) -> bool {
        came.refresh_token().is_none_or(|next| !self.is_for(next))
    }

    /// The token was not used up: the next one may try.
    pub(super) async fn give_back(self, context: &Context) {
        let Some(mark) = self.mark else { return };
        if let Err(error) = context.once.give_back(&mark).await {
            tracing::warn!("the turn to use a refresh token could not be given back, others wait for it: {error}");
        }
    }

    async fn marked(context: &Context, token: &Secret, turn: &str) -> Result<Option<Lease>, StoreError> {
        let name = format!("{turn} {}", token.expose());
        let mark = context.once.hold(&name, context.clock.now().plus(longest(context))).await?;
        Ok((mark == Mark::First).then(|| Lease { token: token.clone(), mark: Some(name) }))
    }
}

/// Waits for as long as who has the lease for this turn may have it.
async fn waited(context: &Context, id: &SessionId, tokens: &SessionTokens, turn: &str) -> Result<Waited, Failure> {
    let token = tokens.main().tokens().refresh_token().ok_or(Failure::Over)?;
    let deadline = context.clock.now().plus(longest(context));
    let mut look = interval(LOOK_EVERY);
    look.set_missed_tick_behavior(MissedTickBehavior::Delay);
    // A clock that stands still ends it too.
    for number in 0..=longest(context).as_millis() / LOOK_EVERY.as_millis() {
        look.tick().await;
        let now = context.clock.now();
        if now >= deadline {
            break;
        }
        let loaded = context.sessions.load(id, now).await?.ok_or(Failure::SignedOut)?;
        if loaded.data().tokens.as_ref() != Some(tokens) {
            return Ok(Waited::OthersAreStored);
        }
        if number % LOOKS_FOR_A_TRY == 0
            && let Some(lease) = Lease::marked(context, token, turn).await?
        {
            return Ok(Waited::Taken(lease));
        }
    }
    Ok(Waited::InVain)
}

/// How long a refresh may take: the metadata, the token call and the keys for its ID token; then groups from Graph, and the store.
fn longest(context: &Context) -> Duration {
    context.settings.http_timeout * 3 + context.settings.graph_timeout + TO_WRITE
}
