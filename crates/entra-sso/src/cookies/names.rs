use super::{CookieScheme, Cookies};
use crate::callback_url::Origin;

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
