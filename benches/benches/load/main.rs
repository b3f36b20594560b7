//! What a store of sessions costs: requests of signed-in users each second against the bare handler, and logins.
//!
//! Every application is a process of its own, and its CPU time is that process's alone. This process asks; for logins it plays
//! Microsoft and the browsers. All of them, and the stores' servers, share the machine, for the bare handler as well.

mod bounds;
mod logins;
mod median;
mod requests;
mod table;

use entra_benches::{application, store};
use entra_emulator::{Emulator, seed};

#[tokio::main]
async fn main() {
    application::serve_if_asked().await;
    let is_trial = std::env::args().any(|argument| argument == "--test");
    let emulator = Emulator::builder().auto_sign_in(seed::ADELE).start().await.expect("the emulator");
    let requests = requests::measure(&emulator, is_trial).await;
    let logins = logins::measure(&emulator, is_trial).await;
    store::remove_files();
    print!("{}", table::of(&requests, &logins));
    let missed = bounds::missed(&requests, &logins);
    assert!(is_trial || missed.is_empty(), "bounds are not met: {}", missed.join("; "));
}
