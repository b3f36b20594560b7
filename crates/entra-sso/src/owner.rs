//! Whose a sign-in is: one noun for what waits, what is signed in, and who may answer for it.

use std::fmt;

use entra_oidc::EntraClient;
use serde::{Deserialize, Serialize};

/// One site, one application, one authority. An attempt and a session count for the owner that made them and for no
/// other (S5, K13).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Owner {
    /// The site's name.
    pub(crate) site: String,
    /// The application's id at the authority.
    pub(crate) client_id: String,
    /// The authority, as `Authority::id` writes it.
    pub(crate) authority: String,
}

impl Owner {
    /// The application and the authority of `client`, for the site with this name.
    pub(crate) fn new(site: &str, client: &EntraClient) -> Owner {
        Owner {
            site: site.to_owned(),
            client_id: client.registration().client_id().to_string(),
            authority: client.authority().id(),
        }
    }
}

/// For the log.
impl fmt::Display for Owner {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "site {}, application {} at {}", self.site, self.client_id, self.authority)
    }
}
