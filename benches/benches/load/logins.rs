//! Whole logins: start, callback, landing page. Eight browsers at a time, which keep their connections and forget their cookies.

use std::time::Instant;

use entra_benches::{application::Application, cpu, median::median, store::Store};
use entra_emulator::{Browser, Emulator};
use tokio::task::JoinSet;

/// In one turn.
const LOGINS: u32 = 80;
const ROUNDS: usize = 7;
const AT_A_TIME: u32 = 8;

/// What an application was seen to do.
pub(crate) struct LoginFigures {
    pub(crate) store: Store,
    /// Logins in a second, with Microsoft and the browsers on the same machine.
    pub(crate) rate: f64,
    /// The CPU time that its process had for a login, in microseconds.
    pub(crate) micros: f64,
}

/// All stores in turn, round by round; then the medians, in the order of [`Store::ALL`].
pub(crate) async fn measure(emulator: &Emulator, is_trial: bool) -> Vec<LoginFigures> {
    let applications = Store::ALL.map(|store| (store, Application::start(Some(store), emulator)));
    let mut turns = vec![Vec::new(); Store::ALL.len()];
    for (_, application) in &applications {
        sign_in(application, AT_A_TIME).await;
    }
    for _ in 0..if is_trial { 1 } else { ROUNDS } {
        for ((_, application), turns) in applications.iter().zip(&mut turns) {
            turns.push(rate_and_micros(application).await);
        }
    }
    let figures = applications.iter().zip(&turns).map(|((store, _), turns)| LoginFigures {
        store: *store,
        rate: median(turns.iter().map(|turn| turn.0)),
        micros: median(turns.iter().map(|turn| turn.1)),
    });
    figures.collect()
}

#[expect(clippy::disallowed_methods, reason = "how long it takes is what is measured")]
async fn rate_and_micros(application: &Application) -> (f64, f64) {
    let (cpu, start) = (application.cpu(), Instant::now());
    sign_in(application, LOGINS).await;
    let count = f64::from(LOGINS);
    let rate = count / start.elapsed().as_secs_f64();
    (rate, cpu::micros(application.cpu().saturating_sub(cpu)) / count)
}

async fn sign_in(application: &Application, logins: u32) {
    let mut browsers = JoinSet::new();
    for _ in 0..AT_A_TIME {
        let page = application.page();
        browsers.spawn(async move {
            let browser = Browser::new();
            for _ in 0..logins / AT_A_TIME {
                let shown = browser.get(&page).await.expect("an answer");
                assert_eq!(shown.body, "OK user=adele@contoso.example");
                browser.clear_cookies();
            }
        });
    }
    browsers.join_all().await;
}
