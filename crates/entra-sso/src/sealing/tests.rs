use std::collections::HashSet;

use super::*;

const FIRST: &str = "k3yOne-9fGQ2mXw7Zt4Lr8Bv1Nc6Hd0Jp5";
const SECOND: &str = "tW0-S8uYb3Kq6Ea9Mh2Vn5Xg1Rf4Cz7Dj";
const PURPOSES: [Purpose; 3] = [Purpose::Attempt, Purpose::Flash, Purpose::Session];

fn sealer(keys: &[&str]) -> Sealer {
    let keys: Vec<_> = keys.iter().map(|key| Secret::new(*key)).collect();
    Sealer::new(&keys).expect("good keys")
}

fn opened(sealer: &Sealer, purpose: Purpose, text: &str) -> Result<Vec<u8>, SealingError> {
    sealer.open(purpose, text).map(|plaintext| plaintext.to_vec())
}

#[test]
fn what_was_sealed_opens_for_its_purpose() {
    for sealer in [sealer(&[FIRST]), Sealer::random()] {
        for purpose in PURPOSES {
            for plaintext in [&b""[..], b"x", &[0xff; 3000]] {
                let sealed = sealer.seal(purpose, plaintext).expect("sealed");
                assert!(sealed.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte)), "{sealed}");
                assert_eq!(opened(&sealer, purpose, &sealed).as_deref(), Ok(plaintext), "{purpose:?}");
            }
        }
    }
}

#[test]
fn k4_each_flipped_bit_is_refused() {
    let sealer = sealer(&[FIRST]);
    let record = sealer.seal_bytes(Purpose::Flash, &[], b"bound", b"hello").expect("sealed");
    for index in 0..record.len() {
        for bit in 0..8 {
            let mut changed = record.clone();
            changed[index] ^= 1 << bit;
            let opened = sealer.open_bytes(Purpose::Flash, &[], b"bound", &changed);
            assert!(opened.is_err(), "byte {index}, bit {bit}");
        }
    }
    assert!(sealer.open_bytes(Purpose::Flash, &[], b"bound", &record).is_ok());
}

#[test]
fn k4_each_changed_character_is_refused() {
    let sealer = sealer(&[FIRST]);
    let text = sealer.seal(Purpose::Attempt, b"hello, world").expect("sealed");
    for index in 0..text.len() {
        for other in *b"A_=+/ %\n" {
            let mut changed = text.clone().into_bytes();
            if changed[index] == other {
                continue;
            }
            changed[index] = other;
            let changed = String::from_utf8(changed).expect("ASCII");
            assert!(sealer.open(Purpose::Attempt, &changed).is_err(), "character {index} as {:?}", char::from(other));
        }
    }
}

#[test]
fn k4_each_truncation_and_each_addition_is_refused() {
    let sealer = sealer(&[FIRST]);
    let text = sealer.seal(Purpose::Attempt, b"hello").expect("sealed");
    for length in 0..text.len() {
        assert!(sealer.open(Purpose::Attempt, &text[..length]).is_err(), "first {length} characters");
        assert!(sealer.open(Purpose::Attempt, &text[text.len() - length..]).is_err(), "last {length} characters");
    }
    for more in ["A", "=", "AAAA", "\0", &text] {
        assert!(sealer.open(Purpose::Attempt, &format!("{text}{more}")).is_err(), "{more:?} added");
    }
}

#[test]
fn k4_one_purpose_does_not_open_for_another() {
    let sealer = sealer(&[FIRST]);
    for sealed_for in PURPOSES {
        let text = sealer.seal(sealed_for, b"hello").expect("sealed");
        for opened_for in PURPOSES {
            let expected = if sealed_for == opened_for { Ok(b"hello".to_vec()) } else { Err(SealingError::Refused) };
            assert_eq!(opened(&sealer, opened_for, &text), expected, "{sealed_for:?} as {opened_for:?}");
        }
    }
}

#[test]
fn k4_another_second_key_or_binding_is_refused() {
    let sealer = sealer(&[FIRST]);
    let record = sealer.seal_bytes(Purpose::Session, b"id", b"row 1", b"hello").expect("sealed");
    for (second_key, bound, expected) in [
        (&b"id"[..], &b"row 1"[..], true),
        (b"ID", b"row 1", false),
        (b"", b"row 1", false),
        (b"id", b"row 2", false),
        (b"id", b"row 10", false),
        (b"id", b"", false),
        (b"idrow 1", b"", false),
    ] {
        let opened = sealer.open_bytes(Purpose::Session, second_key, bound, &record);
        assert_eq!(opened.is_ok(), expected, "{second_key:?} {bound:?}");
    }
}

#[test]
fn k4_another_key_is_refused() {
    let sealed = sealer(&[FIRST]).seal(Purpose::Flash, b"hello").expect("sealed");
    assert_eq!(opened(&sealer(&[SECOND]), Purpose::Flash, &sealed), Err(SealingError::UnknownKey));
    assert_eq!(opened(&Sealer::random(), Purpose::Flash, &sealed), Err(SealingError::UnknownKey));
}

#[test]
fn k4_a_record_under_the_name_of_another_key_is_refused() {
    let (one, both) = (sealer(&[FIRST]), sealer(&[FIRST, SECOND]));
    let mut record = one.seal_bytes(Purpose::Flash, &[], &[], b"hello").expect("sealed");
    record[1..=KEY_NAME_LENGTH].copy_from_slice(&name(SECOND.as_bytes()));
    assert_eq!(both.open_bytes(Purpose::Flash, &[], &[], &record).err(), Some(SealingError::Refused));
}

#[test]
fn f84_the_first_key_seals_and_all_open() {
    let (old, both, new) = (sealer(&[FIRST]), sealer(&[SECOND, FIRST]), sealer(&[SECOND]));
    let before = old.seal(Purpose::Flash, b"before").expect("sealed");
    let after = both.seal(Purpose::Flash, b"after").expect("sealed");
    assert_eq!(opened(&both, Purpose::Flash, &before).as_deref(), Ok(&b"before"[..]));
    assert_eq!(opened(&both, Purpose::Flash, &after).as_deref(), Ok(&b"after"[..]));
    assert_eq!(opened(&new, Purpose::Flash, &after).as_deref(), Ok(&b"after"[..]));
    assert_eq!(opened(&new, Purpose::Flash, &before), Err(SealingError::UnknownKey), "the old key is gone");
    assert_eq!(opened(&old, Purpose::Flash, &after), Err(SealingError::UnknownKey), "the second key never seals");
}

#[test]
fn k4_another_version_is_refused() {
    let sealer = sealer(&[FIRST]);
    let mut record = sealer.seal_bytes(Purpose::Flash, &[], &[], b"hello").expect("sealed");
    for version in (0..=u8::MAX).filter(|version| *version != VERSION) {
        record[0] = version;
        let opened = sealer.open_bytes(Purpose::Flash, &[], &[], &record);
        assert_eq!(opened.err(), Some(SealingError::Malformed), "version {version}");
    }
}

#[test]
fn k4_nonces_differ() {
    let sealer = sealer(&[FIRST]);
    let nonces: HashSet<_> = (0..20_000)
        .map(|_| sealer.seal_bytes(Purpose::Flash, &[], &[], b"").expect("sealed")[5..17].to_vec())
        .collect();
    assert_eq!(nonces.len(), 20_000);
}

#[test]
fn k6_what_is_not_ours_is_refused() {
    let sealer = sealer(&[FIRST]);
    for text in [
        "",
        "A",
        "AQ",
        "null",
        "{}",
        "eyJhbGciOiJub25lIn0.eyJzdWIiOiJhZGVsZSJ9.",
        "eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0..AAAAAAAAAAAAAAAA.AAAA.AAAAAAAAAAAAAAAAAAAAAA",
        &"A".repeat(43),
        &"A".repeat(MAX_TEXT),
        "\u{ff21}\u{ff21}\u{ff21}\u{ff21}",
    ] {
        for purpose in PURPOSES {
            assert!(sealer.open(purpose, text).is_err(), "{text:.50} {purpose:?}");
        }
    }
}

#[test]
fn x6_lengths_are_bounded_before_anything_is_decoded() {
    let sealer = sealer(&[FIRST]);
    let longest = sealer.seal(Purpose::Flash, &vec![0; MAX_TEXT_CONTENT]).expect("sealed");
    assert!(longest.len() <= MAX_TEXT);
    assert!(sealer.open(Purpose::Flash, &longest).is_ok());
    assert_eq!(sealer.seal(Purpose::Flash, &vec![0; MAX_TEXT_CONTENT + 1]), Err(SealingError::TooLong));
    assert_eq!(opened(&sealer, Purpose::Flash, &"A".repeat(MAX_TEXT + 1)), Err(SealingError::TooLong));
    assert_eq!(opened(&sealer, Purpose::Flash, &"A".repeat(50_000_000)), Err(SealingError::TooLong));
}

#[test]
fn k7_a_short_sampled_or_regular_key_is_refused() {
    for (key, expected) in [
        ("", Some(KeyFault::TooShort { length: 0 })),
        ("k3yOne-9fGQ2mXw7Zt4Lr8Bv1Nc6Hd0", Some(KeyFault::TooShort { length: 31 })),
        ("change-me-change-me-change-me-change-me", Some(KeyFault::Sample)),
        ("CHANGE_ME_9fGQ2mXw7Zt4Lr8Bv1Nc6Hd0Jp5", Some(KeyFault::Sample)),
        ("your-secret-key-goes-here-9fGQ2mXw7Zt4", Some(KeyFault::Sample)),
        ("example-key-9fGQ2mXw7Zt4Lr8Bv1Nc6Hd0Jp5", Some(KeyFault::Sample)),
        ("0123456789abcdef0123456789abcdef", Some(KeyFault::Sample)),
        ("django-insecure-9fGQ2mXw7Zt4Lr8Bv1Nc6Hd0", Some(KeyFault::Sample)),
        ("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", Some(KeyFault::Regular)),
        ("00000000000000000000000000000000000000000000000000000000000000000", Some(KeyFault::Regular)),
        ("k3yOne-9fGQ2mXw7k3yOne-9fGQ2mXw7", Some(KeyFault::Regular)),
        ("abcabcdabcdabcdabcdabcdabcdabcdabcdabcd", Some(KeyFault::Regular)),
        (FIRST, None),
        ("b1946ac92492d2347c6235b4d2611184a1b2c3d4e5f60718293a4b5c6d7e8f90", None),
        ("3q2-7wAh8YkZc0vX5tR1mB6nL9dF4gJsPoIuKyTe2Wo=", None),
    ] {
        assert_eq!(key_fault(key), expected, "{key}");
        assert_eq!(Sealer::new(&[Secret::new(FIRST), Secret::new(key)]).err(), expected, "{key} as the second key");
    }
    assert_eq!(Sealer::new(&[]).err(), Some(KeyFault::Missing));
}

#[test]
fn z1_nothing_shows_a_key() {
    let shown = format!("{:?} {}", sealer(&[FIRST]), KeyFault::TooShort { length: 3 });
    assert_eq!(shown, "Sealer(1 keys) the key has 3 bytes, expected at least 32");
}
