//! A request at the token endpoint whose client is known.

use crate::aadsts::Refusal;
use crate::authority::Segment;
use crate::call::Call;
use crate::directory::{App, Directory, User};
use crate::grants::Login;
use crate::scope::Scopes;
use crate::version::Version;

/// What every grant needs.
pub(super) struct Grant<'a> {
    pub(super) call: &'a Call<'a>,
    pub(super) directory: &'a Directory,
    pub(super) version: Version,
    pub(super) segment: &'a Segment,
    pub(super) app: &'a App,
}

impl<'a> Grant<'a> {
    /// What a public client cannot ask for: it has proved nothing.
    pub(super) fn confidential_only(&self) -> Result<(), Refusal> {
        if self.app.public_client { Err(Refusal::of(7_000_218)) } else { Ok(()) }
    }

    pub(super) fn required(&self, name: &str) -> Result<&'a str, Refusal> {
        self.call.form.get(name).ok_or_else(|| Refusal::missing(name))
    }

    /// The user of a sign-in, as it is now: somebody who was disabled or removed meanwhile gets nothing.
    pub(super) fn user(&self, login: &Login) -> Result<&'a User, Refusal> {
        let user = self.directory.object(&login.tenant, &login.user).ok_or_else(|| Refusal::of(50034))?;
        if self.version == Version::V1 && user.is_personal() {
            return Err(Refusal::of(90027));
        }
        if user.enabled { Ok(user) } else { Err(Refusal::of(50057).about(user.signs_in_as())) }
    }

    /// The scopes or the resource that the request names.
    pub(super) fn asked(&self) -> Result<Option<Scopes>, Refusal> {
        let cloud = self.call.service.cloud;
        Scopes::asked(self.version, self.segment, &self.call.form, self.app, cloud, self.directory)
    }

    /// The scopes of the token: those that the request names, which must be of one resource, else `granted`.
    pub(super) fn scopes(&self, granted: &Scopes) -> Result<Scopes, Refusal> {
        let Some(mut asked) = self.asked()? else { return Ok(granted.clone()) };
        if !asked.is_one_resource() {
            return Err(Refusal::of(700_022));
        }
        // What OpenID scopes were granted at sign-in stays granted.
        for scope in &granted.openid {
            if !asked.has(scope) {
                asked.openid.push(scope.clone());
            }
        }
        if asked.permissions.is_empty() {
            asked.permissions.clone_from(&granted.permissions);
        }
        Ok(asked)
    }
}
