//! The store.

use std::{fmt, sync::Arc, time::Duration};

use entra_sso::{
    StoreError,
    oidc::{Clock, Timestamp},
};
use redis::{Cmd, FromRedisValue};

use crate::{connections::Connections, fault::Fault, keys::Keys, request::Request};

/// Nothing is kept for longer, whatever its deadline says.
const LONGEST: Duration = Duration::from_hours(10 * 365 * 24);

/// Sessions and used sign-ins in Redis. Clones share one connection.
#[derive(Clone)]
pub struct RedisStore {
    connections: Arc<Connections>,
    pub(crate) keys: Keys,
    clock: Clock,
}

impl RedisStore {
    /// The same store that lives by this clock; the system's unless it is said.
    #[must_use]
    pub fn with_clock(self, clock: Clock) -> Self {
        Self { clock, ..self }
    }

    /// The same store with keys that begin with `{name}:`, for a Redis that several applications share. The default name is
    /// `entra-sso`, for an empty one too; braces in it are left out.
    #[must_use]
    pub fn with_prefix(self, name: &str) -> Self {
        Self { keys: Keys::new(name), ..self }
    }

    /// Asks the server whether it is there. It changes nothing.
    ///
    /// # Errors
    /// When it does not answer.
    pub async fn ping(&self) -> Result<(), StoreError> {
        self.ask(Request::Plain(Cmd::new().arg("PING").to_owned())).await
    }

    pub(crate) fn new(connections: Connections) -> Self {
        Self { connections: Arc::new(connections), keys: Keys::new("entra-sso"), clock: Clock::system() }
    }

    pub(crate) async fn ask<T: FromRedisValue>(&self, request: Request) -> Result<T, StoreError> {
        let answer = self.connections.ask(&request).await.map_err(Fault::into_store_error)?;
        T::from_redis_value(answer)
            .map_err(|_| StoreError::corrupt("an answer of Redis has another form than it must have"))
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// For how many seconds something lives that is over at this moment: one at least, since Redis takes nothing that is over.
    pub(crate) fn seconds_until(&self, deadline: Timestamp) -> u64 {
        deadline.since(self.now()).clamp(Duration::from_secs(1), LONGEST).as_secs()
    }
}

impl fmt::Debug for RedisStore {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("RedisStore")
            .field("server", &self.connections.server())
            .field("keys", &self.keys)
            .finish_non_exhaustive()
    }
}

/// The longest life of a key, for scripts that reckon it themselves.
pub(crate) fn longest() -> u64 {
    LONGEST.as_secs()
}
