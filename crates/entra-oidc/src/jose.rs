//! Signed tokens and the keys that prove them (RFC 7515, RFC 7517), as narrow as Microsoft uses them: RS256 only, our
//! own list of algorithms, no key from the token itself.

mod jws;
mod key;
mod key_set;

pub(crate) use jws::Jws;

pub use key_set::KeySet;
