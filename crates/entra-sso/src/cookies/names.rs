use entra_oidc::ResponseMode;

use super::{CookieScheme, Cookies};
use crate::callback_url::Origin;

/// Our cookies by what the browser reached us over.
pub(crate) struct CookieNames {
    https: Cookies,
    loopback_http: Cookies,
}

impl CookieNames {
    /// `name` begins every cookie's name; `callback` is how the callback is called.
    pub(crate) fn new(name: &str, callback: ResponseMode) -> CookieNames {
        CookieNames {
            https: Cookies::new(name, CookieScheme::Https, callback),
            loopback_http: Cookies::new(name, CookieScheme::LoopbackHttp, callback),
        }
    }

    pub(crate) fn of(&self, origin: &Origin) -> &Cookies {
        self.over(origin.is_https())
    }

    pub(crate) fn over(&self, https: bool) -> &Cookies {
        if https { &self.https } else { &self.loopback_http }
    }
}
