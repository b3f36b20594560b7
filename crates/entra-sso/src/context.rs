//! The assembled parts that all sites share, and the sites; at hand in every route, layer and extractor.

use std::sync::Arc;

use entra_oidc::Clock;

use crate::{
    authentication_backend::SharedBackend,
    budget::SignOutBudgets,
    catalogue::Languages,
    cookies::names::CookieNames,
    hooks::SharedHooks,
    people::PeopleRules,
    refreshes::Refreshes,
    sealing::Sealer,
    session::{once::Once, sessions::Sessions},
    settings::Settings,
    site::SiteResolver,
    users::{directory::SharedUserDirectory, store::SharedUserStore},
};

pub(crate) struct Context {
    /// Of the application: what a site can have of its own is in `sites`.
    pub(crate) settings: Settings,
    pub(crate) sites: SiteResolver,
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
}
