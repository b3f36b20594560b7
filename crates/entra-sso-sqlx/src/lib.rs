//! Users of [`entra_sso`] in SQLite.
//!
//! ```no_run
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! use entra_sso_sqlx::SqliteUsers;
//!
//! let users = SqliteUsers::open("users.db").await?;
//! # let _ = users;
//! # Ok(())
//! # }
//! ```
//!
//! Hand the store to `EntraSso::builder(settings).users(users)`.
//!
//! 1. The tables (all begin with `entra_sso_`) are made and brought up to date on opening. Any number of processes may open the
//!    same file at the same time.
//! 2. A file that is opened by its name is used in WAL mode, with foreign keys on, and waits up to five seconds for another
//!    process that writes.
//! 3. A Microsoft account belongs to one user; it is found byte by byte, whatever the database's collation.
//! 4. Beside an application's own tables in one database: [`SqliteUsers::from_pool`]. The record of migrations is a table of its
//!    own (`entra_sso_migration`), so it does not meet the application's.
//!
//! What goes wrong on opening is an [`OpenError`], which names the file and the cure. What goes wrong later is an
//! [`entra_sso::StoreError`].

#![forbid(unsafe_code)]

mod sqlite;

pub use self::sqlite::{OpenError, OpenErrorKind, SqliteUsers};
