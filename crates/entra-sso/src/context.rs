//! The assembled parts, shared by every route, layer and extractor.

use entra_oidc::Clock;

use crate::{
    admission::AdmissionRules,
    budget::SignOutBudgets,
    callback_url::Origin,
    cookies::{CookieScheme, Cookies},
    next_url::NextUrl,
    pages::Pages,
    sealing::Sealer,
    session::sessions::Sessions,
    settings::Settings,
    site::SiteResolver,
    users::store::SharedUserStore,
};

pub(crate) struct Context {
    pub(crate) settings: Settings,
    /// `next_url`: where a sign-in without a place to go leads.
    pub(crate) home: NextUrl,
    /// `new_user_redirect_url`.
    pub(crate) new_user_home: Option<NextUrl>,
    pub(crate) admission: AdmissionRules,
    pub(crate) sites: SiteResolver,
    pub(crate) users: SharedUserStore,
    pub(crate) sessions: Sessions,
    pub(crate) sealer: Sealer,
    pub(crate) pages: Pages,
    pub(crate) clock: Clock,
    pub(crate) cookies: CookieNames,
    pub(crate) sign_outs: SignOutBudgets,
}

impl Context {
    /// Where a sign-in leads, judged again after its journey.
    pub(crate) fn next(&self, path: &str) -> NextUrl {
        NextUrl::parse(path, &self.settings.prefix).unwrap_or_else(|| self.home.clone())
    }
}

/// Our cookies by what the browser reached us over.
pub(crate) struct CookieNames {
    https: Cookies,
    loopback_http: Cookies,
}

impl CookieNames {
    /// `name` begins every cookie's name.
    pub(crate) fn new(name: &str) -> CookieNames {
        CookieNames {
            https: Cookies::new(name, CookieScheme::Https),
            loopback_http: Cookies::new(name, CookieScheme::LoopbackHttp),
        }
    }

    pub(crate) fn of(&self, origin: &Origin) -> &Cookies {
        self.over(origin.is_https())
    }

    pub(crate) fn over(&self, https: bool) -> &Cookies {
        if https { &self.https } else { &self.loopback_http }
    }
}
