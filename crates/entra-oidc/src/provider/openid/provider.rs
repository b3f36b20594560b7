use url::Url;

use crate::{
    address::has_extras,
    error::{ConfigError, ConfigErrorKind, clean},
    jose::Algorithm,
    provider::base::Base,
};

/// The most an issuer may be, in bytes.
const ISSUER_LIMIT: usize = 1024;

/// What is appended to the issuer (`OpenID` Connect Discovery 1.0, section 4).
const METADATA_PATH: &str = "/.well-known/openid-configuration";

/// How a standard provider is known: by its issuer, and by what else it may do.
///
/// ```
/// use entra_oidc::{Algorithm, Authority, OpenIdProvider};
///
/// # fn main() -> Result<(), entra_oidc::ConfigError> {
/// let adfs = Authority::openid(OpenIdProvider::new("https://fs.contoso.com/adfs")?);
/// let elsewhere = OpenIdProvider::new("https://idp.example")?
///     .algorithms([Algorithm::Es256])?
///     .endpoint_hosts(["keys.idp.example"])?;
/// # let _ = (adfs, elsewhere);
/// # Ok(())
/// # }
/// ```
///
/// Its keys and tokens name a `kid`. Encrypted tokens and signed `UserInfo` answers are not read.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub struct OpenIdProvider {
    pub(super) issuer: String,
    pub(super) base: Base,
    pub(super) metadata_url: Url,
    pub(super) algorithms: Vec<Algorithm>,
    pub(super) endpoint_hosts: Vec<EndpointHost>,
    pub(super) user_info: bool,
}

/// A host, and its port when it is not the scheme's own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct EndpointHost {
    host: String,
    port: Option<u16>,
}

impl OpenIdProvider {
    /// The provider with this issuer, letter for letter as it publishes it: `https://fs.contoso.com/adfs`, with a slash
    /// at the end only where the provider writes one. Its metadata is at `{issuer}/.well-known/openid-configuration`.
    ///
    /// # Errors
    /// [`Issuer`](ConfigErrorKind::Issuer): not https (http only on loopback), or with a query, a fragment or
    /// credentials, or over 1024 bytes, or the address of the metadata.
    pub fn new(issuer: &str) -> Result<Self, ConfigError> {
        let refuse = |why: &str| ConfigError::new(ConfigErrorKind::Issuer, why);
        if issuer.len() > ISSUER_LIMIT || !issuer.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(refuse("the issuer is long, or has blanks or letters beyond ASCII"));
        }
        let url = Url::parse(issuer).map_err(|_| refuse("the issuer is not an address"))?;
        if has_extras(&url) || issuer.contains(['?', '#', '\\']) {
            return Err(refuse("the issuer has credentials, a query or a fragment"));
        }
        if url.path().trim_end_matches('/').ends_with(METADATA_PATH) {
            return Err(refuse("that is the address of the metadata; the issuer stands before `/.well-known`"));
        }
        let mut origin = url;
        origin.set_path("/");
        let base = Base::new(origin).map_err(|_| refuse("the issuer is neither https nor http on loopback"))?;
        let document = format!("{}{METADATA_PATH}", issuer.strip_suffix('/').unwrap_or(issuer));
        Ok(Self {
            issuer: issuer.to_owned(),
            base,
            metadata_url: Url::parse(&document).map_err(|_| refuse("the issuer is not an address"))?,
            algorithms: vec![Algorithm::Rs256],
            endpoint_hosts: Vec::new(),
            user_info: true,
        })
    }

    /// The algorithms that its tokens may be signed with. Default RS256 alone; a token's header never adds one.
    ///
    /// # Errors
    /// [`Algorithms`](ConfigErrorKind::Algorithms): none.
    pub fn algorithms(mut self, algorithms: impl IntoIterator<Item = Algorithm>) -> Result<Self, ConfigError> {
        self.algorithms.clear();
        for algorithm in algorithms {
            if !self.algorithms.contains(&algorithm) {
                self.algorithms.push(algorithm);
            }
        }
        if self.algorithms.is_empty() {
            return Err(ConfigError::new(ConfigErrorKind::Algorithms, "the list of algorithms is empty"));
        }
        Ok(self)
    }

    /// Further hosts that its endpoints may be on, over https: `oauth2.googleapis.com`, `idp.example:8443`. Default none:
    /// every endpoint is on the issuer's own scheme, host and port.
    ///
    /// # Errors
    /// [`EndpointHost`](ConfigErrorKind::EndpointHost): not a host with or without a port.
    pub fn endpoint_hosts<S: AsRef<str>>(mut self, hosts: impl IntoIterator<Item = S>) -> Result<Self, ConfigError> {
        self.endpoint_hosts =
            hosts.into_iter().map(|host| EndpointHost::parse(host.as_ref())).collect::<Result<_, _>>()?;
        Ok(self)
    }

    /// Whether the `UserInfo` endpoint is asked when the provider has one. Default yes.
    pub fn user_info(mut self, ask: bool) -> Self {
        self.user_info = ask;
        self
    }

    /// The issuer, letter for letter.
    #[must_use]
    pub fn issuer(&self) -> &str {
        &self.issuer
    }
}

impl EndpointHost {
    fn parse(text: &str) -> Result<Self, ConfigError> {
        let refuse = || {
            let detail = format!("`{}` is not a host with or without a port", clean(text, 100));
            ConfigError::new(ConfigErrorKind::EndpointHost, detail)
        };
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | ':' | '[' | ']');
        if text.is_empty() || text.len() > 255 || !text.chars().all(plain) {
            return Err(refuse());
        }
        let url = Url::parse(&format!("https://{text}/")).map_err(|_| refuse())?;
        Ok(Self { host: url.host_str().ok_or_else(refuse)?.to_owned(), port: url.port() })
    }

    pub(super) fn is_of(&self, url: &Url) -> bool {
        url.host_str() == Some(&self.host) && url.port() == self.port
    }
}
