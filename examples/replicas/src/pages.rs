//! What the application is for.

use entra_sso::{SignedIn, tokens::GraphCallError};

pub(crate) async fn home(user: Option<SignedIn>) -> String {
    user.map_or_else(|| "Hello, stranger".to_owned(), |user| format!("Hello, {}", user.name()))
}

pub(crate) async fn private(user: SignedIn) -> String {
    format!("OK user={}", user.username())
}

/// Asks Microsoft Graph with the session's access token, which whichever replica comes first has refreshed for all.
pub(crate) async fn profile(user: SignedIn) -> Result<String, GraphCallError> {
    let me = user.graph().get("me").await?;
    Ok(format!("{}\n", me.get("displayName").and_then(|name| name.as_str()).unwrap_or_default()))
}
