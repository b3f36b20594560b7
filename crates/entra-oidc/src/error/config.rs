use std::fmt;

use crate::error::entry::{ErrorEntry, kinds};

const PUBLIC: &str = "Sign-in is not set up correctly. Please tell the operator of this site.";

kinds! {
    /// What is wrong with the configuration.
    ConfigErrorKind, "";

    /// The tenant is not a GUID, a domain, or one of the three words.
    Tenant = "E101", Operator, PUBLIC, "Give the tenant's id (a GUID with hyphens), one of its verified domains such as `contoso.onmicrosoft.com`, or one of `organizations`, `common`, `consumers`.";
    /// The authority is not an address of Microsoft's that we understand.
    Authority = "E102", Operator, PUBLIC, "Give an address such as https://login.microsoftonline.com/TENANT/v2.0, without a query and without credentials.";
    /// The authority host cannot be used.
    AuthorityHost = "E103", Operator, PUBLIC, "Give an https address; http only for localhost, 127.0.0.1 or [::1]; no path, query or credentials.";
    /// Not a GUID in the form with hyphens.
    Guid = "E104", Operator, PUBLIC, "Give the id as it stands in the portal: 8-4-4-4-12 hexadecimal digits with hyphens.";
    /// An authority for many tenants, and no word on which of them may come in.
    AllowedTenantsMissing = "E105", Operator, PUBLIC, "List the tenants that may sign in, or say openly that any tenant may.";
    /// The list of tenants and the authority exclude each other.
    AllowedTenantsContradict = "E106", Operator, PUBLIC, "List at least one tenant, and the authority's own tenant among them.";
    /// A cloud of this name does not exist.
    Cloud = "E107", Operator, PUBLIC, "Give one of `public`, `usgovernment`, `usgovernment-dod`, `china`, `bleu`, `delos`, `govsg`.";
    /// The address of Microsoft Graph cannot be used.
    GraphUrl = "E108", Operator, PUBLIC, "Give an https address without the version, such as https://graph.microsoft.com; http only on loopback.";
    /// No HTTP client, or one that cannot be built.
    HttpClient = "E109", Operator, PUBLIC, "Give the builder an HTTP client; check the certificate file when one is configured.";
    /// The client secret is empty or cannot be a secret.
    Credential = "E110", Operator, PUBLIC, "Copy the secret's value (not its id) from the portal, in one line.";
    /// A scope is not a scope.
    Scope = "E111", Operator, PUBLIC, "Give scopes one by one, without blanks or quotes, such as `User.Read`.";
    /// Personal accounts exist only in the public cloud.
    PersonalAccounts = "E112", Operator, PUBLIC, "Use the public cloud for personal accounts, or `organizations` in place of `common` and `consumers`.";
    /// A time limit or tolerance is outside its bounds.
    Duration = "E113", Operator, PUBLIC, "Give a tolerance of at most ten minutes, a grace of at most 24 hours, and time limits above zero.";
    /// The B2C user flow or policy is not one, or is given to an authority that has none.
    Policy = "E114", Operator, PUBLIC, "Give the policy's name as it stands in the portal: it begins with `B2C_` and has letters, digits, `_` and `-` only.";
    /// The name of a B2C or External ID tenant is not one.
    TenantName = "E115", Operator, PUBLIC, "Give the first part of the tenant's domain: for `contoso.onmicrosoft.com` the name `contoso`.";
    /// The resource of v1 endpoints is not one.
    Resource = "E116", Operator, PUBLIC, "Give the application id URI of one API, such as https://graph.microsoft.com; with v2 endpoints ask for the scope `RESOURCE/.default` in its place.";
    /// There are no v1 endpoints here.
    EndpointVersion = "E117", Operator, PUBLIC, "Use the v2 endpoints: personal accounts and the sovereign clouds have no others.";
    /// Keys of an application's own exist at Entra ID only.
    AppSigningKeys = "E118", Operator, PUBLIC, "Leave the application's own signing keys out; only Entra ID has them.";
    /// The client id is not one.
    ClientId = "E120", Operator, PUBLIC, "Give the application's id as its registration shows it; at Microsoft a GUID.";
    /// The file of the certificate cannot be read.
    Certificate = "E121", Operator, PUBLIC, "Give PEM with the certificate and its unencrypted RSA key, or PFX with its password.";
    /// A certificate without its private key.
    CertificateKeyMissing = "E122", Operator, PUBLIC, "Put the certificate's private key into the same file.";
    /// The private key is not the certificate's.
    CertificateKeyMismatch = "E123", Operator, PUBLIC, "Give the private key that the certificate was made for.";
    /// The key is not one that Microsoft takes.
    CertificateKeyUnsupported = "E124", Operator, PUBLIC, "Make a certificate with an RSA key of 2048 bits or more.";
    /// The certificate is over, or not valid yet.
    CertificateTime = "E125", Operator, PUBLIC, "Register a certificate that is valid now, and check the clock of this machine.";
    /// The password does not open the certificate's file.
    CertificatePassword = "E126", Operator, PUBLIC, "Give the password that the file was made with; an empty one counts as none.";
    /// The authority does not take this kind of credential.
    CredentialNotAccepted = "E127", Operator, PUBLIC, "Use a client secret, which every authority takes, or a certificate, which all but B2C take.";
    /// The client assertion, or its type, cannot be sent.
    ClientAssertion = "E128", Operator, PUBLIC, "Give one JWT in one line, and a URI as its type when it is another than the usual one.";
    /// The place that the credential comes from is not there.
    CredentialSource = "E129", Operator, PUBLIC, "Check that the token file is there, readable and not empty, or that this machine has a managed identity.";
    /// The issuer of a standard provider cannot be one.
    Issuer = "E130", Operator, PUBLIC, "Give the issuer letter for letter as the provider publishes it, such as https://fs.contoso.com/adfs; http only on loopback.";
    /// There is no algorithm left to sign with.
    Algorithms = "E131", Operator, PUBLIC, "Give at least one of `RS256`, `PS256`, `ES256`.";
    /// A host for the endpoints of a standard provider is none.
    EndpointHost = "E132", Operator, PUBLIC, "Give host names, with the port when it is not 443, such as `oauth2.googleapis.com`; no scheme and no path.";
}

/// A configuration that cannot work. Found before anything is sent.
#[derive(Clone, PartialEq, Eq)]
pub struct ConfigError {
    kind: ConfigErrorKind,
    detail: String,
}

impl ConfigError {
    pub(crate) fn new(kind: ConfigErrorKind, detail: impl Into<String>) -> Self {
        Self { kind, detail: detail.into() }
    }

    /// What is wrong.
    #[must_use]
    pub const fn kind(&self) -> ConfigErrorKind {
        self.kind
    }

    /// The line of the register.
    #[must_use]
    pub const fn entry(&self) -> &'static ErrorEntry {
        self.kind.entry()
    }

    /// The stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        self.kind.entry().code
    }

    /// What was found, without code and cure.
    #[must_use]
    pub fn detail(&self) -> &str {
        &self.detail
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let entry = self.entry();
        write!(f, "{} {}: {}. {}", entry.code, entry.name, self.detail, entry.remedy)
    }
}

/// `?` in `main` prints `Debug`: it shows code and cure as well.
impl fmt::Debug for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for ConfigError {}
