//! The examples, each as the application that it is, signed in to by a browser.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod axum_login;
mod custom_users;
mod graph;
mod hooks;
mod place;
