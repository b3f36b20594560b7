//! `entra-sso check`.

use entra_emulator::{Emulator, Endpoint, Fault};
use serde_json::Value;

use crate::process::{Finished, Invocation, SCRATCH, entra_sso};

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
    let finished = usable(entra_sso(["check", "--offline"])).finish().await;
    assert_eq!(finished.code, Some(0), "{finished:?}");
    assert!(finished.stdout.contains("https://portal.example/microsoft_sso/callback/\n"), "{finished:?}");
    assert!(finished.stdout.contains("0 errors"), "{finished:?}");
}

/// The application's code gives them, and the command sees the settings alone.
#[tokio::test]
async fn stores_and_catalogues_of_the_application_are_not_judged() {
    let several = usable(entra_sso(["check", "--offline"]))
        .env("MICROSOFT_SSO_REPLICAS", "2")
        .env("MICROSOFT_SSO_SECRET_KEYS", "kMDDoviMTLoaqxE0vEcOvWV9NUJg5AOCqoryyj/KQ+Y=")
        .env("MICROSOFT_SSO_LANGUAGES", "fr,en");
    let finished = several.finish().await;
    assert_eq!(finished.code, Some(0), "{finished:?}");
    assert!(!finished.stdout.contains("memory"), "{finished:?}");
    let no_tag = usable(entra_sso(["check", "--offline"])).env("MICROSOFT_SSO_LANGUAGES", "fr!").finish().await;
    assert!(no_tag.code == Some(2) && no_tag.stdout.contains("sso.E110"), "{no_tag:?}");
}

#[tokio::test]
async fn json_has_the_same() {
    let finished = usable(entra_sso(["check", "--offline", "--json"])).finish().await;
    let report = json(&finished);
    assert_eq!(finished.code, Some(0), "{finished:?}");
    assert_eq!(report["passed"], true);
    assert_eq!(report["urls"]["redirect_uri"], "https://portal.example/microsoft_sso/callback/");
    assert_eq!(report["urls"]["front_channel_logout"], "https://portal.example/microsoft_sso/front_channel_logout/");
    assert!(report["findings"].is_array(), "{report}");
    assert!(report["live"].is_null(), "nothing was asked: {report}");
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
        for arguments in [["check", "--offline"].as_slice(), &["check", "--offline", "--json"]] {
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

/// `entra-sso check` of an application whose Microsoft is this emulator.
fn beside(emulator: &Emulator, arguments: &[&str]) -> Invocation {
    let invocation = entra_sso(["check"].iter().chain(arguments).copied())
        .env("MICROSOFT_SSO_PUBLIC_URL", "http://localhost:8000")
        .env("MICROSOFT_SSO_CLIENT_SECRET_EXPIRES", "2099-12-31");
    emulator.env().into_iter().fold(invocation, |invocation, (name, value)| invocation.env(name, value))
}

async fn emulator() -> Emulator {
    Emulator::start().await.expect("the emulator starts on a random port")
}

#[tokio::test]
async fn f80_the_live_part_passes_beside_an_emulator() {
    let emulator = emulator().await;
    let finished = beside(&emulator, &["--json"]).finish().await;
    let report = json(&finished);
    assert_eq!((finished.code, &report["passed"]), (Some(0), &Value::Bool(true)), "{finished:?}");
    let lines = report["live"].as_array().expect("a list");
    let outcome = |line: &Value| line["outcome"].as_str().expect("text").to_owned();
    let is_store = |line: &Value| ["live.users", "live.sessions"].map(Value::from).contains(&line["id"]);
    let expected = |line: &Value| if is_store(line) { "not checked" } else { "passed" };
    assert!(lines.len() > 10 && lines.iter().all(|line| outcome(line) == expected(line)), "{report:#}");
    for line in lines {
        assert!(line["detail"].as_str().is_some_and(|detail| !detail.is_empty()) && line["cure"].is_null(), "{line}");
    }
    let text = beside(&emulator, &[]).finish().await;
    assert_eq!(text.code, Some(0), "{text:?}");
    for part in [
        "passed        live.discovery ",
        "passed        live.credential ",
        "http://localhost:8000/microsoft_sso/callback/\n",
        "0 errors, ",
        "in the settings; live: 10 passed, 2 not checked\n",
    ] {
        assert!(text.stdout.contains(part), "{part:?} is not in {}", text.stdout);
    }
    let secret = emulator.env().into_iter().find(|(name, _)| *name == "AZURE_CLIENT_SECRET").expect("a secret").1;
    assert!(!format!("{finished:?}{text:?}").contains(&secret), "Z1");
}

#[tokio::test]
async fn f80_what_failed_is_exit_code_2_and_a_line_with_its_cure() {
    for (fault, id, code) in [
        (Fault::Status(Endpoint::Discovery, 500), "live.discovery", "E220"),
        (Fault::Html(Endpoint::Keys), "live.keys", "E223"),
    ] {
        let emulator = emulator().await;
        emulator.faults().always(fault);
        let finished = beside(&emulator, &["--json"]).finish().await;
        let report = json(&finished);
        assert_eq!((finished.code, &report["passed"]), (Some(2), &Value::Bool(false)), "{finished:?}");
        let lines = report["live"].as_array().expect("a list");
        let failed: Vec<&Value> = lines.iter().filter(|line| line["outcome"] == "failed").collect();
        assert_eq!(failed.len(), 1, "{report:#}");
        assert_eq!(failed[0]["id"], id);
        assert!(failed[0]["detail"].as_str().is_some_and(|detail| detail.contains(code)), "{report:#}");
        assert!(failed[0]["cure"].is_string(), "{report:#}");
        let text = beside(&emulator, &[]).finish().await;
        assert_eq!(text.code, Some(2), "{text:?}");
        let line = text.stdout.lines().find(|line| line.starts_with("failed")).expect("a line");
        assert!(line.contains(id) && line.contains(code) && text.stdout.contains("    cure: "), "{}", text.stdout);
        let offline = beside(&emulator, &["--offline"]).finish().await;
        assert_eq!(offline.code, Some(0), "nothing was asked: {offline:?}");
    }
    let emulator = emulator().await;
    let wrong = beside(&emulator, &[]).env("AZURE_CLIENT_SECRET", CANARY).finish().await;
    assert_eq!(wrong.code, Some(2), "{wrong:?}");
    assert!(wrong.stdout.contains("failed        live.credential ") && wrong.stdout.contains("7000215"), "{wrong:?}");
    assert!(!format!("{wrong:?}").contains(CANARY), "Z1");
}

#[tokio::test]
async fn providers_have_urls_of_their_own() {
    let provider = r#"[{"name": "adfs", "oidc_authority": "https://fs.contoso.example/adfs", "client_id": "portal", "client_secret": "x8Q~of-the-provider"}]"#;
    let invocation = || entra_sso(["check", "--offline", "--json"]).env("MICROSOFT_SSO_PROVIDER", provider);
    let report = json(&usable(invocation()).finish().await);
    let adfs = &report["urls"]["providers"]["adfs"];
    assert_eq!(adfs["redirect_uri"], "https://portal.example/microsoft_sso/adfs/callback/", "{report:#}");
    assert_eq!(adfs["back_channel_logout"], "https://portal.example/microsoft_sso/adfs/back_channel_logout/");
    assert!(!report.to_string().contains("of-the-provider"), "Z1: {report}");
    let text = usable(entra_sso(["check", "--offline"]).env("MICROSOFT_SSO_PROVIDER", provider)).finish().await;
    assert!(text.stdout.contains("Register these URLs with the provider `adfs`:\n"), "{text:?}");
}

/// What an operator gets wrong, each with the name of its setting.
#[tokio::test]
async fn each_bad_value_names_its_setting_and_is_not_shown() {
    let empty = format!("{SCRATCH}/empty-token");
    std::fs::write(&empty, " \n").expect("the scratch directory can be written to");
    for (name, value, setting) in [
        ("MICROSOFT_SSO_B2C_POLICY", "B2C_1_susi/../x", "b2c_tenant_name"),
        ("AZURE_TENANT_ID", "contoso", "tenant_id"),
        ("MICROSOFT_SSO_ENDPOINT_VERSION", "v3", "endpoint_version"),
        ("MICROSOFT_SSO_RESOURCE", "https://graph.microsoft.com", "resource"),
        ("MICROSOFT_SSO_RESET_PASSWORD_POLICY", "B2C_1_reset", "reset_password_policy"),
        (
            "MICROSOFT_SSO_CREDENTIAL",
            "[{\"client_secret\": \"canary\", \"client_assertion\": \"canary\"}]",
            "credential",
        ),
        ("MICROSOFT_SSO_CREDENTIAL", "[{\"client_secrets\": \"canary\"}]", "credential"),
        ("MICROSOFT_SSO_PROVIDER", "[{\"name\": \"login\"}]", "provider"),
        ("MICROSOFT_SSO_CLIENT_SECRET_EXPIRES", "soon", "client_secret_expires"),
    ] {
        let finished = usable(entra_sso(["check", "--json"])).env(name, value).finish().await;
        let report = json(&finished);
        assert_eq!(finished.code, Some(2), "{name} {finished:?}");
        let findings = report["findings"].as_array().expect("a list");
        let errors: Vec<&Value> = findings.iter().filter(|finding| finding["severity"] == "error").collect();
        assert!(errors.iter().any(|finding| finding["setting"] == setting), "{name}: {report:#}");
        assert!(!finished.stdout.contains("canary"), "Z1: {report:#}");
    }
    for (path, why) in [(empty.as_str(), "empty"), (SCRATCH, "not a file"), ("/not/there", "")] {
        let invocation = entra_sso(["check", "--json"])
            .env("AZURE_TENANT_ID", "8f3c2a10-5b7d-4e6a-9c41-0a1b2c3d4e5f")
            .env("AZURE_CLIENT_ID", "6c1d5a90-2e4b-4d8f-b3a6-7e5f4d3c2b1a")
            .env("AZURE_FEDERATED_TOKEN_FILE", path);
        let finished = invocation.finish().await;
        let report = json(&finished);
        assert_eq!(finished.code, Some(2), "{finished:?}");
        let finding = &report["findings"][0];
        assert_eq!(finding["id"], "sso.E025", "{report:#}");
        let cause = finding["cause"].as_str().expect("text");
        assert!(cause.contains("AZURE_FEDERATED_TOKEN_FILE") && cause.contains(path) && cause.contains(why), "{cause}");
    }
}

/// Files as OpenSSL writes them.
#[cfg(feature = "pfx")]
#[tokio::test]
async fn f05_a_pfx_file_needs_its_password_and_neither_is_shown() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../entra-oidc/tests/it/app/pfx");
    for (file, password, cause) in [
        ("aes256.pfx", Some("canary-password"), None),
        ("no_password.pfx", None, None),
        ("aes256.pfx", Some("canary-wrong"), Some("password")),
        ("aes256.pfx", None, Some("password")),
        ("no_key.pfx", Some("canary-password"), Some("key")),
    ] {
        let invocation = entra_sso(["check", "--offline", "--json"])
            .env("AZURE_TENANT_ID", "8f3c2a10-5b7d-4e6a-9c41-0a1b2c3d4e5f")
            .env("AZURE_CLIENT_ID", "6c1d5a90-2e4b-4d8f-b3a6-7e5f4d3c2b1a")
            .env("AZURE_CLIENT_CERTIFICATE_PATH", format!("{folder}/{file}"));
        let invocation = match password {
            Some(password) => invocation.env("AZURE_CLIENT_CERTIFICATE_PASSWORD", password),
            None => invocation,
        };
        let finished = invocation.finish().await;
        let report = json(&finished);
        assert_eq!(finished.code, Some(if cause.is_some() { 2 } else { 0 }), "{file} {password:?} {report:#}");
        if let Some(cause) = cause {
            let finding = &report["findings"][0];
            assert_eq!((&finding["id"], &finding["setting"]), (&"sso.E026".into(), &"client_certificate_path".into()));
            assert!(
                finding["cause"].as_str().is_some_and(|text| text.contains(cause) && text.contains(file)),
                "{report:#}"
            );
        }
        assert!(!format!("{finished:?}").contains("canary"), "Z1: {finished:?}");
    }
}

#[tokio::test]
async fn f65_sites_have_urls_and_findings_of_their_own() {
    let site =
        r#"[{"domain": "shop.example", "text": "Shop"}, {"domain": "club.example", "logout_redirect_path": "/bye"}]"#;
    let finished = usable(entra_sso(["check", "--offline"])).env("MICROSOFT_SSO_SITE", site).finish().await;
    assert_eq!(finished.code, Some(0), "{finished:?}");
    for part in [
        "Register these URLs with the application for the site `shop.example` (platform \"Web\"):\n",
        "https://shop.example/microsoft_sso/callback/\n",
        "https://club.example/bye\n",
    ] {
        assert!(finished.stdout.contains(part), "{part:?} in {finished:?}");
    }
    let finished = usable(entra_sso(["check", "--offline", "--json"])).env("MICROSOFT_SSO_SITE", site).finish().await;
    let urls = &json(&finished)["urls"];
    assert_eq!(urls["redirect_uri"], "https://portal.example/microsoft_sso/callback/");
    assert_eq!(urls["sites"]["club.example"]["redirect_uri"], "https://club.example/microsoft_sso/callback/");

    let site = r#"[{"domain": "shop.example", "prefix": "/x", "texd": "Shop"}, {"domain": "club.example"}]"#;
    let finished = usable(entra_sso(["check", "--offline"])).env("MICROSOFT_SSO_SITE", site).finish().await;
    assert_eq!(finished.code, Some(2), "{finished:?}");
    assert!(
        finished.stdout.contains("In `[[site]]` `shop.example`: `prefix` is a setting of the whole"),
        "{finished:?}"
    );
    assert!(finished.stdout.contains("Did you mean `text`?"), "{finished:?}");
}

#[tokio::test]
async fn f65_the_live_part_names_the_site_and_no_secret() {
    let emulator = emulator().await;
    let graph = emulator.env().into_iter().find(|(name, _)| name.ends_with("GRAPH_URL")).expect("its Graph").1;
    let site = serde_json::json!([{
        "domain": "127.0.0.1:8000",
        "application_id": entra_emulator::seed::SINGLE_TENANT_APP_ID,
        "client_secret": CANARY,
        "tenant_id": entra_emulator::seed::CONTOSO,
        "authority_host": emulator.url().to_string(),
        "graph_url": graph,
    }]);
    let finished = beside(&emulator, &["--json"]).env("MICROSOFT_SSO_SITE", site.to_string()).finish().await;
    assert_eq!(finished.code, Some(2), "the credential is refused: {finished:?}");
    let report = json(&finished);
    let of_site = report["live"].as_array().expect("a list").iter().filter(|line| line["site"] == "127.0.0.1:8000");
    let failed: Vec<_> = of_site.filter(|line| line["outcome"] == "failed").map(|line| &line["id"]).collect();
    assert_eq!(failed, ["live.credential"], "{report:#}");
    assert!(!format!("{finished:?}").contains(CANARY), "Z1");
    let text = beside(&emulator, &[]).env("MICROSOFT_SSO_SITE", site.to_string()).finish().await;
    assert!(text.stdout.contains("failed        live.credential         (127.0.0.1:8000) "), "{text:?}");
}
