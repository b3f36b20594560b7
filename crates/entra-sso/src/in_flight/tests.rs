use std::{
    sync::atomic::{AtomicUsize, Ordering},
    time::Duration,
};

use tokio::sync::Notify;

use super::*;

const NOW: Timestamp = Timestamp::from_unix(1_795_262_400);
const KEY: SessionKey = SessionKey::from_bytes([1; 32]);

type Calls = InFlight<&'static str, usize>;

#[tokio::test]
async fn k10_many_wait_for_one_call_and_it_outlives_them() {
    let (calls, made, go) = (Calls::default(), Arc::new(AtomicUsize::new(0)), Arc::new(Notify::new()));
    let turn = |wanted: &'static str| {
        let (made, go) = (made.clone(), go.clone());
        calls.turn(KEY, &wanted, NOW, || async move {
            go.notified().await;
            (made.fetch_add(1, Ordering::SeqCst), None)
        })
    };
    let mut waiting = Vec::new();
    for _ in 0..50 {
        let Turn::Wait(outcome) = turn("a") else { panic!("the same call") };
        waiting.push(outcome);
    }
    let Turn::After(other) = turn("b") else { panic!("one at a time") };
    waiting.truncate(1);
    go.notify_one();
    assert_eq!(waiting.remove(0).await, Some(0));
    assert_eq!(other.await, Some(0));
    let Turn::Wait(second) = turn("b") else { panic!("the place is free again") };
    drop(second);
    go.notify_one();
    while !calls.lock().running.is_empty() {
        tokio::task::yield_now().await;
    }
    assert_eq!(made.load(Ordering::SeqCst), 2, "also when nobody waits");
}

#[tokio::test]
async fn a_failure_answers_for_a_while() {
    let calls = Calls::default();
    let until = NOW.plus(Duration::from_secs(30));
    let Turn::Wait(outcome) = calls.turn(KEY, &"a", NOW, || async move { (7, Some(NOW..until)) }) else {
        panic!("a call")
    };
    assert_eq!(outcome.await, Some(7));
    let never = || async { unreachable!("nobody calls") };
    assert!(matches!(calls.turn(KEY, &"a", NOW.plus(Duration::from_secs(29)), never), Turn::Paused(7)));
    let other = || async { (8, None) };
    assert!(matches!(calls.turn(KEY, &"b", NOW, other), Turn::Wait(_)), "for this one thing alone");
    let another = SessionKey::from_bytes([2; 32]);
    assert!(matches!(calls.turn(another, &"a", until, other), Turn::Wait(_)), "and this one session");
    while !calls.lock().running.is_empty() {
        tokio::task::yield_now().await;
    }
    assert!(matches!(calls.turn(KEY, &"a", until, other), Turn::Wait(_)), "the pause is over");
}

#[tokio::test]
async fn a_clock_that_was_set_back_ends_a_pause() {
    let calls = Calls::default();
    let future = NOW.plus(Duration::from_hours(24 * 365 * 10));
    let pause = future..future.plus(Duration::from_secs(30));
    let Turn::Wait(outcome) = calls.turn(KEY, &"a", future, || async move { (7, Some(pause)) }) else {
        panic!("a call")
    };
    assert_eq!(outcome.await, Some(7));
    let Turn::Wait(outcome) = calls.turn(KEY, &"a", NOW, || async { (8, None) }) else {
        panic!("ten years of a pause")
    };
    assert_eq!(outcome.await, Some(8));
}

#[tokio::test]
async fn a_call_that_breaks_off_leaves_its_place() {
    let calls = Calls::default();
    let Turn::Wait(outcome) = calls.turn(KEY, &"a", NOW, || async { panic!("on purpose") }) else { panic!("a call") };
    assert_eq!(outcome.await, None);
    assert!(calls.lock().running.is_empty());
}
