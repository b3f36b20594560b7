//! Who are we: the application's registration and how it proves itself.

mod client_secret;
mod credential;
mod registration;

pub use client_secret::ClientSecret;
pub use credential::Credential;
pub use registration::Registration;
