//! A session as one string, so that one value is all that is read to load it.
//!
//! | from byte | bytes | what |
//! |---|---|---|
//! | 0 | 1 | the form of the record, 1 |
//! | 1 | 8 | version |
//! | 9 | 8 | rechecks |
//! | 17 | 8 | idle deadline |
//! | 25 | 8 | absolute deadline |
//! | 33 | 8 | start |
//! | 41 | 16 | a value that only the call knows which made the record |
//! | 57 | 4 × 4 | the lengths of user, authority, `sid` and subject |
//! | 73 | | user, authority, `sid`, subject, body |
//!
//! Numbers are big-endian, moments are seconds since 1970. What is not there has all bits of its length set; a start that is not
//! known is the earliest number. [Scripts](crate::scripts) know these places too.

use bytes::{Buf as _, BufMut as _, Bytes};
use entra_sso::{
    StoreError,
    oidc::Timestamp,
    session::{SessionBody, StoredSession},
    users::UserId,
};

/// How long the value is that only the call knows which made the record.
pub(crate) const CALL: usize = 16;

const FORM: u8 = 1;
/// What stands before the user.
const HEAD: usize = 73;
/// The length of what is not there.
const ABSENT: u32 = u32::MAX;
/// The start of a session that began nobody knows when.
const UNKNOWN: i64 = i64::MIN;

/// `call` is known to nobody but the call that writes it. A live value cannot leave its process.
pub(crate) fn write(session: &StoredSession, call: [u8; CALL]) -> Result<Vec<u8>, StoreError> {
    let SessionBody::Sealed(body) = &session.body else {
        return Err(StoreError::new("Redis keeps sealed sessions only"));
    };
    let names =
        [Some(session.user.as_str()), Some(&session.authority), session.sid.as_deref(), session.subject.as_deref()];
    let mut record =
        Vec::with_capacity(HEAD + names.iter().flatten().map(|name| name.len()).sum::<usize>() + body.len());
    record.put_u8(FORM);
    record.put_u64(session.version);
    record.put_u64(session.rechecks);
    record.put_i64(session.idle_deadline.unix());
    record.put_i64(session.absolute_deadline.unix());
    record.put_i64(session.started_at.map_or(UNKNOWN, Timestamp::unix));
    record.put_slice(&call);
    for name in names {
        record.put_u32(name.map_or(Ok(ABSENT), length)?);
    }
    for name in names.into_iter().flatten() {
        record.put_slice(name.as_bytes());
    }
    record.put_slice(body);
    Ok(record)
}

/// What stands under a session's key.
pub(crate) fn read(record: Vec<u8>) -> Result<StoredSession, StoreError> {
    parse(&record.into()).ok_or_else(|| StoreError::corrupt("a session in Redis is not as it was written"))
}

fn parse(record: &Bytes) -> Option<StoredSession> {
    let (mut head, mut rest) = record.split_at_checked(HEAD)?;
    if head.get_u8() != FORM {
        return None;
    }
    let (version, rechecks) = (head.get_u64(), head.get_u64());
    let [idle_deadline, absolute_deadline, start] = [(); 3].map(|()| head.get_i64());
    head.advance(CALL);
    let [user, authority, sid, subject] = [(); 4].map(|()| name(head.get_u32(), &mut rest).ok());
    let body = SessionBody::Sealed(record.slice_ref(rest));
    let [idle_deadline, absolute_deadline] = [idle_deadline, absolute_deadline].map(Timestamp::from_unix);
    let session = StoredSession::new(UserId::new(user??), authority??, idle_deadline, absolute_deadline, body)
        .with_version(version)
        .with_rechecks(rechecks)
        .with_sid(sid?.map(str::to_owned))
        .with_subject(subject?.map(str::to_owned))
        .with_start((start != UNKNOWN).then(|| Timestamp::from_unix(start)));
    Some(session)
}

fn length(name: &str) -> Result<u32, StoreError> {
    let length = u32::try_from(name.len()).ok().filter(|length| *length != ABSENT);
    length.ok_or_else(|| StoreError::new("a name is too long for Redis"))
}

/// The next name, unless it is absent. An error when there is less than its length, or no text.
fn name<'a>(length: u32, rest: &mut &'a [u8]) -> Result<Option<&'a str>, ()> {
    if length == ABSENT {
        return Ok(None);
    }
    let (name, after) = usize::try_from(length).ok().and_then(|length| rest.split_at_checked(length)).ok_or(())?;
    *rest = after;
    str::from_utf8(name).map(Some).map_err(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn session() -> StoredSession {
        let moment = Timestamp::from_unix;
        let body = SessionBody::Sealed(Bytes::from_static(b"\0\xff"));
        StoredSession::new(UserId::new("a\0\n"), "b", moment(3), moment(-4), body)
            .with_version(u64::MAX)
            .with_rechecks(7)
            .with_sid(Some(String::new()))
            .with_start(Some(moment(5)))
    }

    fn written() -> Vec<u8> {
        write(&session(), [9; CALL]).expect("written")
    }

    #[test]
    fn a_record_is_read_as_it_was_written() {
        for session in [session(), session().with_sid(None).with_subject(Some("ö".to_owned())).with_start(None)] {
            let read = read(write(&session, [9; CALL]).expect("written")).expect("read");
            assert_eq!(format!("{read:?}"), format!("{session:?}"));
            let (SessionBody::Sealed(read), SessionBody::Sealed(written)) = (read.body, session.body) else {
                panic!("a live value")
            };
            assert_eq!(read, written);
        }
    }

    #[test]
    fn everything_stands_where_the_scripts_look_for_it() {
        let record = written();
        for (what, from, expected) in [
            ("form", 0, &[FORM][..]),
            ("version", 1, &[0xff; 8]),
            ("rechecks", 9, &7_u64.to_be_bytes()),
            ("idle deadline", 17, &3_i64.to_be_bytes()),
            ("absolute deadline", 25, &(-4_i64).to_be_bytes()),
            ("start", 33, &5_i64.to_be_bytes()),
            ("call", 41, &[9; 16]),
            ("lengths", 57, &[0, 0, 0, 3, 0, 0, 0, 1, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff]),
            ("names and body", 73, b"a\0\nb\0\xff"),
        ] {
            assert_eq!(record[from..].get(..expected.len()), Some(expected), "{what}");
        }
    }

    #[test]
    fn k14_a_record_that_is_cut_or_of_another_form_is_corrupt() {
        let record = written();
        let without_body = record.len() - 2;
        for length in 0..without_body {
            assert!(read(record[..length].to_vec()).is_err(), "{length} bytes");
        }
        assert!(read(record[..without_body].to_vec()).is_ok(), "a body that is empty, which nothing opens");
        let user_length = HEAD - 16;
        for (what, at, byte) in [
            ("another form", 0, 2),
            ("no user", user_length, 0xff),
            ("a user that is too long", user_length, 0x7f),
            ("a user that is no text", HEAD, 0xff),
            ("an authority that is no text", HEAD + 3, 0xff),
        ] {
            let mut record = record.clone();
            record[at] = byte;
            assert!(read(record).is_err(), "{what}");
        }
        for name in 0..2 {
            let mut record = record.clone();
            record[user_length + 4 * name..][..4].fill(0xff);
            assert!(read(record).is_err(), "without user or authority");
        }
    }
}
