//! Who is Microsoft.
//!
//! An [`Authority`] is one value that decides everything about the other side: where its documents are, which issuer
//! it may name, which key may sign for whom, and which account a token speaks of. Nobody else asks what kind it is.

mod authority;
mod base;
mod cloud;
mod entra;
mod guid;
mod judgement;
mod metadata;
mod published;
mod rules;
mod tenant;

pub use authority::Authority;
pub use cloud::Cloud;
pub use guid::Guid;
pub(crate) use judgement::KeyOrigin;
pub use metadata::Metadata;
pub(crate) use published::{Published, PublishedSettings};
pub use tenant::{AllowedTenants, Tenant};
