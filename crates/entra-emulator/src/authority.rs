//! The part of a path that names a tenant, and who may sign in through it.

mod flow_path;

use crate::aadsts::Refusal;
use crate::cloud::Cloud;
use crate::directory::{App, Audience, Directory, PERSONAL_ACCOUNTS, Tenant, TenantKind, User, UserFlowKind, UserKind};
use crate::place::Place;
use crate::version::Version;

pub(crate) use self::flow_path::FlowPath;

/// The beginning of a path, resolved: a verified domain has become its tenant's GUID.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Segment {
    Common,
    Organizations,
    Consumers,
    /// An organisation's tenant by its GUID.
    Tenant(String),
    /// An External ID tenant by its GUID.
    External(String),
    /// A user flow of a B2C tenant.
    Flow(FlowPath),
}

impl Segment {
    /// Finds what a path names; nothing when there is no such tenant or user flow.
    pub(crate) fn resolve(directory: &Directory, cloud: Cloud, place: &Place<'_>) -> Option<Self> {
        let tenant = directory.tenant(place.tenant);
        if let Some(b2c) = tenant.and_then(Tenant::as_b2c) {
            return FlowPath::find(place, tenant?, b2c).map(Self::Flow);
        }
        let customers = tenant.is_some_and(Tenant::is_for_customers);
        if place.policy.is_some() || place.tfp || customers && place.version == Version::V1 {
            return None;
        }
        match place.tenant.to_ascii_lowercase().as_str() {
            "common" => Some(Self::Common),
            "organizations" => Some(Self::Organizations),
            "consumers" | PERSONAL_ACCOUNTS if !cloud.has_personal_accounts() => None,
            "consumers" => Some(Self::Consumers),
            PERSONAL_ACCOUNTS => Some(Self::Tenant(PERSONAL_ACCOUNTS.to_owned())),
            _ => tenant.map(|tenant| match tenant.kind {
                TenantKind::ExternalId { .. } => Self::External(tenant.id.clone()),
                TenantKind::Workforce | TenantKind::B2c(_) => Self::Tenant(tenant.id.clone()),
            }),
        }
    }

    /// The same, or the refusal of an unknown tenant.
    pub(crate) fn named(directory: &Directory, cloud: Cloud, place: &Place<'_>) -> Result<Self, Refusal> {
        Self::resolve(directory, cloud, place).ok_or_else(|| Refusal::of(90002).about(place.tenant))
    }

    /// The application with this client id, when it may be used here.
    pub(crate) fn client<'a>(&self, directory: &'a Directory, id: &str) -> Result<&'a App, Refusal> {
        let app = enabled_app(directory, id)?;
        self.admits_app(app)?;
        Ok(app)
    }

    /// How the segment is written in a path.
    pub(crate) fn path(&self) -> &str {
        match self {
            Self::Common => "common",
            Self::Organizations => "organizations",
            Self::Consumers => "consumers",
            Self::Tenant(id) | Self::External(id) => id,
            Self::Flow(flow) => &flow.path,
        }
    }

    /// An endpoint below this segment, such as `oauth2/v2.0/token`.
    pub(crate) fn endpoint(&self, base: &str, rest: &str) -> String {
        match self {
            Self::Flow(flow) => flow.endpoint(base, rest),
            _ => format!("{base}/{}/{rest}", self.path()),
        }
    }

    /// The tenant that the segment stands for, when it is one.
    pub(crate) fn tenant(&self) -> Option<&str> {
        match self {
            Self::Common | Self::Organizations => None,
            Self::Consumers => Some(PERSONAL_ACCOUNTS),
            Self::Tenant(id) | Self::External(id) => Some(id),
            Self::Flow(flow) => Some(&flow.tenant),
        }
    }

    /// The user flow, when it is one.
    pub(crate) fn flow(&self) -> Option<&FlowPath> {
        match self {
            Self::Flow(flow) => Some(flow),
            _ => None,
        }
    }

    /// `issuer` in discovery: templated where any tenant may sign in.
    pub(crate) fn issuer(&self, cloud: Cloud, version: Version) -> String {
        self.issuer_of(cloud, version, self.tenant().unwrap_or("{tenantid}"))
    }

    /// `iss` of a tenant's tokens here.
    pub(crate) fn issuer_of(&self, cloud: Cloud, version: Version, tenant: &str) -> String {
        match self {
            // The GUID is the host's first label, whatever host it was reached at.
            Self::External(_) => format!("https://{tenant}.ciamlogin.com/{tenant}/v2.0"),
            Self::Flow(flow) => flow.issuer_of(tenant),
            _ => issuer(cloud, version, tenant),
        }
    }

    /// The realm of browser sessions here: customers' tenants have one each.
    pub(crate) fn realm(&self) -> Option<&str> {
        if self.keeps_its_tokens() { self.tenant() } else { None }
    }

    /// What people do here, when it is a user flow.
    pub(crate) fn flow_kind(&self) -> Option<UserFlowKind> {
        self.flow().map(|path| path.flow.kind)
    }

    /// Whether refresh tokens of this segment work nowhere else.
    pub(crate) fn keeps_its_tokens(&self) -> bool {
        matches!(self, Self::External(_) | Self::Flow(_))
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
            Self::External(id) => *id == app.tenant,
            Self::Flow(flow) => flow.tenant == app.tenant,
        };
        if known { Ok(()) } else { Err(Refusal::unknown_app(&app.id)) }
    }

    /// Personal accounts have v2 endpoints only.
    pub(crate) fn has_version(&self, version: Version) -> Result<(), Refusal> {
        if version == Version::V1 && self.tenant() == Some(PERSONAL_ACCOUNTS) {
            return Err(Refusal::of(90027));
        }
        Ok(())
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
            Self::Common => matches!(user.kind, UserKind::Member | UserKind::Personal),
            Self::Organizations => user.kind == UserKind::Member,
            Self::Consumers => user.is_personal(),
            Self::Tenant(id) | Self::External(id) => user.tenant == *id,
            Self::Flow(flow) => user.tenant == flow.tenant,
        }
    }
}

/// The issuer of an organisation's tenant.
pub(crate) fn issuer(cloud: Cloud, version: Version, tenant: &str) -> String {
    match version {
        Version::V1 => format!("https://{}/{tenant}/", cloud.v1_issuer_host()),
        Version::V2 => format!("https://{}/{tenant}/v2.0", cloud.login_host()),
    }
}

fn suits(app: &App, user: &User) -> bool {
    if user.is_personal() { app.audience.has_personal() } else { app.audience != Audience::Personal }
}

/// The application with this client id, in any tenant.
pub(crate) fn enabled_app<'a>(directory: &'a Directory, id: &str) -> Result<&'a App, Refusal> {
    let app = directory.app(id).ok_or_else(|| Refusal::unknown_app(id))?;
    if app.enabled { Ok(app) } else { Err(Refusal::of(7_000_112).about(id)) }
}
