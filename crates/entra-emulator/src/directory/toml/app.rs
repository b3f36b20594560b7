//! An application as TOML has it.

use serde::Deserialize;
use toml::Spanned;

use crate::directory::app::{App, AppRole, AppSecret, RoleAssignment};
use crate::directory::audience::Audience;
use crate::directory::error::DirectoryError;
use crate::directory::redirect_uri;

use super::credentials::{WrittenSubject, WrittenTrust};
use super::reader::Reader;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of the registration by itself")]
pub(super) struct WrittenApp {
    id: String,
    tenant: Spanned<String>,
    name: String,
    audience: Option<Audience>,
    #[serde(default)]
    redirect_uris: Vec<Spanned<String>>,
    #[serde(default)]
    secrets: Vec<WrittenSecret>,
    #[serde(default)]
    certificates: Vec<Spanned<String>>,
    #[serde(default)]
    certificate_subjects: Vec<Spanned<WrittenSubject>>,
    #[serde(default)]
    federated_credentials: Vec<Spanned<WrittenTrust>>,
    #[serde(default)]
    public_client: bool,
    logout_url: Option<String>,
    #[serde(default)]
    optional_claims: Vec<String>,
    #[serde(default)]
    group_claims: bool,
    #[serde(default)]
    roles: Vec<AppRole>,
    #[serde(default)]
    role_assignments: Vec<WrittenAssignment>,
    #[serde(default)]
    assignment_required: bool,
    #[serde(default)]
    own_signing_key: bool,
    #[serde(default)]
    assigned: Vec<Spanned<String>>,
    #[serde(default)]
    unassigned: Vec<Spanned<String>>,
    consented_scopes: Option<Vec<String>>,
    remove_unverified_email: Option<bool>,
    enabled: Option<bool>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenSecret {
    value: String,
    expires: Option<i64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenAssignment {
    role: String,
    to: Spanned<String>,
}

impl Reader<'_> {
    pub(super) fn app(&mut self, written: WrittenApp) -> Result<(), DirectoryError> {
        let tenant = self.tenant(&written.tenant)?;
        let mut app = App::new(&written.id, &tenant, &written.name);
        app.audience = written.audience.unwrap_or(app.audience);
        for uri in written.redirect_uris {
            let start = uri.span().start;
            redirect_uri::check(uri.as_ref(), app.audience)
                .map_err(|error| self.at(start, format!("redirect_uris: {error}")))?;
            app.redirect_uris.push(uri.into_inner());
        }
        let secrets = written.secrets.into_iter();
        app.secrets = secrets.map(|secret| AppSecret { value: secret.value, expires: secret.expires }).collect();
        self.credentials(&mut app, written.certificates, written.certificate_subjects, written.federated_credentials)?;
        app.public_client = written.public_client;
        app.logout_url = written.logout_url;
        app.optional_claims = written.optional_claims;
        app.group_claims = written.group_claims;
        app.roles = written.roles;
        for assignment in written.role_assignments {
            let principal = self.principal(&assignment.to, "role_assignments")?;
            app.role_assignments.push(RoleAssignment { role: assignment.role, principal });
        }
        app.assignment_required = written.assignment_required;
        app.own_signing_key = written.own_signing_key;
        for name in &written.assigned {
            app.assigned.push(self.principal(name, "assigned")?);
        }
        for name in &written.unassigned {
            app.unassigned.push(self.principal(name, "unassigned")?);
        }
        app.consented_scopes = written.consented_scopes.unwrap_or(app.consented_scopes);
        app.remove_unverified_email = written.remove_unverified_email.unwrap_or(true);
        app.enabled = written.enabled.unwrap_or(true);
        self.directory.apps.push(app);
        Ok(())
    }
}
