//! The machine's clock jumps while people are signed in, sign in and have signed in: nobody gets in who should not, nothing
//! panics, and once it is right again everything is.

use std::time::Duration;

use entra_emulator::{Endpoint, Fault};
use entra_sso::oidc::Timestamp;

use super::{
    figure,
    stand::{Answer, Stand},
};
use crate::app::NOW;

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;
const YEAR: i64 = 365 * DAY;

/// How long sessions live here.
const SESSION: Duration = Duration::from_hours(24);
/// Our clock may differ so much from Microsoft's (`clock_skew`), and replicas from each other.
const TOLERANCE: i64 = 5 * MINUTE;
/// How long a sign-in waits.
const WAITS: i64 = 10 * MINUTE;
/// How long an ID token is good, by Microsoft's clock.
const ID_TOKEN: i64 = HOUR;

const JUMPS: [i64; 20] = [
    1,
    -1,
    4 * MINUTE,
    -4 * MINUTE,
    6 * MINUTE,
    -6 * MINUTE,
    HOUR,
    -HOUR,
    DAY,
    -DAY,
    30 * DAY,
    -30 * DAY,
    YEAR,
    -YEAR,
    10 * YEAR,
    -10 * YEAR,
    i64::MAX / 2,
    i64::MIN / 2,
    i64::MAX - NOW,
    i64::MIN,
];

async fn stand() -> Stand {
    Stand::start(|settings| {
        settings.session_cookie_age = SESSION;
        settings.save_access_token = true;
    })
    .await
}

impl Stand {
    /// Our clock alone.
    fn jump(&self, by: i64) {
        self.clock.set(Timestamp::from_unix(NOW.saturating_add(by)));
    }

    /// Our clock and Microsoft's.
    fn jump_together(&self, by: i64) {
        self.jump(by);
        self.emulator.clock().set(NOW + by);
    }
}

/// An answer that a browser and its user can go on from.
fn is_sound(answer: &Answer) -> bool {
    answer.status == 303 || (answer.status.is_client_error() || answer.status == 502) && answer.body.contains("<html")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_that_jumps_lets_nobody_in_and_is_forgotten_when_it_is_right_again() {
    for by in JUMPS {
        let stand = stand().await;
        let used = stand.at_microsoft().await;
        let session = stand.come_back(&used).await.cookies();
        let waiting = stand.at_microsoft().await;

        stand.jump(by);
        // A session that began later than now is nobody's; one whose time is over is nobody's.
        let lives = (-TOLERANCE..SESSION.as_secs().cast_signed()).contains(&by);
        assert_eq!(stand.is_signed_in(&session).await, lives, "{by} s: the session");
        let replayed = stand.come_back(&used).await;
        assert!(!replayed.signed_in() && is_sound(&replayed), "{by} s: S4: {} {}", replayed.status, replayed.body);
        let back = stand.come_back(&waiting).await;
        // Attempts and tokens have a beginning and an end by our clock.
        let in_time = (-TOLERANCE..WAITS).contains(&by);
        assert_eq!(back.signed_in(), in_time, "{by} s: the sign-in that waited: {} {}", back.status, back.body);
        assert!(is_sound(&back), "{by} s: {} {}", back.status, back.body);
        let begun = stand.begin().await;
        assert_eq!(begun.status, 303, "{by} s: {}", begun.body);
        let anew = stand.come_back(&stand.at_microsoft().await).await;
        // Microsoft dates a token five minutes back.
        let is_good = (-2 * TOLERANCE..ID_TOKEN + TOLERANCE).contains(&by);
        assert_eq!(anew.signed_in(), is_good, "{by} s: a new sign-in: {} {}", anew.status, anew.body);
        stand.ask("/token", &session).await;

        stand.jump(0);
        assert!(stand.is_signed_in(&session).await, "{by} s: the session is still there");
        assert!(!stand.come_back(&used).await.signed_in(), "{by} s: S4, after it came back");
        let anew = stand.sign_in().await;
        assert!(stand.is_signed_in(&anew).await, "{by} s: a new sign-in at once");
        assert_eq!(stand.ask("/token", &anew).await.status, 200, "{by} s");
        stand.clock.advance(SESSION);
        assert!(!stand.is_signed_in(&session).await, "{by} s: it ends when it has to");
    }
    figure(format!(
        "clock jumps, {} of them, from a second to the ends of time: nobody came in who should not, nobody is locked out \
         once the clock is right",
        JUMPS.len()
    ));
}

/// Everybody's clock was wrong: sessions begin in the future.
#[tokio::test(flavor = "multi_thread")]
async fn k8_sessions_of_the_future_end_with_it() {
    for by in [HOUR, 2 * DAY, 30 * DAY, 10 * YEAR] {
        let stand = stand().await;
        let before = stand.sign_in().await;
        stand.jump_together(by);
        let session = stand.sign_in().await;
        assert!(stand.is_signed_in(&session).await, "{by} s");
        let waiting = stand.at_microsoft().await;

        stand.jump_together(0);
        assert!(!stand.is_signed_in(&session).await, "{by} s: nobody knows how old it is");
        let back = stand.come_back(&waiting).await;
        assert!(!back.signed_in() && back.status == 303, "{by} s: begins once more: {} {}", back.status, back.body);
        assert_eq!(stand.is_signed_in(&before).await, by < SESSION.as_secs().cast_signed(), "{by} s: from before");
        let again = stand.sign_in().await;
        assert!(stand.is_signed_in(&again).await, "{by} s: a new sign-in at once");
        stand.clock.advance(Duration::from_secs(WAITS.unsigned_abs()));
        assert!(stand.is_signed_in(&again).await, "{by} s");
    }
    figure(
        "sessions that began up to ten years in the future: over when the clock is right again, and the next sign-in works",
    );
}

/// A pause and a token that came in the future hold nobody up.
#[tokio::test(flavor = "multi_thread")]
async fn k9_tokens_and_pauses_of_the_future_are_renewed() {
    let stand = stand().await;
    let session = stand.sign_in().await;
    let token = async || stand.ask("/token", &session).await;
    let calls = || stand.calls.of("token");

    stand.jump_together(12 * HOUR);
    stand.emulator.faults().always(Fault::Throttled(Endpoint::Token, Some("3600".to_owned())));
    let at_first = calls();
    for _ in 0..20 {
        assert_eq!(token().await.status, 503, "the token is over, and Microsoft is busy");
    }
    assert_eq!(calls(), at_first + 1, "an hour's pause");
    stand.emulator.faults().clear();
    // The token of the sign-in would be over there, too.
    stand.jump_together(2 * HOUR);
    assert_eq!(token().await.status, 200, "the pause began in the future");
    assert_eq!(calls(), at_first + 2);

    stand.jump_together(12 * HOUR);
    assert_eq!(token().await.status, 200);
    assert_eq!(calls(), at_first + 3, "a token until the thirteenth hour");
    stand.jump_together(3 * HOUR);
    for _ in 0..20 {
        assert_eq!(token().await.status, 200);
        stand.sso.shutdown().await;
    }
    assert_eq!(calls(), at_first + 4, "Microsoft ends it when an hour is over: one new token");
    figure("a refresh that failed or succeeded in the future: asked again at once, once");
}
