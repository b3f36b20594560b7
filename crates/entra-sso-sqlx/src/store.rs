//! What is in one database: users, sessions, and facts about itself.

use std::{future::Future, sync::Arc};

use entra_sso::{StoreError, oidc::Clock};
use tokio::time::timeout;

use crate::{backend::Backend, connections::Connections, facts::Facts, sessions::Sessions, users::Users};

/// The tables of one of the two databases.
pub(crate) struct Store<B: Backend> {
    pub(crate) users: Users<B>,
    pub(crate) sessions: Sessions<B>,
    pub(crate) facts: Facts<B>,
    connections: Arc<Connections<B>>,
}

impl<B: Backend> Store<B> {
    /// Through these connections; the tables are there already.
    pub(crate) fn new(connections: Connections<B>) -> Self {
        Self::over(Arc::new(connections), Clock::system())
    }

    /// The same, and sessions expire by this clock.
    pub(crate) fn with_clock(&self, clock: Clock) -> Self {
        Self::over(self.connections.clone(), clock)
    }

    pub(crate) async fn close(&self) {
        self.connections.close().await;
    }

    /// Waits as long as the database has patience for: a network can swallow an answer.
    pub(crate) async fn in_time<T>(
        &self,
        answer: impl Future<Output = Result<T, StoreError>>,
    ) -> Result<T, StoreError> {
        match B::PATIENCE {
            None => answer.await,
            Some(patience) => {
                timeout(patience, answer).await.unwrap_or_else(|_| Err(StoreError::new("the database does not answer")))
            }
        }
    }

    fn over(connections: Arc<Connections<B>>, clock: Clock) -> Self {
        Self {
            users: Users::new(connections.clone()),
            sessions: Sessions::new(connections.clone(), clock),
            facts: Facts::new(connections.clone()),
            connections,
        }
    }
}
