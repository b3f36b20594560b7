use aws_lc_rs::{
    digest::{Algorithm, SHA1_FOR_LEGACY_USE_ONLY, SHA256},
    signature::{RSA_PKCS1_SHA256, RSA_PSS_SHA256, RsaEncoding},
};

/// How the assertion is signed, and which thumbprint names the certificate in it.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum AssertionAlgorithm {
    /// RSASSA-PSS with SHA-256 and `x5t#S256`, as Microsoft recommends.
    #[default]
    Ps256,
    /// RSASSA-PKCS1-v1_5 with SHA-256 and `x5t` (SHA-1), for those who do not know the other.
    Rs256,
}

impl AssertionAlgorithm {
    /// `alg` in the assertion's header.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ps256 => "PS256",
            Self::Rs256 => "RS256",
        }
    }

    pub(super) fn encoding(self) -> &'static dyn RsaEncoding {
        match self {
            Self::Ps256 => &RSA_PSS_SHA256,
            Self::Rs256 => &RSA_PKCS1_SHA256,
        }
    }

    /// The header's name for the certificate's thumbprint, and the hash that makes it.
    pub(super) fn thumbprint(self) -> (&'static str, &'static Algorithm) {
        match self {
            Self::Ps256 => ("x5t#S256", &SHA256),
            Self::Rs256 => ("x5t", &SHA1_FOR_LEGACY_USE_ONLY),
        }
    }
}
