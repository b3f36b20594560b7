//! `entra-sso check`.

use serde_json::Value;

use crate::process::{Finished, Invocation, entra_sso};

fn usable(invocation: Invocation) -> Invocation {
    invocation
        .env("AZURE_TENANT_ID", "8f3c2a10-5b7d-4e6a-9c41-0a1b2c3d4e5f")
        .env("AZURE_CLIENT_ID", "6c1d5a90-2e4b-4d8f-b3a6-7e5f4d3c2b1a")
        .env("AZURE_CLIENT_SECRET", CANARY)
        .env("MICROSOFT_SSO_PUBLIC_URL", "https://portal.example")
}

const CANARY: &str = "canary-secret-that-nothing-prints";

fn json(finished: &Finished) -> Value {
    serde_json::from_str(&finished.stdout).unwrap_or_else(|error| panic!("{error}: {finished:?}"))
}

#[tokio::test]
async fn usable_settings_pass_and_name_the_urls_to_register() {
    let finished = usable(entra_sso(["check"])).finish().await;
    assert_eq!(finished.code, Some(0), "{finished:?}");
    assert!(finished.stdout.contains("https://portal.example/microsoft_sso/callback/\n"), "{finished:?}");
    assert!(finished.stdout.contains("0 errors"), "{finished:?}");
}

#[tokio::test]
async fn json_has_the_same() {
    let finished = usable(entra_sso(["check", "--json"])).finish().await;
    let report = json(&finished);
    assert_eq!(finished.code, Some(0), "{finished:?}");
    assert_eq!(report["passed"], true);
    assert_eq!(report["urls"]["redirect_uri"], "https://portal.example/microsoft_sso/callback/");
    assert_eq!(report["urls"]["front_channel_logout"], "https://portal.example/microsoft_sso/front_channel_logout/");
    assert!(report["findings"].is_array(), "{report}");
}

#[tokio::test]
async fn unusable_settings_fail_with_every_finding() {
    let nothing = entra_sso(["check", "--json"]).finish().await;
    let report = json(&nothing);
    assert_eq!(nothing.code, Some(2), "{nothing:?}");
    assert_eq!(report["passed"], false);
    let findings = report["findings"].as_array().expect("a list");
    assert!(findings.len() >= 3, "application, tenant and secret are missing: {report}");
    for finding in findings {
        for member in ["id", "severity", "cause", "remedy"] {
            assert!(finding[member].as_str().is_some_and(|text| !text.is_empty()), "{member}: {finding}");
        }
    }
    let as_text = entra_sso(["check"]).finish().await;
    assert_eq!(as_text.code, Some(2), "{as_text:?}");
    for finding in findings {
        let cause = finding["cause"].as_str().expect("text");
        assert!(as_text.stdout.contains(cause), "{cause:?} is not in {as_text:?}");
    }
}

#[tokio::test]
async fn z1_no_output_has_the_secret() {
    for extra in [None, Some(("MICROSOFT_SSO_TIMEOUT", "soon")), Some(("MICROSOFT_SSO_CLIENT_SECRET_FILE", "/x"))] {
        for arguments in [["check"].as_slice(), &["check", "--json"]] {
            let mut invocation = usable(entra_sso(arguments.iter().copied())).env("RUST_LOG", "trace");
            if let Some((name, value)) = extra {
                invocation = invocation.env(name, value);
            }
            let finished = invocation.finish().await;
            assert!(!finished.stdout.is_empty(), "{finished:?}");
            assert!(!format!("{finished:?}").contains(CANARY), "{extra:?} {arguments:?}");
        }
    }
}
