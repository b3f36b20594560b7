//! Who signs users in at a site: Microsoft, or a provider beside it.

use std::sync::Arc;

use entra_oidc::EntraClient;

use crate::{
    journey::Journey,
    owner::{Owner, Place},
};

/// One way to sign in: an application at an authority, with routes and a button of its own.
pub(crate) struct Provider {
    /// `[[provider]] name`; Microsoft, the site's main one, has none.
    name: Option<Arc<str>>,
    owner: Arc<Owner>,
    client: EntraClient,
    flows: Flows,
    text: Option<String>,
}

/// The clients of the user flows beside the sign-in (B2C).
#[derive(Default)]
pub(crate) struct Flows {
    pub(crate) reset_password: Option<EntraClient>,
    pub(crate) edit_profile: Option<EntraClient>,
}

impl Provider {
    /// Microsoft: the site's main provider.
    pub(crate) fn microsoft(place: Place<'_>, client: EntraClient, flows: Flows, text: Option<String>) -> Provider {
        Provider { name: None, owner: place.owner(&client), client, flows, text }
    }

    /// A provider beside Microsoft, with routes under its name.
    pub(crate) fn named(place: Place<'_>, name: &str, client: EntraClient, text: Option<String>) -> Provider {
        let owner = place.owner(&client);
        Provider { name: Some(name.into()), owner, client, flows: Flows::default(), text }
    }

    /// The name in its routes; Microsoft's routes have none.
    pub(crate) fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// Whose attempts and sessions are its own.
    pub(crate) fn owner(&self) -> &Arc<Owner> {
        &self.owner
    }

    /// Signs users in.
    pub(crate) fn client(&self) -> &EntraClient {
        &self.client
    }

    /// Which client sends a browser on this journey; none when it is not offered here.
    pub(crate) fn client_for(&self, journey: Journey) -> Option<&EntraClient> {
        match journey {
            Journey::SignIn => Some(&self.client),
            Journey::ResetPassword => self.flows.reset_password.as_ref(),
            Journey::EditProfile => self.flows.edit_profile.as_ref(),
        }
    }

    /// Whether it has this journey.
    pub(crate) fn offers(&self, journey: Journey) -> bool {
        self.client_for(journey).is_some()
    }

    /// What its button says, when the settings have words for it.
    pub(crate) fn text(&self) -> Option<&str> {
        self.text.as_deref()
    }
}

/// All the ways to sign in at one site: Microsoft, and the providers beside it.
pub(crate) struct Providers {
    main: Provider,
    others: Vec<Provider>,
}

impl Providers {
    pub(crate) fn new(main: Provider, others: Vec<Provider>) -> Providers {
        Providers { main, others }
    }

    /// Microsoft.
    pub(crate) fn main(&self) -> &Provider {
        &self.main
    }

    /// Microsoft first, then the others in the order of the settings.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Provider> {
        std::iter::once(&self.main).chain(&self.others)
    }

    /// The provider whose routes have this name; none is Microsoft's.
    pub(crate) fn named(&self, name: Option<&str>) -> Option<&Provider> {
        self.iter().find(|provider| provider.name() == name)
    }

    /// The provider that made an attempt or a session, if it is one of these.
    pub(crate) fn of(&self, owner: &Arc<Owner>) -> Option<&Provider> {
        self.iter().find(|provider| provider.owner() == owner)
    }

    /// Two providers that are the same application at the same authority.
    pub(crate) fn twins(&self) -> Option<(&Provider, &Provider)> {
        self.iter().enumerate().find_map(|(place, provider)| {
            let earlier = self.iter().take(place).find(|earlier| earlier.owner() == provider.owner());
            earlier.map(|earlier| (earlier, provider))
        })
    }
}
