//! Guards: layers for routes, groups of routes, or a whole application.
//!
//! 1. Whoever is not signed in is sent to sign in (a browser) or told 401 with the login address (a program, `fetch`, an
//!    upgrade).
//! 2. Whoever is signed in and lacks what a guard asks for gets 403, as page or JSON, and is sent nowhere.
//! 3. Whoever can prove more ([`within`], [`acrs`]) is sent to prove it, and comes back with a new session.
//! 4. A store that does not answer is 503: no guard takes that for a yes or a no.
//!
//! Guards need [`EntraSso::layer`](crate::EntraSso::layer) around them; without it every request is a 500 that says so in
//! the log. Several guards on one route all have to be passed.
//!
//! ```
//! use axum::{Router, routing::get};
//! use entra_sso::{EntraSso, require};
//!
//! // Everything but the start page and the assets.
//! fn application(sso: &EntraSso) -> Router {
//!     let reports = Router::new().route("/reports", get(|| async { "" })).route_layer(require::role("Reader"));
//!     Router::new()
//!         .route("/", get(|| async { "hello" }))
//!         .merge(reports)
//!         .merge(sso.routes())
//!         .layer(require::signed_in().except(["/", "/assets/*"]))
//!         .layer(sso.layer())
//! }
//! ```

mod guarded;
mod public;
mod rule;

use std::{sync::Arc, time::Duration};

use axum::{extract::OriginalUri, response::IntoResponse as _, response::Response};
use http::request::Parts;
use tower::Layer;

pub use self::guarded::Guarded;
use self::{public::PublicPaths, rule::Rule};
use crate::{
    rejection::{Rejection, audience::Audience},
    step_up::StepUp,
    visit::Visit,
};

/// Only signed-in users pass.
///
/// ```
/// use axum::{Router, routing::get};
/// use entra_sso::{EntraSso, require};
///
/// fn application(sso: &EntraSso) -> Router {
///     let private = Router::new().route("/reports", get(|| async { "reports" })).route_layer(require::signed_in());
///     Router::new().merge(private).merge(sso.routes()).layer(sso.layer())
/// }
/// ```
#[must_use]
pub fn signed_in() -> Require {
    Require::new(Rule::SignedIn)
}

/// Only staff passes: of the application, of the site of this session, and superusers.
#[must_use]
pub fn staff() -> Require {
    Require::new(Rule::Staff)
}

/// Only superusers pass.
#[must_use]
pub fn superuser() -> Require {
    Require::new(Rule::Superuser)
}

/// Only users with this app role pass: `Admin`, or `{tenant GUID}/Admin` where users of many tenants sign in
/// ([`Roles::has_role`](crate::Roles::has_role)).
#[must_use]
pub fn role(role: &str) -> Require {
    Require::new(Rule::Role(role.into()))
}

/// Only users in this group pass: its object id, with `{tenant GUID}/` in front where users of many tenants sign in
/// ([`Roles::has_group`](crate::Roles::has_group)).
#[must_use]
pub fn group(id: &str) -> Require {
    Require::new(Rule::Group(id.into()))
}

/// Only users who authenticated at most this long ago pass; others authenticate again, if their authority thinks so too.
///
/// Counted from the token's `auth_time`, not from the beginning of the session. In the first minute of a session
/// `clock_skew` comes on top.
///
/// ```
/// use std::time::Duration;
/// use axum::{Router, routing::post};
/// use entra_sso::require;
///
/// let _: Router = Router::new()
///     .route("/transfer", post(|| async { "done" }))
///     .route_layer(require::within(Duration::from_mins(10)));
/// ```
#[must_use]
pub fn within(age: Duration) -> Require {
    Require::new(Rule::Proved(StepUp::new().max_age(age)))
}

/// Only users who were authenticated in this authentication context of Conditional Access, such as `c1`, pass; others are
/// sent to be. Entra ID and External ID only.
#[must_use]
pub fn acrs(context: &str) -> Require {
    Require::new(Rule::Proved(StepUp::new().acrs(context)))
}

/// Requests that change something pass only when they come from a page of this application: every method but GET, HEAD,
/// OPTIONS and TRACE, and every upgrade. For an application's own forms and `fetch` calls; our routes have the rule
/// already.
///
/// `Sec-Fetch-Site` has to be `same-origin`; where a browser does not send it, `Origin` has to be ours. Anything else is
/// 403. An API whose callers are no browsers belongs into [`Require::except`].
///
/// ```
/// use axum::{Router, routing::post};
/// use entra_sso::{EntraSso, require};
///
/// fn application(sso: &EntraSso) -> Router {
///     Router::new()
///         .route("/comments", post(|| async { "thanks" }))
///         .layer(require::same_origin().except(["/hooks/*"]))
///         .layer(sso.layer())
/// }
/// ```
#[must_use]
pub fn same_origin() -> Require {
    Require::new(Rule::SameOrigin)
}

/// A guard; see the functions of this module.
#[derive(Clone, Debug)]
pub struct Require {
    rule: Rule,
    audience: Option<Audience>,
    public: PublicPaths,
}

impl Require {
    fn new(rule: Rule) -> Require {
        Require { rule, audience: None, public: PublicPaths::default() }
    }

    /// A visitor who does not pass always gets a redirect or a page, whatever the request looks like.
    #[must_use]
    pub fn or_page(mut self) -> Require {
        self.audience = Some(Audience::Page);
        self
    }

    /// A visitor who does not pass always gets a status and JSON.
    #[must_use]
    pub fn or_json(mut self) -> Require {
        self.audience = Some(Audience::Json);
        self
    }

    /// Everybody passes to these paths: one, letter for letter (`/about`), or all below one (`/assets/*`), as the browser
    /// sees them, also under a nested router. The routes of [`EntraSso::routes`](crate::EntraSso::routes) are always open.
    ///
    /// A path that could be read in two ways is not public: with dots as a segment, empty segments, a backslash or a
    /// semicolon, with anything encoded that need not be or must not be, with control characters, or in another case. What
    /// rewrites paths belongs outside the guard. A pattern that is neither form makes nothing public, and the log says so.
    #[must_use]
    pub fn except<S: AsRef<str>>(mut self, public: impl IntoIterator<Item = S>) -> Require {
        self.public = PublicPaths::new(public);
        self
    }

    /// None for a request that passes.
    async fn judge(&self, parts: &mut Parts) -> Option<Response> {
        if self.is_open(parts) {
            return None;
        }
        if let Some(audience) = self.audience {
            parts.extensions.insert(audience);
        }
        let rejection = match self.rule.judge(parts).await {
            Ok(rejection) => rejection?,
            Err(refusal) => Rejection::of(parts, &refusal),
        };
        Some(rejection.into_response())
    }

    fn is_open(&self, parts: &Parts) -> bool {
        let uri = parts.extensions.get::<OriginalUri>().map_or(&parts.uri, |original| &original.0);
        let visit = parts.extensions.get::<Arc<Visit>>();
        self.public.contain(uri.path())
            || visit.is_some_and(|visit| public::is_ours(uri.path(), &visit.context().settings.prefix))
    }
}

impl<S> Layer<S> for Require {
    type Service = Guarded<S>;

    fn layer(&self, inner: S) -> Guarded<S> {
        Guarded::new(self.clone(), inner)
    }
}
