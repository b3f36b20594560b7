//! The club's application; `lib.rs` says how to run it.

use custom_users::{Members, app, sso};
use entra_sso::Settings;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let members = Members::open("members.db").await?;
    let sso = sso(Settings::from_env()?, &members)?;
    let listener = tokio::net::TcpListener::bind("localhost:8000").await?;
    axum::serve(listener, app(&sso, members)).await?;
    Ok(())
}
