//! Which site a request belongs to. A table of one today; the callback and the session already ask it.

use entra_oidc::EntraClient;
use http::request::Parts;

use crate::{pending::AttemptOwner, session::data::SessionData};

/// One application registration at one Microsoft.
pub(crate) struct Site {
    /// Stands in the sealed attempt and in the session.
    pub(crate) name: String,
    pub(crate) client_id: String,
    pub(crate) authority: String,
    pub(crate) client: EntraClient,
}

impl Site {
    pub(crate) fn new(name: impl Into<String>, client: EntraClient) -> Site {
        let client_id = client.registration().client_id().to_string();
        Site { name: name.into(), client_id, authority: client.authority().id(), client }
    }

    /// Whose attempts begin here.
    pub(crate) fn attempt_owner(&self) -> AttemptOwner<'_> {
        AttemptOwner { site: &self.name, client_id: &self.client_id, authority: &self.authority }
    }

    /// A session counts only for the site, application and authority that made it.
    pub(crate) fn made(&self, session: &SessionData) -> bool {
        session.is_of(&self.name, &self.client_id, &self.authority)
    }
}

/// Request → site, by the host that the request names.
pub(crate) struct SiteResolver {
    default: Site,
}

impl SiteResolver {
    pub(crate) fn of_one(site: Site) -> SiteResolver {
        SiteResolver { default: site }
    }

    pub(crate) fn resolve(&self, _request: &Parts) -> &Site {
        &self.default
    }

    /// The site of requests that name no other.
    pub(crate) fn default(&self) -> &Site {
        &self.default
    }
}
