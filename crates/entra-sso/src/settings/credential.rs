//! One credential as it is written, and the credential that it becomes.

use std::path::{Path, PathBuf};

use entra_oidc::{
    AssertionAlgorithm, Certificate, ClientSecret, ConfigError, ConfigErrorKind, Credential, CredentialKind, Secret,
    StaticAssertion, Timestamp, TokenFile,
};

use super::{file, raw::quoted};
use crate::errors::{Check, Finding};

/// One credential: a table of `[[credential]]`, or that of a `[[provider]]`. Exactly one kind is set: a secret, an
/// assertion, a token file, a certificate or a managed identity.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct CredentialSettings {
    /// A client secret.
    pub client_secret: Option<Secret>,
    /// When the secret expires, if somebody wrote it down.
    pub client_secret_expires: Option<Timestamp>,
    /// Whether the secret is sent in the `Authorization` header rather than in the form.
    pub secret_in_header: bool,
    /// A client assertion that is used as it is.
    pub client_assertion: Option<Secret>,
    /// The type that is sent with an assertion or a token. Default: `…:jwt-bearer`.
    pub client_assertion_type: Option<String>,
    /// A file with a token, read again for every exchange.
    pub federated_token_file: Option<PathBuf>,
    /// A certificate with its private key, PEM or PFX.
    pub client_certificate_path: Option<PathBuf>,
    /// The password of a PFX file.
    pub client_certificate_password: Option<Secret>,
    /// How the certificate's key signs. Default: PS256.
    pub client_certificate_algorithm: AssertionAlgorithm,
    /// Whether certificate and chain are sent along. Default: false.
    pub send_certificate_chain: bool,
    /// The client id of a user-assigned managed identity.
    pub managed_identity_client_id: Option<String>,
}

const SECRET: &str = "client_secret";
const ASSERTION: &str = "client_assertion";
const TOKEN_FILE: &str = "federated_token_file";
const CERTIFICATE: &str = "client_certificate_path";
const MANAGED_IDENTITY: &str = "managed_identity_client_id";

impl CredentialSettings {
    /// The kinds that are set, by the settings that set them, the one that comes before the others first.
    pub(super) fn kinds(&self) -> Vec<&'static str> {
        let kinds = [
            (SECRET, self.client_secret.is_some()),
            (ASSERTION, self.client_assertion.is_some()),
            (TOKEN_FILE, self.federated_token_file.is_some()),
            (CERTIFICATE, self.client_certificate_path.is_some()),
            (MANAGED_IDENTITY, self.managed_identity_client_id.is_some()),
        ];
        kinds.into_iter().filter_map(|(kind, is_set)| is_set.then_some(kind)).collect()
    }

    /// What is set beside a kind that it does not belong to.
    pub(super) fn strays(&self, kind: &str) -> Vec<&'static str> {
        let companions = [
            ("client_secret_expires", self.client_secret_expires.is_some(), &[SECRET][..]),
            ("secret_in_header", self.secret_in_header, &[SECRET]),
            ("client_assertion_type", self.client_assertion_type.is_some(), &[ASSERTION, TOKEN_FILE]),
            ("client_certificate_password", self.client_certificate_password.is_some(), &[CERTIFICATE]),
            (
                "client_certificate_algorithm",
                self.client_certificate_algorithm != AssertionAlgorithm::default(),
                &[CERTIFICATE],
            ),
            ("send_certificate_chain", self.send_certificate_chain, &[CERTIFICATE]),
        ];
        let stray = |(_, is_set, of): &(&str, bool, &[&str])| *is_set && !of.contains(&kind);
        companions.into_iter().filter(stray).map(|(name, ..)| name).collect()
    }

    /// Exactly one kind, and nothing that belongs to another one.
    pub(super) fn one_kind(&self) -> Result<&'static str, Finding> {
        let kinds = self.kinds();
        let [kind] = kinds.as_slice() else {
            let cause = if kinds.is_empty() {
                "there is no credential.".to_owned()
            } else {
                format!("there are {} kinds of credential: {}.", kinds.len(), named(&kinds))
            };
            return Err(Finding::new(Check::CredentialInvalid, None, cause).cured_by(format!(
                "Give exactly one of {}.",
                named(&[SECRET, ASSERTION, TOKEN_FILE, CERTIFICATE, MANAGED_IDENTITY])
            )));
        };
        let strays = self.strays(kind);
        if strays.is_empty() {
            return Ok(kind);
        }
        let cause = format!("{} does not go with `{kind}`.", named(&strays));
        Err(Finding::new(Check::CredentialInvalid, None, cause).cured_by("Remove what belongs to another kind."))
    }

    /// The credential. A certificate's file is read; `kind` is the one that is set.
    pub(super) fn credential(&self, kind: &'static str) -> Result<Credential, Finding> {
        match kind {
            ASSERTION => Ok(self.assertion().into()),
            TOKEN_FILE => Ok(self.token_file().into()),
            CERTIFICATE => self.certificate().map(Credential::from),
            MANAGED_IDENTITY => self.managed_identity(),
            _ => Ok(self.secret().into()),
        }
    }

    fn secret(&self) -> ClientSecret {
        let value = self.client_secret.as_ref().map(Secret::expose).unwrap_or_default();
        let secret = if self.secret_in_header { ClientSecret::basic(value) } else { ClientSecret::post(value) };
        match self.client_secret_expires {
            Some(expires) => secret.expiring(expires),
            None => secret,
        }
    }

    fn assertion(&self) -> StaticAssertion {
        let text = self.client_assertion.as_ref().map(Secret::expose).unwrap_or_default();
        match &self.client_assertion_type {
            Some(uri) => StaticAssertion::new(text.trim()).assertion_type(uri.trim()),
            None => StaticAssertion::new(text.trim()),
        }
    }

    fn token_file(&self) -> TokenFile {
        let file = TokenFile::new(self.federated_token_file.clone().unwrap_or_default());
        match &self.client_assertion_type {
            Some(uri) => file.assertion_type(uri.trim()),
            None => file,
        }
    }

    fn certificate(&self) -> Result<Certificate, Finding> {
        let path = self.client_certificate_path.as_deref().unwrap_or(Path::new(""));
        let bytes = file::bytes(path, file::SECRET_LIMIT).map_err(|why| {
            let cause = format!("The file {} of `{CERTIFICATE}` cannot be read: {why}.", path.display());
            Finding::new(Check::CertificateInvalid, Some(CERTIFICATE), cause)
        })?;
        if bytes.trim_ascii().is_empty() {
            let cause = format!("The file {} of `{CERTIFICATE}` is empty.", path.display());
            return Err(Finding::new(Check::CertificateInvalid, Some(CERTIFICATE), cause));
        }
        let is_pem = bytes.windows(11).any(|window| window == b"-----BEGIN ");
        let read = match (&self.client_certificate_password, is_pem) {
            (None, true) => Certificate::from_pem(&bytes),
            (Some(_), true) => {
                let cause = format!("The file {} of `{CERTIFICATE}` is PEM, which has no password.", path.display());
                return Err(Finding::new(Check::CertificateInvalid, Some("client_certificate_password"), cause)
                    .cured_by(
                        "Remove `client_certificate_password` (AZURE_CLIENT_CERTIFICATE_PASSWORD), or give a PFX file.",
                    ));
            }
            (password, false) => from_pfx(&bytes, password.as_ref(), path)?,
        };
        let certificate = read.map_err(|error| {
            let cause = format!("The file {} of `{CERTIFICATE}`: {}.", path.display(), error.detail());
            Finding::new(Check::CertificateInvalid, Some(CERTIFICATE), cause).cured_by(error.entry().remedy)
        })?;
        Ok(certificate.algorithm(self.client_certificate_algorithm).send_chain(self.send_certificate_chain))
    }

    #[cfg(feature = "managed-identity")]
    fn managed_identity(&self) -> Result<Credential, Finding> {
        self.identity_id().map(|id| entra_oidc::ManagedIdentity::user_assigned(id).into())
    }

    #[cfg(not(feature = "managed-identity"))]
    fn managed_identity(&self) -> Result<Credential, Finding> {
        self.identity_id()?;
        Err(Finding::new(
            Check::CredentialFeature,
            Some(MANAGED_IDENTITY),
            format!("`{MANAGED_IDENTITY}` is set, and this program was built without managed identities."),
        )
        .cured_by("Build it with the cargo feature `managed-identity` of `entra-sso`."))
    }

    fn identity_id(&self) -> Result<entra_oidc::Guid, Finding> {
        let text = self.managed_identity_client_id.as_deref().unwrap_or_default();
        entra_oidc::Guid::parse(text.trim()).map_err(|_| {
            let cause = format!("`{MANAGED_IDENTITY}` is {}, not a GUID.", quoted(text));
            Finding::new(Check::CredentialInvalid, Some(MANAGED_IDENTITY), cause)
                .cured_by("Copy the Client ID from the managed identity's overview page.")
        })
    }
}

#[cfg(feature = "pfx")]
#[expect(clippy::unnecessary_wraps, reason = "without the feature there is nothing to read it with")]
fn from_pfx(
    bytes: &[u8],
    password: Option<&Secret>,
    _path: &Path,
) -> Result<Result<Certificate, ConfigError>, Finding> {
    Ok(Certificate::from_pfx(bytes, password.map(Secret::expose)))
}

#[cfg(not(feature = "pfx"))]
fn from_pfx(
    _bytes: &[u8],
    _password: Option<&Secret>,
    path: &Path,
) -> Result<Result<Certificate, ConfigError>, Finding> {
    let cause =
        format!("The file {} of `{CERTIFICATE}` is not PEM, and this program was built without PFX.", path.display());
    Err(Finding::new(Check::CredentialFeature, Some(CERTIFICATE), cause)
        .cured_by("Give a PEM file, or build it with the cargo feature `pfx` of `entra-sso`."))
}

/// The setting that gives a credential of this kind.
pub(crate) fn setting_of(kind: CredentialKind) -> &'static str {
    match kind {
        CredentialKind::StaticAssertion => ASSERTION,
        CredentialKind::TokenFile => TOKEN_FILE,
        CredentialKind::Certificate => CERTIFICATE,
        CredentialKind::ManagedIdentity => MANAGED_IDENTITY,
        _ => SECRET,
    }
}

/// Whether this setting gives a credential, alone or in a list.
pub(crate) fn is_credential(setting: &str) -> bool {
    [SECRET, ASSERTION, TOKEN_FILE, CERTIFICATE, MANAGED_IDENTITY, "credential"].contains(&setting)
}

/// What the protocol crate refuses about a credential, as a finding.
pub(crate) fn refused(error: &ConfigError, setting: &'static str) -> Finding {
    let check = match error.kind() {
        ConfigErrorKind::CredentialSource => Check::TokenFileUnusable,
        ConfigErrorKind::CertificateTime => Check::CredentialOver,
        ConfigErrorKind::CredentialNotAccepted => Check::CredentialUnsupported,
        _ => Check::CredentialInvalid,
    };
    Finding::new(check, Some(setting), format!("`{setting}`: {}.", error.detail())).cured_by(error.entry().remedy)
}

/// `a`, `b` and `c`
pub(super) fn named(settings: &[&str]) -> String {
    let names: Vec<String> = settings.iter().map(|setting| format!("`{setting}`")).collect();
    match names.as_slice() {
        [before @ .., last] if !before.is_empty() => format!("{} and {last}", before.join(", ")),
        _ => names.concat(),
    }
}
