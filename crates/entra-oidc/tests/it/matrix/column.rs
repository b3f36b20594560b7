//! The credentials, each registered with the emulator as an administrator would in the portal.

use entra_emulator::{Emulator, FederatedCredential, seed};
use entra_oidc::{
    AssertionAlgorithm, AssertionAsk, AssertionError, Certificate, ClientAssertionSource, Credential, CredentialKind,
    Guid, ManagedIdentity, Secret,
};

use crate::{
    app::{Papers, key, with_key},
    matrix::{row::Row, wire::Wire},
};

const SUBJECT: &str = "system:serviceaccount:matrix:web";

#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(super) enum Column {
    SecretPost,
    SecretBasic,
    CertificatePs256,
    /// With its chain.
    CertificateRs256,
    TokenFile,
    StaticAssertion,
    ManagedIdentity,
    OwnSource,
}

impl Column {
    pub(super) const ALL: [Self; 8] = [
        Self::SecretPost,
        Self::SecretBasic,
        Self::CertificatePs256,
        Self::CertificateRs256,
        Self::TokenFile,
        Self::StaticAssertion,
        Self::ManagedIdentity,
        Self::OwnSource,
    ];

    pub(super) fn kind(self) -> CredentialKind {
        match self {
            Self::SecretPost | Self::SecretBasic => CredentialKind::Secret,
            Self::CertificatePs256 | Self::CertificateRs256 => CredentialKind::Certificate,
            Self::TokenFile => CredentialKind::TokenFile,
            Self::StaticAssertion => CredentialKind::StaticAssertion,
            Self::ManagedIdentity => CredentialKind::ManagedIdentity,
            Self::OwnSource => CredentialKind::Source,
        }
    }

    /// A credential that the row's application has there.
    pub(super) fn credential(self, emulator: &Emulator, row: &Row) -> Credential {
        let (app, secret) = row.scene.app;
        match self {
            Self::SecretPost => Credential::secret(secret),
            Self::SecretBasic => Credential::secret_basic(secret),
            Self::CertificatePs256 => certificate(emulator, app).into(),
            Self::CertificateRs256 => {
                certificate(emulator, app).algorithm(AssertionAlgorithm::Rs256).send_chain(true).into()
            }
            Self::TokenFile => {
                let path = std::env::temp_dir().join(format!("entra-oidc-{}-matrix", std::process::id()));
                std::fs::write(&path, workload_token(emulator, row, "token-file")).unwrap();
                Credential::token_file(path)
            }
            Self::StaticAssertion => Credential::assertion(workload_token(emulator, row, "static")),
            Self::ManagedIdentity => {
                Credential::from(ManagedIdentity::user_assigned(Guid::parse(seed::MANAGED_IDENTITY_CLIENT_ID).unwrap()))
            }
            Self::OwnSource => {
                Credential::source(Vault { token: workload_token(emulator, row, "source"), audience: row.audience })
            }
        }
    }

    /// The proof went where this credential puts it, and no other went along.
    pub(super) fn check_form(self, wire: &Wire, pair: &str) {
        let (form, has_header) = wire.token_request();
        let sent = |name: &str| form.contains_key(name);
        let expected = match self {
            Self::SecretPost => (true, false, false),
            Self::SecretBasic => (false, true, false),
            _ => (false, false, true),
        };
        assert_eq!((sent("client_secret"), has_header, sent("client_assertion")), expected, "{pair}");
    }
}

/// The application's, registered.
fn certificate(emulator: &Emulator, app: &str) -> Certificate {
    let pem = Papers::of("matrix").valid(2020, 2099).self_signed(key());
    emulator.directory().add_certificate(app, &pem).unwrap();
    Certificate::from_pem(with_key(&pem, key()).as_bytes()).unwrap()
}

/// A token of a service account in the cluster that the emulator plays, which the application trusts.
fn workload_token(emulator: &Emulator, row: &Row, name: &str) -> String {
    let audience = row.audience.unwrap_or("api://what-the-operator-chose");
    let subject = format!("{SUBJECT}-{name}");
    let trust = FederatedCredential::new(name, &emulator.workload_issuer(), &subject, audience);
    emulator.directory().add_federated_credential(row.scene.app.0, trust).unwrap();
    emulator.workload_token(&subject, audience)
}

/// An application's own source, which looks at what it is asked for.
struct Vault {
    token: String,
    audience: Option<&'static str>,
}

impl ClientAssertionSource for Vault {
    async fn assertion(&self, ask: &AssertionAsk<'_>) -> Result<Secret, AssertionError> {
        if ask.federated_audience != self.audience {
            return Err(AssertionError::new(format!("asked for {:?}", ask.federated_audience)));
        }
        Ok(Secret::new(self.token.clone()))
    }
}
