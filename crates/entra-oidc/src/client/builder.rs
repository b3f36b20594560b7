use std::{fmt, sync::Arc, time::Duration};

use url::Url;

use crate::{
    address::{has_extras, is_secure},
    app::Registration,
    client::{EntraClient, Inside},
    clock::Clock,
    error::{ConfigError, ConfigErrorKind, clean},
    graph::Graph,
    http_client::{HttpClient, SharedHttpClient},
    provider::{AllowedTenants, Authority, KeyCache, Published, PublishedSettings},
    sign_in::request::is_scope,
};

/// Assembles an [`EntraClient`]. Nothing here waits or asks anybody.
#[must_use]
pub struct EntraClientBuilder {
    authority: Authority,
    registration: Registration,
    http: Option<SharedHttpClient>,
    clock: Clock,
    scopes: Option<Vec<String>>,
    allowed: AllowedTenants,
    clock_skew: Duration,
    key_grace: Duration,
    key_cache: KeyCache,
    http_timeout: Duration,
    graph_url: Option<Url>,
    graph_timeout: Duration,
    photo_limit: usize,
}

impl EntraClient {
    /// Starts to assemble a client.
    pub fn builder(authority: Authority, registration: Registration) -> EntraClientBuilder {
        EntraClientBuilder::new(authority, registration)
    }
}

impl EntraClientBuilder {
    fn new(authority: Authority, registration: Registration) -> Self {
        Self {
            authority,
            registration,
            http: None,
            clock: Clock::system(),
            scopes: None,
            allowed: AllowedTenants::Pinned,
            clock_skew: Duration::from_mins(5),
            key_grace: Duration::from_hours(1),
            key_cache: KeyCache::new(),
            http_timeout: Duration::from_secs(10),
            graph_url: None,
            graph_timeout: Duration::from_secs(10),
            photo_limit: 4 * 1024 * 1024,
        }
    }

    /// What sends the requests. There is no default.
    pub fn http_client(mut self, client: impl HttpClient) -> Self {
        self.http = Some(SharedHttpClient::new(client));
        self
    }

    /// Where the time comes from. Default: the machine.
    pub fn clock(mut self, clock: Clock) -> Self {
        self.clock = clock;
        self
    }

    /// The resource scopes of every sign-in. Default: [`Authority::default_scopes`]. `openid profile email` come on
    /// top; name `offline_access` when tokens are kept.
    pub fn scopes(mut self, scopes: Vec<String>) -> Self {
        self.scopes = Some(scopes);
        self
    }

    /// Whose accounts may come in. Default: the authority's one tenant.
    pub fn allowed_tenants(mut self, allowed: AllowedTenants) -> Self {
        self.allowed = allowed;
        self
    }

    /// How far Microsoft's clock and ours may differ. Default 300 s, at most 600 s.
    pub fn clock_skew(mut self, skew: Duration) -> Self {
        self.clock_skew = skew;
        self
    }

    /// How long after it was last published a key may still verify. Default 1 h, at most 24 h, zero for never.
    pub fn key_grace(mut self, grace: Duration) -> Self {
        self.key_grace = grace;
        self
    }

    /// Where key lists are kept. Default: one of its own; clients for many tenants can share one.
    pub fn key_cache(mut self, cache: KeyCache) -> Self {
        self.key_cache = cache;
        self
    }

    /// How long metadata, keys and tokens may take, each. Default 10 s.
    pub fn http_timeout(mut self, timeout: Duration) -> Self {
        self.http_timeout = timeout;
        self
    }

    /// Where Graph is, without the version. Default: [`Authority::graph_url`]. Without meaning where
    /// [`Authority::has_graph`] says no.
    pub fn graph_url(mut self, url: Url) -> Self {
        self.graph_url = Some(url);
        self
    }

    /// How long profile and photo may take, each. Default 10 s.
    pub fn graph_timeout(mut self, timeout: Duration) -> Self {
        self.graph_timeout = timeout;
        self
    }

    /// The most a photo may be, in bytes. Default 4 MiB.
    pub fn photo_limit(mut self, bytes: usize) -> Self {
        self.photo_limit = bytes;
        self
    }

    /// The client.
    ///
    /// # Errors
    /// What cannot work: no HTTP client, many tenants and no word on which, a credential that the authority does not take
    /// or that cannot be read, an impossible scope, address or time.
    pub fn build(mut self) -> Result<EntraClient, ConfigError> {
        self.authority.check(&self.allowed)?;
        self.check_registration()?;
        self.check_durations()?;
        let http = self
            .http
            .ok_or_else(|| ConfigError::new(ConfigErrorKind::HttpClient, "the builder was given no HTTP client"))?;
        self.registration.connect(&http)?;
        let scopes = self
            .scopes
            .unwrap_or_else(|| self.authority.default_scopes().iter().map(|scope| (*scope).to_owned()).collect());
        if let Some(scope) = scopes.iter().find(|scope| !is_scope(scope)) {
            return Err(ConfigError::new(ConfigErrorKind::Scope, format!("`{}` is not a scope", clean(scope, 60))));
        }
        let graph_url = self.graph_url.map(graph_base).transpose()?.or_else(|| self.authority.graph_url());
        let graph_url = graph_url.filter(|_| self.authority.has_graph());
        let graph = graph_url.map(|base| Graph::new(http.clone(), base, self.graph_timeout, self.photo_limit));
        let settings = PublishedSettings { http_timeout: self.http_timeout, key_grace: self.key_grace };
        Ok(EntraClient(Arc::new(Inside {
            published: Published::new(
                self.authority.clone(),
                http.clone(),
                self.clock.clone(),
                self.key_cache,
                settings,
            ),
            authority: self.authority,
            registration: self.registration,
            http,
            clock: self.clock,
            scopes,
            allowed: self.allowed,
            clock_skew: self.clock_skew,
            http_timeout: self.http_timeout,
            graph,
        })))
    }

    /// Whether it can work at this authority, and now.
    fn check_registration(&self) -> Result<(), ConfigError> {
        if self.authority.is_microsoft() && self.registration.client_id().guid().is_none() {
            return Err(ConfigError::new(ConfigErrorKind::ClientId, "the id is not a GUID, as Microsoft's are"));
        }
        for credential in self.registration.credentials() {
            self.authority.accepts(credential.kind())?;
        }
        self.registration.check(self.clock.now())
    }

    fn check_durations(&self) -> Result<(), ConfigError> {
        let refuse = |what: &str| Err(ConfigError::new(ConfigErrorKind::Duration, what));
        if self.clock_skew > Duration::from_mins(10) {
            return refuse("the clock skew is over ten minutes");
        }
        if self.key_grace > Duration::from_hours(24) {
            return refuse("the grace for keys is over 24 hours");
        }
        if self.http_timeout.is_zero() || self.graph_timeout.is_zero() {
            return refuse("a time limit is zero");
        }
        Ok(())
    }
}

/// The base with a slash at its end, so that paths can follow.
fn graph_base(mut url: Url) -> Result<Url, ConfigError> {
    if !is_secure(&url) || has_extras(&url) {
        return Err(ConfigError::new(
            ConfigErrorKind::GraphUrl,
            "the address is not https (or http on loopback), or has credentials, a query or a fragment",
        ));
    }
    if !url.path().ends_with('/') {
        let path = format!("{}/", url.path());
        url.set_path(&path);
    }
    Ok(url)
}

impl fmt::Debug for EntraClientBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EntraClientBuilder")
            .field("authority", &self.authority.id())
            .field("registration", &self.registration)
            .finish_non_exhaustive()
    }
}
