//! The journey: what is sent with the browser, what waits meanwhile, and what may come back.

mod options;
mod pending;
pub(crate) mod request;
mod response;
mod response_mode;
mod seed;
mod state;

pub use options::{Prompt, SignInOptions};
pub use pending::{Expected, PendingSignIn};
pub use response::{AuthorizationCode, AuthorizationResponse};
pub use response_mode::ResponseMode;
pub use seed::{CodeVerifier, Nonce, Seed};
pub use state::State;
