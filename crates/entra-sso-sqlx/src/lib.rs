//! Users, sessions and used sign-ins of [`entra_sso`] in SQLite and PostgreSQL.
//!
//! ```no_run
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! use entra_sso_sqlx::SqliteStore;
//!
//! let users = SqliteStore::open("users.db").await?;
//! # let _ = users;
//! # Ok(())
//! # }
//! ```
//!
//! ```no_run
//! # #[cfg(feature = "postgres")]
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! use entra_sso_sqlx::PostgresStore; // Cargo feature `postgres`
//!
//! let users = PostgresStore::open("postgres://app:password@db.example/app?sslmode=verify-full").await?;
//! # let _ = users;
//! # Ok(())
//! # }
//! ```
//!
//! Hand the store to `EntraSso::builder(settings).managed_users(users)`: sign-ins use it, and so does the admin. With
//! `.database(users)` sessions are there, too. `docs/stores.md` in the repository has which store when.
//!
//! 1. The tables (all begin with `entra_sso_`) are made and brought up to date on opening. Any number of processes may open the
//!    same database at the same time.
//! 2. An SQLite file that is opened by its name is used in WAL mode, with foreign keys on, and waits up to five seconds for another
//!    process that writes.
//! 3. A Microsoft account belongs to one user; it is found byte by byte, whatever the database's collation.
//! 4. A known user's sign-in is two statements, find and change; three with a new picture, and then the change and the picture stand
//!    in one transaction.
//! 5. What depends on other users (a new user, a link, a unique address, the first superuser, the last one) is one step at a time:
//!    SQLite has one writer, and PostgreSQL a lock of our own, which is held for these statements only.
//! 6. PostgreSQL's texts have no NUL character; both stores leave it out of what is for showing. An account or an id with one is
//!    nobody's.
//! 7. Beside an application's own tables in one database: [`SqliteStore::from_pool`], `PostgresStore::from_pool`. The record of
//!    migrations is a table of its own (`entra_sso_migration`), so it does not meet the application's.
//!
//! What goes wrong on opening is an [`OpenError`], which names the database and the cure. What goes wrong later is an
//! [`entra_sso::StoreError`].

#![forbid(unsafe_code)]

mod backend;
mod connections;
mod database;
mod facts;
mod migrations;
mod open_error;
#[cfg(feature = "postgres")]
mod postgres;
mod sessions;
#[cfg(feature = "sqlite")]
mod sqlite;
mod store;
mod traits;
mod users;
mod value;

/// The README's example compiles.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
mod readme {}

pub use self::database::Database;
pub use self::open_error::{OpenError, OpenErrorKind};
#[cfg(feature = "postgres")]
pub use self::postgres::PostgresStore;
#[cfg(feature = "sqlite")]
pub use self::sqlite::SqliteStore;
