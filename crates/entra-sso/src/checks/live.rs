//! What only a running application can tell: whether everything that the settings name is there and answers.
//!
//! Rules:
//!
//! 1. Everything is asked at once; nothing takes longer than `http_timeout` for each request.
//! 2. Metadata and keys are fetched anew, past those that sign-ins keep, and tokens that come are thrown away.
//! 3. What cannot be known is said to be not checked, and why.
//! 4. No line has a secret, token or code in it.

mod addresses;
mod authority;
mod credential;
mod stores;

use std::fmt;

use futures_util::future;

use crate::{
    context::Context,
    errors::LiveCheck,
    journey::Journey,
    provider::Provider,
    settings::SiteTable,
    site::{DEFAULT, Site},
};

/// What [`EntraSso::check_live`](crate::EntraSso::check_live) found.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct LiveReport {
    /// In the order of the register, Microsoft first, then each provider, then each site.
    pub lines: Vec<LiveLine>,
}

/// What became of one live check.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct LiveLine {
    /// The check's id, such as `live.discovery`; it stands in `docs/errors.md`.
    pub id: &'static str,
    /// The `domain` of the `[[site]]` that it is about, when it is about one.
    pub site: Option<String>,
    /// The provider or user flow that it is about, when it is not Microsoft's sign-in.
    pub about: Option<String>,
    /// What became of it.
    pub outcome: LiveOutcome,
    /// What was found.
    pub detail: String,
    /// What to do about it, when there is something to do.
    pub cure: Option<String>,
}

/// How a live check ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LiveOutcome {
    /// All is well.
    Passed,
    /// Worth a look.
    Warning,
    /// Users cannot sign in, or soon will not.
    Failed,
    /// Nobody knows; the detail says why.
    NotChecked,
}

impl LiveReport {
    /// Whether something failed.
    #[must_use]
    pub fn has_failed(&self) -> bool {
        self.count(LiveOutcome::Failed) > 0
    }

    /// The same for a command that looks before the application starts. The stores of its own say nothing; it has tried those
    /// that the settings name. None: the application's code names that store.
    #[must_use]
    pub fn with_stores_tried(
        mut self,
        sessions: Option<Result<(), String>>,
        callback_cache: Option<Result<(), String>>,
    ) -> LiveReport {
        let first = self.lines.iter().position(stores::is_of_a_store).unwrap_or(self.lines.len());
        self.lines.retain(|line| !stores::is_of_a_store(line));
        self.lines.splice(first..first, stores::tried(sessions, callback_cache));
        self
    }

    /// How many lines ended so.
    #[must_use]
    pub fn count(&self, outcome: LiveOutcome) -> usize {
        self.lines.iter().filter(|line| line.outcome == outcome).count()
    }
}

impl LiveLine {
    fn new(check: LiveCheck, outcome: LiveOutcome, detail: impl Into<String>) -> LiveLine {
        let entry = check.entry();
        let has_cure = matches!(outcome, LiveOutcome::Failed | LiveOutcome::Warning);
        let cure = has_cure.then(|| entry.remedy.to_owned());
        LiveLine { id: entry.id, site: None, about: None, outcome, detail: detail.into(), cure }
    }

    fn passed(check: LiveCheck, detail: impl Into<String>) -> LiveLine {
        LiveLine::new(check, LiveOutcome::Passed, detail)
    }

    fn warning(check: LiveCheck, detail: impl Into<String>) -> LiveLine {
        LiveLine::new(check, LiveOutcome::Warning, detail)
    }

    fn failed(check: LiveCheck, detail: impl Into<String>) -> LiveLine {
        LiveLine::new(check, LiveOutcome::Failed, detail)
    }

    fn not_checked(check: LiveCheck, why: impl Into<String>) -> LiveLine {
        LiveLine::new(check, LiveOutcome::NotChecked, why)
    }

    /// The same with a cure that knows more than the register.
    fn cured_by(mut self, cure: impl Into<String>) -> LiveLine {
        self.cure = Some(cure.into());
        self
    }

    /// The same, about a site; the default one is not named.
    fn at(mut self, site: &str) -> LiveLine {
        self.site = (site != DEFAULT).then(|| site.to_owned());
        self
    }

    fn about(mut self, about: Option<&str>) -> LiveLine {
        self.about = about.map(str::to_owned);
        self
    }
}

/// One line: outcome, id, detail, cure.
impl fmt::Display for LiveLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.outcome, self.id)?;
        for about in self.site.iter().chain(&self.about) {
            write!(f, " ({about})")?;
        }
        write!(f, ": {}", self.detail)?;
        self.cure.as_ref().map_or(Ok(()), |cure| write!(f, " Cure: {cure}"))
    }
}

impl LiveOutcome {
    /// The word for reports: `passed`, `warning`, `failed`, `not checked`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            LiveOutcome::Passed => "passed",
            LiveOutcome::Warning => "warning",
            LiveOutcome::Failed => "failed",
            LiveOutcome::NotChecked => "not checked",
        }
    }
}

impl fmt::Display for LiveOutcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Looks at everything. It takes as long as the slowest of those who are asked.
pub(crate) async fn check(context: &Context) -> LiveReport {
    let has_own = context.settings.site.iter().map(SiteTable::has_own_microsoft);
    let asked = context.sites.all().zip(std::iter::once(true).chain(has_own)).filter(|(_, is_own)| *is_own);
    let sites = future::join_all(asked.map(|(site, _)| of_site(context, site)));
    let (sites, stores) = future::join(sites, stores::check(context)).await;
    let mut lines = addresses::check(context);
    lines.extend(sites.into_iter().flatten());
    lines.extend(stores);
    lines.push(addresses::cookies(context));
    LiveReport { lines }
}

/// Looks at the stores alone.
pub(crate) async fn check_stores(context: &Context) -> LiveReport {
    LiveReport { lines: stores::check(context).await }
}

/// Microsoft there, and at the default site the providers too, which are the same everywhere.
async fn of_site(context: &Context, site: &Site) -> Vec<LiveLine> {
    let asked = site.providers.iter().filter(|provider| site.name() == DEFAULT || provider.name().is_none());
    let lines = future::join_all(asked.map(|provider| of_provider(context, provider))).await;
    lines.into_iter().flatten().map(|line| line.at(site.name())).collect()
}

/// Microsoft with its user flows, or one provider.
async fn of_provider(context: &Context, provider: &Provider) -> Vec<LiveLine> {
    let name = provider.name();
    let clients = [
        (Journey::SignIn, name),
        (Journey::ResetPassword, Some("reset_password_policy")),
        (Journey::EditProfile, Some("edit_profile_policy")),
    ];
    let clients = clients.into_iter().filter_map(|(journey, about)| Some((provider.client_for(journey)?, about)));
    let asked = clients.map(async |(client, about)| {
        let lines = authority::check(client, context).await.into_iter();
        lines.map(|line| line.about(about)).collect::<Vec<_>>()
    });
    let mut lines = future::join_all(asked).await.concat();
    // After discovery, which the credential's own request needs as well.
    let credential = credential::check(provider, context).await;
    lines.extend(credential.into_iter().chain([addresses::admin_consent(provider)]).map(|line| line.about(name)));
    lines
}
