//! Every setting of `entra-sso`, as one plain struct.
//!
//! Rules:
//!
//! 1. A value comes from the first of these that has it: code, a `MICROSOFT_SSO_…` variable, the TOML file, an
//!    `AZURE_…` variable. Of several credentials one is used, in an order of their own (`docs/settings.md`).
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
mod credential;
mod defaults;
mod document;
mod env;
mod file;
mod foreign;
mod given;
mod key;
mod names;
mod nearest;
mod netloc;
mod network;
mod people;
mod place;
mod policies;
mod provider;
mod providers;
mod raw;
mod registration;
mod role_map;
mod site;
mod sources;
mod tables;
#[cfg(test)]
mod tests;
mod trust;

use std::{net::SocketAddr, path::PathBuf, time::Duration};

use entra_oidc::{AssertionAlgorithm, Cloud, ResponseMode, Secret, Timestamp};
use url::Url;

use self::given::Given;
pub(crate) use self::{
    authority::is_host_of_microsofts,
    credential::{is_credential, refused, setting_of},
    providers::ProviderSettings,
    registration::Chosen,
};
pub use self::{
    choices::{Access, CallbackCache, EndpointVersion, ProfileSource, SessionStoreChoice},
    credential::CredentialSettings,
    document::markdown,
    netloc::{InvalidNetloc, Netloc},
    network::{InvalidNetwork, Network},
    provider::ProviderTable,
    site::{AuthoritySettings, SiteTable},
    sources::Sources,
};
use crate::errors::Finding;

/// Every setting, with its final type. [`Settings::default`] has the defaults; the fields are free to be changed by
/// code. [`Settings::from_env`] and [`Settings::from_toml`] read one source, [`Sources`] several;
/// [`check`](crate::checks::check) says what is wrong. The module's page has the rules.
///
/// Lengths of time are seconds in TOML and in the environment, but for `timeout`, which is minutes.
#[derive(Debug, Clone)]
#[non_exhaustive]
#[expect(clippy::struct_excessive_bools, reason = "each is a setting of its own, with the name that operators know")]
pub struct Settings {
    /// The registered application's GUID. Required. Also `client_id`, `AZURE_CLIENT_ID`.
    pub application_id: Option<String>,
    /// Who may sign in: a tenant's GUID or verified domain, `organizations`, `common` or `consumers`. This, `authority`
    /// or `b2c_tenant_name` is required. Also `AZURE_TENANT_ID`.
    pub tenant_id: Option<String>,
    /// The authority as one URL, `https://login.microsoftonline.com/{tenant}`, instead of `tenant_id`, `cloud` and
    /// `authority_host`; also an External ID tenant, a B2C user flow, or with `tenant_id` a custom domain.
    pub authority: Option<Url>,
    /// The version of Entra's endpoints. Default: v2.
    pub endpoint_version: EndpointVersion,
    /// The API that the access token is for; v1 only. Default: Microsoft Graph.
    pub resource: Option<String>,
    /// The registration has signing keys of its own. Default: false.
    pub app_signing_keys: bool,
    /// The name of a B2C tenant, without `.onmicrosoft.com`.
    pub b2c_tenant_name: Option<String>,
    /// The B2C user flow that signs users in.
    pub b2c_policy: Option<String>,
    /// The B2C user flow for forgotten passwords. Default: none.
    pub reset_password_policy: Option<String>,
    /// The B2C user flow that edits the profile. Default: none.
    pub edit_profile_policy: Option<String>,
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

    /// A client secret of the registration, by its value. Also `AZURE_CLIENT_SECRET`, each with `_FILE`.
    pub client_secret: Option<Secret>,
    /// When `client_secret` expires. Default: not known.
    pub client_secret_expires: Option<Timestamp>,
    /// A client assertion that is used as it is.
    pub client_assertion: Option<Secret>,
    /// A file with a token of another identity provider, read again for every exchange.
    pub federated_token_file: Option<PathBuf>,
    /// The type that is sent with an assertion or a token. Default: `…:jwt-bearer`.
    pub client_assertion_type: Option<String>,
    /// A certificate with its private key, PEM or PFX. Also `AZURE_CLIENT_CERTIFICATE_PATH`.
    pub client_certificate_path: Option<PathBuf>,
    /// The password of a PFX file. Also `AZURE_CLIENT_CERTIFICATE_PASSWORD`, each with `_FILE`.
    pub client_certificate_password: Option<Secret>,
    /// How the certificate's key signs. Default: PS256.
    pub client_certificate_algorithm: AssertionAlgorithm,
    /// Whether certificate and chain are sent along. Default: false.
    pub send_certificate_chain: bool,
    /// The client id of a user-assigned managed identity.
    pub managed_identity_client_id: Option<String>,
    /// Credentials that are tried in this order, instead of one of those above. Default: none.
    pub credential: Vec<CredentialSettings>,
    /// Standard OpenID providers beside Microsoft. Default: none.
    pub provider: Vec<ProviderTable>,

    /// Other hosts, each with what is different there. Default: none.
    pub site: Vec<SiteTable>,

    /// Where the routes are, as the browser sees it. Default: `/microsoft_sso`.
    pub prefix: String,
    /// Scheme and host under which browsers reach this application. Default: taken from each request.
    pub public_url: Option<Url>,
    /// The host (and port) of the callback, when it is not the request's. Default: none.
    pub callback_domain: Option<Netloc>,
    /// The hosts that requests may name, beside those of the sites. Default: those of `public_url` and
    /// `callback_domain`; without them, loopback.
    pub allowed_hosts: Vec<Netloc>,
    /// Proxies whose `X-Forwarded-Proto`, `X-Forwarded-Host`, `X-Forwarded-For` and `X-Request-Id` count. Default: none.
    pub trusted_proxies: Vec<Network>,

    /// How long a user may take at Microsoft. Default: 10 minutes.
    pub timeout: Duration,
    /// The answer from Microsoft comes as a POST (`form_post`), its code never in an address. Default: false.
    pub require_secure_callback: bool,
    /// Where used sign-ins are remembered. Default: `cookie`, beside the sessions.
    pub callback_cache_name: CallbackCache,
    /// Begins the name of every cookie. Default: `prefix`, its slashes as underscores.
    pub name: Option<String>,
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
    /// Keep the access token of the sign-in in the sealed session, and refresh it. Default: false.
    pub save_access_token: bool,
    /// End a session with its access token when that cannot be refreshed. Default: false.
    pub session_ends_with_token: bool,
    /// Signing out here signs out at Microsoft too. Default: false.
    pub slo_enabled: bool,

    /// Refresh names, e-mail and picture at every sign-in, not only the first. Default: false.
    pub always_update_user_data: bool,
    /// Keep picture, user principal name and locale of the account. Default: true.
    pub save_basic_microsoft_info: bool,
    /// Where the profile comes from. Default: Microsoft Graph.
    pub profile_source: ProfileSource,
    /// The largest picture that is kept, in bytes. Default: 4 MiB.
    pub photo_limit: usize,
    /// Whether an unknown account becomes a user. Default: true.
    pub auto_create_users: bool,
    /// Domains and addresses that may enter. Default: not set, the tenant rule alone decides.
    pub allowable_domains: Option<Vec<String>>,
    /// An address is one user's only. Default: false.
    pub unique_email: bool,
    /// Who is staff. Default: nobody.
    pub staff_list: Vec<String>,
    /// Who is a superuser. Default: nobody.
    pub superuser_list: Vec<String>,
    /// The first member who signs in becomes a superuser. Default: false.
    pub auto_create_first_superuser: bool,
    /// GUIDs of tenants, beside the pinned one, whose members' addresses are trusted. Default: none.
    pub trusted_email_tenants: Vec<String>,
    /// What an app role or a group gives here: its name or object id, and `staff` or `superuser`. Default: nothing.
    pub role_map: Vec<(String, String)>,
    /// Where the users are kept: a path or URL of an SQLite file, or the URL of a PostgreSQL database. Default: none.
    pub database_url: Option<Secret>,
    /// Where Redis is, as `redis://…` or `rediss://…`. Default: none.
    pub redis_url: Option<Secret>,
    /// Which of the stores that the application has keeps the sessions. Default: Redis, else the database, else memory.
    pub session_store: Option<SessionStoreChoice>,
    /// Where metrics are served, apart from the application. Default: nowhere.
    pub metrics_listen: Option<SocketAddr>,

    /// Where a sign-in without `next` leads. Default: `/`.
    pub next_url: String,
    /// Where a failed sign-in leads. Default: the login page.
    pub login_failed_url: Option<String>,
    /// Where sign-out leads. Default: `/`.
    pub logout_redirect_path: String,
    /// Where a user's first sign-in leads. Default: the same as any other.
    pub new_user_redirect_url: Option<String>,
    /// The languages of pages and messages, the first of them for whoever asks for none. Default: `en`.
    pub languages: Vec<String>,
    /// The button's text. Default: `Sign in with Microsoft`, in the language of the page.
    pub text: Option<String>,
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
    /// What begins the name of every cookie: `name`, or what follows from `prefix`, `admin_sso` from `/admin/sso`. So two
    /// of them in one application have cookies of their own.
    #[must_use]
    pub fn cookie_name(&self) -> String {
        let plain = |c: char| if c.is_ascii_alphanumeric() || matches!(c, '-' | '_') { c } else { '_' };
        let of_prefix = || self.prefix.trim_matches('/').chars().map(plain).collect();
        self.name.clone().unwrap_or_else(of_prefix)
    }

    /// How Microsoft's answer comes to the callback.
    pub(crate) fn response_mode(&self) -> ResponseMode {
        if self.require_secure_callback { ResponseMode::FormPost } else { ResponseMode::Query }
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

    /// What was wrong, or worth a look, in the sources.
    pub(crate) fn source_findings(&self) -> &[Finding] {
        self.given.findings()
    }
}
