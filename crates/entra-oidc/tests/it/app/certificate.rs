use std::{collections::HashSet, time::Duration};

use aws_lc_rs::digest::{SHA1_FOR_LEGACY_USE_ONLY, SHA256, digest};
use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use entra_oidc::{AssertionAlgorithm, Certificate, ConfigErrorKind as Kind, SignInErrorKind, Timestamp};
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode};
use rcgen::PublicKeyData as _;
use serde_json::Value;

use crate::{
    app::{
        START,
        papers::{Papers, der, elliptic, key, other_key, pkcs1_pem, pkcs8_pem, with_key},
        refused, world,
    },
    signer::{CLIENT, TENANT},
};

/// Certificate and key in one text.
fn pem() -> String {
    with_key(&Papers::of("app").self_signed(key()), key())
}

fn certificate() -> Certificate {
    Certificate::from_pem(pem().as_bytes()).unwrap()
}

fn thumbprint(pem: &str) -> String {
    digest(&SHA256, &der(pem)).as_ref().iter().map(|byte| format!("{byte:02X}")).collect::<Vec<_>>().concat()
}

/// What another implementation reads in an assertion that was signed with [`key`].
fn read(assertion: &str, algorithm: Algorithm) -> (Value, Value) {
    let endpoint = format!("https://login.microsoftonline.com/{TENANT}/oauth2/v2.0/token");
    let mut rules = Validation::new(algorithm);
    rules.set_audience(&[endpoint]);
    rules.set_issuer(&[CLIENT]);
    rules.set_required_spec_claims(&["aud", "iss", "sub", "exp", "nbf"]);
    rules.validate_exp = false;
    rules.validate_nbf = false;
    let payload = decode::<Value>(assertion, &DecodingKey::from_rsa_der(key().der_bytes()), &rules).unwrap().claims;
    let header = URL_SAFE_NO_PAD.decode(assertion.split('.').next().unwrap()).unwrap();
    (serde_json::from_slice(&header).unwrap(), payload)
}

#[tokio::test]
async fn an_assertion_names_the_certificate_the_application_and_the_endpoint() {
    for (algorithm, oracle, name, hash) in [
        (AssertionAlgorithm::Ps256, Algorithm::PS256, "x5t#S256", &SHA256),
        (AssertionAlgorithm::Rs256, Algorithm::RS256, "x5t", &SHA1_FOR_LEGACY_USE_ONLY),
    ] {
        let pem = pem();
        let certificate = Certificate::from_pem(pem.as_bytes()).unwrap().algorithm(algorithm);
        let assertion = world(certificate).assertion().await;
        let (header, payload) = read(&assertion, oracle);
        assert_eq!(header["alg"], algorithm.as_str());
        assert_eq!(header["typ"], "JWT");
        assert_eq!(header[name], URL_SAFE_NO_PAD.encode(digest(hash, &der(&pem))), "{name}");
        assert_eq!(header.as_object().unwrap().len(), 3, "{header}");
        assert_eq!(payload["sub"], CLIENT);
        let times = ["nbf", "iat", "exp"].map(|time| payload[time].as_i64().unwrap() - START.unix());
        assert_eq!(times, [0, 0, 300]);
        assert_eq!(payload["jti"].as_str().map(str::len), Some(36));
        assert_eq!(payload.as_object().unwrap().len(), 7, "{payload}");
    }
}

#[tokio::test]
async fn every_exchange_has_its_own_assertion() {
    let world = world(certificate());
    let mut seen = HashSet::new();
    for round in 0..3 {
        let (_, payload) = read(&world.assertion().await, Algorithm::PS256);
        assert!(seen.insert(payload["jti"].to_string()));
        assert_eq!(payload["iat"], START.unix() + round * 7);
        world.clock.advance(Duration::from_secs(7));
    }
}

#[tokio::test]
async fn the_chain_is_sent_when_asked_for_in_its_order() {
    let (root, middle, leaf) = (Papers::of("root").authority(), Papers::of("middle").authority(), Papers::of("leaf"));
    let (root_key, middle_key) = (other_key(), other_key());
    let root_pem = root.self_signed(root_key);
    let middle_pem = middle.signed_by(middle_key, &root, root_key);
    let leaf_pem = leaf.signed_by(key(), &middle, middle_key);
    let stranger = Papers::of("stranger").self_signed(other_key());
    let expected: Vec<String> = [&leaf_pem, &middle_pem, &root_pem].map(|pem| STANDARD.encode(der(pem))).into();
    for file in [
        [&leaf_pem, &pkcs8_pem(key()), &middle_pem, &root_pem, &stranger].map(String::as_str).concat(),
        [&root_pem, &stranger, &middle_pem, &pkcs1_pem(key()), &leaf_pem].map(String::as_str).concat(),
    ] {
        let certificate = Certificate::from_pem(file.as_bytes()).unwrap();
        let world = world(certificate.clone().send_chain(true).algorithm(AssertionAlgorithm::Rs256));
        let (header, _) = read(&world.assertion().await, Algorithm::RS256);
        let sent: Vec<&str> = header["x5c"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
        assert_eq!(sent, expected);

        let (header, _) = read(&super::world(certificate).assertion().await, Algorithm::PS256);
        assert!(header.get("x5c").is_none(), "not unless asked for");
    }
}

#[test]
fn pem_is_read_in_every_form_that_tools_write() {
    let certificate = Papers::of("app").self_signed(key());
    let pkcs8 = pkcs8_pem(key());
    let expected = thumbprint(&certificate);
    for (name, file) in [
        ("key first", format!("{pkcs8}{certificate}")),
        ("PKCS #1", format!("{certificate}{}", pkcs1_pem(key()))),
        ("CRLF", format!("{certificate}{pkcs8}").replace('\n', "\r\n")),
        ("no line break at the end", format!("{pkcs8}{certificate}").trim_end().to_owned()),
        (
            "openssl's attributes",
            format!(
                "Bag Attributes\n    friendlyName: app\nsubject=CN = app\n\n{certificate}Key Attributes: <No Attributes>\n{pkcs8}"
            ),
        ),
        ("other blocks", format!("-----BEGIN X509 CRL-----\nAAAA\n-----END X509 CRL-----\n{certificate}{pkcs8}")),
    ] {
        let read = Certificate::from_pem(file.as_bytes()).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(read.thumbprint(), expected, "{name}");
        assert_eq!(read.expires_at(), Timestamp::from_unix(1_798_761_600), "{name}");
    }
}

#[test]
fn a_key_that_was_certified_again_signs_for_what_lasts_longest() {
    let old = Papers::of("app").valid(2025, 2027).self_signed(key());
    let new = Papers::of("app").valid(2026, 2029).self_signed(key());
    for file in [format!("{old}{new}"), format!("{new}{old}")] {
        let file = format!("{file}{}", pkcs8_pem(key()));
        let certificate = Certificate::from_pem(file.as_bytes()).unwrap();
        assert_eq!(certificate.expires_at(), Timestamp::from_unix(1_861_920_000));
    }
}

#[test]
fn z1_what_cannot_prove_anything_is_refused_without_showing_it() {
    let certificate = Papers::of("canary").self_signed(key());
    let own = pkcs8_pem(key());
    let elliptic = elliptic();
    let elliptic_certificate = Papers::of("canary").self_signed(&elliptic);
    let secret = own.lines().nth(1).unwrap();
    for (name, file, expected) in [
        ("empty", String::new(), Kind::Certificate),
        ("no PEM", "canary".to_owned(), Kind::Certificate),
        ("a key alone", own.clone(), Kind::Certificate),
        ("no key", certificate.clone(), Kind::CertificateKeyMissing),
        ("two keys", format!("{certificate}{own}{}", pkcs8_pem(other_key())), Kind::Certificate),
        ("another's key", format!("{certificate}{}", pkcs8_pem(other_key())), Kind::CertificateKeyMismatch),
        ("an elliptic key", format!("{elliptic_certificate}{}", pkcs8_pem(&elliptic)), Kind::CertificateKeyUnsupported),
        (
            "an elliptic key in the old form",
            format!("{elliptic_certificate}-----BEGIN EC PRIVATE KEY-----\n{secret}\n-----END EC PRIVATE KEY-----\n"),
            Kind::CertificateKeyUnsupported,
        ),
        ("an elliptic key beside", format!("{certificate}{}", pkcs8_pem(&elliptic)), Kind::CertificateKeyUnsupported),
        ("not a certificate", format!("{}{own}", certificate.replace("MII", "AAA")), Kind::Certificate),
        ("no base64", format!("{certificate}{}", own.replace(secret, "canary!")), Kind::Certificate),
        ("a key cut off", format!("{certificate}{}", &own[..own.len() / 2]), Kind::Certificate),
        ("a broken key", format!("{certificate}{}", own.replace(secret, "AAAA")), Kind::CertificateKeyUnsupported),
        ("crossed ends", certificate.replace("END CERTIFICATE", "END PRIVATE KEY"), Kind::Certificate),
        (
            "an encrypted key",
            format!("{certificate}{}", own.replace("PRIVATE KEY", "ENCRYPTED PRIVATE KEY")),
            Kind::Certificate,
        ),
        (
            "an encrypted key in the old form",
            format!(
                "{certificate}{}",
                pkcs1_pem(key()).replacen('\n', "\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES\n\n", 1)
            ),
            Kind::Certificate,
        ),
        ("too long", format!("{certificate}{own}{}", "canary ".repeat(50_000)), Kind::Certificate),
    ] {
        let error = Certificate::from_pem(file.as_bytes()).expect_err(name);
        assert_eq!(error.kind(), expected, "{name}: {error}");
        let text = format!("{error} {error:?}");
        assert!(!text.contains("canary") && !text.contains(secret), "{name}: {text}");
    }
    let short = "-----BEGIN CERTIFICATE-----\n\u{fe}\n";
    assert_eq!(Certificate::from_pem(short.as_bytes()).unwrap_err().kind(), Kind::Certificate);
    assert_eq!(Certificate::from_pem(b"\xff\xfe").unwrap_err().kind(), Kind::Certificate);
}

#[tokio::test]
async fn a_certificate_outside_its_time_is_refused_at_the_start_and_later() {
    for (name, from, until, told) in [
        ("over", 2020, 2026, "the certificate ended at 2026-01-01T00:00:00Z, now 2026-09-21T14:13:20Z"),
        ("to come", 2027, 2028, "the certificate begins at 2027-01-01T00:00:00Z, now 2026-09-21T14:13:20Z"),
    ] {
        let file = with_key(&Papers::of("app").valid(from, until).self_signed(key()), key());
        let error = refused(Certificate::from_pem(file.as_bytes()).unwrap());
        assert_eq!((error.kind(), error.detail()), (Kind::CertificateTime, told), "{name}");
    }
    let world = world(certificate());
    world.clock.set(Timestamp::from_unix(1_798_761_600));
    world.exchange().await.unwrap();
    world.clock.advance(Duration::from_secs(1));
    let error = world.exchange().await.unwrap_err();
    assert_eq!(error.kind(), SignInErrorKind::CredentialExpired);
    assert_eq!(world.microsoft.count(crate::microsoft::Endpoint::Token), 1, "nothing was sent");
}

#[test]
fn z1_debug_shows_the_thumbprint_and_no_key() {
    let certificate = certificate();
    let shown = format!("{certificate:?}");
    assert!(shown.contains(&certificate.thumbprint()), "{shown}");
    let secret = pkcs8_pem(key());
    assert!(!shown.contains(secret.lines().nth(1).unwrap()) && shown.len() < 300, "{shown}");
}
