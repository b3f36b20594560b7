//! A sign-in on its way: what every step after the admission looks at.

use super::hooks::Hooks;
use crate::{
    admission::Admitted, context::Context, people::Who, provider::Provider, roles::Roles, site::Site,
    standing::Standing,
};

/// A sign-in once it was admitted: what the steps after that look at.
pub(super) struct Arrival<'a> {
    pub(super) context: &'a Context,
    pub(super) site: &'a Site,
    pub(super) provider: &'a Provider,
    pub(super) admitted: &'a Admitted,
    pub(super) roles: &'a Roles,
    /// What counts for the application, whichever site it is.
    pub(super) standing: Standing,
    pub(super) hooks: Hooks<'a>,
    /// Whether what Microsoft sent replaces what is known.
    pub(super) renew: bool,
}

impl<'a> Arrival<'a> {
    pub(super) fn who(&self) -> Who<'a> {
        Who {
            identity: self.admitted.identity(),
            profile: self.admitted.profile(),
            provider: self.provider,
            main: self.context.sites.default().main(),
        }
    }

    /// What counts at this site, where its own tenant's word is enough.
    pub(super) fn standing_here(&self) -> Standing {
        self.site.admission.standing(self.provider, self.admitted.identity(), self.admitted.profile())
    }
}
