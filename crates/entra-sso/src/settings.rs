//! Every setting of `entra-sso`, as one plain struct.
//!
//! Rules:
//!
//! 1. A value comes from the first of these that has it: code, a `MICROSOFT_SSO_…` variable, the TOML file, an
//!    `AZURE_…` variable.
//! 2. Names are the fields' own: `clock_skew = 120` in TOML, `MICROSOFT_SSO_CLOCK_SKEW=120` in the environment. Secrets
//!    may also be given as a file, with `_file` or `_FILE` behind the name. Lists in the environment are JSON or have
//!    commas.
//! 3. Unknown names, names given twice, empty values and values of the wrong kind are errors; all of them are reported
//!    at once.
//! 4. [`check`](crate::checks::check) then looks at the settings as a whole. Nothing starts with a finding of severity
//!    error.
//!
//! `docs/settings.md` is printed from the same table that reads the names ([`markdown`]).
//!
//! ```
//! use entra_sso::settings::Settings;
//!
//! let settings = Settings::from_toml(r#"
//!     application_id = "11111111-2222-3333-4444-555555555555"
//!     tenant_id = "contoso.example"
//! "#)?;
//! assert_eq!(settings.tenant_id.as_deref(), Some("contoso.example"));
//! assert_eq!(settings.timeout.as_secs(), 600);
//! # Ok::<(), entra_sso::errors::SsoError>(())
//! ```

mod authority;
mod choices;
mod document;
mod env;
mod file;
mod foreign;
mod given;
mod names;
mod nearest;
mod netloc;
mod network;
mod raw;
mod sources;
#[cfg(test)]
mod tests;

use std::{path::PathBuf, time::Duration};

use entra_oidc::{Cloud, Secret};
use url::Url;

use self::given::Given;
pub use self::{
    choices::{Access, CallbackCache, ProfileSource},
    document::markdown,
    netloc::{InvalidNetloc, Netloc},
    network::{InvalidNetwork, Network},
    sources::Sources,
};
use crate::{
    errors::{Check, Finding, SsoError},
    users::domain_rule::DomainRule,
};

/// Every setting, with its final type. [`Settings::default`] has the defaults; the fields are free to be changed by
/// code.
///
/// Lengths of time are seconds in TOML and in the environment, but for `timeout`, which is minutes.
#[derive(Debug, Clone)]
#[non_exhaustive]
#[expect(clippy::struct_excessive_bools, reason = "each is a setting of its own, with the name that operators know")]
pub struct Settings {
    /// The registered application's GUID. Required. Also `client_id`, `AZURE_CLIENT_ID`.
    pub application_id: Option<String>,
    /// The value of a client secret of the registration. Required. Also `AZURE_CLIENT_SECRET`, each with `_FILE`.
    pub client_secret: Option<Secret>,
    /// Who may sign in: a tenant's GUID or verified domain, `organizations`, `common` or `consumers`. This or
    /// `authority` is required. Also `AZURE_TENANT_ID`.
    pub tenant_id: Option<String>,
    /// The authority as one URL, `https://login.microsoftonline.com/{tenant}`, instead of `tenant_id`, `cloud` and
    /// `authority_host`.
    pub authority: Option<Url>,
    /// GUIDs of the tenants that may sign in when the authority admits many. Default: none.
    pub allowed_tenants: Vec<String>,
    /// Every tenant may sign in. Default: false.
    pub allow_any_tenant: bool,
    /// Another login host: a name or a URL without path. Default: the cloud's. Also `AZURE_AUTHORITY_HOST`.
    pub authority_host: Option<String>,
    /// Microsoft's cloud. Default: that of `authority_host`, or else the public one.
    pub cloud: Option<Cloud>,
    /// Microsoft Graph's base, without version. Default: the cloud's.
    pub graph_url: Option<Url>,
    /// Scopes beside `openid profile email`. Default: by authority, `User.ReadBasic.All` or `User.Read`.
    pub scopes: Option<Vec<String>>,
    /// Parameters that are added to every authorization request, such as `domain_hint`. Default: none.
    pub auth_extra_arguments: Vec<(String, String)>,
    /// Whether guests of the tenant may sign in. Default: allow.
    pub guests: Access,
    /// Whether personal Microsoft accounts may sign in. Default: deny, but allow with `consumers`.
    pub personal_accounts: Option<Access>,
    /// The longest that metadata, keys and the token endpoint may take. Default: 10 s.
    pub http_timeout: Duration,
    /// The longest that Microsoft Graph may take. Default: 10 s.
    pub graph_timeout: Duration,
    /// A PEM file with certificate authorities to trust beside the system's. Default: none.
    pub ca_file: Option<PathBuf>,
    /// How far Microsoft's clock and ours may differ. Default: 300 s.
    pub clock_skew: Duration,
    /// How long a signing key stays usable after it was last published. Default: 3600 s; 0 switches it off.
    pub key_grace: Duration,

    /// Where the routes are, as the browser sees it. Default: `/microsoft_sso`.
    pub prefix: String,
    /// Scheme and host under which browsers reach this application. Default: taken from each request.
    pub public_url: Option<Url>,
    /// The host (and port) of the callback, when it is not the request's. Default: none.
    pub callback_domain: Option<Netloc>,
    /// The hosts that requests may name. Default: those of `public_url` and `callback_domain`; without them, loopback.
    pub allowed_hosts: Vec<Netloc>,
    /// Proxies whose `X-Forwarded-Proto` and `X-Forwarded-Host` count. Default: none.
    pub trusted_proxies: Vec<Network>,

    /// How long a user may take at Microsoft. Default: 10 minutes.
    pub timeout: Duration,
    /// Where used sign-ins are remembered. Default: `cookie`, beside the sessions.
    pub callback_cache_name: CallbackCache,
    /// Begins the name of every cookie. Default: `microsoft_sso`.
    pub name: String,
    /// The keys that seal: the first seals, all open. Default: none, then they are drawn at every start.
    pub secret_keys: Vec<Secret>,
    /// How many processes serve this application. Default: not said, which counts as 1.
    pub replicas: Option<u32>,
    /// The longest life of a session. Default: 3600 s.
    pub session_cookie_age: Duration,
    /// How long a session may go unused. Default: `session_cookie_age`.
    pub session_idle_age: Option<Duration>,
    /// How old the user in a session may be before the user store is asked again. Default: 30 s; 0 asks at each request.
    pub user_check_interval: Duration,

    /// Refresh names, e-mail and picture at every sign-in, not only the first. Default: false.
    pub always_update_user_data: bool,
    /// Where the profile comes from. Default: Microsoft Graph.
    pub profile_source: ProfileSource,
    /// The largest picture that is kept, in bytes. Default: 4 MiB.
    pub photo_limit: usize,
    /// Whether an unknown account becomes a user. Default: true.
    pub auto_create_users: bool,
    /// Domains and addresses that may enter. Default: not set, the tenant rule alone decides.
    pub allowable_domains: Option<Vec<String>>,
    /// GUIDs of tenants, beside the pinned one, whose members' addresses are trusted. Default: none.
    pub trusted_email_tenants: Vec<String>,

    /// Where a sign-in without `next` leads. Default: `/`.
    pub next_url: String,
    /// Where a failed sign-in leads. Default: the login page.
    pub login_failed_url: Option<String>,
    /// Where sign-out leads. Default: `/`.
    pub logout_redirect_path: String,
    /// Where a user's first sign-in leads. Default: the same as any other.
    pub new_user_redirect_url: Option<String>,
    /// The button's text. Default: `Sign in with Microsoft`.
    pub text: String,
    /// A logo on the login page: a path on this site or an https address. Default: none.
    pub logo_url: Option<String>,
    /// Tell on the next page what happened. Default: true.
    pub enable_messages: bool,
    /// Say in that message why a sign-in failed. Default: false.
    pub show_failed_login_message: bool,
    /// `false`: no routes. Default: true.
    pub enabled: bool,
    /// Ids of warnings that are not shown. Default: none.
    pub silenced_checks: Vec<String>,

    /// What the sources gave, and what was wrong there.
    given: Given,
}

impl Settings {
    /// The settings of this process's environment, and of the TOML file that `MICROSOFT_SSO_SETTINGS_FILE` names, if
    /// any.
    ///
    /// # Errors
    /// [`SsoError`] with everything that is wrong with names and values.
    pub fn from_env() -> Result<Settings, SsoError> {
        Sources::new().environment().read()
    }

    /// The same from variables that are given, for tests and for applications that have them elsewhere.
    ///
    /// # Errors
    /// As [`Settings::from_env`].
    pub fn from_vars<N: Into<String>, V: Into<String>>(
        vars: impl IntoIterator<Item = (N, V)>,
    ) -> Result<Settings, SsoError> {
        Sources::new().vars(vars).read()
    }

    /// The settings of a TOML text alone.
    ///
    /// # Errors
    /// As [`Settings::from_env`].
    pub fn from_toml(text: &str) -> Result<Settings, SsoError> {
        Sources::new().toml(text).read()
    }

    /// How long a session may go unused.
    #[must_use]
    pub fn idle_age(&self) -> Duration {
        self.session_idle_age.unwrap_or(self.session_cookie_age)
    }

    /// What in the sources speaks of an application or an authority, each by the name it had there: a present name
    /// means that real Microsoft is meant, complete or not. Nobody may fall back to an emulator when this is not empty.
    #[must_use]
    pub fn microsoft_names(&self) -> &[String] {
        self.given.microsoft_names()
    }

    /// Variables of credentials that are set and that this version does not use.
    pub(crate) fn other_credentials(&self) -> impl Iterator<Item = &str> {
        self.microsoft_names().iter().map(String::as_str).filter(|name| foreign::OTHER_CREDENTIALS.contains(name))
    }

    /// `allowable_domains` as a rule; none when it is not set.
    pub(crate) fn domain_rule(&self) -> Result<Option<DomainRule>, Finding> {
        let invalid = |error| {
            Finding::new(Check::DomainInvalid, Some("allowable_domains"), format!("`allowable_domains`: {error}."))
        };
        self.allowable_domains.as_deref().map(|entries| DomainRule::parse(entries).map_err(invalid)).transpose()
    }

    /// The content of `ca_file`; none when it is not set.
    pub(crate) fn extra_roots(&self) -> Result<Option<Vec<u8>>, Finding> {
        let Some(path) = &self.ca_file else { return Ok(None) };
        let unreadable = |why| {
            Finding::new(
                Check::CaFile,
                Some("ca_file"),
                format!("The file {} of `ca_file` cannot be read: {why}.", path.display()),
            )
        };
        file::text(path, file::CA_LIMIT).map(|text| Some(text.into_bytes())).map_err(unreadable)
    }

    /// What was wrong, or worth a look, in the sources.
    pub(crate) fn source_findings(&self) -> &[Finding] {
        self.given.findings()
    }
}

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            application_id: None,
            client_secret: None,
            tenant_id: None,
            authority: None,
            allowed_tenants: Vec::new(),
            allow_any_tenant: false,
            authority_host: None,
            cloud: None,
            graph_url: None,
            scopes: None,
            auth_extra_arguments: Vec::new(),
            guests: Access::Allow,
            personal_accounts: None,
            http_timeout: Duration::from_secs(10),
            graph_timeout: Duration::from_secs(10),
            ca_file: None,
            clock_skew: Duration::from_mins(5),
            key_grace: Duration::from_hours(1),
            prefix: "/microsoft_sso".to_owned(),
            public_url: None,
            callback_domain: None,
            allowed_hosts: Vec::new(),
            trusted_proxies: Vec::new(),
            timeout: Duration::from_mins(10),
            callback_cache_name: CallbackCache::Cookie,
            name: "microsoft_sso".to_owned(),
            secret_keys: Vec::new(),
            replicas: None,
            session_cookie_age: Duration::from_hours(1),
            session_idle_age: None,
            user_check_interval: Duration::from_secs(30),
            always_update_user_data: false,
            profile_source: ProfileSource::Graph,
            photo_limit: 4 * 1024 * 1024,
            auto_create_users: true,
            allowable_domains: None,
            trusted_email_tenants: Vec::new(),
            next_url: "/".to_owned(),
            login_failed_url: None,
            logout_redirect_path: "/".to_owned(),
            new_user_redirect_url: None,
            text: "Sign in with Microsoft".to_owned(),
            logo_url: None,
            enable_messages: true,
            show_failed_login_message: false,
            enabled: true,
            silenced_checks: Vec::new(),
            given: Given::default(),
        }
    }
}
