//! A local Microsoft Entra ID for development and tests.
//!
//! [`Emulator::start`] answers on a random port of 127.0.0.1 with a seeded directory and stops when it is dropped.
//! It serves discovery, keys, authorize, token, device codes, logout, managed identities and Microsoft Graph (below
//! `/graph`), keeps Microsoft's issuer strings, refuses what Microsoft refuses with Microsoft's error numbers, and
//! misbehaves on demand ([`Faults`]). There are organisations (v2 and v1), personal accounts, a B2C tenant with user flows
//! and an External ID tenant; [`Emulator::env_of`] points an application at one of them ([`Stand`]).
//! [`Browser`] is a client that keeps cookies and clicks through its pages.
//!
//! # Rules
//!
//! 1. It listens on loopback only and answers only to its own names (`Host`), anything else is 421. It speaks http, or
//!    https with the feature `https` (`EmulatorBuilder::https`): the certificate authority is made for this run, its key
//!    is thrown away at once, and nothing on the machine trusts it.
//! 2. Nobody types a password: who can reach it can be anybody in its directory. Never let production trust it.
//! 3. Time is [`EmulatorClock`], chance is drawn in one place, the environment is never read.
//! 4. Signing keys are made once per process and never leave it. Secrets, codes, tokens and cookies are not logged.
//!
//! ```
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use entra_emulator::{Browser, Emulator, Endpoint, seed};
//!
//! let emulator = Emulator::start().await?;
//! let redirect_uri = "http://localhost/microsoft_sso/callback/";
//! let start = format!(
//!     "{}{}/oauth2/v2.0/authorize?client_id={}&response_type=code&scope=openid%20profile&redirect_uri={redirect_uri}",
//!     emulator.url(),
//!     seed::CONTOSO,
//!     seed::APP_ID,
//! );
//! let answer = Browser::new().start_at(&start).stop_at(redirect_uri).signing_in_as(seed::ADELE).await?;
//! let callback = answer.location().ok_or("a redirect to the application")?;
//! assert!(callback.query_pairs().any(|(name, _)| name == "code"));
//! assert_eq!(emulator.journal().count(Endpoint::Authorize), 1);
//! # Ok(())
//! # }
//! ```

mod aadb2c;
mod aadsts;
mod admin;
mod answer;
mod authority;
mod authorize;
mod auto_sign_in;
mod avatar;
mod browser;
mod builder;
mod call;
mod certificate;
mod chance;
mod client_info;
mod clock;
mod cloud;
mod consent;
mod device;
mod directory;
mod discovery;
mod emulator;
mod endpoint;
mod error;
mod faults;
mod grants;
mod graph;
mod guarded;
mod home;
mod hosts;
mod journal;
mod jws;
mod keys;
mod listen_address;
mod login_hint;
mod logout;
mod managed_identity;
mod pages;
mod params;
mod pem;
mod pkce;
mod place;
mod routes;
mod run_secret;
mod scope;
pub mod seed;
mod server;
mod service;
mod session;
mod stand;
mod subject;
mod token;
mod version;
mod workload;

pub use browser::{Browser, BrowserError, Form, Page, Visit};
pub use builder::EmulatorBuilder;
pub use clock::EmulatorClock;
pub use cloud::Cloud;
pub use directory::{
    App, AppCertificate, AppRole, AppSecret, Audience, B2c, CertificateSubject, Directory, DirectoryError,
    DirectoryHandle, FederatedCredential, Group, ManagedIdentity, Photo, PolicyClaim, RoleAssignment, Tenant,
    TenantKind, User, UserFlow, UserFlowKind, UserKind,
};
pub use emulator::Emulator;
pub use endpoint::Endpoint;
pub use error::EmulatorError;
pub use faults::{ErrorAnswer, Fault, Faults};
pub use journal::{Entry, Journal};
pub use keys::Keys;
pub use listen_address::ListenAddress;
pub use stand::Stand;

/// The README's examples compile and its directory loads.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
mod readme {}
