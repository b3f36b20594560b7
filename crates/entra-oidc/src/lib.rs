//! entra-oidc

mod account;
mod app;
mod client;
mod clock;
mod end_session;
mod error;
mod graph;
mod http_client;
mod identity;
mod jose;
mod json;
mod provider;
mod register;
mod secret;
mod sign_in;
mod token;

pub use account::{AccountKey, AccountKind};
pub use app::{ClientSecret, Credential, Registration};
pub use client::{EntraClient, EntraClientBuilder};
pub use clock::{Clock, ManualClock, Timestamp};
pub use end_session::EndSession;
pub use error::{Blame, ConfigError, ConfigErrorKind, ErrorEntry, MicrosoftError, SignInError, SignInErrorKind};
pub use graph::{Graph, GraphAnswer, GraphError, GraphErrorKind, GraphProfile, Photo};
pub use http_client::{HttpClient, HttpError, HttpErrorKind, Limits, is_loopback};
#[cfg(feature = "reqwest")]
pub use http_client::{ReqwestClient, ReqwestSettings};
pub use identity::Identity;
pub use jose::KeySet;
pub use provider::{AllowedTenants, Authority, Cloud, Guid, Metadata, Tenant};
pub use register::register;
pub use secret::{Secret, random_bytes, same};
pub use sign_in::{
    AuthorizationCode, AuthorizationResponse, CodeVerifier, Expected, Nonce, PendingSignIn, Prompt, Seed,
    SignInOptions, State,
};
pub use token::{
    Aadsts, Claims, ExposedTokens, Groups, IdTokenAnswer, IdTokenVerifier, TokenOwner, TokenSet, VerifiedIdToken,
};
