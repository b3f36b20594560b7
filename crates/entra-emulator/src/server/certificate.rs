//! The certificate authority of one emulator, and the only certificate that it ever signs.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::Arc;

use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair, KeyUsagePurpose,
    PKCS_ECDSA_P256_SHA256,
};
use rustls_pki_types::{CertificateDer, PrivateKeyDer};
use time::{Duration, OffsetDateTime};
use tokio_rustls::rustls::{self, ServerConfig};

use crate::clock::EmulatorClock;
use crate::error::EmulatorError;
use crate::pem;

/// How long the certificates live. Some platforms refuse server certificates of more than 825 days.
const LIFE: Duration = Duration::days(397);

/// What TLS is spoken with.
pub(crate) struct ServerCertificate {
    /// The authority's certificate: what a client has to trust.
    pub(crate) ca_pem: String,
    pub(crate) config: Arc<ServerConfig>,
}

impl ServerCertificate {
    /// Makes an authority and signs a certificate for localhost, both loopback addresses and `names`. The authority's
    /// key is gone when this returns: who trusts it trusts this one certificate and nothing else.
    pub(crate) fn make(names: &[String]) -> Result<Self, EmulatorError> {
        let wrong = |error: rcgen::Error| EmulatorError::Keys(error.to_string());
        let now = OffsetDateTime::from_unix_timestamp(EmulatorClock::system().now());
        let now = now.map_err(|error| EmulatorError::Keys(error.to_string()))?;
        let (authority, issuer) = authority(now).map_err(wrong)?;
        let key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256).map_err(wrong)?;
        let certificate = server(now, names).and_then(|server| server.signed_by(&key, &issuer)).map_err(wrong)?;
        drop(issuer);
        let key =
            PrivateKeyDer::try_from(key.serialize_der()).map_err(|error| EmulatorError::Keys(error.to_owned()))?;
        let config = config(certificate.der().clone(), key).map_err(|error| EmulatorError::Keys(error.to_string()))?;
        Ok(Self { ca_pem: pem::encode("CERTIFICATE", authority.der()), config: Arc::new(config) })
    }
}

fn config(certificate: CertificateDer<'static>, key: PrivateKeyDer<'static>) -> Result<ServerConfig, rustls::Error> {
    let builder = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::aws_lc_rs::default_provider()));
    let builder = builder.with_safe_default_protocol_versions()?.with_no_client_auth();
    let mut config = builder.with_single_cert(vec![certificate], key)?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(config)
}

fn authority(now: OffsetDateTime) -> Result<(rcgen::Certificate, Issuer<'static, KeyPair>), rcgen::Error> {
    let mut parameters = parameters(now, "entra-emulator, authority of one run", Vec::new())?;
    parameters.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    parameters.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    let key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256)?;
    let certificate = parameters.self_signed(&key)?;
    Ok((certificate, Issuer::new(parameters, key)))
}

fn server(now: OffsetDateTime, names: &[String]) -> Result<CertificateParams, rcgen::Error> {
    let addresses: [IpAddr; 2] = [Ipv4Addr::LOCALHOST.into(), Ipv6Addr::LOCALHOST.into()];
    let own = ["localhost".to_owned()].into_iter().chain(addresses.map(|address| address.to_string()));
    let mut parameters = parameters(now, "entra-emulator", own.chain(names.iter().cloned()).collect())?;
    parameters.use_authority_key_identifier_extension = true;
    parameters.is_ca = IsCa::ExplicitNoCa;
    parameters.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    parameters.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    Ok(parameters)
}

fn parameters(now: OffsetDateTime, name: &str, names: Vec<String>) -> Result<CertificateParams, rcgen::Error> {
    let mut parameters = CertificateParams::new(names)?;
    parameters.distinguished_name = rcgen::DistinguishedName::new();
    parameters.distinguished_name.push(DnType::CommonName, name);
    parameters.not_before = now - Duration::days(1);
    parameters.not_after = now + LIFE;
    Ok(parameters)
}
