//! What kind of Redis to start.

/// By default: everything in memory, no password, no TLS.
#[derive(Clone, Default)]
pub struct RedisOptions {
    pub(super) password: Option<String>,
    pub(super) tls: bool,
    durable: bool,
    others: Vec<String>,
}

impl RedisOptions {
    /// Each write is on disk before it is answered: `appendonly yes`, `appendfsync always`.
    #[must_use]
    pub fn durable(self) -> Self {
        Self { durable: true, ..self }
    }

    /// Clients have to know this password. It stands in the URLs as it is here, so keep to letters and digits.
    #[must_use]
    pub fn password(self, password: impl Into<String>) -> Self {
        Self { password: Some(password.into()), ..self }
    }

    /// The server listens with TLS as well, at [`tls_url`](super::Redis::tls_url).
    #[must_use]
    pub fn tls(self) -> Self {
        Self { tls: true, ..self }
    }

    /// Further arguments of `redis-server`, such as `["--maxmemory", "1mb"]`.
    #[must_use]
    pub fn with(mut self, arguments: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.others.extend(arguments.into_iter().map(Into::into));
        self
    }

    pub(super) fn arguments(&self) -> Vec<String> {
        let mut arguments = Vec::new();
        if self.durable {
            arguments.extend(["--appendonly", "yes", "--appendfsync", "always"].map(str::to_owned));
        }
        if let Some(password) = &self.password {
            arguments.extend(["--requirepass".to_owned(), password.clone()]);
        }
        arguments.extend(self.others.iter().cloned());
        arguments
    }
}
