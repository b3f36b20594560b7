//! For the tests of an application, and of a store. Cargo feature `testing`.
//!
//! - [`TestUser`] calls a handler as somebody, or gives a request a real session: no Microsoft, no network.
//! - [`user_store_contract`], [`user_directory_contract`] and [`session_store_contract`] judge a store of your own.
//!
//! Settings without an environment come from [`Settings::from_vars`](crate::Settings::from_vars).

mod store_contract;
mod test_user;

pub use self::{
    store_contract::{session_store_contract, user_directory_contract, user_store_contract},
    test_user::TestUser,
};
