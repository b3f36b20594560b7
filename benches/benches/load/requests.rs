//! Requests of signed-in users: 64 keep-alive connections, each another user's, ask one request after another.

use std::time::Duration;

use entra_benches::{application::Application, connections::Turn, median::median, store::Store};
use entra_emulator::Emulator;

const TURN: Duration = Duration::from_secs(1);
/// With the same processes.
const ROUNDS: usize = 3;
/// How often all of them are started anew: where a process lies in memory stays with it, and changes what it costs.
const STARTS: usize = 5;

pub(crate) struct RequestFigures {
    pub(crate) bare: Turn,
    /// In the order of [`Store::ALL`].
    pub(crate) stores: Vec<StoreFigures>,
}

pub(crate) struct StoreFigures {
    pub(crate) store: Store,
    pub(crate) figures: Turn,
    /// Its requests in a second by the bare handler's, the median of the rounds.
    pub(crate) part_of_bare: f64,
}

/// A turn of a store, and the bare handler's next to it.
#[derive(Clone, Copy)]
struct Pair {
    store: Turn,
    bare: Turn,
}

/// Round by round, so that a change of the machine's mood meets all; then the medians.
pub(crate) fn measure(emulator: &Emulator, is_trial: bool) -> RequestFigures {
    let (starts, rounds) = if is_trial { (1, 1) } else { (STARTS, ROUNDS) };
    let mut pairs = Store::ALL.map(|_| Vec::new());
    for _ in 0..starts {
        let mut bare = Application::start(None, emulator);
        let mut stores = Store::ALL.map(|store| Application::start(Some(store), emulator));
        for round in 0..rounds {
            for (store, pairs) in stores.iter_mut().zip(&mut pairs) {
                pairs.push(pair(store, &mut bare, round % 2 == 0));
            }
        }
    }
    let bare: Vec<_> = pairs.iter().flatten().map(|pair| pair.bare).collect();
    let stores = Store::ALL.into_iter().zip(&pairs).map(|(store, pairs)| against(store, pairs));
    RequestFigures { bare: medians(&bare), stores: stores.collect() }
}

/// One directly after the other.
fn pair(store: &mut Application, bare: &mut Application, is_bare_first: bool) -> Pair {
    if is_bare_first {
        let bare = bare.turn(TURN);
        return Pair { store: store.turn(TURN), bare };
    }
    Pair { store: store.turn(TURN), bare: bare.turn(TURN) }
}

fn medians(turns: &[Turn]) -> Turn {
    Turn { rate: median(turns.iter().map(|turn| turn.rate)), micros: median(turns.iter().map(|turn| turn.micros)) }
}

fn against(store: Store, pairs: &[Pair]) -> StoreFigures {
    let turns: Vec<_> = pairs.iter().map(|pair| pair.store).collect();
    let part_of_bare = median(pairs.iter().map(|pair| pair.store.rate / pair.bare.rate));
    StoreFigures { store, figures: medians(&turns), part_of_bare }
}
