//! A session as the fields of a hash. Numbers are decimal.

use bytes::Bytes;
use entra_sso::{
    StoreError,
    oidc::Timestamp,
    session::{SessionBody, StoredSession},
    users::UserId,
};

/// In the order in which a record is read: version, user, authority, sid, subject, start, idle and absolute deadline, rechecks, body.
pub(crate) const FIELDS: [&str; 10] = ["v", "u", "a", "s", "j", "t", "i", "x", "r", "b"];

/// What a field holds, or that it is not there.
type Read = Option<Vec<u8>>;

/// Fields and values in turn. A live value cannot leave its process.
pub(crate) fn write(session: &StoredSession) -> Result<Vec<(&'static str, Vec<u8>)>, StoreError> {
    let SessionBody::Sealed(body) = &session.body else {
        return Err(StoreError::new("Redis keeps sealed sessions only"));
    };
    let mut fields = vec![
        ("v", session.version.to_string().into_bytes()),
        ("u", session.user.as_str().as_bytes().to_vec()),
        ("a", session.authority.as_bytes().to_vec()),
        ("i", session.idle_deadline.unix().to_string().into_bytes()),
        ("x", session.absolute_deadline.unix().to_string().into_bytes()),
        ("r", session.rechecks.to_string().into_bytes()),
        ("b", body.to_vec()),
    ];
    let texts = [("s", &session.sid), ("j", &session.subject)];
    fields.extend(texts.into_iter().filter_map(|(name, text)| Some((name, text.as_ref()?.as_bytes().to_vec()))));
    fields.extend(session.started_at.map(|start| ("t", start.unix().to_string().into_bytes())));
    Ok(fields)
}

/// None: there is no record.
pub(crate) fn read(fields: Vec<Read>) -> Result<Option<StoredSession>, StoreError> {
    if fields.iter().all(Option::is_none) {
        return Ok(None);
    }
    parse(fields).map(Some).ok_or_else(|| StoreError::corrupt("a session in Redis is not as it was written"))
}

fn parse(fields: Vec<Read>) -> Option<StoredSession> {
    let fields: [Read; FIELDS.len()] = fields.try_into().ok()?;
    let [version, user, authority, sid, subject, start, idle, absolute, rechecks, body] = fields;
    let session = StoredSession::new(
        UserId::new(&text(user)?),
        text(authority)?,
        Timestamp::from_unix(number(idle)?),
        Timestamp::from_unix(number(absolute)?),
        SessionBody::Sealed(Bytes::from(body?)),
    );
    let start = if start.is_some() { Some(Timestamp::from_unix(number(start)?)) } else { None };
    let (has_sid, has_subject) = (sid.is_some(), subject.is_some());
    let (sid, subject) = (text(sid), text(subject));
    if sid.is_some() != has_sid || subject.is_some() != has_subject {
        return None;
    }
    let session = session.with_version(number(version)?).with_rechecks(number(rechecks)?);
    Some(session.with_sid(sid).with_subject(subject).with_start(start))
}

fn text(field: Read) -> Option<String> {
    String::from_utf8(field?).ok()
}

fn number<T: std::str::FromStr>(field: Read) -> Option<T> {
    text(field)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written() -> StoredSession {
        let moment = Timestamp::from_unix;
        let body = SessionBody::Sealed(Bytes::from_static(b"\0\xff"));
        StoredSession::new(UserId::new("a\0\n"), "b", moment(3), moment(-4), body)
            .with_version(u64::MAX)
            .with_rechecks(7)
            .with_sid(Some(String::new()))
            .with_start(Some(moment(5)))
    }

    fn stored(session: &StoredSession) -> Vec<Read> {
        let fields = write(session).expect("written");
        let field = |name| fields.iter().find(|field| field.0 == name).map(|field| field.1.clone());
        FIELDS.map(field).into()
    }

    #[test]
    fn a_record_is_read_as_it_was_written() {
        let session = written();
        let read = read(stored(&session)).expect("read").expect("there");
        assert_eq!(format!("{read:?}"), format!("{session:?}"));
    }

    #[test]
    fn k14_a_record_with_a_field_less_or_of_another_form_is_corrupt() {
        for name in ["v", "u", "a", "i", "x", "r", "b"] {
            let mut fields = stored(&written());
            fields[FIELDS.iter().position(|field| *field == name).expect("a field")] = None;
            assert!(read(fields).is_err(), "without {name}");
        }
        for name in ["v", "u", "a", "s", "j", "t", "i", "x", "r"] {
            let mut fields = stored(&written());
            fields[FIELDS.iter().position(|field| *field == name).expect("a field")] = Some(b"\xff".to_vec());
            assert!(read(fields).is_err(), "with another {name}");
        }
        assert!(read(FIELDS.map(|_| None).into()).expect("an answer").is_none(), "no record");
        assert!(read(stored(&written()).split_off(1)).is_err(), "a list that is too short");
    }
}
