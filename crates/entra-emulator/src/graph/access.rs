//! Who calls Graph, and what the token allows.

use http::header::AUTHORIZATION;

use crate::call::Call;
use crate::directory::User;
use crate::grants::Access;
use crate::scope::Resource;

use super::failure::Failure;

const PROFILE: [&str; 6] =
    ["User.Read", "User.ReadWrite", "User.Read.All", "User.ReadWrite.All", "Directory.Read.All", ".default"];
const OTHERS: [&str; 5] =
    ["User.ReadBasic.All", "User.Read.All", "User.ReadWrite.All", "Directory.Read.All", ".default"];
const OTHERS_WHOLE: [&str; 4] = ["User.Read.All", "User.ReadWrite.All", "Directory.Read.All", ".default"];

/// The caller, by its access token.
#[derive(Debug)]
pub(super) struct Caller {
    pub(super) access: Access,
}

impl Caller {
    /// Checks the bearer token: one that the emulator gave out, for Graph, in time and not revoked.
    pub(super) fn of(call: &Call<'_>) -> Result<Self, Failure> {
        let header = call.header(AUTHORIZATION).and_then(|header| header.split_once(' '));
        let token = header.filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer")).map(|(_, token)| token.trim());
        let Some(token) = token else { return Err(refused("Access token is empty.")) };
        let access = call.service.grants.access(token, call.now());
        let access = access.ok_or_else(|| refused("Access token validation failure."))?;
        if access.resource == Resource::Graph {
            Ok(Self { access })
        } else {
            Err(refused("Access token validation failure. Invalid audience."))
        }
    }

    pub(super) fn is(&self, user: &User) -> bool {
        let login = self.access.login.as_ref();
        login.is_some_and(|login| login.user == user.id && login.tenant == user.tenant)
    }

    /// Whether the token was made with this OpenID scope.
    pub(super) fn has_openid(&self, scope: &str) -> bool {
        self.access.login.as_ref().is_some_and(|login| login.scopes.has(scope))
    }

    /// `/me`, photo and groups. `User.ReadBasic.All` is enough for work accounts, not for personal ones.
    pub(super) fn reads_profile(&self, personal: bool) -> bool {
        self.may(&PROFILE) || !personal && self.may(&["User.ReadBasic.All"])
    }

    /// Users other than the signed-in one. An application by itself was consented to by an administrator.
    pub(super) fn reads_others(&self) -> bool {
        self.access.login.is_none() || self.may(&OTHERS)
    }

    /// What `User.ReadBasic.All` does not show: groups and the birthday of the signed-in user, all but names and mail
    /// address of others.
    pub(super) fn reads_all_of(&self, user: &User) -> bool {
        self.access.login.is_none() || self.may(if self.is(user) { &PROFILE } else { &OTHERS_WHOLE })
    }

    fn may(&self, any_of: &[&str]) -> bool {
        let Some(login) = &self.access.login else { return false };
        login.scopes.names_for(&Resource::Graph).iter().any(|name| any_of.contains(name))
    }
}

fn refused(message: &'static str) -> Failure {
    Failure { status: 401, code: "InvalidAuthenticationToken", message }
}
