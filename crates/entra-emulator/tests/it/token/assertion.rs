//! `private_key_jwt`: every way in which Microsoft's clients write an assertion, and every way to get it wrong.

mod written;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE, URL_SAFE_NO_PAD};
use entra_emulator::{AppCertificate, Emulator, EmulatorClock, seed};
use serde_json::json;

use crate::flow::{NOW, TokenAsk, start};
use crate::signer::{Signer, x5c};

use self::written::Written;

const SCOPE: &str = "https://graph.microsoft.com/.default";
pub(super) const JWT_BEARER: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

pub(super) fn with_assertion(ask: &TokenAsk, assertion: &str) -> TokenAsk {
    let ask = ask.clone().without("client_secret").set("client_assertion_type", JWT_BEARER);
    ask.set("client_assertion", assertion)
}

/// A signer whose certificate is registered.
fn registered(emulator: &Emulator) -> Signer {
    let signer = Signer::new(0, "portal");
    emulator.directory().add_certificate(seed::APP_ID, &signer.pem).expect("a certificate");
    signer
}

async fn judged(emulator: &Emulator, signer: &Signer, written: &Written) -> String {
    let assertion = signer.sign(&written.header, &written.claims);
    with_assertion(&TokenAsk::app(emulator, SCOPE), &assertion).send().await.summary()
}

#[tokio::test]
async fn the_encodings_of_microsofts_clients() {
    let emulator = start().await;
    let signer = registered(&emulator);
    let (sha1, sha256) = (signer.sha1(), signer.sha256());
    let plain = Written::new(&emulator, &signer);
    let v1 = format!("{}{}/oauth2/token", emulator.url(), seed::CONTOSO);
    let domain = format!("{}{}/oauth2/v2.0/token", emulator.url(), seed::CONTOSO_DOMAIN);
    let localhost = domain.replace("127.0.0.1", "localhost");
    let rows = [
        ("PS256, integers (MSAL JS)", plain.clone()),
        (
            "times as texts, no iat (MSAL.NET)",
            plain
                .clone()
                .claim("nbf", json!(NOW.to_string()))
                .claim("exp", json!((NOW + 600).to_string()))
                .without("iat"),
        ),
        ("standard base64 (MSAL Go)", plain.clone().header("x5t#S256", json!(STANDARD.encode(&sha256)))),
        (
            "padded, times as floats (MSAL Python)",
            plain
                .clone()
                .header("x5t#S256", json!(URL_SAFE.encode(&sha256)))
                .claim("exp", json!(1_800_000_600.531_f64))
                .claim("iat", json!(1_800_000_000.531_f64))
                .without("nbf"),
        ),
        ("floats as texts", plain.clone().claim("exp", json!("1800000600.25"))),
        ("RS256, SHA-1 in base64url", plain.clone().legacy(&URL_SAFE_NO_PAD.encode(&sha1))),
        ("RS256, SHA-1 in standard base64 (azure-sdk-for-rust)", plain.clone().legacy(&STANDARD.encode(&sha1))),
        ("RS256 with SHA-256", plain.clone().header("alg", json!("RS256"))),
        ("PS256 with SHA-1", plain.clone().legacy(&URL_SAFE_NO_PAD.encode(&sha1)).header("alg", json!("PS256"))),
        ("x5c beside a registered thumbprint", plain.clone().header("x5c", json!([x5c(&signer)]))),
        ("x5c as one text (MSAL.NET)", plain.clone().header("x5c", json!(x5c(&signer)))),
        ("audience with the v1 path", plain.clone().claim("aud", json!(v1))),
        ("audience with the tenant's domain", plain.clone().claim("aud", json!(domain))),
        ("audience under another of our names", plain.clone().claim("aud", json!(localhost))),
        ("audience as a list of one", plain.clone().claim("aud", json!([v1]))),
        ("client id in upper case", plain.clone().claim("iss", json!(seed::APP_ID.to_uppercase()))),
        ("no jti", plain.clone().without("jti")),
        ("expired within the tolerance", plain.clone().claim("exp", json!(NOW - 299))),
        ("begins within the tolerance", plain.clone().claim("nbf", json!(NOW + 300))),
    ];
    for (what, written) in rows {
        assert_eq!(judged(&emulator, &signer, &written).await, "200 - null", "{what}");
    }
}

#[tokio::test]
async fn what_is_wrong_with_an_assertion() {
    let emulator = start().await;
    let signer = registered(&emulator);
    let plain = Written::new(&emulator, &signer);
    let at = |segment: &str| json!(format!("{}{segment}/oauth2/v2.0/token", emulator.url()));
    let authorize = format!("{}{}/oauth2/v2.0/authorize", emulator.url(), seed::CONTOSO);
    let elsewhere = format!("https://login.microsoftonline.com/{}/oauth2/v2.0/token", seed::CONTOSO);
    let rows = [
        ("alg none", plain.clone().header("alg", json!("none")), "50027"),
        ("alg HS256", plain.clone().header("alg", json!("HS256")), "50027"),
        ("alg missing", plain.clone().without_header("alg"), "50027"),
        ("no issuer", plain.clone().without("iss"), "50027"),
        ("exp is a list", plain.clone().claim("exp", json!([NOW + 300])), "50027"),
        ("another issuer", plain.clone().claim("iss", json!(seed::SINGLE_TENANT_APP_ID)), "700021"),
        ("another subject", plain.clone().claim("sub", json!(seed::SINGLE_TENANT_APP_ID)), "700021"),
        ("no subject", plain.clone().without("sub"), "700021"),
        ("another tenant's endpoint", plain.clone().claim("aud", at(seed::FABRIKAM)), "700023"),
        ("common's endpoint", plain.clone().claim("aud", at("common")), "700023"),
        ("another endpoint", plain.clone().claim("aud", json!(authorize)), "700023"),
        ("another host", plain.clone().claim("aud", json!(elsewhere)), "700023"),
        ("two audiences", plain.clone().claim("aud", json!([at(seed::CONTOSO), at("common")])), "700023"),
        ("no audience", plain.clone().without("aud"), "700023"),
        ("expired", plain.clone().claim("exp", json!(NOW - 300)), "700024"),
        ("expired, as a text", plain.clone().claim("exp", json!((NOW - 301).to_string())), "700024"),
        ("no exp", plain.clone().without("exp"), "700024"),
        ("not yet", plain.clone().claim("nbf", json!(NOW + 301)), "700024"),
        ("issued in the future", plain.clone().claim("iat", json!(NOW + 301)), "700024"),
        ("no thumbprint", plain.clone().without_header("x5t#S256"), "700027"),
        ("another thumbprint", plain.clone().header("x5t#S256", json!(URL_SAFE_NO_PAD.encode([7; 32]))), "700027"),
        (
            "a thumbprint of the wrong hash",
            plain.clone().header("x5t#S256", json!(STANDARD.encode(signer.sha1()))),
            "700027",
        ),
        (
            "an unregistered certificate brought along",
            plain.clone().header("x5t#S256", json!("AAAA")).header("x5c", json!([x5c(&signer)])),
            "700027",
        ),
    ];
    for (what, written, number) in rows {
        assert_eq!(judged(&emulator, &signer, &written).await, format!("401 invalid_client {number}"), "{what}");
    }
    let stranger = Signer::new(1, "stranger");
    assert_eq!(judged(&emulator, &stranger, &plain).await, "401 invalid_client 700027", "another key");
    let assertion = signer.sign(&plain.header, &plain.claims);
    let ask = with_assertion(&TokenAsk::app(&emulator, SCOPE), &assertion);
    assert_eq!(ask.send().await.summary(), "200 - null");
    let broken = with_assertion(&ask, "not a token");
    assert_eq!(broken.send().await.summary(), "401 invalid_client 50027");
    let long = with_assertion(&ask, &format!("{assertion}{}", "A".repeat(70_000)));
    assert_eq!(long.send().await.summary(), "401 invalid_client 50027");
}

#[tokio::test]
async fn one_credential_at_a_time() {
    let emulator = start().await;
    let signer = registered(&emulator);
    let plain = Written::new(&emulator, &signer);
    let assertion = signer.sign(&plain.header, &plain.claims);
    let ask = with_assertion(&TokenAsk::app(&emulator, SCOPE), &assertion);
    let basic = format!("Basic {}", STANDARD.encode(format!("{}:{}", seed::APP_ID, seed::APP_SECRET)));
    let rows = [
        ("right", ask.clone(), "200 - null"),
        ("and a secret", ask.clone().set("client_secret", seed::APP_SECRET), "400 invalid_request 9002313"),
        ("and Basic", ask.clone().header("authorization", &basic), "400 invalid_request 9002313"),
        ("no type", ask.clone().without("client_assertion_type"), "400 invalid_request 900144"),
        ("another type", ask.clone().set("client_assertion_type", "urn:other"), "400 invalid_request 90023"),
        ("the type alone", ask.clone().without("client_assertion"), "401 invalid_client 7000218"),
        ("with an Origin", ask.clone().header("origin", "https://app.example"), "400 invalid_request 9002326"),
        (
            "another application's client id",
            ask.clone().set("client_id", seed::SINGLE_TENANT_APP_ID),
            "401 invalid_client 700021",
        ),
    ];
    for (what, ask, expected) in rows {
        assert_eq!(ask.send().await.summary(), expected, "{what}");
    }
    emulator.directory().change_app(seed::APP_ID, |app| app.public_client = true).expect("a change");
    assert_eq!(ask.send().await.summary(), "401 invalid_client 700025", "a public client has no credential");
}

#[tokio::test]
async fn certificates_expire_and_are_revoked() {
    let emulator = start().await;
    let rows = [
        ("expired", Signer::valid(0, "old", 2020, 2026), false, "401 invalid_client 1000502"),
        ("not yet valid", Signer::valid(0, "next", 2030, 2035), false, "401 invalid_client 1000502"),
        ("revoked", Signer::new(0, "lost"), true, "401 invalid_client 7000214"),
        ("valid", Signer::new(0, "portal"), false, "200 - null"),
    ];
    for (what, signer, revoked, expected) in rows {
        let certificate = AppCertificate::from_pem(&signer.pem).expect("a certificate");
        let certificate = if revoked { certificate.revoked() } else { certificate };
        let change = |app: &mut entra_emulator::App| app.certificates = vec![certificate];
        emulator.directory().change_app(seed::APP_ID, change).expect("a change");
        let written = Written::new(&emulator, &signer);
        assert_eq!(judged(&emulator, &signer, &written).await, expected, "{what}");
    }
}

#[tokio::test]
async fn subject_name_and_issuer() {
    let emulator = start().await;
    let authority = Signer::new(1, "authority");
    let leaf = authority.issue(0, "portal");
    let intermediate = authority.issue(2, "intermediate");
    let below = intermediate.issue(0, "portal");
    let other = authority.issue(0, "other");
    let forged = Signer::new(3, "authority").issue(0, "portal");
    let brought = |signer: &Signer, chain: &[&Signer]| {
        let chain: Vec<String> = chain.iter().map(|signer| x5c(signer)).collect();
        Written::new(&emulator, signer).header("x5c", json!(chain))
    };
    let alone = brought(&leaf, &[&leaf]);
    assert_eq!(judged(&emulator, &leaf, &alone).await, "401 invalid_client 700027", "nothing is allowed yet");
    let directory = emulator.directory();
    directory.add_certificate_subject(seed::APP_ID, "portal", &authority.pem).expect("a subject");
    let rows = [
        ("the name from the authority", &leaf, alone, "200 - null"),
        ("in one text", &leaf, Written::new(&emulator, &leaf).header("x5c", json!(x5c(&leaf))), "200 - null"),
        ("through an intermediate", &below, brought(&below, &[&below, &intermediate]), "200 - null"),
        ("the intermediate is missing", &below, brought(&below, &[&below]), "401 invalid_client 700027"),
        ("another name", &other, brought(&other, &[&other]), "401 invalid_client 700030"),
        ("another authority of the same name", &forged, brought(&forged, &[&forged]), "401 invalid_client 700027"),
        ("no x5c", &leaf, Written::new(&emulator, &leaf), "401 invalid_client 700027"),
        ("the thumbprint of another", &leaf, brought(&other, &[&leaf]), "401 invalid_client 700027"),
    ];
    for (what, signer, written, expected) in rows {
        assert_eq!(judged(&emulator, signer, &written).await, expected, "{what}");
    }
    directory.add_certificate_subject(seed::APP_ID, "other.example", &authority.pem).expect("a subject");
    assert_eq!(judged(&emulator, &other, &brought(&other, &[&other])).await, "200 - null", "by its DNS name");
}

#[tokio::test]
async fn a_strict_emulator_takes_an_assertion_once() {
    let clock = EmulatorClock::at(NOW);
    let emulator = Emulator::builder().clock(clock).strict_assertions(true).start().await.expect("a start");
    let signer = registered(&emulator);
    let first = Written::new(&emulator, &signer);
    let rows = [
        ("first", first.clone(), "200 - null"),
        ("again", first.clone(), "401 invalid_client 50013"),
        ("another id", first.clone().claim("jti", json!("another")), "200 - null"),
        ("no id", first.clone().without("jti"), "401 invalid_client 50027"),
        (
            "too long",
            first.clone().claim("jti", json!("third")).claim("exp", json!(NOW + 601)),
            "401 invalid_client 700024",
        ),
    ];
    for (what, written, expected) in rows {
        assert_eq!(judged(&emulator, &signer, &written).await, expected, "{what}");
    }
}

#[tokio::test]
async fn codes_are_redeemed_with_an_assertion() {
    let emulator = start().await;
    let signer = registered(&emulator);
    let ask = crate::flow::Ask::new(&emulator).at("common");
    let code = ask.code(seed::ADELE).await;
    let aud = format!("{}common/oauth2/v2.0/token", emulator.url());
    let written = Written::new(&emulator, &signer).claim("aud", json!(aud));
    let assertion = signer.sign(&written.header, &written.claims);
    let answer = with_assertion(&TokenAsk::code(&emulator, &code).at(&emulator, "common"), &assertion).send().await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert_eq!(answer.id_token()["aud"], seed::APP_ID);
    let journal = serde_json::to_string(&emulator.journal().entries()).expect("JSON");
    assert!(journal.contains(JWT_BEARER) && !journal.contains(&assertion), "Z1: the assertion is not told");
}

#[test]
fn certificates_are_read_from_pem() {
    let signer = Signer::new(0, "portal");
    let read = AppCertificate::from_pem(&signer.pem).expect("a certificate");
    let hexadecimal: Vec<String> = signer.sha1().iter().map(|byte| format!("{byte:02X}")).collect();
    assert_eq!(read.thumbprint(), hexadecimal.concat());
    let with_key = format!("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n{}", signer.pem);
    assert_eq!(AppCertificate::from_pem(&with_key).expect("a certificate"), read, "a key beside it is skipped");
    let cut = &signer.pem[..signer.pem.len() / 2];
    for broken in ["", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", cut, &"x".repeat(70_000)] {
        assert!(AppCertificate::from_pem(broken).is_err());
    }
}
