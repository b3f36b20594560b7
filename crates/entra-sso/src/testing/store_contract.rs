//! What every store must do, as a test that any store can be put to.
//!
//! ```no_run
//! # async fn example() {
//! use entra_sso::{session::MemorySessions, testing, users::MemoryUsers};
//!
//! testing::session_store_contract(MemorySessions::new()).await;
//! testing::user_store_contract(MemoryUsers::new()).await;
//! testing::user_directory_contract(MemoryUsers::new()).await;
//! # }
//! ```
//!
//! Call them from a test on a runtime with several threads (`#[tokio::test(flavor = "multi_thread")]`), so that what should
//! happen at the same time does. A store of sessions may hold other records before; one of users must be new. What a contract
//! leaves behind has random keys.

mod directory;
mod sessions;
mod users;

pub use self::{directory::user_directory_contract, sessions::session_store_contract, users::user_store_contract};

/// How many callers come at the same time where that matters.
const CROWD: usize = 100;
