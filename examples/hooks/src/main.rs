//! A reception; `lib.rs` says what it does and how to run it.

use entra_sso::Settings;
use hooks::{Reception, app, sso};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let reception = Reception::new();
    let sso = sso(Settings::from_env()?, &reception)?;
    let listener = tokio::net::TcpListener::bind("localhost:8000").await?;
    axum::serve(listener, app(&sso, reception)).await?;
    Ok(())
}
