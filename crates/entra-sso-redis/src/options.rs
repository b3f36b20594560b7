//! Opening: what can be said beyond the URL.

use std::time::Duration;

use crate::{
    address::Address,
    connections::{Connections, Limits},
    open_error::OpenError,
    store::RedisStore,
};

/// How a [`RedisStore`] is opened.
#[derive(Clone, Debug)]
#[must_use]
pub struct RedisOptions {
    ca_pem: Option<Vec<u8>>,
    limits: Limits,
}

impl RedisOptions {
    /// The public certificate authorities; a second for an answer or a connection, two for a call.
    pub fn new() -> Self {
        let second = Duration::from_secs(1);
        Self { ca_pem: None, limits: Limits { connect: second, answer: second, whole: second * 2 } }
    }

    /// The server's certificate is signed by one of these authorities, in PEM, instead of a public one.
    pub fn ca_pem(self, pem: impl Into<Vec<u8>>) -> Self {
        Self { ca_pem: Some(pem.into()), ..self }
    }

    /// How long to wait for a connection and for an answer, for each; a call takes no longer than twice this time.
    pub fn patience(self, patience: Duration) -> Self {
        Self { limits: Limits { connect: patience, answer: patience, whole: patience * 2 }, ..self }
    }

    /// Connects to the Redis at this URL, as [`RedisStore::open`] does.
    ///
    /// # Errors
    /// When the URL or the certificates cannot be read, nobody answers there, or the server refuses the password.
    pub async fn open(self, url: &str) -> Result<RedisStore, OpenError> {
        let address = Address::parse(url, self.ca_pem.as_deref())?;
        let connections = Connections::new(address, self.limits);
        match connections.reach().await {
            Ok(()) => Ok(RedisStore::new(connections)),
            Err(fault) => Err(OpenError::of_server(connections.server(), fault)),
        }
    }
}

impl RedisStore {
    /// Connects to a Redis: `redis://[[user]:password@]host[:port][/database]`, the same with `rediss://` over TLS, or
    /// `unix:///path/of/the/socket[?db=…&user=…&pass=…]`.
    ///
    /// # Errors
    /// When the URL cannot be read, nobody answers there, or the server refuses the password.
    pub async fn open(url: &str) -> Result<Self, OpenError> {
        RedisOptions::new().open(url).await
    }
}

impl Default for RedisOptions {
    fn default() -> Self {
        Self::new()
    }
}
