//! Rows as sessions. What identifies something is bytes in both databases: compared as it is, with a NUL character or without.

use entra_sso::{
    StoreError,
    oidc::Timestamp,
    session::{SessionBody, SessionKey, StoredSession},
    users::UserId,
};

use crate::{backend::Columns, value::Value};

/// The values of [`INSERT`](super::queries::INSERT).
pub(super) fn values<'a>(key: &'a SessionKey, session: &'a StoredSession) -> Result<Vec<Value<'a>>, StoreError> {
    let SessionBody::Sealed(body) = &session.body else {
        return Err(StoreError::new("this store keeps sealed sessions only"));
    };
    Ok(vec![
        key.as_bytes().as_slice().into(),
        number(session.version),
        session.user.as_str().as_bytes().into(),
        session.authority.as_bytes().into(),
        Value::Bytes(session.sid.as_deref().map(str::as_bytes)),
        Value::Bytes(session.subject.as_deref().map(str::as_bytes)),
        session.started_at.map(Timestamp::unix).into(),
        session.idle_deadline.unix().into(),
        session.absolute_deadline.unix().into(),
        number(session.rechecks),
        body.as_ref().into(),
    ])
}

/// A row of [`LOAD`](super::queries::LOAD). A name that is no text was written by nobody of us, and the row is no session.
pub(super) fn session(row: &impl Columns) -> Result<Option<StoredSession>, StoreError> {
    read(row).map_err(StoreError::corrupt)
}

/// The key that a row begins with. One of another length was written by nobody of us, and names no session.
pub(super) fn key(row: &impl Columns) -> Result<Option<SessionKey>, StoreError> {
    let key = row.bytes("key").map_err(StoreError::corrupt)?;
    Ok(key.try_into().ok().map(SessionKey::from_bytes))
}

/// A count as the databases keep it, which have signed numbers only: the same 64 bits.
pub(super) fn number(count: u64) -> Value<'static> {
    count.cast_signed().into()
}

fn read(row: &impl Columns) -> Result<Option<StoredSession>, sqlx::Error> {
    let text = |bytes| String::from_utf8(bytes).ok();
    let optional_text = |bytes: Option<_>| bytes.map_or(Some(None), |bytes| text(bytes).map(Some));
    let moment = |column| row.number(column).map(Timestamp::from_unix);
    let (Some(user), Some(authority), Some(sid), Some(subject)) = (
        text(row.bytes("user_id")?),
        text(row.bytes("authority")?),
        optional_text(row.optional_bytes("sid")?),
        optional_text(row.optional_bytes("subject")?),
    ) else {
        return Ok(None);
    };
    let body = SessionBody::Sealed(row.bytes("body")?.into());
    let (idle_deadline, absolute_deadline) = (moment("idle_deadline")?, moment("absolute_deadline")?);
    let session = StoredSession::new(UserId::from(user), authority, idle_deadline, absolute_deadline, body)
        .with_version(row.number("version")?.cast_unsigned())
        .with_sid(sid)
        .with_subject(subject)
        .with_start(row.optional_number("started_at")?.map(Timestamp::from_unix))
        .with_rechecks(row.number("rechecks")?.cast_unsigned());
    Ok(Some(session))
}
