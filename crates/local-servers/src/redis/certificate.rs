//! A certificate for a Redis, and the authority that signs it.

use std::{
    fs,
    path::{Path, PathBuf},
};

use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};

const CA: &str = "ca.pem";
const CERTIFICATE: &str = "server.pem";
const KEY: &str = "server.key";

/// Makes both anew.
pub(super) fn write(directory: &Path) {
    let ca_key = KeyPair::generate().expect("a key");
    let mut ca = CertificateParams::new(Vec::<String>::new()).expect("an authority's parameters");
    ca.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let ca_certificate = ca.self_signed(&ca_key).expect("an authority");
    let key = KeyPair::generate().expect("a key");
    let names = ["localhost".to_owned(), "127.0.0.1".to_owned()];
    let server = CertificateParams::new(names).expect("a server's parameters");
    let certificate = server.signed_by(&key, &Issuer::from_params(&ca, &ca_key)).expect("a certificate");
    for (name, pem) in [(CA, ca_certificate.pem()), (CERTIFICATE, certificate.pem()), (KEY, key.serialize_pem())] {
        fs::write(directory.join(name), pem).expect("the server's directory can be written to");
    }
}

pub(super) fn ca_file(directory: &Path) -> PathBuf {
    directory.join(CA)
}

/// What tells the server of them.
pub(super) fn arguments(directory: &Path, port: u16) -> Vec<String> {
    let file = |name: &str| directory.join(name).display().to_string();
    [
        ["--tls-port", &port.to_string()],
        ["--tls-cert-file", &file(CERTIFICATE)],
        ["--tls-key-file", &file(KEY)],
        ["--tls-ca-cert-file", &file(CA)],
        ["--tls-auth-clients", "no"],
    ]
    .concat()
    .into_iter()
    .map(str::to_owned)
    .collect()
}
