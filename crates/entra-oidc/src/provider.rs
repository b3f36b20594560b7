//! Who signs users in: Microsoft, in its several kinds, or a standard provider.
//!
//! An [`Authority`] is one value that decides everything about the other side: where its documents are, which issuer
//! it may name, which key may sign for whom, and which account a token speaks of. Nobody else asks what kind it is.

mod authority;
mod b2c;
mod base;
mod cloud;
mod discovery;
mod document;
mod entra;
mod external_id;
mod issuer;
mod judgement;
mod kept;
mod key_cache;
mod kind;
mod location;
mod membership;
mod metadata;
mod openid;
mod policy;
mod published;
mod rules;
mod tenant;

pub use authority::Authority;
pub use cloud::Cloud;
pub(crate) use document::Document;
pub(crate) use judgement::KeyOrigin;
pub use key_cache::KeyCache;
pub(crate) use key_cache::KeyUse;
pub(crate) use membership::Membership;
pub use metadata::Metadata;
pub use openid::OpenIdProvider;
pub use policy::Policy;
pub(crate) use published::{Published, PublishedSettings};
pub use tenant::{AllowedTenants, Tenant};
