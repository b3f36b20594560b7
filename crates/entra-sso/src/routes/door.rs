//! Which provider a route speaks for.

use std::sync::Arc;

use crate::{
    errors::RefusalKind, owner::MICROSOFT, provider::Provider, refusal::Refusal, request_span, site::Site, visit::Visit,
};

/// Stands in the extensions of each request to a route that belongs to a provider.
#[derive(Clone)]
pub(super) struct Door(Option<Arc<str>>);

impl Door {
    /// Microsoft's.
    pub(super) fn microsoft() -> Door {
        Door(None)
    }

    /// The one of the provider with this name.
    pub(super) fn named(name: &str) -> Door {
        Door(Some(name.into()))
    }

    /// The provider behind the door, at this site.
    ///
    /// # Errors
    /// E336 at a site that has no provider of this name.
    pub(super) fn enter<'a>(&self, visit: &Visit, site: &'a Site) -> Result<&'a Provider, Refusal> {
        if let Some(name) = &self.0 {
            visit.through(name);
        }
        request_span::record("provider", self.0.as_deref().unwrap_or(MICROSOFT));
        site.providers.named(self.0.as_deref()).ok_or_else(|| RefusalKind::ProviderUnknown.into())
    }
}
