//! An office; `lib.rs` says what it shows and how to run it.

use axum_login_example::{Staff, app, sso};
use entra_sso::Settings;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let staff = Staff::new();
    let sso = sso(Settings::from_env()?, &staff)?;
    let listener = tokio::net::TcpListener::bind("localhost:8000").await?;
    // On localhost browsers take a Secure cookie over http, too; not all of them do, so here it is not.
    axum::serve(listener, app(&sso, staff, false)).await?;
    Ok(())
}
