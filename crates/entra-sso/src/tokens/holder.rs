use std::sync::Arc;

use crate::{
    context::Context,
    rejection::{Rejection, asker::Asker},
    session::{SessionId, data::SessionData},
    step_up::StepUp,
};

/// The session of one request, and who asked.
#[derive(Clone)]
pub(crate) struct Holder {
    session: Arc<SessionData>,
    asker: Asker,
}

impl Holder {
    pub(crate) fn new(session: Arc<SessionData>, asker: Asker) -> Holder {
        Holder { session, asker }
    }

    pub(super) fn session(&self) -> &SessionData {
        &self.session
    }

    pub(super) fn asker(&self) -> &Asker {
        &self.asker
    }

    /// The application and the session's id; none without a request, as in a test of a handler.
    pub(super) fn here(&self) -> Option<(&Arc<Context>, &SessionId)> {
        let visit = self.asker.visit()?;
        Some((visit.context(), visit.session_id()?))
    }

    /// An answer that leads through a sign-in and back.
    pub(super) fn step_up(&self, step: &StepUp) -> Rejection {
        Rejection::step_up(&self.asker.parts(), &self.session, step)
    }
}
