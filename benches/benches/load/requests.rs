//! Requests of signed-in users: 64 keep-alive connections, each another user's, ask one request after another.

use std::time::Instant;

use entra_benches::{application::Application, connections::Connections, cpu, store::Store};
use entra_emulator::Emulator;

use crate::median::median;

/// For each connection in one turn.
const REQUESTS: u32 = 1_000;
const ROUNDS: usize = 11;

/// What an application was seen to do.
#[derive(Clone, Copy)]
pub(crate) struct Figures {
    /// Requests in a second.
    pub(crate) rate: f64,
    /// The CPU time that its process had for a request, in microseconds.
    pub(crate) micros: f64,
}

pub(crate) struct RequestFigures {
    pub(crate) bare: Figures,
    /// In the order of [`Store::ALL`].
    pub(crate) stores: Vec<StoreFigures>,
}

pub(crate) struct StoreFigures {
    pub(crate) store: Store,
    pub(crate) figures: Figures,
    /// Its requests in a second by the bare handler's, the median of the rounds.
    pub(crate) part_of_bare: f64,
}

/// One application, and what came of its turns.
struct Runner {
    application: Application,
    connections: Connections,
    turns: Vec<Figures>,
}

/// All in turn, round by round, so that a change of the machine's mood meets all; then the medians.
pub(crate) async fn measure(emulator: &Emulator, is_trial: bool) -> RequestFigures {
    let mut runners = Vec::new();
    for store in Store::ALL {
        runners.push(Runner::new(Application::start(Some(store), emulator), None).await);
    }
    runners.push(Runner::new(Application::start(None, emulator), Some(&runners[0].application)).await);
    for _ in 0..if is_trial { 1 } else { ROUNDS } {
        // Nobody always comes after the same one.
        runners.rotate_left(1);
        for runner in &mut runners {
            runner.turn().await;
        }
    }
    runners.sort_by_key(|runner| runner.application.store());
    let (bare, stores) = runners.split_first().expect("the bare handler");
    let stores = stores.iter().filter_map(|runner| runner.against(bare));
    RequestFigures { bare: bare.figures(), stores: stores.collect() }
}

impl Runner {
    /// The bare handler is sent what is sent to `like`, so that both read the same bytes.
    async fn new(application: Application, like: Option<&Application>) -> Runner {
        let requests: Vec<_> = like.unwrap_or(&application).requests().collect();
        let connections = Connections::open(application.address(), requests).await;
        Runner { application, connections, turns: Vec::new() }
    }

    #[expect(clippy::disallowed_methods, reason = "how long it takes is what is measured")]
    async fn turn(&mut self) {
        let (cpu, start) = (self.application.cpu(), Instant::now());
        let count = f64::from(REQUESTS) * self.connections.ask(REQUESTS).await;
        self.turns.push(Figures {
            rate: count / start.elapsed().as_secs_f64(),
            micros: cpu::micros(self.application.cpu().saturating_sub(cpu)) / count,
        });
    }

    fn figures(&self) -> Figures {
        Figures {
            rate: median(self.turns.iter().map(|turn| turn.rate)),
            micros: median(self.turns.iter().map(|turn| turn.micros)),
        }
    }

    fn against(&self, bare: &Runner) -> Option<StoreFigures> {
        let parts = self.turns.iter().zip(&bare.turns).map(|(turn, bare)| turn.rate / bare.rate);
        Some(StoreFigures { store: self.application.store()?, figures: self.figures(), part_of_bare: median(parts) })
    }
}
