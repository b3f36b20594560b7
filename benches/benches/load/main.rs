//! What a store of sessions costs: requests of signed-in users each second against the bare handler, and logins.
//!
//! Every application is a process of its own. For requests it asks itself; for logins this process plays Microsoft and the
//! browsers, and the CPU time is the application's alone. All of them, and the stores' servers, share the machine.

mod bounds;
mod logins;
mod requests;
mod table;

use entra_benches::{application, store};
use entra_emulator::{Emulator, seed};

#[tokio::main]
async fn main() {
    application::serve_if_asked().await;
    let is_trial = std::env::args().any(|argument| argument == "--test");
    let emulator = Emulator::builder().auto_sign_in(seed::ADELE).start().await.expect("the emulator");
    let requests = requests::measure(&emulator, is_trial);
    let logins = logins::measure(&emulator, is_trial).await;
    store::remove_files();
    print!("{}", table::of(&requests, &logins));
    let missed = bounds::missed(&requests, &logins);
    assert!(is_trial || missed.is_empty(), "bounds are not met: {}", missed.join("; "));
}
