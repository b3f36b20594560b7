//! Microsoft is away, slow, breaks down, falls silent, or is busy: who is signed in notices nothing, who signs in is told soon,
//! nobody asks Microsoft again and again, and all is well with the first sign-in after it.

use std::time::Duration;

use entra_emulator::{Endpoint, Fault};
use futures_util::future::join_all;
use local_servers::Line;

use super::{
    figure,
    stand::{Answer, Stand},
    timed,
};

const MANY: usize = 200;
/// A short `http_timeout`, that two hundred sign-ins at once on two busy cores do not reach.
const TIMEOUT: Duration = Duration::from_secs(3);
/// One that a slow line does not reach.
const PATIENCE: Duration = Duration::from_secs(30);
/// What two busy cores may add to it.
const SLACK: Duration = Duration::from_secs(8);

/// A kind of trouble.
struct Trouble {
    name: &'static str,
    begin: fn(&Stand),
    end: fn(&Stand),
    /// Whether sign-ins work all the same.
    bearable: bool,
}

const ENDPOINTS: [Endpoint; 3] = [Endpoint::Discovery, Endpoint::Keys, Endpoint::Token];

fn troubles() -> [Trouble; 9] {
    let on_the_line = |name, begin| Trouble { name, begin, end: |stand| stand.proxy.forward(), bearable: false };
    let at_the_server =
        |name, begin| Trouble { name, begin, end: |stand| stand.emulator.faults().clear(), bearable: false };
    [
        on_the_line("down", |stand| stand.proxy.refuse()),
        on_the_line("resetting", |stand| stand.proxy.reset()),
        on_the_line("half-open", |stand| stand.proxy.swallow()),
        Trouble {
            bearable: true,
            ..on_the_line("slow", |stand| {
                let late = Duration::from_millis(150);
                stand.proxy.forward_over(Line::default().latency_up(late).latency_down(late).slice(700));
            })
        },
        on_the_line("silent in mid-answer", |stand| stand.proxy.forward_over(Line::default().silent_after(40))),
        on_the_line("trickling", |stand| stand.proxy.forward_over(Line::default().bandwidth(20))),
        at_the_server("huge", |stand| {
            for at in ENDPOINTS {
                stand.emulator.faults().always(Fault::Oversized(at, 2 << 20));
            }
        }),
        at_the_server("429", |stand| {
            for at in ENDPOINTS {
                stand.emulator.faults().always(Fault::Throttled(at, Some("20".to_owned())));
            }
        }),
        at_the_server("503", |stand| {
            for at in ENDPOINTS {
                stand.emulator.faults().always(Fault::Status(at, 503));
            }
        }),
    ]
}

/// With a token for each session that is over, a refresh is due in every request.
async fn stand(trouble: &Trouble) -> Stand {
    Stand::start(|settings| {
        settings.http_timeout = if trouble.bearable { PATIENCE } else { TIMEOUT };
        settings.save_access_token = true;
        settings.session_cookie_age = Duration::from_hours(24);
    })
    .await
}

fn is_told(answer: &Answer) -> bool {
    // What no Microsoft publishes is for the operator to look at.
    let (status, says) = if answer.body.contains("E221-") { (500, "Reference") } else { (502, "Try again") };
    answer.status == status && answer.body.contains(says) && answer.body.contains("E2")
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_signed_in_notices_nothing_and_who_signs_in_is_told_soon() {
    for trouble in troubles() {
        let Trouble { name, bearable, .. } = trouble;
        let stand = stand(&trouble).await;
        let sessions = join_all((0..20).map(|_| stand.sign_in())).await;
        let returns = join_all((0..MANY).map(|_| stand.at_microsoft())).await;
        stand.calls.clear();
        (trouble.begin)(&stand);

        let signed_in = (0..MANY).map(|number| timed(stand.is_signed_in(&sessions[number % sessions.len()])));
        let signing_in = returns.iter().map(|from| timed(stand.come_back(from)));
        let (signed_in, signing_in) = tokio::join!(join_all(signed_in), join_all(signing_in));
        assert!(signed_in.iter().all(|(is, _)| *is), "{name}: a session suffers");
        let as_expected = |answer: &Answer| if bearable { answer.signed_in() } else { is_told(answer) };
        if let Some((answer, _)) = signing_in.iter().find(|(answer, _)| !as_expected(answer)) {
            panic!("{name}: {} {}", answer.status, answer.body);
        }
        let slowest = |times: &mut dyn Iterator<Item = Duration>| times.max().unwrap_or_default();
        let session = slowest(&mut signed_in.iter().map(|(_, took)| *took));
        let page = slowest(&mut signing_in.iter().map(|(_, took)| *took));
        let calls = stand.calls.total();
        assert!(bearable || page < TIMEOUT + SLACK, "{name}: {page:?}");
        assert!(stand.calls.of("token") <= MANY, "{name}: a code is redeemed once");
        assert!(calls <= MANY + 2, "{name}: {calls} calls");
        if name == "429" {
            assert!(signing_in.iter().all(|(answer, _)| answer.headers["retry-after"] == "20"), "it is handed on");
        }

        let (ended, timeout) = if bearable { ("done", PATIENCE) } else { ("told", TIMEOUT) };

        (trouble.end)(&stand);
        let (cookies, back) = timed(stand.sign_in()).await;
        assert!(stand.is_signed_in(&cookies).await, "{name}: the first sign-in afterwards");
        figure(format!(
            "microsoft {name}: {MANY} of {MANY} signed-in requests answered (slowest {session:.1?}), {MANY} sign-ins \
             {ended} within {page:.1?} (http_timeout {timeout:?}), {calls} calls; first sign-in afterwards took {back:.1?}"
        ));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_process_that_starts_meanwhile_asks_once_for_all() {
    for trouble in troubles() {
        let Trouble { name, bearable, .. } = trouble;
        let mut stand = stand(&trouble).await;
        (trouble.begin)(&stand);
        stand.restart();
        let starts = join_all((0..MANY).map(|_| timed(stand.begin()))).await;
        let as_expected = |answer: &Answer| if bearable { answer.status == 303 } else { is_told(answer) };
        if let Some((answer, _)) = starts.iter().find(|(answer, _)| !as_expected(answer)) {
            panic!("{name}: {} {}", answer.status, answer.body);
        }
        let page = starts.iter().map(|(_, took)| *took).max().unwrap_or_default();
        let calls = stand.calls.total();
        assert!(bearable || page < TIMEOUT + SLACK, "{name}: {page:?}");
        assert!(calls <= 2, "{name}: {calls} calls");

        (trouble.end)(&stand);
        // As long as was asked for; else as long as a failure answers for the next ones.
        let wait = if name == "429" { 20 } else { 3 };
        stand.advance(Duration::from_secs(wait));
        assert!(stand.is_signed_in(&stand.sign_in().await).await, "{name}: the first sign-in afterwards");
        figure(format!(
            "microsoft {name}, cold: {MANY} starts told within {page:.1?}, {calls} calls; signs in again after {wait} s"
        ));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn k9_refreshes_meanwhile_sign_nobody_out_and_ask_once_in_their_pause() {
    for trouble in troubles() {
        let Trouble { name, bearable, .. } = trouble;
        let stand = stand(&trouble).await;
        let sessions = join_all((0..20).map(|_| stand.sign_in())).await;
        // Longer than an access token lives, and shorter than keys and metadata.
        stand.advance(Duration::from_hours(2));
        stand.calls.clear();
        (trouble.begin)(&stand);
        for _ in 0..10 {
            let all = join_all(sessions.iter().map(|cookies| stand.is_signed_in(cookies))).await;
            assert!(all.into_iter().all(|is| is), "{name}");
            // Who asks for the token waits for the one call that runs, and is told.
            let told = join_all(sessions.iter().map(|cookies| stand.ask("/token", cookies))).await;
            let statuses: &[u16] = if bearable { &[200] } else { &[502, 503] };
            let as_expected = |answer: &Answer| statuses.contains(&answer.status.as_u16());
            assert!(told.iter().all(as_expected), "{name}: {}", told[0].status);
        }
        let calls = stand.calls.of("token");
        assert_eq!(calls, sessions.len(), "{name}: one for each session");
        (trouble.end)(&stand);
        stand.advance(Duration::from_secs(30));
        let all = join_all(sessions.iter().map(|cookies| stand.ask("/token", cookies))).await;
        assert!(all.iter().all(|answer| answer.status == 200), "{name}: {} {}", all[0].status, all[0].body);
        figure(format!(
            "microsoft {name}, tokens over: 20 sessions, 400 requests, 0 signed out, {calls} calls; all have a token after 30 s"
        ));
    }
}

/// Each byte in a packet of its own, both ways: a whole sign-in of a process that has just started.
#[tokio::test(flavor = "multi_thread")]
async fn a_line_that_carries_one_byte_at_a_time_is_enough() {
    const LOGINS: usize = 10;
    let stand = Stand::start(|settings| settings.http_timeout = PATIENCE).await;
    stand.proxy.forward_over(Line::default().slice(1));
    let (sessions, took) = timed(join_all((0..LOGINS).map(|_| stand.sign_in()))).await;
    assert!(stand.is_signed_in(&sessions[0]).await);
    let bytes = stand.proxy.bytes_up() + stand.proxy.bytes_down();
    let calls = ["openid-configuration", "keys", "token"].map(|endpoint| stand.calls.of(endpoint));
    assert_eq!(calls, [1, 1, LOGINS]);
    figure(format!("microsoft one byte at a time: {LOGINS} cold sign-ins over {bytes} packets within {took:.1?}"));
}
