use std::collections::HashSet;

use super::*;

#[test]
fn an_id_is_read_back_from_its_text() {
    let id = SessionId::random();
    let text = id.to_text();
    assert_eq!(text.expose().len(), 43);
    assert_eq!(SessionId::parse(text.expose()), Some(id));
}

#[test]
fn k6_what_is_not_an_id_is_none() {
    let good = SessionId::random().to_text();
    let good = good.expose();
    for text in [
        "",
        "A",
        "null",
        "undefined",
        "eyJhbGciOiJub25lIn0.eyJzdWIiOiJhZGVsZSJ9.",
        &good[1..],
        &format!("{good}A"),
        &format!("{good}="),
        &format!("{}=", &good[1..]),
        &format!("{} ", &good[1..]),
        &format!("{}+", &good[1..]),
        &format!("{}/", &good[1..]),
        &format!("{}.", &good[1..]),
        // The last character holds four bits: the other two must be zero.
        &format!("{}B", "A".repeat(42)),
        &"\u{e9}".repeat(43),
        &format!("{}\u{e9}", "A".repeat(41)),
        &"A".repeat(100_000),
    ] {
        assert_eq!(SessionId::parse(text), None, "{text:.60}");
    }
}

#[test]
fn k11_the_key_is_the_hash_of_the_id_and_neither_is_shown() {
    let id = SessionId::parse(&"A".repeat(43)).expect("32 zero bytes");
    let key = id.key();
    // SHA-256 of 32 zero bytes.
    assert_eq!(key.as_bytes()[..8], [0x66, 0x68, 0x7a, 0xad, 0xf8, 0x62, 0xbd, 0x77]);
    assert_eq!(format!("{id:?} {key:?}"), "SessionId(…) SessionKey(66687aad…)");
    assert_ne!(key.as_bytes(), id.as_bytes());
}

/// The same for states: their ids and nonces come from the same generator.
#[test]
fn s2_ids_do_not_repeat() {
    let keys: HashSet<_> = (0..100_000).map(|_| SessionId::random().key()).collect();
    assert_eq!(keys.len(), 100_000);
}
