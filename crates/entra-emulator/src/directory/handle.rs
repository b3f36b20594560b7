//! The directory of a running emulator.

use std::sync::{Arc, PoisonError, RwLock};

use super::Directory;
use super::app::App;
use super::certificate::{AppCertificate, CertificateSubject};
use super::error::DirectoryError;
use super::federated::FederatedCredential;
use super::group::Group;
use super::managed_identity::ManagedIdentity;
use super::redirect_uri;
use super::tenant::Tenant;
use super::user::User;
use super::validate;

/// The directory of a running emulator; changes take effect with the next request.
#[derive(Debug)]
pub struct DirectoryHandle(RwLock<Arc<Directory>>);

impl DirectoryHandle {
    pub(crate) fn new(directory: Directory) -> Result<Self, DirectoryError> {
        validate::check(&directory)?;
        Ok(Self(RwLock::new(Arc::new(directory))))
    }

    /// A copy of everything as it is now.
    #[must_use]
    pub fn snapshot(&self) -> Directory {
        Directory::clone(&self.read())
    }

    /// The application with this client id.
    #[must_use]
    pub fn app(&self, id: &str) -> Option<App> {
        self.read().app(id).cloned()
    }

    /// The user with this object id or sign-in name (a guest with an account at home: the account at home).
    #[must_use]
    pub fn user(&self, id_or_name: &str) -> Option<User> {
        self.read().user(id_or_name).cloned()
    }

    /// Adds a tenant.
    ///
    /// # Errors
    ///
    /// Its id or a domain is taken or malformed.
    pub fn add_tenant(&self, tenant: Tenant) -> Result<(), DirectoryError> {
        self.change(|directory| {
            directory.tenants.push(tenant);
            Ok(())
        })
    }

    /// Adds an application.
    ///
    /// # Errors
    ///
    /// Its id is taken or malformed, or its tenant unknown.
    pub fn add_app(&self, app: App) -> Result<(), DirectoryError> {
        self.change(|directory| {
            directory.apps.push(app);
            Ok(())
        })
    }

    /// Adds a user.
    ///
    /// # Errors
    ///
    /// Its id or name is taken or malformed, or its tenant unknown.
    pub fn add_user(&self, user: User) -> Result<(), DirectoryError> {
        self.change(|directory| {
            directory.users.push(user);
            Ok(())
        })
    }

    /// Adds a group.
    ///
    /// # Errors
    ///
    /// Its id is taken or malformed, or its tenant unknown.
    pub fn add_group(&self, group: Group) -> Result<(), DirectoryError> {
        self.change(|directory| {
            directory.groups.push(group);
            Ok(())
        })
    }

    /// Registers a redirect URI (platform "Web"). Registering one twice changes nothing.
    ///
    /// # Errors
    ///
    /// There is no such application, or the URI breaks one of Microsoft's rules.
    pub fn add_redirect_uri(&self, app_id: &str, uri: &str) -> Result<(), DirectoryError> {
        let audience = self.app(app_id).ok_or_else(|| unknown("application", app_id))?.audience;
        redirect_uri::check(uri, audience)?;
        self.change_app(app_id, |app| {
            if !app.redirect_uris.iter().any(|registered| registered == uri) {
                app.redirect_uris.push(uri.to_owned());
            }
        })
    }

    /// Registers a certificate, from a PEM text; a private key in it is skipped. Registering one twice changes nothing.
    ///
    /// # Errors
    ///
    /// There is no such application, or no certificate in the text.
    pub fn add_certificate(&self, app_id: &str, pem: &str) -> Result<(), DirectoryError> {
        let certificate = AppCertificate::from_pem(pem)?;
        self.change_app(app_id, |app| {
            if !app.certificates.iter().any(|known| known.thumbprint() == certificate.thumbprint()) {
                app.certificates.push(certificate);
            }
        })
    }

    /// Registers the name and authority of certificates that the application brings along (`x5c`).
    ///
    /// # Errors
    ///
    /// There is no such application, or no certificate in the text.
    pub fn add_certificate_subject(&self, app_id: &str, name: &str, authority: &str) -> Result<(), DirectoryError> {
        let subject = CertificateSubject::new(name, authority)?;
        self.change_app(app_id, |app| app.certificate_subjects.push(subject))
    }

    /// Adds a federated identity credential.
    ///
    /// # Errors
    ///
    /// There is no such application, or the credential breaks one of Microsoft's rules.
    pub fn add_federated_credential(
        &self,
        app_id: &str,
        credential: FederatedCredential,
    ) -> Result<(), DirectoryError> {
        self.change_app(app_id, |app| app.federated_credentials.push(credential))
    }

    /// Adds a user-assigned managed identity.
    ///
    /// # Errors
    ///
    /// An id is taken or malformed, or its tenant unknown.
    pub fn add_managed_identity(&self, identity: ManagedIdentity) -> Result<(), DirectoryError> {
        self.change(|directory| {
            directory.managed_identities.push(identity);
            Ok(())
        })
    }

    /// Changes an application.
    ///
    /// # Errors
    ///
    /// There is no such application, or the change contradicts the rest; then nothing is changed.
    pub fn change_app(&self, id: &str, change: impl FnOnce(&mut App)) -> Result<(), DirectoryError> {
        self.change(|directory| {
            let app = directory.apps.iter_mut().find(|app| app.id.eq_ignore_ascii_case(id));
            app.map(change).ok_or_else(|| unknown("application", id))
        })
    }

    /// Changes a user, found as [`DirectoryHandle::user`] finds one.
    ///
    /// # Errors
    ///
    /// There is no such user, or the change contradicts the rest; then nothing is changed.
    pub fn change_user(&self, id_or_name: &str, change: impl FnOnce(&mut User)) -> Result<(), DirectoryError> {
        self.change(|directory| {
            let (id, tenant) = object(directory, id_or_name)?;
            let user = directory.users.iter_mut().find(|user| user.id == id && user.tenant == tenant);
            user.map(change).ok_or_else(|| unknown("user", id_or_name))
        })
    }

    /// Removes a user, found as [`DirectoryHandle::user`] finds one, and its memberships.
    ///
    /// # Errors
    ///
    /// There is no such user.
    pub fn remove_user(&self, id_or_name: &str) -> Result<(), DirectoryError> {
        self.change(|directory| {
            let (id, tenant) = object(directory, id_or_name)?;
            directory.users.retain(|user| user.id != id || user.tenant != tenant);
            for group in directory.groups.iter_mut().filter(|group| group.tenant == tenant) {
                group.members.retain(|member| *member != id);
            }
            Ok(())
        })
    }

    /// Changes anything at once.
    ///
    /// # Errors
    ///
    /// What `change` returns, or what contradicts the rest afterwards; then nothing is changed.
    pub fn change<T>(
        &self,
        change: impl FnOnce(&mut Directory) -> Result<T, DirectoryError>,
    ) -> Result<T, DirectoryError> {
        let mut directory = self.0.write().unwrap_or_else(PoisonError::into_inner);
        let mut draft = Directory::clone(&directory);
        let answer = change(&mut draft)?;
        validate::check(&draft)?;
        *directory = Arc::new(draft);
        Ok(answer)
    }

    /// Everything as it is now, shared.
    pub(crate) fn read(&self) -> Arc<Directory> {
        Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner))
    }
}

/// The id and the tenant of a user object.
fn object(directory: &Directory, id_or_name: &str) -> Result<(String, String), DirectoryError> {
    let user = directory.user(id_or_name).ok_or_else(|| unknown("user", id_or_name))?;
    Ok((user.id.clone(), user.tenant.clone()))
}

fn unknown(what: &'static str, id: &str) -> DirectoryError {
    DirectoryError::Unknown { what, id: id.to_owned() }
}
