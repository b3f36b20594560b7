//! F-21: `[[provider]]`.

use super::{super::*, files, ids, with};

fn provider(toml: &str) -> String {
    let mut table = "[[provider]]\n".to_owned();
    for (name, line) in [
        ("name", "name = 'adfs'"),
        ("oidc_authority", "oidc_authority = 'https://fs.contoso.example/adfs'"),
        ("client_id", "client_id = 'portal'"),
        ("client_secret", "client_secret = 'x8Q~of-the-provider'"),
    ] {
        if !toml.contains(&format!("{name} =")) {
            table.push_str(line);
            table.push('\n');
        }
    }
    table + toml + "\n"
}

#[test]
fn a_provider_has_a_name_an_issuer_an_application_and_a_credential() {
    let pem = files::sound_certificate("provider.pem");
    let certificate = provider("x").replace(
        "client_secret = 'x8Q~of-the-provider'\nx",
        &format!("client_certificate_path = '{pem}'\nclient_certificate_algorithm = 'RS256'"),
    );
    for (toml, expected) in [
        (provider(""), &[][..]),
        (
            provider(
                "name = 'google-2'\nalgorithms = ['RS256', 'ES256']\nendpoint_hosts = ['oauth2.googleapis.com']\nscopes = ['x']\ntext = 'Google'",
            ),
            &[],
        ),
        (provider("client_id = 'any visible'"), &["sso.E021"]),
        (provider("client_id = 'urn:app:1/x?y'"), &[]),
        (provider("secret_in_header = true"), &[]),
        (certificate, &[]),
        (provider("name = ''"), &["sso.E012"]),
        (provider("name = 'Adfs'"), &["sso.E085"]),
        (provider("name = 'a_b'"), &["sso.E085"]),
        (provider("name = 'a/b'"), &["sso.E085"]),
        (provider("name = '-a'"), &["sso.E085"]),
        (provider("name = 'a-'"), &["sso.E085"]),
        (provider("name = 'login'"), &["sso.E085"]),
        (provider("name = 'callback'"), &["sso.E085"]),
        (provider("name = 'logout'"), &["sso.E085"]),
        (provider("name = 'me'"), &["sso.E085"]),
        (provider("name = 'abcdefghijklmnopqrstuvwxyz0123456'"), &["sso.E085"]),
        (provider("") + &provider("oidc_authority = 'https://other.example'"), &["sso.E085"]),
        (provider("") + &provider("name = 'other'"), &[]),
        (provider("oidc_authority = 'http://fs.contoso.example/adfs'"), &["sso.E086"]),
        (provider("oidc_authority = 'https://fs.contoso.example/adfs?x'"), &["sso.E086"]),
        (provider("oidc_authority = 'https://u:p@fs.contoso.example/adfs'"), &["sso.E086"]),
        (provider("oidc_authority = 'fs.contoso.example'"), &["sso.E086"]),
        (provider("algorithms = ['HS256']"), &["sso.E086"]),
        (provider("algorithms = ['none']"), &["sso.E086"]),
        (provider("endpoint_hosts = ['https://x.example/']"), &["sso.E086"]),
        (provider("client_secret = 'canary\\ncanary'").replace('\'', "\""), &["sso.E024"]),
        (provider("federated_token_file = '/x'"), &["sso.E024"]),
    ] {
        let findings = match Settings::from_toml(&toml) {
            Ok(_) => check(&with(&toml)),
            Err(error) => error.findings().to_vec(),
        };
        assert_eq!(ids(&findings), expected, "{toml} {findings:#?}");
        for finding in findings {
            assert!(finding.cause.starts_with("In `[[provider]]` number "), "{finding}");
            assert_eq!(finding.setting, Some("provider"));
            assert!(!finding.to_string().contains("canary"), "Z1: {finding}");
        }
    }
    for (missing, expected) in
        [("name", "sso.E085"), ("oidc_authority", "sso.E086"), ("client_id", "sso.E020"), ("client_secret", "sso.E024")]
    {
        let toml: String = provider("")
            .lines()
            .filter(|line| !line.starts_with(missing))
            .fold(String::new(), |text, line| text + line + "\n");
        assert_eq!(ids(&check(&with(&toml))), [expected], "{toml}");
    }
}

/// A standard provider knows nothing of federated credentials.
#[test]
fn a_provider_takes_secrets_and_certificates() {
    let token = files::token("provider-token");
    let toml =
        provider("x").replace("client_secret = 'x8Q~of-the-provider'\nx", &format!("federated_token_file = '{token}'"));
    assert_eq!(ids(&check(&with(&toml))), ["sso.E028"]);
}

#[test]
fn what_a_provider_becomes() {
    let settings =
        with(&(provider("") + &provider("name = 'google'\ntext = 'Sign in with Google'\nscopes = ['groups']")));
    let providers = settings.providers().unwrap();
    let shown: Vec<_> = providers.iter().map(|it| (it.name.as_str(), it.text.as_deref(), it.scopes.len())).collect();
    assert_eq!(shown, [("adfs", None, 0), ("google", Some("Sign in with Google"), 1)]);
    assert_eq!(providers[0].registration.client_id().as_str(), "portal");
    assert!(!providers[0].authority.is_microsoft());
}

#[test]
fn j7_a_loopback_provider_and_a_public_name_do_not_go_together() {
    let elsewhere = provider("endpoint_hosts = ['login.contoso.example', 'localhost:9443']");
    assert_eq!(ids(&check(&with(&elsewhere))), [""; 0]);
    let findings = check(&with(&format!("public_url = 'https://app.example.com'\n{elsewhere}")));
    assert_eq!(ids(&findings), ["sso.E036"], "J7: {findings:#?}");
    assert!(findings[0].cause.contains("`endpoint_hosts`"), "{}", findings[0]);
    for issuer in ["http://127.0.0.1:9000/adfs", "http://localhost:9000", "https://localhost:9443/x"] {
        let toml = provider(&format!("oidc_authority = '{issuer}'"));
        assert_eq!(ids(&check(&with(&toml))), [""; 0], "{issuer}");
        let findings = check(&with(&format!("public_url = 'https://app.example.com'\n{toml}")));
        assert_eq!(ids(&findings), ["sso.E036"], "J7: {issuer}");
        assert!(
            findings[0].cause.contains("`oidc_authority`") && findings[0].cause.contains("number 1"),
            "{}",
            findings[0]
        );
    }
}
