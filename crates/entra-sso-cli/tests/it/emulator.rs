//! `entra-sso emulator`.

use std::collections::BTreeMap;

use crate::{
    plain_client::PlainClient,
    process::{Running, entra_sso},
};

/// The variables that it prints.
pub(crate) fn exports(running: &Running) -> BTreeMap<String, String> {
    let lines = running.said.lines().filter_map(|line| line.strip_prefix("export "));
    let pairs = lines.filter_map(|line| line.split_once('='));
    pairs.map(|(name, value)| (name.to_owned(), value.trim_matches('\'').to_owned())).collect()
}

#[tokio::test]
async fn it_prints_the_variables_that_point_an_application_at_it() {
    let emulator = entra_sso(["emulator", "--listen", "localhost:0"]).start().await;
    let exports = exports(&emulator);
    let names: Vec<&str> = exports.keys().map(String::as_str).collect();
    assert_eq!(
        names,
        [
            "AZURE_AUTHORITY_HOST",
            "AZURE_CLIENT_ID",
            "AZURE_CLIENT_SECRET",
            "AZURE_TENANT_ID",
            "MICROSOFT_SSO_GRAPH_URL"
        ]
    );
    for line in emulator.said.lines() {
        assert!(
            ["#", "export ", "unset "].iter().any(|begin| line.starts_with(begin)),
            "not a line of a script: {line:?}"
        );
    }

    let authority = exports["AZURE_AUTHORITY_HOST"].trim_end_matches('/').to_owned();
    let metadata = format!("{authority}/{}/v2.0/.well-known/openid-configuration", exports["AZURE_TENANT_ID"]);
    let answer = PlainClient::new().get(&metadata).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert!(answer.body.contains(&authority), "{}", answer.body);

    let mut check = entra_sso(["check"]);
    for (name, value) in &exports {
        check = check.env(name, value);
    }
    let checked = check.finish().await;
    assert_eq!(checked.code, Some(0), "{checked:?}");
}

/// Somebody tries one kind after the other in the same shell.
#[tokio::test]
async fn pasted_after_another_kind_nothing_of_that_is_left() {
    let mut shell = BTreeMap::new();
    for kind in ["b2c", "external", "government", "personal", "v1", "v2"] {
        let emulator = entra_sso(["emulator", "--listen", "localhost:0", "--authority", kind]).start().await;
        for name in emulator.said.lines().filter_map(|line| line.strip_prefix("unset ")).flat_map(str::split_whitespace)
        {
            shell.remove(name);
        }
        shell.extend(exports(&emulator));
        let mut check = entra_sso(["check"]);
        for (name, value) in &shell {
            check = check.env(name, value);
        }
        let checked = check.finish().await;
        assert_eq!(checked.code, Some(0), "{kind}: {checked:?}");
    }
    let left: Vec<&String> = shell.keys().filter(|name| name.starts_with("MICROSOFT_SSO_")).collect();
    assert_eq!(left, ["MICROSOFT_SSO_GRAPH_URL"]);
}

#[tokio::test]
async fn every_run_has_a_secret_of_its_own() {
    let one = exports(&entra_sso(["emulator", "--listen", "localhost:0"]).start().await);
    let other = exports(&entra_sso(["emulator", "--listen", "localhost:0"]).start().await);
    assert_ne!(one["AZURE_CLIENT_SECRET"], other["AZURE_CLIENT_SECRET"]);
    assert_eq!(one["AZURE_CLIENT_ID"], other["AZURE_CLIENT_ID"]);
}

#[tokio::test]
async fn signals_end_it_cleanly() {
    for signal in ["INT", "TERM"] {
        let finished = entra_sso(["emulator", "--listen", "localhost:0"]).start().await.end(signal).await;
        assert_eq!(finished.code, Some(0), "{signal}: {finished:?}");
        assert_eq!(finished.stderr, "", "{signal}");
    }
}

#[tokio::test]
async fn its_variables_point_at_the_kind_of_authority_that_was_asked_for() {
    for (kind, name) in [
        ("v1", "MICROSOFT_SSO_ENDPOINT_VERSION"),
        ("b2c", "MICROSOFT_SSO_B2C_POLICY"),
        ("external", "MICROSOFT_SSO_AUTHORITY"),
        ("personal", "MICROSOFT_SSO_PERSONAL_ACCOUNTS"),
        ("government", "MICROSOFT_SSO_CLOUD"),
    ] {
        let emulator = entra_sso(["emulator", "--listen", "localhost:0", "--authority", kind]).start().await;
        let exports = exports(&emulator);
        assert!(exports.contains_key(name), "{kind}: {exports:?}");
        let mut check = entra_sso(["check"]);
        for (name, value) in &exports {
            check = check.env(name, value);
        }
        let checked = check.finish().await;
        assert_eq!(checked.code, Some(0), "{kind}: {checked:?}");
    }
}

#[tokio::test]
async fn a_directory_of_ones_own_has_no_seeded_authority() {
    let finished = entra_sso(["emulator", "--authority", "b2c", "--directory", "mine.toml"]).finish().await;
    assert!(finished.refusal().contains("--directory mine.toml"), "{finished:?}");
}

#[tokio::test]
async fn over_https_its_certificate_is_all_that_a_client_needs() {
    let path = format!("{}/emulator-ca.pem", crate::process::SCRATCH);
    let emulator = entra_sso(["emulator", "--listen", "localhost:0", "--https", &path]).start().await;
    let exports = exports(&emulator);
    assert!(exports["AZURE_AUTHORITY_HOST"].starts_with("https://localhost:"), "{exports:?}");
    assert_eq!(exports["MICROSOFT_SSO_CA_FILE"], path);
    assert!(!std::fs::read_to_string(&path).unwrap().contains("PRIVATE"), "its key exists nowhere");

    let check = |without: &'static str| {
        let mut check = entra_sso(["check"]);
        for (name, value) in exports.iter().filter(|(name, _)| *name != without) {
            check = check.env(name, value);
        }
        check.finish()
    };
    let (trusting, doubting) = (check("").await, check("MICROSOFT_SSO_CA_FILE").await);
    assert_eq!(trusting.code, Some(0), "{trusting:?}");
    assert_eq!(doubting.code, Some(2), "{doubting:?}");
}
