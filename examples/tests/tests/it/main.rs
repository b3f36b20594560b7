//! The examples, each as the application that it is, signed in to by a browser.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod custom_users;
mod place;
