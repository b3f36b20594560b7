//! The assembled whole, as an application holds it.

#[cfg(feature = "metrics")]
mod serve_metrics;
mod snippets;

use std::{fmt, sync::Arc};

use axum::Router;
use entra_oidc::EntraClient;

use crate::{
    audit,
    checks::{LiveReport, live},
    context::Context,
    errors::Finding,
    journey::Journey,
    layer::SsoLayer,
    next_url::NextUrl,
    paths, routes,
    settings::Settings,
    store_error::StoreError,
    users::{Deleted, GrantChange, Updated, UserId, UserUpdate},
};

/// Sign in with Microsoft for an axum application.
///
/// Cloning copies a pointer, so it fits into an application's state. [`EntraSso::from_env`] reads the environment;
/// [`EntraSso::builder`] takes [`Settings`] from elsewhere, and stores for users and sessions.
///
/// ```no_run
/// use axum::{Router, routing::get};
/// use entra_sso::{EntraSso, SignedIn};
///
/// # async fn serve() -> Result<(), Box<dyn std::error::Error>> {
/// let sso = EntraSso::from_env()?;
/// let app: Router = Router::new().route("/", get(home)).merge(sso.routes()).layer(sso.layer());
/// axum::serve(tokio::net::TcpListener::bind("localhost:8000").await?, app).await?;
/// # Ok(())
/// # }
///
/// async fn home(user: SignedIn) -> String {
///     format!("Hello, {}", user.name())
/// }
/// ```
#[derive(Clone)]
pub struct EntraSso {
    context: Arc<Context>,
    findings: Arc<[Finding]>,
}

impl EntraSso {
    pub(crate) fn new(context: Arc<Context>, findings: Vec<Finding>) -> EntraSso {
        EntraSso { context, findings: findings.into() }
    }

    /// Our routes under the prefix; merge them into any router. With `enabled = false` there are none.
    ///
    /// They set no fallback, and work with and without [`EntraSso::layer`] around them.
    pub fn routes<S: Clone + Send + Sync + 'static>(&self) -> Router<S> {
        self.routes_under("")
    }

    /// Our routes for a router that is itself nested under `outer`.
    ///
    /// The setting `prefix` names the whole path as the browser sees it; `outer` is the part that the nesting adds.
    ///
    /// ```
    /// # use axum::Router;
    /// # fn application(sso: &entra_sso::EntraSso) -> Router {
    /// // prefix = "/portal/microsoft_sso"
    /// Router::new().nest("/portal", sso.routes_under("/portal"))
    /// # }
    /// ```
    ///
    /// # Panics
    /// When `prefix` does not begin with `outer`.
    pub fn routes_under<S: Clone + Send + Sync + 'static>(&self, outer: &str) -> Router<S> {
        if !self.context.settings.enabled {
            return Router::new();
        }
        let prefix = &self.context.settings.prefix;
        let inner = prefix.strip_prefix(outer.trim_end_matches('/'));
        let inner = inner.filter(|inner| inner.is_empty() || inner.starts_with('/'));
        let inner = inner.unwrap_or_else(|| panic!("the setting prefix = {prefix:?} does not begin with {outer:?}"));
        routes::router(self.context.clone(), inner)
    }

    /// The layer that lets handlers ask who is signed in; put it around all of them.
    #[must_use]
    pub fn layer(&self) -> SsoLayer {
        SsoLayer::new(self.context.clone())
    }

    /// Where a sign-in starts: `{prefix}/login/?next=…`.
    #[must_use]
    pub fn login_path(&self, next: &str) -> String {
        let prefix = &self.context.settings.prefix;
        paths::login(prefix, None, NextUrl::parse(next, prefix).as_ref())
    }

    /// Where who is signed in edits the profile at the authority: `{prefix}/edit_profile/?next=…`. None without
    /// `edit_profile_policy`.
    #[must_use]
    pub fn edit_profile_path(&self, next: &str) -> Option<String> {
        let prefix = &self.context.settings.prefix;
        let offered = self.context.sites.offers(Journey::EditProfile);
        offered.then(|| paths::edit_profile(prefix, NextUrl::parse(next, prefix).as_ref()))
    }

    /// Where a POST signs out: `{prefix}/logout/`. With the form field `everywhere=1` it ends all sessions of the user.
    #[must_use]
    pub fn logout_path(&self) -> String {
        paths::logout(&self.context.settings.prefix)
    }

    /// The settings in force.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.context.settings
    }

    /// What was worth a warning at the start.
    #[must_use]
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// Looks at what only a running application can tell: whether authority, credential and stores answer, and which
    /// addresses to register. It asks the network and changes nothing.
    ///
    /// It takes as long as the slowest of those who are asked, a few times `http_timeout` at most.
    pub async fn check_live(&self) -> LiveReport {
        live::check(&self.context).await
    }

    /// Asks the stores alone: for an alarm. Not for a balancer's readiness probe: all replicas have the same stores, and one
    /// that is away would take all of them out.
    pub async fn check_stores(&self) -> LiveReport {
        live::check_stores(&self.context).await
    }

    /// Waits for what runs beside the requests: refreshes of tokens, which have to reach the session store. Call it when the
    /// server has ended, before the runtime does.
    ///
    /// It takes as long as Microsoft and the stores take, which both have bounds.
    pub async fn shutdown(&self) {
        self.context.refreshes.finished().await;
    }

    /// The protocol client of the default site, for Microsoft.
    #[must_use]
    pub fn client(&self) -> &EntraClient {
        self.context.sites.default().main().client()
    }

    /// Changes a user through the store. His sessions see it with their next request, on every replica: who is inactive is
    /// signed out, who has other permissions has them.
    ///
    /// # Errors
    /// A store's.
    pub async fn update_user(&self, update: UserUpdate) -> Result<Updated, StoreError> {
        let changes_permissions = update.is_active.is_some()
            || update.first_superuser
            || [update.staff, update.superuser].iter().any(|change| *change != GrantChange::NONE);
        let updated = self.context.users.update(update).await?;
        if let Updated::Yes(user) = &updated {
            if changes_permissions {
                audit::permissions(user);
            }
            self.context.sessions.recheck_user(&user.id).await?;
        }
        Ok(updated)
    }

    /// Deletes a user, who is signed out with his next request, on every replica.
    ///
    /// # Errors
    /// A store's; also when the store of users cannot delete ([`EntraSsoBuilder::managed_users`]).
    ///
    /// [`EntraSsoBuilder::managed_users`]: crate::EntraSsoBuilder::managed_users
    pub async fn delete_user(&self, user: &UserId, keep_last_superuser: bool) -> Result<Deleted, StoreError> {
        let directory = self.context.directory.as_ref();
        let directory =
            directory.ok_or_else(|| StoreError::new("the store of users was not given as `managed_users`"))?;
        let deleted = directory.delete(user, keep_last_superuser).await?;
        if deleted == Deleted::Yes {
            let ended = self.context.sessions.end_of_user(user).await;
            audit::user_deleted(user, ended.as_ref().ok().copied());
            ended?;
        }
        Ok(deleted)
    }

    /// Ends every session of a user, at once; for an application that deactivates or demotes somebody itself.
    ///
    /// # Errors
    /// The session store's.
    pub async fn end_sessions_of(&self, user: &UserId) -> Result<u64, StoreError> {
        let ended = self.context.sessions.end_of_user(user).await?;
        audit::sessions_ended(user, ended);
        Ok(ended)
    }

    #[cfg(feature = "testing")]
    pub(crate) fn context(&self) -> &Arc<Context> {
        &self.context
    }
}

impl fmt::Debug for EntraSso {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EntraSso").field("prefix", &self.context.settings.prefix).finish_non_exhaustive()
    }
}
