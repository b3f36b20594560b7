//! The assembled parts that all sites share, and the sites; at hand in every route, layer and extractor.

use std::sync::Arc;

use entra_oidc::Clock;

use crate::{
    authentication_backend::SharedBackend,
    budget::SignOutBudgets,
    callback_url::UsualOrigin,
    catalogue::Languages,
    cookies::names::CookieNames,
    hooks::SharedHooks,
    line_budget::LineBudget,
    people::PeopleRules,
    refreshes::Refreshes,
    sealing::Sealer,
    session::{once::Once, sessions::Sessions},
    settings::Settings,
    site::SiteResolver,
    users::{directory::SharedUserDirectory, store::SharedUserStore},
};
#[cfg(feature = "metrics")]
use crate::{metrics::record, owner::MICROSOFT};

pub(crate) struct Context {
    /// Of the application: what a site can have of its own is in `sites`.
    pub(crate) settings: Settings,
    pub(crate) sites: SiteResolver,
    pub(crate) usual_origin: UsualOrigin,
    pub(crate) languages: Arc<Languages>,
    pub(crate) users: SharedUserStore,
    /// The same store, where it can be looked through.
    pub(crate) directory: Option<SharedUserDirectory>,
    pub(crate) people: PeopleRules,
    pub(crate) hooks: SharedHooks,
    pub(crate) backend: Option<SharedBackend>,
    pub(crate) sessions: Sessions,
    /// Which sign-ins are used up.
    pub(crate) once: Once,
    pub(crate) sealer: Sealer,
    pub(crate) clock: Clock,
    pub(crate) cookies: CookieNames,
    pub(crate) sign_outs: SignOutBudgets,
    pub(crate) refreshes: Refreshes,
    /// How many log lines refusals make.
    pub(crate) lines: LineBudget,
}

#[cfg(feature = "metrics")]
impl Context {
    /// Tells the recorder of metrics what is known at the start: what each metric is, and when credentials expire.
    pub(crate) fn describe_metrics(&self) {
        record::describe();
        for site in self.sites.all() {
            for provider in site.providers.iter() {
                let name = provider.name().unwrap_or(MICROSOFT);
                let credentials = provider.client().registration().credentials().iter().zip(1..);
                for (credential, position) in credentials {
                    if let Some(at) = credential.expires_at() {
                        record::credential_expiry(site.name(), name, credential.kind(), position, at);
                    }
                }
            }
        }
    }
}
