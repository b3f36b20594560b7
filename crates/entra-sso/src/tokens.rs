//! The tokens of a session: kept, refreshed, handed to the application.
//!
//! They are kept only with the setting `save_access_token`, inside the session's sealed body. A refresh runs in a task of its
//! own, one for each session at a time. It begins when a request finds the token due, and nobody waits for it; only who
//! asks for the token after it is over does. What it brings is stored although the request that caused it has gone, and it
//! brings no session back that has ended meanwhile (K14).
//!
//! 1. The refreshed ID token is judged as the first one was, must be the same user's (T23), and its claims, roles and what
//!    `role_map` gives for them take the place of the old ones (K9).
//! 2. Of several replicas one makes the call, and the others wait for what it stores (K10). `invalid_grant`: the record is
//!    read once more, because another replica may have been faster all the same; then the session ends.
//! 3. Microsoft cannot be reached, or is busy: token and session stay, and nobody asks again for 30 seconds, or for as long
//!    as Microsoft says.
//! 4. A refresh moves no deadline of the session.

mod error;
mod graph;
pub(crate) mod holder;
mod lease;
pub(crate) mod obtain;
mod refresh;

pub use self::{
    error::{TokenError, TokenErrorKind},
    graph::{GraphCallError, SignedInGraph},
};
pub use crate::refreshes::access_token::AccessToken;
