//! Everything that can go wrong, with stable codes in one register.
//!
//! E100–E149 are configuration, E200–E299 the protocol. Each code says whose move it is ([`Blame`]), what the public
//! page may show, and the cure for the log. Texts from Microsoft are cleaned and cut before they are kept.

mod config;
mod entry;
mod microsoft;
mod request_ids;
mod sign_in;

pub use config::{ConfigError, ConfigErrorKind};
pub(crate) use entry::kinds;
pub use entry::{Blame, ErrorEntry};
pub use microsoft::MicrosoftError;
pub(crate) use microsoft::clean;
pub use request_ids::RequestIds;
pub use sign_in::{SignInError, SignInErrorKind};
