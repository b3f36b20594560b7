//! Files that a credential is read from, made for these tests.

use std::{fs, path::PathBuf, process, sync::LazyLock};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use rcgen::{CertificateParams, KeyPair, PKCS_RSA_SHA256, date_time_ymd};

/// A file of these tests alone.
pub(super) fn file(name: &str, content: &[u8]) -> String {
    let folder = std::env::temp_dir().join(format!("entra-sso-checks-{}", process::id()));
    fs::create_dir_all(&folder).expect("a folder for tests");
    let path: PathBuf = folder.join(name);
    fs::write(&path, content).expect("a file for tests");
    path.to_str().expect("UTF-8").to_owned()
}

/// One RSA key for all of them: making one takes a while.
static KEY: LazyLock<KeyPair> = LazyLock::new(|| KeyPair::generate_for(&PKCS_RSA_SHA256).expect("a key"));

/// A certificate that is valid from 2020 to the first day of this month, and its key, as PEM.
pub(super) fn certificate_until((year, month): (i32, u8)) -> (String, String) {
    let mut params = CertificateParams::new(["sso.example".to_owned()]).expect("a name");
    params.not_before = date_time_ymd(2020, 1, 1);
    params.not_after = date_time_ymd(year, month, 1);
    let certificate = params.self_signed(&*KEY).expect("a certificate");
    (pem("CERTIFICATE", certificate.der()), pem("PRIVATE KEY", &KEY.serialize_der()))
}

/// RFC 7468
fn pem(label: &str, der: &[u8]) -> String {
    let text = STANDARD.encode(der);
    let lines: Vec<&str> =
        text.as_bytes().chunks(64).map(|line| std::str::from_utf8(line).expect("base64 is ASCII")).collect();
    format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", lines.join("\n"))
}

/// A file with a certificate that is valid for a long time, and its key.
pub(super) fn sound_certificate(name: &str) -> String {
    let (certificate, key) = certificate_until((2100, 1));
    file(name, format!("{certificate}{key}").as_bytes())
}

/// A file with a token: three parts, and nothing that is looked at here.
pub(super) fn token(name: &str) -> String {
    file(name, b"eyJhbGciOiJSUzI1NiJ9.e30.c2ln\n")
}
