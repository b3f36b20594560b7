//! Settings and stores become an [`EntraSso`], or an error that says what to change.

mod clients;
mod stores;

use std::sync::Arc;

use entra_oidc::{Clock, HttpClient, ReqwestClient, ReqwestSettings};

use self::{
    clients::{Clients, Network},
    stores::{Chosen, GivenStores},
};
use crate::{
    authentication_backend::{AuthenticationBackend, SharedBackend},
    budget::SignOutBudgets,
    callback_url::UsualOrigin,
    catalogue::Catalogue,
    checks::{self, Stores},
    context::Context,
    cookies::names::CookieNames,
    entra_sso::EntraSso,
    errors::{Finding, SsoError, SsoErrorKind},
    hooks::{NoHooks, SharedHooks, SignInHooks},
    line_budget::LineBudget,
    pages::{Bundle, GivenPages, PagePolicy},
    people::PeopleRules,
    refreshes::Refreshes,
    sealing::Sealer,
    session::{SessionStore, UsedStates, once::Once, sessions::Sessions},
    settings::{Netloc, Settings, SiteTable},
    site::{DEFAULT, Site, SiteResolver},
    users::{MemoryUsers, UserDirectory, UserStore, directory::SharedUserDirectory, store::SharedUserStore},
};

/// Made by [`EntraSso::builder`].
#[must_use]
pub struct EntraSsoBuilder {
    settings: Settings,
    users: Option<SharedUserStore>,
    directory: Option<SharedUserDirectory>,
    hooks: SharedHooks,
    backend: Option<SharedBackend>,
    stores: GivenStores,
    network: Option<Network>,
    clock: Clock,
    pages: GivenPages,
}

impl EntraSso {
    /// With the settings of the environment ([`Settings::from_env`]), users and sessions in memory.
    ///
    /// Reads nothing from the network: Microsoft's metadata is read at the first sign-in.
    ///
    /// # Errors
    /// Every problem at once, each with code, cause and cure, in `Debug` too.
    pub fn from_env() -> Result<EntraSso, SsoError> {
        EntraSso::builder(Settings::from_env()?).build()
    }

    /// With settings, stores, an HTTP client or a clock of one's own.
    pub fn builder(settings: Settings) -> EntraSsoBuilder {
        EntraSsoBuilder::new(settings)
    }
}

impl EntraSsoBuilder {
    pub(crate) fn new(settings: Settings) -> EntraSsoBuilder {
        EntraSsoBuilder {
            settings,
            users: None,
            directory: None,
            hooks: Arc::new(NoHooks),
            backend: None,
            stores: GivenStores::default(),
            network: None,
            clock: Clock::system(),
            pages: GivenPages::default(),
        }
    }

    /// Where users are kept. Default: [`MemoryUsers`], which forgets them with the process.
    pub fn users(mut self, store: impl UserStore) -> EntraSsoBuilder {
        self.users = Some(Arc::new(store));
        self.directory = None;
        self
    }

    /// Where users are kept, in a store that can also be looked through: for the admin.
    pub fn managed_users(mut self, store: impl UserDirectory) -> EntraSsoBuilder {
        let store = Arc::new(store);
        self.users = Some(store.clone());
        self.directory = Some(store);
        self
    }

    /// What the application does at a sign-in. Default: nothing.
    pub fn hooks(mut self, hooks: impl SignInHooks) -> EntraSsoBuilder {
        self.hooks = Arc::new(hooks);
        self
    }

    /// Who decides which user is signed in. Default: the user of the account.
    pub fn authentication_backend(mut self, backend: impl AuthenticationBackend) -> EntraSsoBuilder {
        self.backend = Some(Arc::new(backend));
        self
    }

    /// Where sessions are kept, whatever the setting `session_store` says. Default: what that chooses of the database, Redis
    /// and [`MemorySessions`](crate::session::MemorySessions), which forgets them with the process.
    pub fn sessions(mut self, store: impl SessionStore) -> EntraSsoBuilder {
        self.stores.sessions = Some(Arc::new(store));
        self
    }

    /// Where used sign-ins are remembered, whatever the setting `callback_cache_name` says. Default: what that chooses, which
    /// is beside the sessions when it is not set.
    pub fn used_states(mut self, store: impl UsedStates) -> EntraSsoBuilder {
        self.stores.used_states = Some(Arc::new(store));
        self
    }

    /// The database, for `session_store = "database"` and `callback_cache_name = "database"`: a store of `entra-sso-sqlx`,
    /// or one's own.
    pub fn database(mut self, store: impl SessionStore) -> EntraSsoBuilder {
        self.stores.database = Some(Arc::new(store));
        self
    }

    /// Redis, for `session_store = "redis"` and `callback_cache_name = "redis"`: the store of `entra-sso-redis`, or one's own.
    pub fn redis(mut self, store: impl SessionStore) -> EntraSsoBuilder {
        self.stores.redis = Some(Arc::new(store));
        self
    }

    /// How Microsoft is reached. Default: [`ReqwestClient`] with the settings `ca_file` and the system's proxy.
    pub fn http_client(mut self, client: impl HttpClient) -> EntraSsoBuilder {
        self.network = Some(Network::new(client));
        self
    }

    /// What time it is. Default: the system's clock.
    pub fn clock(mut self, clock: Clock) -> EntraSsoBuilder {
        self.clock = clock;
        self
    }

    /// A template in the place of ours; `docs/pages.md` lists names and values.
    ///
    /// Every value is escaped, whatever the template is called. A template that does not parse, or that asks for a value
    /// that there is not, is an error of [`build`](EntraSsoBuilder::build). One that fails later is logged, and our own
    /// is shown in its place. Under another name it is a part that one's own templates include or extend.
    ///
    /// ```
    /// use entra_sso::{EntraSso, Settings};
    ///
    /// let settings = Settings::from_toml("tenant_id = \"contoso.example\"")?;
    /// let builder = EntraSso::builder(settings).template("messages.html", "{% for message in messages %}…");
    /// let findings = builder.check();
    /// assert!(findings.iter().any(|finding| finding.id == "sso.E111" && finding.cause.contains("line 1")));
    /// # Ok::<(), entra_sso::SsoError>(())
    /// ```
    pub fn template(mut self, name: &str, source: impl Into<String>) -> EntraSsoBuilder {
        self.pages.templates.insert(name.to_owned(), source.into());
        self
    }

    /// Texts in another language, or other texts in one that we have. The setting `languages` says which are spoken.
    pub fn catalogue(mut self, catalogue: Catalogue) -> EntraSsoBuilder {
        self.pages.catalogues.push(catalogue);
        self
    }

    /// What our pages may load, for one's own templates. Default: nothing beside our own style block, and pictures from
    /// this site.
    pub fn page_policy(mut self, policy: PagePolicy) -> EntraSsoBuilder {
        self.pages.policy = policy;
        self
    }

    /// What [`build`](EntraSsoBuilder::build) would refuse or warn of.
    #[must_use]
    pub fn check(&self) -> Vec<Finding> {
        let stores = Stores {
            users_in_memory: self.users.is_none(),
            sessions: self.stores.sessions_kept(&self.settings),
            used_states: self.stores.used_states_kept(&self.settings),
        };
        let pages = self.pages.check(&self.settings);
        checks::check_with_stores(&self.settings, &stores, pages, self.clock.now())
    }

    /// Builds it; reads nothing from the network.
    ///
    /// # Errors
    /// Every finding of severity error, with its cure.
    pub fn build(self) -> Result<EntraSso, SsoError> {
        let (errors, warnings): (Vec<_>, Vec<_>) = self.check().into_iter().partition(Finding::is_error);
        if !errors.is_empty() {
            return Err(SsoError::refused(errors));
        }
        for warning in &warnings {
            tracing::warn!("{warning}");
        }
        let settings = self.settings;
        let sealer = sealer(&settings)?;
        let network = match self.network {
            Some(given) => given,
            None => Network::new(reqwest_client(&settings)?),
        };
        let Chosen { sessions, used_states, are_apart } = self.stores.choose(&settings, &self.clock);
        let clients = Clients::new(network, self.clock.clone());
        let bundle = Arc::new(self.pages.bundle(&settings).map_err(SsoError::refused)?);
        let sites = sites(&settings, &clients, &bundle)?;
        let (users, directory) = self.users.map_or_else(in_memory, |users| (users, self.directory));
        let context = Context {
            users,
            directory,
            people: PeopleRules::of(&settings).map_err(one)?,
            hooks: self.hooks,
            backend: self.backend,
            sessions: Sessions::new(sessions, sealer.clone()),
            once: Once::new(used_states, are_apart),
            sealer,
            sites,
            usual_origin: UsualOrigin::default(),
            languages: bundle.languages().clone(),
            clock: self.clock,
            cookies: CookieNames::new(&settings.cookie_name(), settings.response_mode()),
            sign_outs: SignOutBudgets::default(),
            refreshes: Refreshes::default(),
            lines: LineBudget::default(),
            settings,
        };
        #[cfg(feature = "metrics")]
        context.describe_metrics();
        Ok(EntraSso::new(Arc::new(context), warnings))
    }
}

fn in_memory() -> (SharedUserStore, Option<SharedUserDirectory>) {
    let users = Arc::new(MemoryUsers::new());
    (users.clone(), Some(users))
}

fn sites(settings: &Settings, clients: &Clients, bundle: &Arc<Bundle>) -> Result<SiteResolver, SsoError> {
    let default = Site::new(DEFAULT, settings.clone(), clients.providers(DEFAULT, settings)?, bundle)?;
    let of_table = |table: &SiteTable| {
        let domain = table.domain.as_ref().map(Netloc::to_string).unwrap_or_default();
        let settings = settings.at_site(table);
        let providers = clients.providers(&domain, &settings)?;
        Site::new(&domain, settings, providers, bundle)
    };
    Ok(SiteResolver::new(default, settings.site.iter().map(of_table).collect::<Result<_, _>>()?))
}

fn sealer(settings: &Settings) -> Result<Sealer, SsoError> {
    if settings.secret_keys.is_empty() {
        return Ok(Sealer::random());
    }
    Sealer::new(&settings.secret_keys).map_err(|fault| refused(format!("`secret_keys`: {fault}")))
}

fn one(finding: Finding) -> SsoError {
    SsoError::refused(vec![finding])
}

fn refused(cause: String) -> SsoError {
    SsoError::new(SsoErrorKind::SettingsRefused, cause)
}

fn reqwest_client(settings: &Settings) -> Result<ReqwestClient, SsoError> {
    let mut reqwest = ReqwestSettings::new().system_proxy(true);
    if let Some(pem) = settings.extra_roots().map_err(one)? {
        reqwest = reqwest.extra_roots_pem(pem);
    }
    ReqwestClient::new(&reqwest)
        .map_err(|error| SsoError::new(SsoErrorKind::HttpClientUnavailable, error.to_string()).caused_by(error))
}
