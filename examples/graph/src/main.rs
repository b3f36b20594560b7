//! What Graph knows; `lib.rs` says what it shows and how to run it.

use entra_sso::Settings;
use graph_example::{app, sso};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let sso = sso(Settings::from_env()?)?;
    let listener = tokio::net::TcpListener::bind("localhost:8000").await?;
    axum::serve(listener, app(&sso)).await?;
    Ok(())
}
