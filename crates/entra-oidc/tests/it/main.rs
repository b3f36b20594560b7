//! Everything through the public API, in one process. The tree mirrors `src/`; `microsoft` and `signer` stand in for
//! the other side.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on stops")]

mod app;
mod client;
mod court;
mod end_session;
mod graph;
#[cfg(feature = "reqwest")]
mod http_client;
#[cfg(all(feature = "managed-identity", feature = "reqwest"))]
mod matrix;
mod microsoft;
mod openid;
mod provider;
mod secrets;
mod sign_in;
mod signer;
mod token;
