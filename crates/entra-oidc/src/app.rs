//! Who are we: the application's registration and how it proves itself. One file for each credential.

mod assertion_source;
mod certificate;
mod client_assertion;
mod client_id;
mod client_proof;
mod client_secret;
mod credential;
#[cfg(feature = "managed-identity")]
mod managed_identity;
mod registration;
mod static_assertion;
mod token_file;

pub use assertion_source::{AssertionAsk, AssertionError, AssertionSource, ClientAssertionSource};
pub use certificate::{AssertionAlgorithm, Certificate};
pub use client_id::ClientId;
pub(crate) use client_proof::ClientProof;
pub use client_secret::ClientSecret;
pub use credential::{Credential, CredentialKind};
#[cfg(feature = "managed-identity")]
pub use managed_identity::ManagedIdentity;
pub use registration::Registration;
pub use static_assertion::StaticAssertion;
pub use token_file::TokenFile;
