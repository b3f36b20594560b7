//! Integration tests of `entra-sso`; the tree mirrors `src/`.

mod callback_url;
mod next_url;
mod pending;
mod sealing;
mod session;
mod settings;
mod users;
