//! A club that had a table of members before it had Microsoft.
//!
//! The table stays the club's: it has a birthday and a membership number, and its own idea of what columns are called.
//! [`Members`] puts it behind [`UserStore`](entra_sso::users::UserStore), in five methods; nothing else about users is kept
//! anywhere else. `entra_sso::testing::user_store_contract` says whether such a store is right.
//!
//! Who signs in for the first time becomes a member. A member who was entered before, by hand or from an old table, is found
//! by his address with `unique_email = true`, as long as the address is one that the tenant vouches for.
//!
//! The birthday is no part of what `entra-sso` knows of a user. [`Birthdays`], a hook, asks Graph for it
//! (`?$select=birthday`: Graph sends it only when it is asked for) and writes it into the table. For that the application
//! asks for the scope `User.Read`.
//!
//! ```sh
//! entra-sso emulator              # in one terminal; paste what it prints into the other
//! cargo run -p custom-users       # http://localhost:8000, members.db in this directory
//! ```

#![forbid(unsafe_code)]

mod birthdays;
mod members;

use axum::{Router, extract::State, http::StatusCode, routing::get};
use entra_sso::{EntraSso, Settings, SignedIn, SsoError};

pub use self::{birthdays::Birthdays, members::Members};

/// Sign-in with Microsoft over the club's own table.
///
/// # Errors
/// What is wrong with the settings, with its cure.
pub fn sso(mut settings: Settings, members: &Members) -> Result<EntraSso, SsoError> {
    settings.scopes = Some(vec!["User.Read".to_owned()]);
    EntraSso::builder(settings).users(members.clone()).hooks(Birthdays::of(members)).build()
}

/// The application.
pub fn app(sso: &EntraSso, members: Members) -> Router {
    Router::new()
        .route("/", get(home))
        .route("/card", get(card))
        .with_state(members)
        .merge(sso.routes())
        .layer(sso.layer())
}

async fn home(member: Option<SignedIn>) -> String {
    member.map_or_else(|| "Welcome to the club. /card is for members.".to_owned(), |member| member.name())
}

/// The member's card: what `entra-sso` knows, and what only the club does.
async fn card(member: SignedIn, State(members): State<Members>) -> Result<String, StatusCode> {
    let birthday = members.birthday(&member.user().id).await.map_err(|_| StatusCode::SERVICE_UNAVAILABLE)?;
    let birthday = birthday.unwrap_or_else(|| "unknown".to_owned());
    Ok(format!("No. {}\n{}\nborn {birthday}\n", member.user().id, member.name()))
}
