//! The demo cannot become production, nor the reverse (DESIGN 2.4).

use crate::process::{Finished, Invocation, SCRATCH, demo, entra_sso};

const TENANT: (&str, &str) = ("AZURE_TENANT_ID", "8f3c2a10-5b7d-4e6a-9c41-0a1b2c3d4e5f");
const CLIENT: (&str, &str) = ("AZURE_CLIENT_ID", "6c1d5a90-2e4b-4d8f-b3a6-7e5f4d3c2b1a");
const SECRET: (&str, &str) = ("AZURE_CLIENT_SECRET", "canary-secret-that-nothing-prints");
const HOST: (&str, &str) = ("AZURE_AUTHORITY_HOST", "http://127.0.0.1:9");
const GRAPH: (&str, &str) = ("MICROSOFT_SSO_GRAPH_URL", "http://127.0.0.1:9/graph");
const VARIABLES: [(&str, &str); 5] = [TENANT, CLIENT, SECRET, HOST, GRAPH];

fn with(variables: &[(&str, &str)], arguments: &[&str]) -> Invocation {
    given(variables, demo(arguments.iter().copied()))
}

fn given(variables: &[(&str, &str)], invocation: Invocation) -> Invocation {
    variables.iter().fold(invocation, |invocation, (name, value)| invocation.env(name, value))
}

/// Where every machine could reach it.
const PUBLIC: [&str; 3] = ["demo", "--listen", "0.0.0.0:0"];

/// Starts it and ends it, or lets it refuse.
async fn outcome(variables: &[(&str, &str)], complete: bool) -> Finished {
    if complete { with(variables, &[]).start().await.end("TERM").await } else { with(variables, &[]).finish().await }
}

#[tokio::test]
async fn x10_every_subset_of_the_credential_variables() {
    for subset in 1_u32..32 {
        let chosen = |position: usize| subset & (1 << position) != 0;
        let variables: Vec<_> =
            (0..5).filter(|position| chosen(*position)).map(|position| VARIABLES[position]).collect();
        let names: Vec<&str> = variables.iter().map(|(name, _)| *name).collect();
        let complete = chosen(0) && chosen(1) && chosen(2);
        let finished = outcome(&variables, complete).await;
        assert!(!finished.stdout.contains("emulator"), "{names:?}: {finished:?}");
        assert!(!format!("{finished:?}").contains(SECRET.1), "{names:?}: the secret is in the output");
        if complete {
            let host = if chosen(3) { "http://127.0.0.1:9" } else { "https://login.microsoftonline.com" };
            assert_eq!(finished.code, Some(0), "{names:?}: {finished:?}");
            assert!(finished.stdout.contains(host), "{names:?}: {finished:?}");
        } else {
            let line = finished.refusal();
            let cure = |name: &&str| line.contains(&format!("unset {name} to use the local emulator"));
            assert!(names.iter().any(cure), "{names:?}: {line}");
        }
    }
}

#[tokio::test]
async fn x10_none_of_them_is_the_emulator() {
    let running = demo([]).start().await;
    assert!(running.said.contains("a local emulator at http://localhost:"), "{}", running.said);
    assert!(running.said.contains("adele@contoso.example"), "{}", running.said);
}

/// The first of F-03 is used, and nothing but a complete set of names starts anything.
#[tokio::test]
async fn x10_every_subset_of_the_other_credentials() {
    let token = format!("{SCRATCH}/x10-token");
    std::fs::write(&token, "eyJhbGciOiJSUzI1NiJ9.e30.c2ln").expect("the scratch directory can be written to");
    let credentials = [
        ("AZURE_FEDERATED_TOKEN_FILE", token.as_str()),
        ("MICROSOFT_SSO_CLIENT_ASSERTION", "eyJhbGciOiJSUzI1NiJ9.e30.c2ln"),
        ("MICROSOFT_SSO_MANAGED_IDENTITY_CLIENT_ID", "22222222-3333-4444-5555-666666666666"),
        ("MICROSOFT_SSO_FEDERATED_TOKEN_FILE", token.as_str()),
    ];
    for subset in 1_u32..16 {
        let chosen =
            (0..4_usize).filter(|position| subset & (1 << position) != 0).map(|position| credentials[position]);
        let chosen: Vec<_> = chosen.collect();
        for application in [&[][..], &[TENANT], &[CLIENT], &[TENANT, CLIENT]] {
            let variables: Vec<_> = application.iter().chain(&chosen).copied().collect();
            let is_complete = application.len() == 2;
            let finished = outcome(&variables, is_complete).await;
            assert_eq!(finished.code, Some(if is_complete { 0 } else { 2 }), "{variables:?}: {finished:?}");
            assert!(!finished.stdout.contains("emulator"), "{variables:?}: {finished:?}");
            assert!(!is_complete || finished.stdout.contains("https://login.microsoftonline.com"), "{finished:?}");
        }
    }
}

#[tokio::test]
async fn f80_the_start_tells_what_the_live_checks_found() {
    let running = demo([]).start().await;
    let line = running.said.lines().find(|line| line.starts_with("  Checks")).expect("a line");
    assert!(line.contains(" passed") && !line.contains("failed"), "{}", running.said);
}

#[tokio::test]
async fn x10_a_single_name_of_another_kind_or_an_empty_one() {
    let rows: &[&[(&str, &str)]] = &[
        &[("AZURE_TENANT_ID", "")],
        &[TENANT, CLIENT, ("AZURE_CLIENT_SECRET", "")],
        &[("AZURE_TENANT_ID", ""), CLIENT, SECRET],
        &[("AZURE_CLIENT_CERTIFICATE_PATH", "/x.pem")],
        &[("AZURE_FEDERATED_TOKEN_FILE", "/token")],
        &[TENANT, CLIENT, ("AZURE_FEDERATED_TOKEN_FILE", "/not/there")],
        &[TENANT, CLIENT, ("AZURE_FEDERATED_TOKEN_FILE", SCRATCH)],
        &[TENANT, CLIENT, ("AZURE_CLIENT_CERTIFICATE_PATH", "/not/there.pem")],
        &[TENANT, CLIENT, ("AZURE_PASSWORD", "x")],
        &[
            TENANT,
            CLIENT,
            SECRET,
            ("MICROSOFT_SSO_CREDENTIAL", "[{\"client_assertion\": \"a.b.c\", \"client_secret\": \"x\"}]"),
        ],
        &[CLIENT, SECRET, ("MICROSOFT_SSO_B2C_TENANT_NAME", "contosob2c")],
        &[TENANT, CLIENT, SECRET, ("MICROSOFT_SSO_B2C_POLICY", "B2C_1_susi")],
        &[TENANT, CLIENT, SECRET, ("MICROSOFT_SSO_RESOURCE", "https://graph.microsoft.com")],
        &[("MICROSOFT_SSO_ENDPOINT_VERSION", "v1")],
        &[("MICROSOFT_SSO_PROVIDER", "[]")],
        &[("MICROSOFT_SSO_TENANT_ID", TENANT.1)],
        &[("MICROSOFT_SSO_APPLICATION_ID", CLIENT.1)],
        &[("MICROSOFT_SSO_CLIENT_SECRET_FILE", "/secret")],
        &[("MICROSOFT_SSO_AUTHORITY", "https://login.microsoftonline.com/contoso.example")],
        &[("MICROSOFT_SSO_AUTHORITY_HOST", "login.microsoftonline.us")],
        &[("MICROSOFT_SSO_CLOUD", "public")],
        &[("MICROSOFT_SSO_ALLOW_ANY_TENANT", "true")],
        &[("MICROSOFT_SSO_SETTINGS_FILE", "/nowhere.toml")],
    ];
    for variables in rows {
        let finished = with(variables, &[]).finish().await;
        assert_eq!(finished.code, Some(2), "{variables:?}: {finished:?}");
        assert!(!finished.stdout.contains("emulator"), "{variables:?}: {finished:?}");
    }
}

#[tokio::test]
async fn the_real_microsoft_signs_nobody_in_without_asking() {
    let finished = with(&[TENANT, CLIENT, SECRET], &["--auto-sign-in", "adele@contoso.example"]).finish().await;
    let line = finished.refusal();
    assert!(line.contains("--auto-sign-in") && line.contains("leave the flag out"), "{line}");
}

#[tokio::test]
async fn plain_http_stays_on_this_machine() {
    for public_url in [None, Some("http://localhost:8000")] {
        let mut invocation = given(&[TENANT, CLIENT, SECRET], entra_sso(PUBLIC));
        if let Some(public_url) = public_url {
            invocation = invocation.env("MICROSOFT_SSO_PUBLIC_URL", public_url);
        }
        let finished = invocation.finish().await;
        let line = finished.refusal();
        assert!(line.contains("--listen 0.0.0.0:0") && line.contains("MICROSOFT_SSO_PUBLIC_URL"), "{line}");
    }
}

#[tokio::test]
async fn j7_a_loopback_authority_is_refused_behind_a_public_name() {
    let finished = given(&[TENANT, CLIENT, SECRET, HOST], entra_sso(PUBLIC))
        .env("MICROSOFT_SSO_PUBLIC_URL", "https://portal.example")
        .finish()
        .await;
    assert_eq!(finished.code, Some(2), "{finished:?}");
    assert!(finished.stderr.contains("authority_host"), "{finished:?}");
}

#[tokio::test]
async fn a_public_name_beside_the_emulator_is_refused() {
    for (name, value) in [
        ("MICROSOFT_SSO_PUBLIC_URL", "https://portal.example"),
        ("MICROSOFT_SSO_CALLBACK_DOMAIN", "portal.example"),
        ("MICROSOFT_SSO_ALLOWED_HOSTS", "localhost,portal.example"),
    ] {
        let finished = demo([]).env(name, value).finish().await;
        let line = finished.refusal();
        assert!(line.contains(name) && line.contains("portal.example") && line.contains("unset"), "{line}");
    }
}

#[tokio::test]
async fn x10_a_settings_file_counts_as_the_environment_does() {
    let table: &[(&str, &str, Option<&str>)] = &[
        ("nothing-of-it", "text = \"Come in\"\n", Some("a local emulator")),
        ("tenant-only", "tenant_id = \"contoso.example\"\n", None),
        ("cloud-only", "cloud = \"usgovernment\"\n", None),
        (
            "complete",
            "tenant_id = \"contoso.example\"\nclient_id = \"6c1d5a90-2e4b-4d8f-b3a6-7e5f4d3c2b1a\"\nclient_secret = \"x\"\n",
            Some("https://login.microsoftonline.com (tenant contoso.example)"),
        ),
    ];
    for (name, text, microsoft) in table {
        let path = format!("{SCRATCH}/{name}.toml");
        std::fs::write(&path, text).expect("the scratch directory can be written to");
        let invocation = demo([]).env("MICROSOFT_SSO_SETTINGS_FILE", &path);
        let finished = match microsoft {
            Some(_) => invocation.start().await.end("TERM").await,
            None => invocation.finish().await,
        };
        assert_eq!(finished.code, Some(if microsoft.is_some() { 0 } else { 2 }), "{name}: {finished:?}");
        assert_eq!(finished.stdout.contains("emulator"), *name == "nothing-of-it", "{name}: {finished:?}");
        assert!(finished.stdout.contains(microsoft.unwrap_or_default()), "{name}: {finished:?}");
    }
}
