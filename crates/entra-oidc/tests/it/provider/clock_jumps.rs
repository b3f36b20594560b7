//! The machine's clock jumps: what is kept is renewed, no pause gets longer, and nobody is stormed.

use std::time::Duration;

use entra_oidc::{HttpErrorKind, ManualClock, SignInErrorKind as Kind};

use super::published::{START, list, sign_in};
use crate::{
    microsoft::{Endpoint, Microsoft, Reply, client},
    signer::TENANT,
};

const DAY: i64 = 86_400;

/// Seconds from one moment to the next.
const JUMPS: [i64; 12] =
    [3_600, -3_600, -DAY, DAY, 30 * DAY, -30 * DAY, -60, 60, 3_650 * DAY, -3_650 * DAY, -20_000 * DAY, 20_000 * DAY];

fn jump(clock: &ManualClock, by: i64) {
    let seconds = Duration::from_secs(by.unsigned_abs());
    clock.set(if by < 0 { clock.now().minus(seconds) } else { clock.now().plus(seconds) });
}

#[tokio::test]
async fn each_jump_costs_one_fetch_at_most() {
    let (microsoft, clock) = (Microsoft::of(TENANT), ManualClock::at(START));
    let client = client(&microsoft, &clock);
    for (number, by) in JUMPS.into_iter().enumerate() {
        jump(&clock, by);
        for _ in 0..20 {
            assert_eq!(sign_in(&client, &microsoft, &clock, "work").await, Ok(()), "{by} s");
        }
        for endpoint in [Endpoint::Metadata, Endpoint::Keys] {
            assert!(microsoft.count(endpoint) <= number + 1, "{by} s: {}", microsoft.count(endpoint));
        }
    }
}

#[tokio::test]
async fn a_clock_that_was_set_back_while_microsoft_is_away_asks_once_a_minute() {
    let (microsoft, clock) = (Microsoft::of(TENANT), ManualClock::at(START));
    let client = client(&microsoft, &clock);
    assert_eq!(sign_in(&client, &microsoft, &clock, "work").await, Ok(()));
    for endpoint in [Endpoint::Metadata, Endpoint::Keys] {
        microsoft.set(endpoint, Reply::Fail(HttpErrorKind::Timeout));
    }
    jump(&clock, -30 * DAY);
    for _ in 0..50 {
        assert_eq!(sign_in(&client, &microsoft, &clock, "work").await, Ok(()), "what is kept serves");
    }
    assert_eq!((microsoft.count(Endpoint::Metadata), microsoft.count(Endpoint::Keys)), (2, 2));
    jump(&clock, 60);
    assert_eq!(sign_in(&client, &microsoft, &clock, "work").await, Ok(()));
    assert_eq!((microsoft.count(Endpoint::Metadata), microsoft.count(Endpoint::Keys)), (3, 3), "a minute later");

    jump(&clock, DAY - 60);
    let outcome = sign_in(&client, &microsoft, &clock, "work").await;
    assert_eq!(outcome, Err(Kind::MetadataUnreachable), "J5: a day by the new time, and not the month");
    jump(&clock, -2 * DAY);
    let outcome = sign_in(&client, &microsoft, &clock, "work").await;
    assert_eq!(outcome, Ok(()), "how old it is, nobody can know");
}

#[tokio::test]
async fn j3_a_pause_does_not_outlive_the_time_that_it_began_in() {
    let (microsoft, clock) = (Microsoft::of(TENANT), ManualClock::at(START));
    microsoft.set(Endpoint::Keys, list(&["old"]));
    let client = client(&microsoft, &clock);
    assert_eq!(sign_in(&client, &microsoft, &clock, "old").await, Ok(()));
    jump(&clock, 365 * DAY);
    assert_eq!(sign_in(&client, &microsoft, &clock, "nobody's").await, Err(Kind::IdTokenKeyUnknown));
    microsoft.set(Endpoint::Keys, list(&["old", "new"]));
    jump(&clock, -365 * DAY);
    assert_eq!(sign_in(&client, &microsoft, &clock, "new").await, Ok(()), "the rotation is seen");
}

#[tokio::test]
async fn j5_a_withdrawn_key_goes_an_hour_after_the_clock_was_set_back() {
    let (microsoft, clock) = (Microsoft::of(TENANT), ManualClock::at(START));
    microsoft.set(Endpoint::Keys, list(&["steady", "gone"]));
    let client = client(&microsoft, &clock);
    jump(&clock, 30 * DAY);
    assert_eq!(sign_in(&client, &microsoft, &clock, "gone").await, Ok(()));
    microsoft.set(Endpoint::Keys, list(&["steady"]));
    jump(&clock, -30 * DAY);
    assert_eq!(sign_in(&client, &microsoft, &clock, "gone").await, Ok(()), "its grace begins");
    jump(&clock, 3_600);
    assert_eq!(sign_in(&client, &microsoft, &clock, "gone").await, Err(Kind::IdTokenKeyUnknown));
    assert_eq!(sign_in(&client, &microsoft, &clock, "steady").await, Ok(()));
}
