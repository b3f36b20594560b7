//! What a guard asks for.

use std::sync::Arc;

use http::{Method, header, request::Parts};

use crate::{
    csrf,
    errors::RefusalKind,
    refusal::Refusal,
    rejection::Rejection,
    signed_in::{self, SignedIn},
    step_up::StepUp,
    visit::Visit,
};

#[derive(Clone, Debug)]
pub(super) enum Rule {
    SignedIn,
    Staff,
    Superuser,
    /// As [`Roles::has_role`](crate::Roles::has_role) takes it.
    Role(Arc<str>),
    /// As [`Roles::has_group`](crate::Roles::has_group) takes it.
    Group(Arc<str>),
    Proved(StepUp),
    SameOrigin,
}

impl Rule {
    /// None for a request that passes.
    ///
    /// # Errors
    /// Why it can neither pass nor be led on: E322, E350, and what loading a session meets.
    pub(super) async fn judge(&self, parts: &Parts) -> Result<Option<Rejection>, Refusal> {
        if matches!(self, Rule::SameOrigin) {
            return same_origin(parts).map(|()| None);
        }
        let Some(user) = signed_in::read(parts).await? else { return Ok(Some(Rejection::not_signed_in(parts))) };
        match self {
            Rule::Proved(step) if !user.has_proved(step) => Ok(Some(Rejection::step_up(parts, user.data(), step))),
            _ => self.permits(&user).map(|()| None),
        }
    }

    fn permits(&self, user: &SignedIn) -> Result<(), Refusal> {
        let (held, asked) = match self {
            Rule::Staff => (user.is_staff(), "staff".to_owned()),
            Rule::Superuser => (user.is_superuser(), "superuser".to_owned()),
            Rule::Role(role) => (user.roles().has_role(role), format!("the role `{role}`")),
            Rule::Group(group) => (user.roles().has_group(group), format!("the group `{group}`")),
            Rule::SignedIn | Rule::Proved(_) | Rule::SameOrigin => return Ok(()),
        };
        if held {
            return Ok(());
        }
        let unknown = if user.roles().is_complete() { "" } else { ", and not all groups are known" };
        let detail = format!("user {} lacks {asked}{unknown}", user.user().id);
        Err(Refusal::new(RefusalKind::PermissionMissing, detail))
    }
}

/// The rule for our own forms, for everything that may change something or stays open.
fn same_origin(parts: &Parts) -> Result<(), Refusal> {
    let reads = matches!(parts.method, Method::GET | Method::HEAD | Method::OPTIONS | Method::TRACE);
    if reads && !parts.headers.contains_key(header::UPGRADE) {
        return Ok(());
    }
    let visit = parts.extensions.get::<Arc<Visit>>().ok_or(RefusalKind::LayerMissing)?;
    csrf::check(&parts.headers, visit.origin(parts)?)
}
