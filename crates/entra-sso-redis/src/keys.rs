//! What the keys are called.
//!
//! Names are put together byte by byte, with a length before the first of two parts, so that no two things share a key,
//! whatever characters are in a user's id or in what an authority says.

use std::{fmt, sync::Arc};

use entra_sso::{session::SessionKey, users::UserId};

#[derive(Clone)]
pub(crate) struct Keys(Arc<str>);

/// What stands between the prefix and the 32 bytes of a session's key. Scripts know its length.
const SESSION: &str = "k:";

impl Keys {
    /// Without a name, braces would be no hash tag: then it is ours.
    pub(crate) fn new(name: &str) -> Self {
        let name = name.replace(['{', '}'], "");
        let name = if name.is_empty() { "entra-sso" } else { &name };
        Self(format!("{{{name}}}:").into())
    }

    pub(crate) fn session(&self, key: &SessionKey) -> Vec<u8> {
        self.join(&[SESSION.as_bytes(), key.as_bytes()])
    }

    /// What stands before a session's key.
    pub(crate) fn before_session_key(&self) -> Vec<u8> {
        self.join(&[SESSION.as_bytes()])
    }

    /// A set of the keys of a user's sessions.
    pub(crate) fn of_user(&self, user: &UserId) -> Vec<u8> {
        self.join(&[b"u:", user.as_str().as_bytes()])
    }

    /// A set of the keys of sessions that began from one session at the authority.
    pub(crate) fn of_sid(&self, authority: &str, sid: &str) -> Vec<u8> {
        self.join(&[b"s:", authority.len().to_string().as_bytes(), b":", authority.as_bytes(), sid.as_bytes()])
    }

    /// A set of the keys of the sessions of one account at the authority.
    pub(crate) fn of_subject(&self, authority: &str, subject: &str) -> Vec<u8> {
        self.join(&[b"j:", authority.len().to_string().as_bytes(), b":", authority.as_bytes(), subject.as_bytes()])
    }

    pub(crate) fn mark(&self, state: &[u8; 32]) -> Vec<u8> {
        self.join(&[b"m:", state])
    }

    /// Matches all sessions, for `SCAN`.
    pub(crate) fn every_session(&self) -> String {
        let mut pattern = String::new();
        for character in self.0.chars() {
            if matches!(character, '*' | '?' | '[' | ']' | '\\' | '^') {
                pattern.push('\\');
            }
            pattern.push(character);
        }
        pattern + SESSION + "*"
    }

    /// The session's key in the name of its record.
    pub(crate) fn session_key(&self, name: &[u8]) -> Option<SessionKey> {
        let bytes = name.strip_prefix(self.0.as_bytes())?.strip_prefix(SESSION.as_bytes())?;
        bytes.try_into().ok().map(SessionKey::from_bytes)
    }

    fn join(&self, parts: &[&[u8]]) -> Vec<u8> {
        let mut key = self.0.as_bytes().to_vec();
        for part in parts {
            key.extend_from_slice(part);
        }
        key
    }
}

impl fmt::Debug for Keys {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_things_share_a_key() {
        let keys = Keys::new("entra-sso");
        let mut names = vec![keys.mark(&[7; 32]), keys.session(&SessionKey::from_bytes([7; 32]))];
        for (authority, name) in
            [("", ""), ("a", "b"), ("ab", ""), ("", "ab"), ("1:a", "b"), ("a\0", "b\n"), ("a", "\0b\n")]
        {
            names.extend([keys.of_sid(authority, name), keys.of_subject(authority, name)]);
        }
        for user in ["", "a", "1:ab", "a\0", "a\n", "m:"] {
            names.push(keys.of_user(&UserId::new(user)));
        }
        let all = names.len();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), all);
    }

    #[test]
    fn a_record_is_named_by_its_key_and_nothing_else_is() {
        let (keys, key) = (Keys::new("sh{o}p*"), SessionKey::from_bytes([9; 32]));
        assert_eq!(keys.session_key(&keys.session(&key)), Some(key));
        assert_eq!(keys.session_key(b"{other}:k:"), None);
        assert_eq!(keys.session_key(&keys.session(&key)[1..]), None);
        assert_eq!(keys.every_session(), "{shop\\*}:k:*");
    }
}
