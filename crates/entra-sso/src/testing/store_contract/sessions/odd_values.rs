//! Names that stores are tempted to mistake for each other.

use super::{Contract, random_key};
use crate::{
    session::{SessionKey, SessionQuery, SessionStore, StoredSession},
    users::UserId,
};

/// Pairs and rows of them differ in what databases like to overlook: case, accents and how they are written, spaces at the end,
/// NUL characters, quotes, wildcards, separators, and everything behind a certain length.
fn odd_names() -> Vec<String> {
    let long = "x".repeat(9_000);
    let names = [
        "",
        " ",
        "a",
        "A",
        "a ",
        " a",
        "a\0",
        "a\0b",
        "\0",
        "\u{e4}",
        "a\u{308}",
        "\u{e6}",
        "ae",
        "ß",
        "ss",
        "\u{131}",
        "i",
        "\u{ff}",
        "\u{fffd}",
        "\u{fffe}",
        "\u{10ffff}",
        "\u{feff}a",
        "\u{200b}a",
        "'",
        "''",
        "\"",
        "\\",
        "\\x61",
        "%",
        "_",
        "*",
        "a:b",
        "a::b",
        "{a}",
        "a|b",
        "a\nb",
        "a\r\nb",
        "NULL",
        "null",
        "0",
        "00",
        "-0",
        "1e0",
        "; DROP TABLE entra_sso_session",
    ];
    let mut names: Vec<_> = names.into_iter().map(str::to_owned).collect();
    names.extend([format!("{long}1"), format!("{long}2"), long]);
    names
}

impl<T: SessionStore> Contract<T> {
    /// L2, K14. A store that cannot keep a name refuses it, and then nothing is found by it.
    pub(super) async fn keeps_odd_values_apart(&self) {
        let mark = UserId::random();
        let tagged = |name: &str| format!("{}{name}", mark.as_str());
        let mut kept = Vec::new();
        for name in odd_names() {
            let key = random_key();
            let session = StoredSession {
                user: UserId::from(tagged(&name)),
                authority: tagged(&name).into(),
                sid: Some(tagged(&name).into()),
                subject: Some(tagged(&name).into()),
                ..self.session("body")
            };
            let is_kept = self.store.create(key, session.clone()).await.is_ok();
            if is_kept {
                self.expect(&key, &session, &format!("load a session of the names {:?}", beginning(&name))).await;
            }
            kept.push((name, is_kept.then_some(key)));
        }
        for (name, key) in &kept {
            let tagged = tagged(name);
            let expected: Vec<SessionKey> = key.iter().copied().collect();
            let what = |by: &str| format!("by {by} {:?}: his sessions and nobody else's", beginning(name));
            self.expect_found(SessionQuery::OfUser(UserId::from(tagged.clone())), &expected, &what("user")).await;
            let of_sid = SessionQuery::OfMicrosoftSid { authority: tagged.clone(), sid: tagged.clone() };
            self.expect_found(of_sid, &expected, &what("sid")).await;
            let of_subject = SessionQuery::OfSubject { authority: tagged.clone(), subject: tagged };
            self.expect_found(of_subject, &expected, &what("subject")).await;
        }
        // Where one name ends and the next begins is no matter of a separator.
        for (authority, sid) in [("a:", "b"), ("a", ":b"), ("a:b", ""), ("", "a:b"), ("a\0", "b"), ("a", "\0b")] {
            let query = SessionQuery::OfMicrosoftSid { authority: tagged(authority), sid: tagged(sid) };
            self.expect_found(query, &[], "by an authority and a sid of different sessions").await;
        }
        let keys: Vec<_> = kept.iter().filter_map(|(_, key)| *key).collect();
        assert_eq!(self.delete(&keys).await, keys.len() as u64, "delete: many sessions at once");
    }
}

/// Enough of a name to know it again.
fn beginning(name: &str) -> String {
    name.chars().take(40).collect()
}
