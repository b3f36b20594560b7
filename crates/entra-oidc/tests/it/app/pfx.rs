//! Files that OpenSSL has written, all with the same key and certificate.

use entra_oidc::{Certificate, ConfigErrorKind as Kind};

const PASSWORD: &str = "canary-password";
const THUMBPRINT: &str = "A3E53E8842D291F1B011ECF8C3EAD895ECA06BC5633E1EC337B250FAD329CB89";

#[test]
fn new_and_old_encryptions_are_read() {
    for (name, file, password) in [
        ("PBES2 with AES", include_bytes!("pfx/aes256.pfx").as_slice(), Some(PASSWORD)),
        ("RC2 and Triple DES", include_bytes!("pfx/rc2_and_triple_des.pfx"), Some(PASSWORD)),
        ("Triple DES", include_bytes!("pfx/triple_des.pfx"), Some(PASSWORD)),
        ("without a MAC", include_bytes!("pfx/no_mac.pfx"), Some(PASSWORD)),
        ("an empty password", include_bytes!("pfx/no_password.pfx"), Some("")),
        ("no password", include_bytes!("pfx/no_password.pfx"), None),
    ] {
        let certificate = Certificate::from_pfx(file, password).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(certificate.thumbprint(), THUMBPRINT, "{name}");
    }
}

#[test]
fn z1_what_cannot_be_opened_is_refused_without_the_password() {
    let too_long = vec![0x30; 300 * 1024];
    let good = include_bytes!("pfx/aes256.pfx").as_slice();
    for (name, file, password, expected) in [
        ("wrong password", good, Some("canary-wrong"), Kind::CertificatePassword),
        ("no password", good, None, Kind::CertificatePassword),
        ("wrong, old", include_bytes!("pfx/triple_des.pfx"), Some("canary-wrong"), Kind::CertificatePassword),
        ("wrong, without a MAC", include_bytes!("pfx/no_mac.pfx"), Some("canary-wrong"), Kind::CertificatePassword),
        ("a password too many", include_bytes!("pfx/no_password.pfx"), Some("canary"), Kind::CertificatePassword),
        ("no key", include_bytes!("pfx/no_key.pfx"), Some(PASSWORD), Kind::CertificateKeyMissing),
        ("elliptic", include_bytes!("pfx/elliptic.pfx"), Some(PASSWORD), Kind::CertificateKeyUnsupported),
        ("empty", b"", Some(PASSWORD), Kind::Certificate),
        ("cut off", &good[..good.len() / 2], Some(PASSWORD), Kind::Certificate),
        ("PEM", b"-----BEGIN CERTIFICATE-----\n", Some(PASSWORD), Kind::Certificate),
        ("too long", &too_long, Some(PASSWORD), Kind::Certificate),
    ] {
        let error = Certificate::from_pfx(file, password).expect_err(name);
        assert_eq!(error.kind(), expected, "{name}: {error}");
        assert!(!format!("{error} {error:?}").contains("canary"), "{name}: {error}");
        assert_eq!(error.detail().contains("empty"), name == "empty", "{name}: {error}");
    }
}
