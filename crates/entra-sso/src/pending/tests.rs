use std::collections::HashSet;

use url::Url;

use super::*;

const NOW: Timestamp = Timestamp::from_unix(1_800_000_000);
const TEN_MINUTES: Duration = Duration::from_mins(10);

fn owner() -> Owner {
    Owner {
        instance: "/microsoft_sso".to_owned(),
        site: "default".to_owned(),
        client_id: "11111111-2222-4333-8444-555555555555".to_owned(),
        authority: "public/66666666-7777-4888-9999-aaaaaaaaaaaa".to_owned(),
    }
}

fn expected() -> Expected {
    let redirect_uri = Url::parse("https://app.contoso.example/microsoft_sso/callback/").expect("a URL");
    Expected::new(redirect_uri, NOW.plus(TEN_MINUTES))
}

fn attempt(seed: &Seed, next: &str) -> Attempt {
    Attempt::new(AttemptId::new(NOW), seed, expected(), &Arc::new(owner()), next)
}

#[test]
fn an_attempt_comes_back_as_it_was() {
    let (sealer, seed) = (Sealer::random(), Seed::random());
    let trails = [Trail::default(), Trail::default().once_more(), Trail::default().through_reset()];
    let mut attempts = vec![attempt(&seed, "/next?a=b&c=%20#part")];
    for journey in [Journey::SignIn, Journey::ResetPassword, Journey::EditProfile] {
        attempts.extend(trails.map(|trail| attempt(&seed, "/").on(journey, trail)));
    }
    for attempt in attempts {
        let state = attempt.seal(&sealer).expect("sealed");
        assert_eq!(Attempt::open(&sealer, state.as_str(), NOW), Ok(attempt));
    }
}

#[test]
fn s1_s18_only_the_seed_of_this_browser_matches() {
    let (sealer, seed) = (Sealer::random(), Seed::from_bytes([7; 32]));
    let state = attempt(&seed, "/").seal(&sealer).expect("sealed");
    // Opening changes nothing: what a thief tried first does not stop the owner.
    for _ in 0..2 {
        let opened = Attempt::open(&sealer, state.as_str(), NOW).expect("ours");
        assert!(!opened.matches_seed(&Seed::random()), "another browser's seed");
        assert!(!opened.matches_seed(&Seed::from_bytes([0; 32])));
        let mut almost = [7; 32];
        almost[31] ^= 1;
        assert!(!opened.matches_seed(&Seed::from_bytes(almost)));
        assert!(opened.matches_seed(&seed), "the owner's");
    }
}

#[test]
fn s15_a_state_without_its_seal_is_not_ours() {
    let (sealer, seed) = (Sealer::random(), Seed::random());
    let state = attempt(&seed, "/").seal(&sealer).expect("sealed");
    let tossed = attempt(&seed, "/").seal(&Sealer::random()).expect("sealed by somebody else");
    let flash = sealer.seal(Purpose::Flash, &serde_json::to_vec(&attempt(&seed, "/")).expect("JSON")).expect("sealed");
    let mut changed = state.as_str().to_owned().into_bytes();
    changed[40] = if changed[40] == b'A' { b'B' } else { b'A' };
    let changed = String::from_utf8(changed).expect("ASCII");
    let not_an_attempt = sealer.seal(Purpose::Attempt, b"{}").expect("sealed");
    for text in ["", "state", tossed.as_str(), &flash, &changed, &not_an_attempt, &"A".repeat(100_000)] {
        assert_eq!(Attempt::open(&sealer, text, NOW), Err(AttemptError::NotOurs), "{text:.40}");
    }
}

#[test]
fn s2_states_ids_and_seeds_do_not_repeat() {
    let (sealer, seed) = (Sealer::random(), Seed::random());
    let same = attempt(&seed, "/");
    let states: HashSet<_> = (0..10_000).map(|_| same.seal(&sealer).expect("sealed").as_str().to_owned()).collect();
    assert_eq!(states.len(), 10_000, "two states of one attempt differ");
    let ids: HashSet<_> = (0..10_000).map(|_| AttemptId::new(NOW)).collect();
    assert_eq!(ids.len(), 10_000, "two attempts of one second differ");
}

#[test]
fn s5_an_attempt_belongs_to_one_site_application_and_authority() {
    let (sealer, attempt) = (Sealer::random(), attempt(&Seed::random(), "/"));
    let state = attempt.seal(&sealer).expect("sealed");
    let opened = Attempt::open(&sealer, state.as_str(), NOW).expect("ours");
    assert_eq!(*opened.owner, owner());
    for other in [
        Owner { instance: "/admin/sso".to_owned(), ..owner() },
        Owner { site: "other".to_owned(), ..owner() },
        Owner { client_id: "11111111-2222-4333-8444-555555555556".to_owned(), ..owner() },
        Owner { authority: "usgovernment/66666666-7777-4888-9999-aaaaaaaaaaaa".to_owned(), ..owner() },
        Owner { authority: String::new(), ..owner() },
    ] {
        assert_ne!(*opened.owner, other);
    }
}

#[test]
fn an_attempt_ends_at_its_deadline() {
    let (sealer, attempt) =
        (Sealer::random(), attempt(&Seed::random(), "/next").on(Journey::SignIn, Trail::default().once_more()));
    let state = attempt.seal(&sealer).expect("sealed");
    for (seconds, expected) in [(0, true), (599, true), (600, false), (601, false), (1_000_000, false)] {
        let opened = Attempt::open(&sealer, state.as_str(), NOW.plus(Duration::from_secs(seconds)));
        let over = Err(AttemptError::Expired(Box::new(attempt.clone())));
        assert_eq!(opened, if expected { Ok(attempt.clone()) } else { over }, "after {seconds} seconds");
    }
}

#[test]
fn a_state_stays_short() {
    let sealer = Sealer::random();
    let long_next = format!("/{}", "n".repeat(1023));
    let state = attempt(&Seed::random(), &long_next).seal(&sealer).expect("sealed");
    assert!(state.as_str().len() <= 2_560, "{} characters", state.as_str().len());
    let seed = Seed::random();
    let with_session = attempt(&seed, &long_next).begun_with(&sealer, &seed, &SessionId::random());
    let length = with_session.seal(&sealer).expect("sealed").as_str().len();
    assert!(length <= 2_700, "{length} characters");
    let short = attempt(&Seed::random(), "/").seal(&sealer).expect("sealed");
    assert!(short.as_str().len() <= 1_024, "{} characters", short.as_str().len());
    let too_long = format!("/{}", "n".repeat(4_096));
    assert_eq!(attempt(&Seed::random(), &too_long).seal(&sealer), Err(AttemptError::TooLong));
}

/// What travels is read by nobody without the seed, the attempt and the server's key.
#[test]
fn s18_the_session_in_a_state_takes_the_seed_to_read() {
    let (sealer, seed, session) = (Sealer::random(), Seed::random(), SessionId::random());
    let begun = attempt(&seed, "/").begun_with(&sealer, &seed, &session);
    let state = begun.seal(&sealer).expect("sealed");
    let opened = Attempt::open(&sealer, state.as_str(), NOW).expect("ours");
    assert_eq!(opened.session_before(&sealer, &seed), Some(session.clone()));
    assert_eq!(opened.session_before(&sealer, &Seed::random()), None, "another seed");
    assert_eq!(opened.session_before(&Sealer::random(), &seed), None, "another server");
    assert_eq!(Attempt { id: AttemptId::new(NOW), ..opened }.session_before(&sealer, &seed), None, "another attempt");
    assert_eq!(attempt(&seed, "/").session_before(&sealer, &seed), None, "no session");
    let json = serde_json::to_string(&begun).expect("JSON");
    assert!(!json.contains(session.to_text().expose()));
}

#[test]
fn s8_a_state_holds_neither_seed_nor_nonce_nor_verifier() {
    let seed = Seed::random();
    let json = serde_json::to_string(&attempt(&seed, "/")).expect("JSON");
    for secret in [seed.to_base64url().expose(), seed.nonce().expose(), seed.code_verifier().expose()] {
        assert!(!json.contains(secret));
    }
    let seed_bytes = serde_json::to_string(&Seed::from_bytes([9; 32]).digest()).expect("JSON");
    let json = serde_json::to_string(&attempt(&Seed::from_bytes([9; 32]), "/")).expect("JSON");
    assert!(json.contains(&seed_bytes), "only the digest");
    assert!(!json.contains("9,9,9,9"), "not the seed");
}

#[test]
fn ids_sort_by_age_and_know_whether_they_can_wait() {
    let at = |seconds: i64| Timestamp::from_unix(seconds);
    let ids: Vec<_> = [0, 1, 9, 10, 1_799_999_999, 1_800_000_000, 9_999_999_999].map(|s| AttemptId::new(at(s))).into();
    assert!(ids.is_sorted());
    let id = AttemptId::new(NOW);
    for (seconds, expected) in [(-61, false), (-60, true), (0, true), (599, true), (600, false), (86_400, false)] {
        let now = at(NOW.unix() + seconds);
        assert_eq!(id.can_wait(TEN_MINUTES, now), expected, "{seconds} seconds after it began");
    }
}

/// A deadline in the future would be one for as long as the clock was set back.
#[test]
fn an_attempt_from_the_future_is_over() {
    let (sealer, seed) = (Sealer::random(), Seed::random());
    let state = attempt(&seed, "/").seal(&sealer).expect("sealed");
    for (seconds, over) in [(-86_400 * 3_650, true), (-301, true), (-300, false), (0, false), (599, false), (600, true)]
    {
        let now = Timestamp::from_unix(NOW.unix() + seconds);
        let opened = Attempt::open(&sealer, state.as_str(), now);
        assert_eq!(matches!(opened, Err(AttemptError::Expired(_))), over, "{seconds} s: {opened:?}");
    }
}

#[test]
fn k5_an_id_is_22_hexadecimal_digits() {
    let id = AttemptId::new(NOW).to_string();
    assert_eq!(AttemptId::parse(&id).map(String::from), Some(id.clone()));
    for text in
        ["", "0", &id[1..], &format!("{id}0"), &id.to_uppercase().replace('0', "A"), &"z".repeat(22), &"é".repeat(11)]
    {
        assert_eq!(AttemptId::parse(text), None, "{text}");
    }
}
