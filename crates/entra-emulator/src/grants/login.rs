//! A sign-in.

use std::fmt;

use crate::authority::Segment;
use crate::scope::Scopes;

/// One sign-in of a user at an application; every token that comes from it belongs to it.
#[derive(Clone)]
pub(crate) struct Login {
    /// Tells sign-ins apart, for revoking.
    pub(crate) number: u64,
    pub(crate) app: String,
    /// Object id of the user.
    pub(crate) user: String,
    pub(crate) tenant: String,
    pub(crate) segment: Segment,
    pub(crate) scopes: Scopes,
    pub(crate) nonce: Option<String>,
    pub(crate) sid: String,
    pub(crate) auth_time: i64,
    /// `auth_time` was asked for with `max_age`.
    pub(crate) wants_auth_time: bool,
    /// Signed up a moment ago.
    pub(crate) new_user: bool,
    /// Authentication contexts that were asked for.
    pub(crate) acrs: Vec<String>,
}

impl fmt::Debug for Login {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { number, app, user, tenant, .. } = self;
        write!(f, "Login({number}: {user} of {tenant} at {app})")
    }
}
