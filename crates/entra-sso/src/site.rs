//! Which site a request belongs to, and who signs users in there.

use http::request::Parts;

use crate::{journey::Journey, owner::Owner, provider::Provider};

/// One site: Microsoft, and the providers beside it.
pub(crate) struct Site {
    main: Provider,
    others: Vec<Provider>,
}

impl Site {
    pub(crate) fn new(main: Provider, others: Vec<Provider>) -> Site {
        Site { main, others }
    }

    /// Microsoft.
    pub(crate) fn main(&self) -> &Provider {
        &self.main
    }

    /// Microsoft first, then the others in the order of the settings.
    pub(crate) fn providers(&self) -> impl Iterator<Item = &Provider> {
        std::iter::once(&self.main).chain(&self.others)
    }

    /// The provider whose routes have this name; none is Microsoft's.
    pub(crate) fn provider(&self, name: Option<&str>) -> Option<&Provider> {
        self.providers().find(|provider| provider.name() == name)
    }

    /// Two providers that are the same application at the same authority.
    pub(crate) fn twins(&self) -> Option<(&Provider, &Provider)> {
        self.providers().enumerate().find_map(|(place, provider)| {
            let earlier = self.providers().take(place).find(|earlier| earlier.owner() == provider.owner());
            earlier.map(|earlier| (earlier, provider))
        })
    }

    /// The provider that made an attempt or a session: it counts for this site only if there is one.
    pub(crate) fn provider_of(&self, owner: &Owner) -> Option<&Provider> {
        self.providers().find(|provider| provider.owner() == owner)
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

    /// Whether any site has this journey.
    pub(crate) fn offers(&self, journey: Journey) -> bool {
        self.default.main.offers(journey)
    }

    /// The names of all providers beside Microsoft, at any site.
    pub(crate) fn provider_names(&self) -> impl Iterator<Item = &str> {
        self.default.others.iter().filter_map(Provider::name)
    }

    /// The site of requests that name no other.
    pub(crate) fn default(&self) -> &Site {
        &self.default
    }
}
