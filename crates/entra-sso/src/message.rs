//! One message for the user.

use serde::{Deserialize, Serialize};

/// How a message is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Level {
    /// It worked.
    Success,
    /// Worth knowing.
    Info,
    /// It did not work.
    Error,
}

/// One message for the user.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Message {
    /// How it is meant.
    pub level: Level,
    /// Plain text; escape it where you show it.
    pub text: String,
    /// What the user can quote, and the log has.
    pub reference: Option<String>,
}

impl Message {
    pub(crate) fn success(text: impl Into<String>) -> Message {
        Message { level: Level::Success, text: text.into(), reference: None }
    }

    pub(crate) fn error(text: impl Into<String>, reference: &str) -> Message {
        Message { level: Level::Error, text: text.into(), reference: Some(reference.to_owned()) }
    }
}
