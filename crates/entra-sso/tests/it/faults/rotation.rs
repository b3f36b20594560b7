//! Keys that rotate while people sign in.

use std::sync::atomic::{AtomicUsize, Ordering};

use entra_emulator::{Emulator, Endpoint};
use futures_util::{StreamExt as _, future::join_all, stream};

use super::{
    figure,
    stand::{Answer, Stand},
};

const LOGINS: usize = 1_000;
const AT_A_TIME: usize = 16;
/// So many sign-ins are over when the keys rotate.
const HALF: usize = LOGINS / 2;

type Rotate = fn(&Emulator);

/// As Microsoft does it; the old key disappears at the same moment; a key signs that nobody has seen before; the same, with
/// front-ends of which every other one does not know the key.
const KINDS: [(&str, Rotate); 4] = [
    ("the next key signs", |emulator| emulator.keys().rotate()),
    ("and the old one is gone", |emulator| {
        emulator.keys().rotate();
        emulator.keys().retire();
    }),
    ("a new key signs, the old ones are gone", |emulator| emulator.keys().replace()),
    ("the same, at one front-end of two", |emulator| {
        emulator.keys().replace();
        emulator.keys().flap();
    }),
];

#[tokio::test(flavor = "multi_thread")]
async fn j3_keys_that_rotate_within_a_thousand_sign_ins_fail_none() {
    for (name, rotate) in KINDS {
        let stand = Stand::start(|_| {}).await;
        let done = AtomicUsize::default();
        let login = async |stand: &Stand| {
            let answer = stand.come_back(&stand.at_microsoft().await).await;
            if done.fetch_add(1, Ordering::SeqCst) + 1 == HALF {
                rotate(&stand.emulator);
            }
            answer
        };
        let answers: Vec<Answer> =
            stream::iter(0..LOGINS).map(|_| login(&stand)).buffer_unordered(AT_A_TIME).collect().await;
        let failed = answers.iter().filter(|answer| !answer.signed_in()).count();
        let fetched = stand.emulator.journal().count(Endpoint::Keys);
        // The second try at another front-end is part of one look.
        let most = if name.contains("front-end") { 3 } else { 2 };
        assert_eq!((failed, stand.emulator.journal().count(Endpoint::Discovery)), (0, 1), "{name}");
        assert!(fetched <= most, "{name}: {fetched} key fetches");
        figure(format!(
            "keys rotate in {LOGINS} sign-ins ({name}): {failed} failed, {} extra key fetches",
            fetched - 1
        ));
    }
}

/// Tokens that the old key signed are still on their way when it is gone.
#[tokio::test(flavor = "multi_thread")]
async fn j5_tokens_of_the_old_key_are_taken_in_its_time_of_grace() {
    const ON_THE_WAY: usize = 20;
    let stand = Stand::start(|_| {}).await;
    stand.sign_in().await;
    let returns = join_all((0..ON_THE_WAY).map(|_| stand.at_microsoft())).await;
    // Microsoft signs when the code is redeemed: the answers are held, signed, and the keys change.
    let slow = local_servers::Line::default().latency_down(std::time::Duration::from_secs(1));
    stand.proxy.forward_over(slow);
    let old = join_all(returns.iter().map(|from| stand.come_back(from)));
    let news = async {
        while stand.emulator.journal().count(Endpoint::Token) < ON_THE_WAY + 1 {
            tokio::task::yield_now().await;
        }
        stand.emulator.keys().replace();
        stand.proxy.forward();
        // These make the application fetch the keys, before the old answers arrive.
        join_all((0..ON_THE_WAY).map(|_| stand.sign_in())).await
    };
    let (old, _) = tokio::join!(old, news);
    let failed = old.iter().filter(|answer| !answer.signed_in()).count();
    let fetched = stand.emulator.journal().count(Endpoint::Keys);
    assert_eq!((failed, fetched), (0, 2));
    figure(format!("{ON_THE_WAY} tokens of a key that is gone, after the new list was fetched: {failed} failed"));
}
