//! Signed tokens and the keys that prove them (RFC 7515, RFC 7517), as narrow as they are used: three algorithms, each
//! bound to a type of key, the authority's own list of them, no key from the token itself.

mod algorithm;
mod certificate_name;
mod jws;
mod key;
mod key_set;
mod token_kind;

pub(crate) use jws::Jws;
pub(crate) use key::Key;
pub(crate) use token_kind::{ID_TOKEN, LOGOUT_TOKEN};

pub use algorithm::Algorithm;
pub use key_set::KeySet;
