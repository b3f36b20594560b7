//! The tenant segment of a path, and who may sign in through it.

use crate::aadsts::Refusal;
use crate::cloud::Cloud;
use crate::directory::{App, Audience, Directory, PERSONAL_ACCOUNTS, User, UserKind};
use crate::place::Place;
use crate::version::Version;

/// The first segment of a path, resolved: a verified domain has become its tenant's GUID.
#[derive(Clone, Debug, Eq, PartialEq, Hash)]
pub(crate) enum Segment {
    Common,
    Organizations,
    Consumers,
    /// A tenant by its GUID.
    Tenant(String),
}

impl Segment {
    /// Finds what a path names; nothing when there is no such tenant.
    pub(crate) fn resolve(directory: &Directory, place: &Place<'_>) -> Option<Self> {
        if place.policy.is_some() {
            return None;
        }
        match place.tenant.to_ascii_lowercase().as_str() {
            "common" => Some(Self::Common),
            "organizations" => Some(Self::Organizations),
            "consumers" => Some(Self::Consumers),
            PERSONAL_ACCOUNTS => Some(Self::Tenant(PERSONAL_ACCOUNTS.to_owned())),
            other => directory.tenant(other).map(|tenant| Self::Tenant(tenant.id.clone())),
        }
    }

    /// How the segment is written in endpoints.
    pub(crate) fn path(&self) -> &str {
        match self {
            Self::Common => "common",
            Self::Organizations => "organizations",
            Self::Consumers => "consumers",
            Self::Tenant(id) => id,
        }
    }

    /// The tenant that the segment stands for, when it is one.
    pub(crate) fn tenant(&self) -> Option<&str> {
        match self {
            Self::Common | Self::Organizations => None,
            Self::Consumers => Some(PERSONAL_ACCOUNTS),
            Self::Tenant(id) => Some(id),
        }
    }

    /// `issuer` in discovery: templated where any tenant may sign in.
    pub(crate) fn issuer(&self, cloud: Cloud, version: Version) -> String {
        issuer(cloud, version, self.tenant().unwrap_or("{tenantid}"))
    }

    /// Whether the application exists here.
    pub(crate) fn admits_app(&self, app: &App) -> Result<(), Refusal> {
        let known = match self {
            Self::Common => match app.audience {
                Audience::SingleTenant => return Err(Refusal::of(50194)),
                Audience::MultiTenant | Audience::MultiTenantAndPersonal | Audience::Personal => true,
            },
            Self::Organizations if app.audience == Audience::SingleTenant => return Err(Refusal::of(50194)),
            Self::Organizations => app.audience.is_multi_tenant(),
            Self::Consumers => app.audience.has_personal(),
            Self::Tenant(id) if id == PERSONAL_ACCOUNTS => app.audience.has_personal(),
            Self::Tenant(id) => *id == app.tenant || app.audience.is_multi_tenant(),
        };
        if known { Ok(()) } else { Err(Refusal::unknown_app(&app.id)) }
    }

    /// The accounts that can sign in to an application here.
    pub(crate) fn accounts<'a>(&self, directory: &'a Directory, app: &App) -> Vec<&'a User> {
        directory.users.iter().filter(|user| self.holds(user) && suits(app, user)).collect()
    }

    /// The object of whoever signs in as `name` here.
    ///
    /// A guest has no way in through `common`: there the home account signs in.
    pub(crate) fn account<'a>(&self, directory: &'a Directory, app: &App, name: &str) -> Result<&'a User, Refusal> {
        let named = |user: &&User| user.signs_in_as().eq_ignore_ascii_case(name) || user.upn.eq_ignore_ascii_case(name);
        if let Some(user) = self.accounts(directory, app).into_iter().find(named) {
            return Ok(user);
        }
        if directory.home_account(name).is_some() {
            return Err(Refusal::of(50020).about(name));
        }
        Err(Refusal::of(50034).about(name))
    }

    fn holds(&self, user: &User) -> bool {
        match self {
            Self::Common => !user.is_guest(),
            Self::Organizations => user.kind == UserKind::Member,
            Self::Consumers => user.is_personal(),
            Self::Tenant(id) => user.tenant == *id,
        }
    }
}

/// The issuer of a tenant.
pub(crate) fn issuer(cloud: Cloud, version: Version, tenant: &str) -> String {
    match version {
        Version::V1 => format!("https://{}/{tenant}/", cloud.v1_issuer_host()),
        Version::V2 => format!("https://{}/{tenant}/v2.0", cloud.login_host()),
    }
}

fn suits(app: &App, user: &User) -> bool {
    if user.is_personal() { app.audience.has_personal() } else { app.audience != Audience::Personal }
}
