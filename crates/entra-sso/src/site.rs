//! A site: who signs users in there, who may enter, what its pages say, and where they lead.

use std::sync::Arc;

use crate::{
    admission::AdmissionRules,
    callback_url::Origin,
    errors::{Finding, SsoError, SsoErrorKind},
    journey::Journey,
    next_url::NextUrl,
    owner::Owner,
    pages::{Bundle, Pages},
    provider::{Provider, Providers},
    settings::Settings,
    users::person_list::PersonList,
};

/// The name of the site of all requests that name no other.
pub(crate) const DEFAULT: &str = "default";

/// Everything that can differ from site to site; what cannot is in the [`Context`](crate::context::Context).
pub(crate) struct Site {
    name: Arc<str>,
    /// The settings in force here. `staff_list` is the site's alone.
    pub(crate) settings: Settings,
    /// Microsoft, and the providers beside it.
    pub(crate) providers: Providers,
    pub(crate) admission: AdmissionRules,
    /// Who is a member of the staff in sessions of this site and of no other.
    pub(crate) staff: PersonList,
    pub(crate) pages: Pages,
    /// `next_url`: where a sign-in without a place to go leads.
    pub(crate) home: NextUrl,
    /// `new_user_redirect_url`.
    pub(crate) new_user_home: Option<NextUrl>,
}

impl Site {
    /// `name` is [`DEFAULT`] or the site's domain, `settings` are those in force there.
    ///
    /// # Errors
    /// What a check would have found before.
    pub(crate) fn new(
        name: &str,
        settings: Settings,
        providers: Providers,
        bundle: &Arc<Bundle>,
    ) -> Result<Site, SsoError> {
        // Outside the tables the list gives a permission that is everybody's.
        let staff = if name == DEFAULT { Ok(PersonList::default()) } else { settings.staff() };
        let new_user = settings.new_user_redirect_url.as_deref();
        Ok(Site {
            name: name.into(),
            admission: AdmissionRules::of(&settings).map_err(refused)?,
            staff: staff.map_err(refused)?,
            pages: Pages::new(&settings, &providers, bundle.clone()),
            home: path_of("next_url", &settings.next_url, &settings)?,
            new_user_home: new_user.map(|path| path_of("new_user_redirect_url", path, &settings)).transpose()?,
            providers,
            settings,
        })
    }

    /// [`DEFAULT`], or the site's domain.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// Microsoft.
    pub(crate) fn main(&self) -> &Provider {
        self.providers.main()
    }

    /// The provider that made an attempt or a session: it counts for this site only if there is one.
    pub(crate) fn provider_of(&self, owner: &Arc<Owner>) -> Option<&Provider> {
        self.providers.of(owner)
    }

    /// Where a sign-in leads, judged again after its journey.
    pub(crate) fn next(&self, path: &str) -> NextUrl {
        NextUrl::parse(path, &self.settings.prefix).unwrap_or_else(|| self.home.clone())
    }
}

fn refused(finding: Finding) -> SsoError {
    SsoError::refused(vec![finding])
}

fn path_of(setting: &str, path: &str, settings: &Settings) -> Result<NextUrl, SsoError> {
    let parsed = NextUrl::parse(path, &settings.prefix);
    parsed.ok_or_else(|| {
        let cause = format!("`{setting}` is {path:?}, not a path on this site outside `prefix`");
        SsoError::new(SsoErrorKind::SettingsRefused, cause)
    })
}

/// Request → site, by the host that the request's address names.
pub(crate) struct SiteResolver {
    default: Site,
    /// In the order of the tables.
    others: Vec<Site>,
}

impl SiteResolver {
    pub(crate) fn new(default: Site, others: Vec<Site>) -> SiteResolver {
        SiteResolver { default, others }
    }

    /// The site at this address.
    pub(crate) fn at(&self, origin: &Origin) -> &Site {
        origin.site().and_then(|position| self.others.get(position)).unwrap_or(&self.default)
    }

    /// The site of requests that name no other.
    pub(crate) fn default(&self) -> &Site {
        &self.default
    }

    /// The site with this name: its domain, or [`DEFAULT`].
    #[cfg(feature = "testing")]
    pub(crate) fn named(&self, name: &str) -> Option<&Site> {
        self.all().find(|site| site.name() == name)
    }

    /// Every site, the default one first.
    pub(crate) fn all(&self) -> impl Iterator<Item = &Site> {
        std::iter::once(&self.default).chain(&self.others)
    }

    /// Whether any site has this journey.
    pub(crate) fn offers(&self, journey: Journey) -> bool {
        self.all().any(|site| site.main().offers(journey))
    }

    /// The names of all providers beside Microsoft; every site has them.
    pub(crate) fn provider_names(&self) -> impl Iterator<Item = &str> {
        self.default.providers.iter().filter_map(Provider::name)
    }
}
