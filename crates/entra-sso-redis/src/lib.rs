//! Sessions and used sign-ins of [`entra_sso`] in Redis.
//!
//! ```no_run
//! # async fn example(settings: entra_sso::Settings) -> Result<(), Box<dyn std::error::Error>> {
//! use entra_sso::EntraSso;
//! use entra_sso_redis::RedisStore;
//!
//! let redis = RedisStore::open("rediss://:password@redis.example:6380/0").await?;
//! let sso = EntraSso::builder(settings).redis(redis).build()?;
//! # let _ = sso;
//! # Ok(())
//! # }
//! ```
//!
//! 1. What a session knows is sealed before it comes here: neither a dump of Redis nor who can write to it opens a session. The setting
//!    `secret_keys` is needed.
//! 2. To load a session is one command and one round trip. Every change is one script: it happens as a whole, or not at all.
//! 3. Redis itself drops what is over. How long something has to live is reckoned by the store's clock and handed over as a
//!    duration, so that the clock of the Redis server does not matter.
//! 4. Every key begins with `{entra-sso}:` ([`RedisStore::with_prefix`] names another), so that all stand in one slot, and every
//!    key expires.
//! 5. All callers share one connection. When it is lost or does not answer, one of them makes a new one, and each call is repeated once; a
//!    repeated call knows what the first one did. No call takes longer than two seconds.
//! 6. A Redis that is away, full, read-only or still loading is an [`entra_sso::StoreError`], never "not found".
//!
//! Redis 6.2 or newer, or Valkey. Let it refuse writes when it is full (`maxmemory-policy noeviction`): any other policy throws
//! sessions away. What is on disk when it restarts is up to `appendonly` and `appendfsync`.
//!
//! `docs/stores.md` in the repository has which store when, persistence, keys, sizes and what happens when it is away.
//!
//! What goes wrong on opening is an [`OpenError`], which names the server and the cure, and never a password.

#![forbid(unsafe_code)]

mod address;
mod connections;
mod expired;
mod fault;
mod gathered;
mod keys;
mod open_error;
mod options;
mod record;
mod request;
mod scripts;
mod sessions;
mod store;
mod tls;
mod used_states;

/// The examples in the README and in `docs/stores.md` compile.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
#[doc = include_str!("../../../docs/stores.md")]
mod documents {}

pub use self::{
    open_error::{OpenError, OpenErrorKind},
    options::RedisOptions,
    store::RedisStore,
};
