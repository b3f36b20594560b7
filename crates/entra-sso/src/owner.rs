//! Whose a sign-in is: one noun for what waits, what is signed in, and who may answer for it.

use std::{fmt, sync::Arc};

use entra_oidc::EntraClient;
use serde::{Deserialize, Serialize};

/// What the provider without a name is called in logs and metrics.
pub(crate) const MICROSOFT: &str = "microsoft";

/// One `EntraSso`, one site, one application, one authority. An attempt and a session count for the owner that made them
/// and for no other (S5, K13).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Owner {
    /// The `prefix` of the `EntraSso`: an application can have more than one, on the same stores.
    #[serde(default)]
    pub(crate) instance: String,
    /// The site's name.
    pub(crate) site: String,
    /// The application's id at the authority.
    pub(crate) client_id: String,
    /// The authority, as `Authority::id` writes it.
    pub(crate) authority: String,
}

/// Where a provider stands: what all owners of one site have in common.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place<'a> {
    /// The setting `prefix`.
    pub(crate) instance: &'a str,
    /// The site's name.
    pub(crate) site: &'a str,
}

impl Place<'_> {
    /// With the application and the authority of `client`.
    pub(crate) fn owner(self, client: &EntraClient) -> Arc<Owner> {
        Arc::new(Owner {
            instance: self.instance.to_owned(),
            site: self.site.to_owned(),
            client_id: client.registration().client_id().to_string(),
            authority: client.authority().id(),
        })
    }
}

/// For the log.
impl fmt::Display for Owner {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} at site {}, application {} at {}", self.instance, self.site, self.client_id, self.authority)
    }
}
