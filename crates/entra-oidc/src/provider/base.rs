use url::Url;

use crate::{
    address::{has_extras, is_loopback, is_secure},
    error::{ConfigError, ConfigErrorKind},
};

/// Scheme, host and port of an authority: https, or http on loopback.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Base(Url);

impl Base {
    /// https at one of Microsoft's own hosts.
    pub(super) fn of_host(host: &str) -> Self {
        Self(Url::parse(&format!("https://{host}/")).expect("a host from the table, or made of checked labels"))
    }

    /// What somebody configured.
    ///
    /// # Errors
    /// [`AuthorityHost`](ConfigErrorKind::AuthorityHost): neither https nor http on loopback, or with path, query,
    /// fragment or credentials.
    pub(super) fn new(url: Url) -> Result<Self, ConfigError> {
        let refuse = |why: &str| Err(ConfigError::new(ConfigErrorKind::AuthorityHost, why));
        if has_extras(&url) || url.path() != "/" {
            return refuse("the address has a path, credentials, a query or a fragment");
        }
        if !is_secure(&url) {
            return refuse("the address is neither https nor http on loopback");
        }
        Ok(Self(url))
    }

    pub(super) const fn url(&self) -> &Url {
        &self.0
    }

    pub(super) fn is_loopback(&self) -> bool {
        is_loopback(&self.0)
    }

    /// The address with this path, which begins with a slash.
    pub(super) fn with_path(&self, path: &str) -> Url {
        let mut url = self.0.clone();
        url.set_path(path);
        url
    }

    /// Without the slash at the end.
    pub(super) fn origin(&self) -> &str {
        self.0.as_str().trim_end_matches('/')
    }

    /// Whether the address is here.
    pub(super) fn owns(&self, url: &Url) -> bool {
        url.origin() == self.0.origin()
    }

    /// Whether this is https at the standard port of `host`.
    pub(super) fn is_host(&self, is_own: impl Fn(&str) -> bool) -> bool {
        is_https_at(&self.0, is_own)
    }
}

/// Whether `url` is https at the standard port of a host that is ours.
pub(super) fn is_https_at(url: &Url, is_own: impl Fn(&str) -> bool) -> bool {
    url.scheme() == "https" && url.port().is_none() && url.host_str().is_some_and(is_own)
}
