use super::*;
use crate::session::sessions::tests::data;

const NOW: Timestamp = Timestamp::from_unix(1_800_000_000);
const KEY: SessionKey = SessionKey::from_bytes([1; 32]);
const BODY: Bytes = Bytes::from_static(b"sealed");

fn with_one() -> (Opened, Arc<SessionData>) {
    let (opened, data) = (Opened::default(), Arc::new(data()));
    assert!(opened.find(&KEY, 3, &BODY, NOW).is_none(), "nothing yet");
    opened.keep(KEY, 3, &BODY, &data);
    (opened, data)
}

#[test]
fn k14_only_the_same_body_of_the_same_version_of_the_same_record_is_what_it_was() {
    let other = Bytes::from_static(b"sealeD");
    for (key, version, body, is_found) in [
        (KEY, 3, &BODY, true),
        (SessionKey::from_bytes([2; 32]), 3, &BODY, false),
        (KEY, 2, &BODY, false),
        (KEY, 4, &BODY, false),
        (KEY, 3, &other, false),
        (KEY, 3, &BODY.slice(..5), false),
    ] {
        let (opened, data) = with_one();
        let found = opened.find(&key, version, body, NOW);
        assert_eq!(found.is_some_and(|found| Arc::ptr_eq(&found, &data)), is_found, "{key:?} {version} {body:?}");
    }
}

#[test]
fn what_ended_or_is_asked_for_no_more_is_dropped() {
    let (opened, _) = with_one();
    opened.forget(&[KEY]);
    assert!(opened.find(&KEY, 3, &BODY, NOW).is_none());

    let (opened, _) = with_one();
    for minutes in 1..10 {
        assert!(opened.find(&KEY, 3, &BODY, NOW.plus(GENERATION * minutes)).is_some(), "in use");
    }
    let other = SessionKey::from_bytes([2; 32]);
    for minutes in [10, 11] {
        assert!(opened.find(&other, 3, &BODY, NOW.plus(GENERATION * minutes)).is_none());
    }
    assert_eq!(format!("{opened:?}"), "Opened(0)");
}

#[test]
fn a_clock_that_was_set_back_keeps_nothing_for_years() {
    let (opened, _) = with_one();
    let before = Timestamp::from_unix(0);
    for at in [before, before.plus(GENERATION)] {
        assert!(opened.find(&SessionKey::from_bytes([2; 32]), 3, &BODY, at).is_none());
    }
    assert!(opened.find(&KEY, 3, &BODY, before.plus(GENERATION)).is_none());
}

#[test]
fn x1_no_more_is_kept_than_two_generations_and_nothing_long() {
    let (opened, data) = with_one();
    for number in 0..5_000_u16 {
        let mut key = [9; 32];
        key[..2].copy_from_slice(&number.to_be_bytes());
        opened.keep(SessionKey::from_bytes(key), 0, &BODY, &data);
    }
    let count = format!("{opened:?}");
    let count: usize = count["Opened(".len()..count.len() - 1].parse().expect("a number");
    assert!((MOST..=2 * MOST).contains(&count), "{count}");
    let long = Bytes::from(vec![0; LARGEST + 1]);
    opened.keep(KEY, 0, &long, &data);
    assert!(opened.find(&KEY, 0, &long, NOW).is_none());
}
