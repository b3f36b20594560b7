//! What expires is told before, and when it has.

use std::{path::Path, time::Duration};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use entra_emulator::seed;
use entra_sso::checks::LiveOutcome;

use super::{complete, line};
use crate::app::App;

#[tokio::test]
async fn f80_a_secret_and_a_certificate_expire() {
    let day = Duration::from_hours(24);
    for (days, outcome) in
        [(0, LiveOutcome::Passed), (59, LiveOutcome::Passed), (60, LiveOutcome::Warning), (91, LiveOutcome::Warning)]
    {
        let app = App::with(complete).await;
        app.advance(day * days);
        let report = app.sso.check_live().await;
        assert_eq!(
            line(&report, "live.credential_expiry").outcome,
            outcome,
            "{days}: only a date that was written down"
        );
    }
    let (certificate, key) = certificate_and_key();
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("live-check.pem");
    std::fs::write(&path, format!("{certificate}{key}")).expect("a file for tests");
    let path = path.to_str().expect("UTF-8").to_owned();
    for (days, outcome, accepted) in [
        (0, LiveOutcome::Passed, LiveOutcome::Passed),
        (62, LiveOutcome::Warning, LiveOutcome::Passed),
        (91, LiveOutcome::Failed, LiveOutcome::Failed),
    ] {
        let app = App::with(|settings| {
            complete(settings);
            (settings.client_secret, settings.client_secret_expires) = (None, None);
            settings.client_certificate_path = Some(path.clone().into());
        })
        .await;
        app.emulator.directory().add_certificate(seed::APP_ID, &certificate).expect("registered");
        app.advance(day * days);
        let report = app.sso.check_live().await;
        assert_eq!(line(&report, "live.credential_expiry").outcome, outcome, "{days} {report:#?}");
        assert_eq!(line(&report, "live.credential").outcome, accepted, "{days} {report:#?}");
    }
}

/// Valid until 2027-02-20, with its key.
fn certificate_and_key() -> (String, String) {
    let key = rcgen::KeyPair::generate_for(&rcgen::PKCS_RSA_SHA256).expect("a key");
    let mut params = rcgen::CertificateParams::new(["sso.example".to_owned()]).expect("a name");
    params.not_before = rcgen::date_time_ymd(2026, 1, 1);
    params.not_after = rcgen::date_time_ymd(2027, 2, 20);
    let pem = |label: &str, der: &[u8]| {
        let text = STANDARD.encode(der);
        let lines: Vec<&str> = text.as_bytes().chunks(64).map(|line| std::str::from_utf8(line).unwrap()).collect();
        format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", lines.join("\n"))
    };
    let certificate = params.self_signed(&key).expect("a certificate");
    (pem("CERTIFICATE", certificate.der()), pem("PRIVATE KEY", &key.serialize_der()))
}
