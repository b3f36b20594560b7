//! A local Microsoft on port 8400, until Ctrl-C.

use entra_emulator::{Emulator, EmulatorError};

#[tokio::main]
async fn main() -> Result<(), EmulatorError> {
    let emulator = Emulator::builder().listen("localhost:8400").start().await?;
    println!("{}", emulator.url());
    for (name, value) in emulator.env() {
        println!("{name}={value}");
    }
    // Ends with the process when the signal cannot be heard.
    let _ = tokio::signal::ctrl_c().await;
    emulator.stop().await;
    Ok(())
}
