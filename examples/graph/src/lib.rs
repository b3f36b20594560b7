//! Microsoft Graph, and another API, asked with the tokens of the session.
//!
//! `save_access_token` keeps the tokens of the sign-in in the session, sealed, and gets new ones in time. A handler asks with
//! [`SignedIn::graph`](entra_sso::SignedIn::graph) and passes on what goes wrong (`?`): the error is an answer that does what
//! helps.
//!
//! 1. Graph asks for a stronger sign-in (a claims challenge): the browser goes to Microsoft with the challenge, and comes back
//!    to the same page with a new session.
//! 2. Graph is busy: 503 with `Retry-After`.
//! 3. The token is over and cannot be renewed: the browser signs in again and comes back.
//!
//! `/profile` asks one question, `/groups` reads a list page by page, `/orders` gets a token for another API by its scope,
//! `/vault` answers a challenge in words of its own before it sends anybody anywhere.
//!
//! ```sh
//! entra-sso emulator           # in one terminal; paste what it prints into the other
//! cargo run -p graph-example   # http://localhost:8000
//! ```

#![forbid(unsafe_code)]

use axum::{
    Router,
    extract::{RawQuery, State},
    response::Html,
    routing::get,
};
use entra_sso::{
    EntraSso, Settings, SignedIn, SsoError,
    oidc::GraphCall,
    tokens::{GraphCallError, TokenError},
};
use serde_json::{Map, Value};

/// Sign-in with Microsoft that keeps its tokens.
///
/// # Errors
/// What is wrong with the settings, with its cure.
pub fn sso(mut settings: Settings) -> Result<EntraSso, SsoError> {
    settings.save_access_token = true;
    settings.scopes = Some(vec!["User.Read".to_owned()]);
    EntraSso::builder(settings).build()
}

/// The application.
pub fn app(sso: &EntraSso) -> Router {
    Router::new()
        .route("/", get(|| async { Html("<a href=/profile>/profile</a> /groups /orders /vault") }))
        .route("/profile", get(profile))
        .route("/groups", get(groups))
        .route("/orders", get(orders))
        .route("/vault", get(vault))
        .with_state(sso.clone())
        .merge(sso.routes())
        .layer(sso.layer())
}

/// One question.
async fn profile(user: SignedIn) -> Result<String, GraphCallError> {
    let me = user.graph().get("me").await?;
    Ok(format!("{}\n{}\n", text(&me, "displayName"), text(&me, "jobTitle")))
}

/// A list, page by page.
async fn groups(user: SignedIn) -> Result<String, GraphCallError> {
    let (graph, mut names, mut pages) = (user.graph(), Vec::new(), 1);
    let mut page = graph.get("me/memberOf").await?;
    loop {
        let groups = page.get("value").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_object);
        names.extend(groups.map(|group| text(group, "displayName").to_owned()));
        let Some(next) = page.get("@odata.nextLink").and_then(Value::as_str) else { break };
        page = graph.next_page(next).await?;
        pages += 1;
    }
    Ok(format!("{} groups on {pages} pages\n{}\n", names.len(), names.join("\n")))
}

/// A token for another API, got with the session's refresh token when it is first asked for.
async fn orders(user: SignedIn, State(sso): State<EntraSso>) -> Result<String, TokenError> {
    // This application's own API stands for any other.
    let application = sso.settings().application_id.as_deref().unwrap_or_default();
    let scope = format!("api://{application}/orders.read");
    let token = user.access_token_for([scope.as_str()]).await?;
    // Here the API would be asked, with `Authorization: Bearer` and `token.expose()`.
    Ok(format!("a token for {}\n", token.scope().unwrap_or("what was asked")))
}

/// A question to which Graph may answer that the sign-in was not strong enough. Here the user is told so before he is sent
/// anywhere: `?prove` says that he has read it.
async fn vault(user: SignedIn, RawQuery(query): RawQuery) -> Result<Html<String>, GraphCallError> {
    let asked = user.graph().call(GraphCall::get("me").select(["mobilePhone"])).await;
    let has_read = query.as_deref() == Some("prove");
    match asked {
        Ok(reply) => {
            let me = reply.json().unwrap_or_default();
            Ok(Html(format!("<!doctype html><title>Vault</title><p>In the vault: {}</p>", text(&me, "mobilePhone"))))
        }
        Err(error) if !has_read && error.graph().is_some_and(|error| error.claims().is_some()) => {
            let page = "<!doctype html><title>Vault</title><p>The vault asks who you are once more.</p>\
                        <a href=\"/vault?prove\">Prove it</a>";
            Ok(Html(page.to_owned()))
        }
        Err(error) => Err(error),
    }
}

/// A member that is a text, or nothing.
fn text<'a>(object: &'a Map<String, Value>, name: &str) -> &'a str {
    object.get(name).and_then(Value::as_str).unwrap_or_default()
}
