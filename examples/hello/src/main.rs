//! The smallest application: who is there, and a page for signed-in users only.
//!
//! `entra-sso emulator` prints the variables that it needs to run without a Microsoft tenant.

use axum::{Router, routing::get};
use entra_sso::{EntraSso, SignedIn};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let sso = EntraSso::from_env()?;
    let app = Router::new().route("/", get(home)).route("/private", get(private));
    let app = app.merge(sso.routes()).layer(sso.layer());
    axum::serve(tokio::net::TcpListener::bind("localhost:8000").await?, app).await?;
    Ok(())
}

async fn home(user: Option<SignedIn>) -> String {
    user.map_or_else(|| "Hello, stranger".to_owned(), |user| format!("Hello, {}", user.name()))
}

async fn private(user: SignedIn) -> String {
    format!("OK user={}", user.username())
}
