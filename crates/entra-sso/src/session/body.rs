//! A session's contents as a store that is not this process keeps them: sealed whole.
//!
//! The key comes from the session id and the server's key, so neither the store nor a leaked cookie alone opens anything.
//! The record's key and version are bound to it, so that a body moved to another row, or an old body put back under a newer
//! version, opens nothing. What the row says in the clear is compared with what the body says.
//!
//! ```text
//! body = format (1 byte) ‖ sealed record of `sealing`       plaintext = JSON of `SessionData`
//! bound to it: format ‖ session key (32 bytes) ‖ version (8 bytes, big-endian)
//! ```

use std::fmt;

use bytes::Bytes;

use super::{
    data::SessionData,
    id::{SessionId, SessionKey},
    store::StoredSession,
};
use crate::sealing::{Purpose, Sealer, SealingError};

/// The number of the format. A session of format 1, whose user had permissions without their source, has to begin anew.
const FORMAT: u8 = 2;
/// A body that is longer is not looked at.
const MAX_BODY: usize = 1024 * 1024;

/// Why a stored body is no session.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(crate) enum BodyFault {
    /// Too long, of an unknown format, or not what we sealed under this id, key and version.
    NotOurs,
    /// It opened, but holds something that this version cannot read.
    Unreadable,
    /// It opened, but the row beside it says something else.
    RowDiffers,
}

/// Seals what a session knows, for version `version` of its record.
pub(crate) fn seal(sealer: &Sealer, id: &SessionId, version: u64, data: &SessionData) -> Result<Bytes, SealingError> {
    let plaintext = zeroize::Zeroizing::new(serde_json::to_vec(data).map_err(|_| SealingError::Unwritable)?);
    let record = sealer.seal_bytes(Purpose::Session, id.as_bytes(), &binding(&id.key(), version), &plaintext)?;
    let mut body = Vec::with_capacity(1 + record.len());
    body.push(FORMAT);
    body.extend_from_slice(&record);
    if body.len() > MAX_BODY {
        return Err(SealingError::TooLong);
    }
    Ok(body.into())
}

/// Opens a body that was read together with its row, which has to [agree](row_agrees).
pub(crate) fn open(
    sealer: &Sealer,
    id: &SessionId,
    row: &StoredSession,
    body: &[u8],
) -> Result<SessionData, BodyFault> {
    let (&FORMAT, record) = body.split_first().ok_or(BodyFault::NotOurs)? else {
        return Err(BodyFault::NotOurs);
    };
    if body.len() > MAX_BODY {
        return Err(BodyFault::NotOurs);
    }
    let plaintext = sealer
        .open_bytes(Purpose::Session, id.as_bytes(), &binding(&id.key(), row.version), record)
        .map_err(|_| BodyFault::NotOurs)?;
    let data: SessionData = serde_json::from_slice(&plaintext).map_err(|_| BodyFault::Unreadable)?;
    if !row_agrees(row, &data) {
        return Err(BodyFault::RowDiffers);
    }
    Ok(data)
}

/// Whether what the row says in the clear is what its body says.
pub(super) fn row_agrees(row: &StoredSession, data: &SessionData) -> bool {
    row.user == data.user.id
        && *row.authority == *data.owner.authority
        && row.sid.as_deref() == data.sid.as_deref()
        && row.subject.as_deref() == data.subject.as_deref()
        && row.absolute_deadline == data.absolute_deadline
        && row.started_at.is_none_or(|started_at| started_at == data.created_at)
}

fn binding(key: &SessionKey, version: u64) -> [u8; 41] {
    let mut binding = [0; 41];
    binding[0] = FORMAT;
    binding[1..33].copy_from_slice(key.as_bytes());
    binding[33..].copy_from_slice(&version.to_be_bytes());
    binding
}

impl fmt::Display for BodyFault {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::NotOurs => "the body was not sealed by us for this record",
            Self::Unreadable => "the body is of a version that cannot be read",
            Self::RowDiffers => "the row says something else than its body",
        })
    }
}

#[cfg(test)]
mod tests;
