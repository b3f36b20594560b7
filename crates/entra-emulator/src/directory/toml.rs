//! A directory written as TOML.

mod credentials;
mod tenant;
mod user;
mod written;

use toml::Spanned;

use super::app::{App, AppSecret, RoleAssignment};
use super::redirect_uri;
use super::user::{Group, User};
use super::validate;
use super::{Directory, DirectoryError};

use self::written::{Written, WrittenApp, WrittenGroup};

/// Reads and checks a directory.
pub(super) fn read(text: &str) -> Result<Directory, DirectoryError> {
    let written: Written = toml::from_str(text).map_err(|error| {
        let start = error.span().map_or(0, |span| span.start);
        DirectoryError::Text { line: line_of(text, start), message: error.message().to_owned() }
    })?;
    let mut directory = Directory::empty();
    for tenant in written.tenant {
        let tenant = tenant.into_tenant().map_err(|wrong| DirectoryError::Text {
            line: line_of(text, wrong.start),
            message: wrong.message.to_owned(),
        })?;
        directory.tenants.push(tenant);
    }
    let mut reader = Reader { text, directory };
    for user in written.user {
        reader.user(user)?;
    }
    for group in written.group {
        reader.group(&group)?;
    }
    for app in written.app {
        reader.app(app)?;
    }
    for identity in written.managed_identity {
        reader.managed_identity(&identity)?;
    }
    validate::check(&reader.directory)?;
    Ok(reader.directory)
}

/// Resolves the names of one table to the ids of those read before.
struct Reader<'a> {
    text: &'a str,
    directory: Directory,
}

impl Reader<'_> {
    fn group(&mut self, written: &WrittenGroup) -> Result<(), DirectoryError> {
        let tenant = self.tenant(&written.tenant)?;
        let mut group = Group::new(&written.id, &tenant, &written.name);
        for name in &written.members {
            group.members.push(self.user_id(&tenant, name, "members")?);
        }
        self.directory.groups.push(group);
        Ok(())
    }

    fn app(&mut self, written: WrittenApp) -> Result<(), DirectoryError> {
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

    fn tenant(&self, name: &Spanned<String>) -> Result<String, DirectoryError> {
        let found = self.directory.tenant(name.as_ref()).map(|tenant| tenant.id.clone());
        found.ok_or_else(|| self.at(name.span().start, format!("tenant: no tenant {:?}", name.as_ref())))
    }

    /// A user of one tenant, by object id, UPN or sign-in name.
    fn user_id(&self, tenant: &str, name: &Spanned<String>, key: &str) -> Result<String, DirectoryError> {
        let text: &str = name.as_ref();
        let named = |user: &&User| {
            user.id == text || user.upn.eq_ignore_ascii_case(text) || user.signs_in_as().eq_ignore_ascii_case(text)
        };
        let found = self.directory.users.iter().filter(|user| user.tenant == tenant).find(named);
        let found = found.map(|user| user.id.clone());
        found.ok_or_else(|| self.at(name.span().start, format!("{key}: no user {text:?} in this tenant")))
    }

    /// A user or a group, by object id or name, in any tenant.
    fn principal(&self, name: &Spanned<String>, key: &str) -> Result<String, DirectoryError> {
        let text: &str = name.as_ref();
        let mut groups = self.directory.groups.iter();
        let group = groups.find(|group| group.id == text || group.name == text).map(|group| group.id.clone());
        let found = group.or_else(|| self.directory.user(text).map(|user| user.id.clone()));
        found.ok_or_else(|| self.at(name.span().start, format!("{key}: no user or group {text:?}")))
    }

    fn at(&self, start: usize, message: String) -> DirectoryError {
        DirectoryError::Text { line: line_of(self.text, start), message }
    }
}

fn line_of(text: &str, start: usize) -> usize {
    text.bytes().take(start).filter(|byte| *byte == b'\n').count() + 1
}
