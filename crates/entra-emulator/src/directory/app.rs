//! A registered application.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::audience::Audience;
use super::certificate::{AppCertificate, CertificateSubject};
use super::error::DirectoryError;
use super::federated::FederatedCredential;
use super::redirect_uri;

/// An application's registration.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of the registration by itself")]
pub struct App {
    /// The client id, a GUID.
    pub id: String,
    /// The name that pages show.
    pub name: String,
    /// The GUID of the tenant where it is registered.
    pub tenant: String,
    /// Which accounts may sign in.
    pub audience: Audience,
    /// Redirect URIs of platform "Web", as registered; add with [`App::redirect_uri`] to have the rules checked.
    pub redirect_uris: Vec<String>,
    /// Client secrets.
    pub secrets: Vec<AppSecret>,
    /// Certificates with whose keys it signs assertions.
    pub certificates: Vec<AppCertificate>,
    /// Names and authorities of certificates that it brings along (`x5c`).
    pub certificate_subjects: Vec<CertificateSubject>,
    /// Trust in tokens of other issuers, at most 20.
    pub federated_credentials: Vec<FederatedCredential>,
    /// A public client has no credential and must not send one (AADSTS700025).
    pub public_client: bool,
    /// Front-channel logout URL.
    pub logout_url: Option<String>,
    /// Optional claims in the ID token: `email`, `xms_edov`, `sid`, `login_hint`, `acct`, `auth_time`, `upn`,
    /// `given_name`, `family_name`, `ipaddr`, `ctry`, `tenant_ctry`, `tenant_region_scope`,
    /// `verified_primary_email`.
    pub optional_claims: Vec<String>,
    /// Whether tokens carry `groups` (`groupMembershipClaims`).
    pub group_claims: bool,
    /// App roles.
    pub roles: Vec<AppRole>,
    /// Who has which role.
    pub role_assignments: Vec<RoleAssignment>,
    /// "Assignment required": only who has a role or stands in `assigned` gets in (AADSTS50105).
    pub assignment_required: bool,
    /// Object ids of users and groups that are assigned without a role.
    pub assigned: Vec<String>,
    /// Object ids of users that are refused with AADSTS50105 although no assignment is required. Not Microsoft's:
    /// it lets one seeded user meet that error while everybody else is let in.
    pub unassigned: Vec<String>,
    /// Scopes that administrators consented to, in every tenant; others show the consent page.
    pub consented_scopes: Vec<String>,
    /// Whether an address whose domain nobody verified is left out of tokens
    /// (`removeUnverifiedEmailClaim`, the default for multi-tenant applications since June 2023).
    pub remove_unverified_email: bool,
    /// Its tokens are signed with a key of its own (claims mapping), which only the lists with `?appid=` have.
    pub own_signing_key: bool,
    /// `false`: AADSTS7000112.
    pub enabled: bool,
}

impl App {
    /// A single-tenant confidential client without secrets and redirect URIs. `openid`, `profile`, `email`,
    /// `offline_access`, `User.Read` and `User.ReadBasic.All` are consented.
    #[must_use]
    pub fn new(id: &str, tenant_id: &str, name: &str) -> Self {
        let consented = ["openid", "profile", "email", "offline_access", "User.Read", "User.ReadBasic.All"];
        Self {
            id: id.to_ascii_lowercase(),
            name: name.to_owned(),
            tenant: tenant_id.to_ascii_lowercase(),
            audience: Audience::SingleTenant,
            redirect_uris: Vec::new(),
            secrets: Vec::new(),
            certificates: Vec::new(),
            certificate_subjects: Vec::new(),
            federated_credentials: Vec::new(),
            public_client: false,
            logout_url: None,
            optional_claims: Vec::new(),
            group_claims: false,
            roles: Vec::new(),
            role_assignments: Vec::new(),
            assignment_required: false,
            assigned: Vec::new(),
            unassigned: Vec::new(),
            consented_scopes: consented.map(str::to_owned).to_vec(),
            remove_unverified_email: true,
            own_signing_key: false,
            enabled: true,
        }
    }

    /// For these accounts.
    #[must_use]
    pub fn audience(mut self, audience: Audience) -> Self {
        self.audience = audience;
        self
    }

    /// With this redirect URI.
    ///
    /// # Errors
    ///
    /// The URI breaks one of Microsoft's registration rules.
    pub fn redirect_uri(mut self, uri: &str) -> Result<Self, DirectoryError> {
        redirect_uri::check(uri, self.audience)?;
        self.redirect_uris.push(uri.to_owned());
        Ok(self)
    }

    /// With this client secret, which does not expire.
    #[must_use]
    pub fn secret(mut self, value: &str) -> Self {
        self.secrets.push(AppSecret::new(value));
        self
    }

    /// With this certificate.
    #[must_use]
    pub fn certificate(mut self, certificate: AppCertificate) -> Self {
        self.certificates.push(certificate);
        self
    }

    /// With this federated identity credential.
    #[must_use]
    pub fn federated_credential(mut self, credential: FederatedCredential) -> Self {
        self.federated_credentials.push(credential);
        self
    }

    /// With these optional claims.
    #[must_use]
    pub fn optional_claims<'a>(mut self, names: impl IntoIterator<Item = &'a str>) -> Self {
        self.optional_claims.extend(names.into_iter().map(str::to_owned));
        self
    }

    /// With this app role.
    #[must_use]
    pub fn role(mut self, value: &str, name: &str) -> Self {
        self.roles.push(AppRole { value: value.to_owned(), name: name.to_owned() });
        self
    }

    /// With this role given to a user or group.
    #[must_use]
    pub fn role_for(mut self, role: &str, principal_id: &str) -> Self {
        let principal = principal_id.to_ascii_lowercase();
        self.role_assignments.push(RoleAssignment { role: role.to_owned(), principal });
        self
    }

    pub(crate) fn wants(&self, claim: &str) -> bool {
        self.optional_claims.iter().any(|name| name == claim)
    }
}

/// A client secret; `Debug` does not show it.
#[derive(Clone, Eq, PartialEq, Serialize)]
#[non_exhaustive]
pub struct AppSecret {
    /// The secret itself.
    #[serde(skip)]
    pub value: String,
    /// When it expires, in seconds since the Unix epoch; absent: never.
    pub expires: Option<i64>,
}

impl AppSecret {
    /// A secret that does not expire.
    #[must_use]
    pub fn new(value: &str) -> Self {
        Self { value: value.to_owned(), expires: None }
    }

    /// Expiring at this time, in seconds since the Unix epoch.
    #[must_use]
    pub fn expiring(mut self, unix: i64) -> Self {
        self.expires = Some(unix);
        self
    }
}

impl fmt::Debug for AppSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AppSecret").field("value", &"…").field("expires", &self.expires).finish()
    }
}

/// An app role.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct AppRole {
    /// What tokens carry.
    pub value: String,
    /// What people read.
    pub name: String,
}

/// A role given to a user or a group.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct RoleAssignment {
    /// The role's value.
    pub role: String,
    /// Object id of a user or group.
    pub principal: String,
}
