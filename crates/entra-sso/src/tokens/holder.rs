use std::sync::Arc;

use crate::{
    rejection::{Rejection, asker::Asker},
    session::data::SessionData,
    step_up::StepUp,
};

use super::{access_token::AccessToken, error::TokenError, failure::Failure, obtain::obtain, wanted::Wanted};

/// The session of one request, and who asked.
#[derive(Clone)]
pub(crate) struct Holder {
    session: Arc<SessionData>,
    asker: Arc<Asker>,
}

impl Holder {
    pub(crate) fn new(session: Arc<SessionData>, asker: Arc<Asker>) -> Holder {
        Holder { session, asker }
    }

    pub(super) fn session(&self) -> &SessionData {
        &self.session
    }

    pub(super) fn asker(&self) -> &Asker {
        &self.asker
    }

    /// The token that is wanted, good now.
    pub(crate) async fn token(&self, wanted: &Wanted) -> Result<AccessToken, TokenError> {
        self.find(wanted).await.map_err(|failure| TokenError::new(failure, self.clone()))
    }

    /// The same; `None` is what cannot be wanted.
    pub(crate) async fn token_of(&self, wanted: Option<Wanted>) -> Result<AccessToken, TokenError> {
        match wanted {
            Some(wanted) => self.token(&wanted).await,
            None => Err(TokenError::new(Failure::Scopes, self.clone())),
        }
    }

    async fn find(&self, wanted: &Wanted) -> Result<AccessToken, Failure> {
        let here = self.asker.visit().and_then(|visit| Some((visit.context(), visit.session_id()?)));
        if let Some((context, id)) = here {
            return obtain(context, id, &self.session, wanted).await;
        }
        // Without a request, as in a test of a handler: what the session has.
        let tokens = self.session.tokens.as_ref().ok_or(Failure::NotSaved)?;
        wanted.in_session(tokens).ok_or(Failure::Over)
    }

    /// An answer that leads through a sign-in and back.
    pub(super) fn step_up(&self, step: &StepUp) -> Rejection {
        Rejection::step_up(self.asker.parts(), &self.session, step)
    }
}
