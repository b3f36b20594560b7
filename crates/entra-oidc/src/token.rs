//! The proof: what goes to the token endpoint, what comes back, and who it says the user is.

mod aadsts;
mod audience;
mod claims;
mod id_token;
mod logout_token;
pub(crate) mod request;
pub(crate) mod response;
mod token_set;

pub use aadsts::Aadsts;
pub use claims::{Claims, Groups};
pub use id_token::{IdTokenAnswer, IdTokenVerifier, VerifiedIdToken};
pub use logout_token::{LogoutToken, LogoutTokenVerifier};
pub use token_set::{ExposedTokens, TokenOwner, TokenSet};
