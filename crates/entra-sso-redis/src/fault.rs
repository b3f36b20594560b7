//! What went wrong, in words that hold nothing of what was sent.

use std::fmt;

use entra_sso::StoreError;
use redis::RedisError;

/// Why Redis did not do what it was asked.
#[derive(Clone, Debug)]
pub(crate) struct Fault {
    kind: FaultKind,
    text: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FaultKind {
    /// The connection is lost, or was never made.
    Lost,
    /// It does not let us in.
    Refused,
    /// What stands under the key was not written by us.
    Corrupt,
    /// It is a copy that is only read: another server is the one to write to.
    ReadOnly,
    Other,
}

impl Fault {
    pub(crate) fn no_connection_in_time() -> Self {
        Self { kind: FaultKind::Lost, text: "no connection in time".to_owned() }
    }

    pub(crate) fn no_answer_in_time() -> Self {
        Self { kind: FaultKind::Lost, text: "no answer in time".to_owned() }
    }

    /// Whether a new connection may bring what this one did not: it is lost, or leads to the wrong server.
    pub(crate) fn needs_another_connection(&self) -> bool {
        matches!(self.kind, FaultKind::Lost | FaultKind::ReadOnly)
    }

    pub(crate) fn kind(&self) -> FaultKind {
        self.kind
    }

    pub(crate) fn into_store_error(self) -> StoreError {
        match self.kind {
            FaultKind::Corrupt => StoreError::corrupt(self),
            _ => StoreError::new(self),
        }
    }
}

/// A server's own words can repeat what it was sent: its code is all that is kept of them.
impl From<RedisError> for Fault {
    fn from(error: RedisError) -> Self {
        let code = error.code().unwrap_or_default();
        let (kind, text) = match code {
            "NOAUTH" | "WRONGPASS" => (FaultKind::Refused, "Redis does not know this user and password".to_owned()),
            "NOPERM" => (FaultKind::Refused, "Redis does not allow this user a command or key (NOPERM)".to_owned()),
            "READONLY" => (FaultKind::ReadOnly, "this Redis is a copy that is only read (READONLY)".to_owned()),
            "WRONGTYPE" => (FaultKind::Corrupt, "a key of ours holds something else (WRONGTYPE)".to_owned()),
            "MOVED" | "ASK" | "CROSSSLOT" => (
                FaultKind::Other,
                format!("this Redis is one node of a cluster ({code}): name an address that stands for all"),
            ),
            "OOM" => (FaultKind::Other, "Redis is full (OOM): raise `maxmemory`".to_owned()),
            "LOADING" => (FaultKind::Other, "Redis still reads its data (LOADING)".to_owned()),
            _ if error.kind() == redis::ErrorKind::AuthenticationFailed => {
                (FaultKind::Refused, "Redis does not know this user and password".to_owned())
            }
            _ if error.is_io_error() || error.is_unrecoverable_error() => (FaultKind::Lost, error.to_string()),
            "" => (FaultKind::Other, error.category().to_owned()),
            code => (FaultKind::Other, format!("Redis answered with the error {code}")),
        };
        Self { kind, text }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.text)
    }
}

impl std::error::Error for Fault {}
