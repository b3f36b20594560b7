//! The `OpenID` Connect client that understands Microsoft Entra ID.
//!
//! [`EntraClient::begin`] gives the address to send the browser to and a [`PendingSignIn`];
//! [`EntraClient::complete`] takes what came back and gives an [`Identity`] and a [`TokenSet`]. In between nothing is
//! kept here: the application keeps the pending sign-in, bound to the browser.
//!
//! # Rules
//!
//! 1. A check leaves a proof: [`Identity`] is only made from a [`VerifiedIdToken`], a code only from an
//!    [`AuthorizationResponse`] that belongs to the attempt. A [`PendingSignIn`] is used once.
//! 2. State, nonce and PKCE (S256) are always there, algorithms are the authority's own (RS256 at Microsoft), and no
//!    switch leaves a check out.
//! 3. An [`Authority`] decides everything about the other side: addresses, issuers, keys, account keys, scopes.
//!    A [`Credential`] proves who we are; an authority that does not take its kind refuses when the client is built.
//! 4. Sizes are bounded before anything is parsed; a member that stands in JSON twice, or has another type, is an error.
//! 5. Time comes from a [`Clock`], the network is an [`HttpClient`]. Nothing is spawned, nothing sleeps, and no runtime
//!    is needed (the feature `reqwest` needs tokio).
//! 6. The account is its [`AccountKey`]. Addresses and names are for showing.
//!
//! # What failure looks like
//!
//! [`SignInError`] has a stable code, says whose move it is ([`Blame`]), what a page may say and what the cure is; the
//! whole [`register()`] can be listed. No error, `Debug` or log line has a secret, code or token in it.
//!
//! # Example
//!
//! ```
//! use std::time::Duration;
//!
//! use entra_oidc::{
//!     Authority, AuthorizationResponse, Clock, Cloud, Credential, EntraClient, Guid, HttpClient, Registration,
//!     SignInOptions, Tenant,
//! };
//! use url::Url;
//!
//! fn client(http: impl HttpClient) -> Result<EntraClient, Box<dyn std::error::Error>> {
//!     let authority = Authority::entra(Cloud::Public, Tenant::parse("contoso.example")?);
//!     let client_id = Guid::parse("6731de76-14a6-49ae-97bc-6eba6914391e")?;
//!     let registration = Registration::new(client_id, Credential::secret("the secret's value"));
//!     Ok(EntraClient::builder(authority, registration).http_client(http).build()?)
//! }
//!
//! async fn sign_in(client: EntraClient) -> Result<(), Box<dyn std::error::Error>> {
//!     // To Microsoft: send the browser to `address`, keep `pending` for this browser.
//!     let callback = Url::parse("https://app.contoso.example/callback/")?;
//!     let deadline = Clock::system().now().plus(Duration::from_mins(10));
//!     let (address, pending) = client.begin(SignInOptions::new(callback, deadline)).await?;
//!     # let _ = address;
//!     # let query = "";
//!
//!     // And back: `query` is what the callback was asked with.
//!     let response = AuthorizationResponse::from_query(query)?;
//!     let (identity, tokens) = client.complete(pending, response).await?;
//!     println!("{} is {}", identity.account(), identity.claims().name().unwrap_or("somebody"));
//!     if let Some(graph) = client.graph() {
//!         let answer = graph.profile(&tokens).await;
//!         println!("has a photo: {}", matches!(answer.photo, Ok(Some(_))));
//!     }
//!     Ok(())
//! }
//! ```

#![forbid(unsafe_code)]

mod account;
mod address;
mod app;
mod claims_challenge;
mod client;
mod clock;
mod end_session;
mod error;
mod graph;
mod guid;
mod http_client;
mod identity;
mod jose;
mod json;
mod provider;
mod register;
mod secret;
mod sign_in;
mod token;
mod user_info;

pub use account::{AccountKey, AccountKind};
pub use address::is_loopback;
#[cfg(feature = "managed-identity")]
pub use app::ManagedIdentity;
pub use app::{
    AssertionAlgorithm, AssertionAsk, AssertionError, AssertionSource, Certificate, ClientAssertionSource, ClientId,
    ClientSecret, Credential, CredentialKind, Registration, StaticAssertion, TokenFile,
};
pub use claims_challenge::ClaimsChallenge;
pub use client::{CredentialCheck, CredentialOutcome, EntraClient, EntraClientBuilder, Probe, Refreshed};
pub use clock::{Clock, ManualClock, Timestamp};
pub use end_session::EndSession;
pub use error::{
    Blame, ConfigError, ConfigErrorKind, ErrorEntry, MicrosoftError, RequestIds, SignInError, SignInErrorKind,
};
pub use graph::{Graph, GraphAnswer, GraphCall, GraphError, GraphErrorKind, GraphProfile, GraphReply, Photo};
pub use guid::Guid;
pub use http_client::{Endpoint, HttpClient, HttpError, HttpErrorKind, Limits, LinkLocal};
#[cfg(feature = "reqwest")]
pub use http_client::{ReqwestClient, ReqwestSettings};
pub use identity::Identity;
pub use jose::{Algorithm, KeySet};
pub use provider::{AllowedTenants, Authority, Cloud, KeyCache, Metadata, OpenIdProvider, Policy, Tenant};
pub use register::register;
pub use secret::{Secret, random_bytes, same};
pub use sign_in::{
    AuthorizationCode, AuthorizationResponse, CodeVerifier, Expected, Nonce, PendingSignIn, Prompt, ResponseMode, Seed,
    SignInOptions, State,
};
pub use token::{
    Aadsts, Claims, ExposedTokens, Groups, IdTokenAnswer, IdTokenVerifier, LogoutToken, LogoutTokenVerifier,
    TokenOwner, TokenSet, VerifiedIdToken,
};
pub use user_info::UserInfo;

/// The example in the README compiles.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
