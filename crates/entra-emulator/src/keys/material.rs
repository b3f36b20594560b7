//! Key pairs and their certificates, made once per process.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use aws_lc_rs::digest::{SHA1_FOR_LEGACY_USE_ONLY, SHA256, digest};
use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{KeyPair as _, RSA_PKCS1_SHA256, RsaKeyPair};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use rcgen::{CertificateParams, DnType, PKCS_RSA_SHA256, date_time_ymd};
use rustls_pki_types::PrivatePkcs8KeyDer;

use crate::guarded::Guarded;
use crate::pem;

/// The public exponent of every key that aws-lc makes: 65537.
const EXPONENT: &str = "AQAB";

/// Whose tokens a key signs; it decides the certificate's name.
#[derive(Copy, Clone, Debug, Eq, PartialEq, Ord, PartialOrd)]
pub(crate) enum Holder {
    Work,
    Personal,
    Government,
    /// The cluster that the emulator plays.
    Workload,
    /// Customers of an External ID tenant.
    Customers,
    /// User flows of B2C tenants: one key for all of them, as Microsoft's own is.
    UserFlows,
}

impl Holder {
    const fn common_name(self) -> &'static str {
        match self {
            Self::Work | Self::Customers | Self::UserFlows => "accounts.accesscontrol.windows.net",
            Self::Personal => "Live ID STS Signing Public Key",
            Self::Government => "login.microsoftonline.us",
            Self::Workload => "service-account-issuer",
        }
    }
}

/// An RSA-2048 key with a self-signed certificate; `kid` and `x5t` are base64url(SHA-1(certificate)); the
/// `kid` of user flows' keys is longer.
pub(crate) struct Material {
    pub(crate) kid: String,
    /// The certificate, base64 (DER).
    pub(crate) certificate: String,
    /// The modulus, base64url.
    pub(crate) modulus: String,
    pub(crate) exponent: &'static str,
    pair: RsaKeyPair,
    /// The public key as PEM, for the algorithm confusion fault.
    pub(crate) public_pem: String,
}

impl Material {
    fn make(holder: Holder) -> Result<Self, String> {
        let pair = RsaKeyPair::generate(KeySize::Rsa2048).map_err(|_| "no RSA key".to_owned())?;
        let pkcs8: Pkcs8V1Der<'_> = pair.as_der().map_err(|_| "no PKCS#8".to_owned())?;
        let certificate = certificate(holder, pkcs8.as_ref()).map_err(|error| error.to_string())?;
        let algorithm = if holder == Holder::UserFlows { &SHA256 } else { &SHA1_FOR_LEGACY_USE_ONLY };
        let thumbprint = digest(algorithm, &certificate);
        let public = pair.public_key();
        let modulus = public.modulus().big_endian_without_leading_zero();
        let spki = AsDer::<aws_lc_rs::encoding::PublicKeyX509Der<'_>>::as_der(public).map_err(|_| "no public key")?;
        Ok(Self {
            kid: URL_SAFE_NO_PAD.encode(thumbprint),
            certificate: STANDARD.encode(certificate),
            modulus: URL_SAFE_NO_PAD.encode(modulus),
            exponent: EXPONENT,
            public_pem: pem::encode("PUBLIC KEY", spki.as_ref()),
            pair,
        })
    }

    /// The public key in PKCS#1 form.
    pub(crate) fn public_key(&self) -> Vec<u8> {
        self.pair.public_key().as_ref().to_vec()
    }

    /// The RS256 signature of a text, base64url.
    pub(crate) fn sign(&self, text: &str) -> String {
        let mut signature = vec![0; self.pair.public_modulus_len()];
        self.pair
            .sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), text.as_bytes(), &mut signature)
            .expect("a key of this size signs");
        URL_SAFE_NO_PAD.encode(signature)
    }
}

impl fmt::Debug for Material {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Material").field("kid", &self.kid).finish_non_exhaustive()
    }
}

/// The `index`-th key of a holder in this process; emulators of one process share keys, because making one is slow.
pub(crate) fn pooled(holder: Holder, index: usize) -> Result<Arc<Material>, String> {
    static POOL: Guarded<BTreeMap<(Holder, usize), Arc<Material>>> = Guarded::new(BTreeMap::new());
    POOL.with(|pool| {
        if let Some(material) = pool.get(&(holder, index)) {
            return Ok(Arc::clone(material));
        }
        let material = Arc::new(Material::make(holder)?);
        pool.insert((holder, index), Arc::clone(&material));
        Ok(material)
    })
}

fn certificate(holder: Holder, pkcs8: &[u8]) -> Result<Vec<u8>, rcgen::Error> {
    let pair = rcgen::KeyPair::from_pkcs8_der_and_sign_algo(&PrivatePkcs8KeyDer::from(pkcs8), &PKCS_RSA_SHA256)?;
    let mut parameters = CertificateParams::new(Vec::new())?;
    parameters.distinguished_name = rcgen::DistinguishedName::new();
    parameters.distinguished_name.push(DnType::CommonName, holder.common_name());
    parameters.not_before = date_time_ymd(2026, 1, 1);
    parameters.not_after = date_time_ymd(2031, 1, 1);
    Ok(parameters.self_signed(&pair)?.der().to_vec())
}
