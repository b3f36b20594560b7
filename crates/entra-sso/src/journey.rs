//! What a browser is sent to the authority for.

use serde::{Deserialize, Serialize};

use crate::step_up::StepUp;

/// What a browser is sent to the authority for. Only a sign-in can begin a session.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Journey {
    /// To sign in.
    #[default]
    #[serde(rename = "s")]
    SignIn,
    /// To choose a new password (B2C). It leads back into a sign-in.
    #[serde(rename = "r")]
    ResetPassword,
    /// To change the profile (B2C). It leads back into a sign-in, which brings the new values.
    #[serde(rename = "e")]
    EditProfile,
}

/// What lies behind a journey already. None of it happens twice, so that no journey is a circle.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Trail {
    /// We began it once more, in place of an attempt that could not be finished.
    #[serde(rename = "r")]
    pub(crate) restarted: bool,
    /// It went through the flow for a forgotten password.
    #[serde(rename = "p")]
    pub(crate) reset: bool,
    /// The user changed the profile on it, so what is kept of him is out of date.
    #[serde(rename = "e", default)]
    pub(crate) edited: bool,
    /// It is one that a step-up began: which one, by its digest.
    #[serde(rename = "a", default, skip_serializing_if = "Option::is_none")]
    pub(crate) asked: Option<u64>,
}

impl Trail {
    /// One that asks for this step-up.
    pub(crate) fn asking(step: Option<&StepUp>) -> Trail {
        Trail { asked: step.map(StepUp::digest), ..Trail::default() }
    }

    /// The same, begun once more, as a sign-in and no step-up; so with the others.
    pub(crate) fn once_more(self) -> Trail {
        Trail { restarted: true, asked: None, ..self }
    }

    /// The same, through the flow for a forgotten password.
    pub(crate) fn through_reset(self) -> Trail {
        Trail { reset: true, asked: None, ..self }
    }

    /// The same, through the flow for the profile.
    pub(crate) fn through_edit(self) -> Trail {
        Trail { edited: true, asked: None, ..self }
    }
}
