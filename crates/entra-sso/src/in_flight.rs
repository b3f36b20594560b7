//! One call at a time for each session, however many wait for it, and a pause after one that failed.

use std::{
    collections::HashMap,
    future::Future,
    hash::Hash,
    ops::Range,
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use entra_oidc::Timestamp;
use futures_util::future::{FutureExt as _, Shared};

use crate::session::SessionKey;

/// So many pauses are kept before those that are over are thrown away.
const PAUSES: usize = 1_000;

/// The calls that are made for sessions now: `W` says what for, `T` is what they come to.
///
/// A call runs in a task of its own and goes on when nobody waits for it any longer: what it brings must not get lost.
pub(crate) struct InFlight<W, T>(Arc<Mutex<Inside<W, T>>>);

struct Inside<W, T> {
    running: HashMap<SessionKey, Running<W, T>>,
    pauses: HashMap<(SessionKey, W), Pause<T>>,
}

struct Running<W, T> {
    wanted: W,
    outcome: Waiting<T>,
}

struct Pause<T> {
    /// A clock that was set back before it began has ended it.
    times: Range<Timestamp>,
    outcome: T,
}

/// What becomes of a call; none when it broke off.
pub(crate) type Waiting<T> = Shared<Pin<Box<dyn Future<Output = Option<T>> + Send>>>;

/// What to do for one who wants something.
pub(crate) enum Turn<T> {
    /// This call is made for it.
    Wait(Waiting<T>),
    /// A call for something else is made for this session; ask again afterwards.
    After(Waiting<T>),
    /// It failed a moment ago, with this.
    Paused(T),
}

impl<W, T> InFlight<W, T>
where
    W: Clone + Eq + Hash + Send + 'static,
    T: Clone + Send + Sync + 'static,
{
    /// The call that is made for `wanted`: `call`, unless there is one already. It says what it came to and from when to
    /// when it is not tried again.
    pub(crate) fn turn<F>(&self, key: SessionKey, wanted: &W, now: Timestamp, call: impl FnOnce() -> F) -> Turn<T>
    where
        F: Future<Output = (T, Option<Range<Timestamp>>)> + Send + 'static,
    {
        let mut inside = self.lock();
        if let Some(running) = inside.running.get(&key) {
            let outcome = running.outcome.clone();
            return if running.wanted == *wanted { Turn::Wait(outcome) } else { Turn::After(outcome) };
        }
        let place = (key, wanted.clone());
        match inside.pauses.get(&place) {
            Some(pause) if pause.times.contains(&now) => return Turn::Paused(pause.outcome.clone()),
            Some(_) => drop(inside.pauses.remove(&place)),
            None => {}
        }
        let outcome = self.start(place, call());
        inside.running.insert(key, Running { wanted: wanted.clone(), outcome: outcome.clone() });
        Turn::Wait(outcome)
    }

    /// Waits until no call is made any more.
    pub(crate) async fn finished(&self) {
        loop {
            let running = self.lock().running.values().next().map(|running| running.outcome.clone());
            match running {
                Some(outcome) => drop(outcome.await),
                None => return,
            }
        }
    }

    fn start<F>(&self, place: (SessionKey, W), call: F) -> Waiting<T>
    where
        F: Future<Output = (T, Option<Range<Timestamp>>)> + Send + 'static,
    {
        let mine = Mine { inside: self.0.clone(), key: place.0 };
        let task = tokio::spawn(async move {
            let (outcome, pause) = call.await;
            if let Some(times) = pause {
                mine.pause(place, Pause { times, outcome: outcome.clone() });
            }
            drop(mine);
            outcome
        });
        task.map(Result::ok).boxed().shared()
    }

    fn lock(&self) -> MutexGuard<'_, Inside<W, T>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<W, T> Default for InFlight<W, T> {
    fn default() -> Self {
        Self(Arc::new(Mutex::new(Inside { running: HashMap::new(), pauses: HashMap::new() })))
    }
}

/// The place of a call, which is free again when it ends, however it ends.
struct Mine<W, T> {
    inside: Arc<Mutex<Inside<W, T>>>,
    key: SessionKey,
}

impl<W: Eq + Hash, T> Mine<W, T> {
    fn pause(&self, place: (SessionKey, W), pause: Pause<T>) {
        let mut inside = self.inside.lock().unwrap_or_else(PoisonError::into_inner);
        if inside.pauses.len() >= PAUSES {
            inside.pauses.retain(|_, earlier| earlier.times.contains(&pause.times.start));
        }
        inside.pauses.insert(place, pause);
    }
}

impl<W, T> Drop for Mine<W, T> {
    fn drop(&mut self) {
        self.inside.lock().unwrap_or_else(PoisonError::into_inner).running.remove(&self.key);
    }
}

#[cfg(test)]
mod tests;
