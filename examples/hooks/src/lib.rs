//! What an application does while somebody signs in.
//!
//! [`Reception`] is put into the sign-in with `.hooks(…)`. In [`pre_login`](entra_sso::SignInHooks::pre_login) it
//!
//! 1. leads to `/welcome` whoever has not read the house rules, which it sees in a cookie of the request: nobody is signed in
//!    then, and the sign-in goes on when they are read;
//! 2. asks Graph for name, e-mail and birth date with the tokens of this sign-in, whether or not they are kept. For that the
//!    application asks for the scope `User.Read.All`, which an administrator has to consent to;
//! 3. refuses, in words of its own, who has no birth date;
//! 4. changes the user, which is stored, and remembers the birth date, which `entra-sso` knows nothing of.
//!
//! What goes wrong on the way (`?`) becomes a page with a reference id, and a line in the log. Nothing is left behind by a
//! sign-in that ends here: no permission, no session, no token.
//!
//! ```sh
//! entra-sso emulator     # in one terminal; paste what it prints into the other
//! cargo run -p hooks     # http://localhost:8000; Adele may enter, Alex may not
//! ```

#![forbid(unsafe_code)]

mod reception;

use axum::{
    Router,
    extract::State,
    http::header::SET_COOKIE,
    response::{Html, IntoResponse, Redirect},
    routing::get,
};
use entra_sso::{EntraSso, Settings, SignedIn, SsoError};

pub use self::reception::Reception;

/// Sign-in with Microsoft behind the reception.
///
/// # Errors
/// What is wrong with the settings, with its cure.
pub fn sso(mut settings: Settings, reception: &Reception) -> Result<EntraSso, SsoError> {
    settings.scopes = Some(vec!["User.Read.All".to_owned()]);
    EntraSso::builder(settings).hooks(reception.clone()).build()
}

/// The application.
pub fn app(sso: &EntraSso, reception: Reception) -> Router {
    Router::new()
        .route("/", get(home))
        .route("/badge", get(badge))
        .route("/welcome", get(rules).post(rules_are_read))
        .with_state(reception)
        .merge(sso.routes())
        .layer(sso.layer())
}

async fn home(user: Option<SignedIn>) -> String {
    user.map_or_else(|| "Reception. /badge is behind the door.".to_owned(), |user| format!("Hello, {}", user.name()))
}

/// What the hook has read.
async fn badge(user: SignedIn, State(reception): State<Reception>) -> String {
    let born = reception.birth_date(&user.user().id).unwrap_or_default();
    format!("{}\n{}\nborn {born}\n", user.name(), user.email().unwrap_or("no mail"))
}

async fn rules() -> Html<&'static str> {
    Html(
        "<!doctype html><html lang=en><title>Welcome</title><h1>The rules of the house</h1><p>Wear your badge.</p>\
         <form method=post><button>I have read them</button></form></html>",
    )
}

/// Back to the door, with the cookie that the reception looks for.
async fn rules_are_read() -> impl IntoResponse {
    ([(SET_COOKIE, "rules=read; Path=/; HttpOnly; SameSite=Lax; Max-Age=31536000")], Redirect::to("/badge"))
}
