//! Which sign-ins have been used.

use entra_sso::{StoreError, oidc::Timestamp, session::Mark};

use super::{Sessions, queries};
use crate::{
    backend::{Backend, Statements as _},
    connections::away,
};

impl<B: Backend> Sessions<B> {
    /// Never done a second time: whoever does not hear that he was the first must not hear that he was not.
    pub(crate) async fn mark(&self, state: [u8; 32], until: Timestamp) -> Result<Mark, StoreError> {
        let mut lent = self.connections.lend().await?;
        let marked = lent.rows(queries::MARK, vec![state.as_slice().into(), until.unix().into()]).await;
        if marked.is_ok() {
            self.mark_sweep.go_on(&mut lent, B::SWEEP_MARKS, self.clock.now()).await;
        }
        lent.give_back();
        Ok(if marked.map_err(away)?.is_empty() { Mark::Again } else { Mark::First })
    }

    pub(crate) async fn forget(&self, state: [u8; 32]) -> Result<(), StoreError> {
        self.write(queries::FORGET, vec![state.as_slice().into()]).await.map(drop)
    }
}
