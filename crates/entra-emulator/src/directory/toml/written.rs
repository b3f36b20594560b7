//! The tables of a directory as they are written.

use serde::Deserialize;
use toml::Spanned;

use crate::directory::app::AppRole;
use crate::directory::audience::Audience;

use super::tenant::WrittenTenant;
use super::user::WrittenUser;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Written {
    #[serde(default)]
    pub(super) tenant: Vec<WrittenTenant>,
    #[serde(default)]
    pub(super) user: Vec<WrittenUser>,
    #[serde(default)]
    pub(super) group: Vec<WrittenGroup>,
    #[serde(default)]
    pub(super) app: Vec<WrittenApp>,
    #[serde(default)]
    pub(super) managed_identity: Vec<WrittenIdentity>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WrittenGroup {
    pub(super) id: String,
    pub(super) tenant: Spanned<String>,
    pub(super) name: String,
    #[serde(default)]
    pub(super) members: Vec<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of the registration by itself")]
pub(super) struct WrittenApp {
    pub(super) id: String,
    pub(super) tenant: Spanned<String>,
    pub(super) name: String,
    pub(super) audience: Option<Audience>,
    #[serde(default)]
    pub(super) redirect_uris: Vec<Spanned<String>>,
    #[serde(default)]
    pub(super) secrets: Vec<WrittenSecret>,
    #[serde(default)]
    pub(super) certificates: Vec<Spanned<String>>,
    #[serde(default)]
    pub(super) certificate_subjects: Vec<Spanned<WrittenSubject>>,
    #[serde(default)]
    pub(super) federated_credentials: Vec<Spanned<WrittenTrust>>,
    #[serde(default)]
    pub(super) public_client: bool,
    pub(super) logout_url: Option<String>,
    #[serde(default)]
    pub(super) optional_claims: Vec<String>,
    #[serde(default)]
    pub(super) group_claims: bool,
    #[serde(default)]
    pub(super) roles: Vec<AppRole>,
    #[serde(default)]
    pub(super) role_assignments: Vec<WrittenAssignment>,
    #[serde(default)]
    pub(super) assignment_required: bool,
    #[serde(default)]
    pub(super) own_signing_key: bool,
    #[serde(default)]
    pub(super) assigned: Vec<Spanned<String>>,
    #[serde(default)]
    pub(super) unassigned: Vec<Spanned<String>>,
    pub(super) consented_scopes: Option<Vec<String>>,
    pub(super) remove_unverified_email: Option<bool>,
    pub(super) enabled: Option<bool>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WrittenSecret {
    pub(super) value: String,
    pub(super) expires: Option<i64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WrittenSubject {
    pub(super) name: String,
    pub(super) authority: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WrittenTrust {
    pub(super) name: String,
    pub(super) issuer: String,
    pub(super) subject: String,
    pub(super) audience: String,
    pub(super) jwks: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WrittenIdentity {
    pub(super) client_id: String,
    pub(super) id: String,
    pub(super) tenant: Spanned<String>,
    pub(super) name: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WrittenAssignment {
    pub(super) role: String,
    pub(super) to: Spanned<String>,
}
