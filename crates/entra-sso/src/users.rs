//! Users, their Microsoft accounts, and which of their addresses may decide something.
//!
//! A user is found by the account key that the authority vouches for ([`entra_oidc::AccountKey`]), compared byte by byte;
//! never by an address, a name or a username. An address decides something only as a [`TrustedAddress`].
//!
//! To keep users elsewhere, implement [`UserStore`] and let `entra_sso::testing::user_store_contract` (feature `testing`)
//! judge the result.

pub(crate) mod address;
mod change;
pub(crate) mod directory;
pub(crate) mod domain_rule;
mod grants;
mod link;
mod memory;
mod new_user;
pub(crate) mod person_list;
pub(crate) mod store;
pub(crate) mod trusted_address;
mod update;
mod user;

pub use self::{
    change::Change,
    directory::{Deleted, UserDirectory, UserFilter, UserPage, UserQuery},
    grants::{Grant, GrantChange, Grants},
    link::{Link, Linked},
    memory::MemoryUsers,
    new_user::{Created, NewUser},
    store::{UserLookup, UserStore},
    trusted_address::TrustedAddress,
    update::{Updated, UserUpdate},
    user::{MicrosoftAccount, Picture, User, UserId},
};
