//! What proves an application, and managed identities.

use serde::Deserialize;
use toml::Spanned;

use crate::directory::app::App;
use crate::directory::certificate::{AppCertificate, CertificateSubject};
use crate::directory::error::DirectoryError;
use crate::directory::federated::FederatedCredential;
use crate::directory::managed_identity::ManagedIdentity;

use super::reader::Reader;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WrittenSubject {
    name: String,
    authority: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WrittenTrust {
    name: String,
    issuer: String,
    subject: String,
    audience: String,
    jwks: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WrittenIdentity {
    client_id: String,
    id: String,
    tenant: Spanned<String>,
    name: String,
}

impl Reader<'_> {
    pub(super) fn credentials(
        &self,
        app: &mut App,
        certificates: Vec<Spanned<String>>,
        subjects: Vec<Spanned<WrittenSubject>>,
        trusts: Vec<Spanned<WrittenTrust>>,
    ) -> Result<(), DirectoryError> {
        for pem in certificates {
            let certificate = AppCertificate::from_pem(pem.as_ref());
            app.certificates.push(certificate.map_err(|error| self.at(pem.span().start, error.to_string()))?);
        }
        for written in subjects {
            let start = written.span().start;
            let WrittenSubject { name, authority } = written.into_inner();
            let subject = CertificateSubject::new(&name, &authority);
            app.certificate_subjects.push(subject.map_err(|error| self.at(start, error.to_string()))?);
        }
        for written in trusts {
            let start = written.span().start;
            let WrittenTrust { name, issuer, subject, audience, jwks } = written.into_inner();
            let mut trust = FederatedCredential::new(&name, &issuer, &subject, &audience);
            if let Some(jwks) = jwks {
                trust = trust.jwks(&jwks).map_err(|error| self.at(start, error.to_string()))?;
            }
            app.federated_credentials.push(trust);
        }
        Ok(())
    }

    pub(super) fn managed_identity(&mut self, written: &WrittenIdentity) -> Result<(), DirectoryError> {
        let tenant = self.tenant(&written.tenant)?;
        let identity = ManagedIdentity::new(&written.client_id, &written.id, &tenant, &written.name);
        self.directory.managed_identities.push(identity);
        Ok(())
    }
}
