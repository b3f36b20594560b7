//! `[[credential]]`, `[[provider]]` and `[[site]]`: a list of tables in TOML, a JSON list in the environment.

use super::super::{key::Key, tables, *};
use crate::errors::Finding;

fn findings(toml: &str) -> Vec<Finding> {
    Settings::from_toml(toml).err().map(|error| error.findings().to_vec()).unwrap_or_default()
}

fn ids(findings: &[Finding]) -> Vec<&'static str> {
    findings.iter().map(|finding| finding.id).collect()
}

/// Each member of each table, in TOML and in the environment, changes what it names.
#[test]
fn each_member_reads_from_the_environment_and_from_toml_alike() {
    fn rows<T: 'static>(
        list: &'static str,
        keys: impl IntoIterator<Item = &'static Key<T>>,
    ) -> Vec<(&'static str, String, &'static str)> {
        let row = |key: &'static Key<T>| key.names().map(move |name| (list, name.to_owned(), key.example));
        keys.into_iter().flat_map(row).collect()
    }
    let rows = [
        rows("credential", tables::credential::KEYS),
        rows("provider", tables::credential::KEYS),
        rows("provider", tables::provider::KEYS),
        rows("site", tables::site::KEYS),
        rows("site", tables::site_credential()),
        rows("site", tables::site::authority::KEYS),
    ];
    for (list, name, example) in rows.concat() {
        let toml = format!("[[{list}]]\n{name} = {example}\n");
        let from_toml = Settings::from_toml(&toml).unwrap_or_else(|error| panic!("{toml}: {error}"));
        let value: toml::Table = format!("x = {example}").parse().unwrap();
        let value = match &value["x"] {
            toml::Value::Datetime(date) => format!("\"{date}\""),
            other => serde_json::to_string(other).unwrap(),
        };
        let variable = format!("MICROSOFT_SSO_{}", list.to_uppercase());
        let from_env = Settings::from_vars([(variable.clone(), format!("[{{\"{name}\": {value}}}]"))]);
        let from_env = from_env.unwrap_or_else(|error| panic!("{variable} {name}: {error}"));
        assert_eq!(super::shown(&from_toml), super::shown(&from_env), "{toml}");
        let empty = match list {
            "credential" => Settings { credential: vec![CredentialSettings::default()], ..Settings::default() },
            "provider" => Settings { provider: vec![ProviderTable::default()], ..Settings::default() },
            _ => Settings { site: vec![SiteTable::default()], ..Settings::default() },
        };
        assert_ne!(super::shown(&from_toml), super::shown(&empty), "{toml} changes nothing");
        assert_eq!(from_env.microsoft_names(), [variable], "X10");
    }
}

#[test]
fn an_unknown_member_is_an_error_with_the_nearest_name_and_its_table() {
    for (toml, table, near) in [
        ("[[credential]]\nclient_secert = 'x'", "`[[credential]]` number 1", "`client_secret`"),
        ("[[credential]]\nclient_secret_fil = 'x'", "number 1", "`client_secret_file`"),
        (
            "[[credential]]\nclient_secret = 'x'\n[[credential]]\nfederated_token = 'x'",
            "number 2",
            "`federated_token_file`",
        ),
        ("[[provider]]\nnmae = 'x'", "`[[provider]]` number 1", "`name`"),
        ("[[provider]]\nclient_ids = 'x'", "`[[provider]]` number 1", "`client_id`"),
        ("[[provider]]\nauthority = 'x'", "`[[provider]]` number 1", "`oidc_authority`"),
        ("[[credential]]\nsecret = 'x'", "number 1", "`client_secret`"),
        ("[[provider]]\nclient_secrets = 'x'", "`[[provider]]` number 1", "`client_secret`"),
        ("[[site]]\ndomian = 'x'", "`[[site]]` number 1", "`domain`"),
        ("[[site]]\ndomain = 'shop.example'\ntenent_id = 'x'", "`[[site]]` `shop.example`", "`tenant_id`"),
        ("[[site]]\ndomain = 'shop.example'\nclient_secrets = 'x'", "`[[site]]` `shop.example`", "`client_secret`"),
        (
            "[[site]]\ndomain = 'x'\n[[site.credential]]\nclient_secert = 'x'",
            "`[[site]]` `x`: In `[[credential]]` number 1",
            "`client_secret`",
        ),
    ] {
        let findings = findings(toml);
        assert_eq!(ids(&findings), ["sso.E010"], "{toml}");
        assert!(findings[0].cause.contains(table) && findings[0].remedy.contains(near), "{}", findings[0]);
    }
    // A name of another table, or of the settings themselves, means nothing here.
    for toml in
        ["[[credential]]\nalgorithms = ['RS256']", "[[provider]]\ntenant_id = 'x'", "[[credential]]\ntext = 'x'"]
    {
        assert_eq!(ids(&findings(toml)), ["sso.E010"], "{toml}");
    }
}

#[test]
fn a_name_of_a_table_that_stands_outside_is_led_into_it() {
    for (toml, list) in [
        ("secret_in_header = true", "`[[credential]]`"),
        ("oidc_authority = 'https://fs.contoso.example'", "`[[provider]]`"),
        ("endpoint_hosts = ['x.example']", "`[[provider]]`"),
        ("domain = 'shop.example'", "`[[site]]`"),
    ] {
        let findings = findings(toml);
        assert_eq!(ids(&findings), ["sso.E010"], "{toml}");
        assert!(findings[0].remedy.contains(list), "{}", findings[0]);
    }
}

#[test]
fn what_is_wrong_inside_is_found_at_once() {
    let toml = "[[credential]]\nclient_secret = ''\nsend_certificate_chain = 'yes'\n\
                [[credential]]\nclient_certificate_algorithm = 'ES256'\nclient_secret_expires = '2027-02-30'\nx = 1\n\
                [[provider]]\nname = 1\nclient_id = 'a'\napplication_id = 'b'\n\
                [[provider]]\nclient_secret = 'a'\nclient_secret_file = '/x'\nclient_certificate_password_file = '/not/there'";
    let findings = findings(toml);
    assert_eq!(
        ids(&findings),
        ["sso.E012", "sso.E013", "sso.E013", "sso.E013", "sso.E010", "sso.E013", "sso.E011", "sso.E014", "sso.E015"],
        "{findings:#?}"
    );
    for finding in &findings {
        assert!(matches!(finding.setting, Some("credential" | "provider")), "{finding:?}");
        assert!(finding.cause.starts_with("In `[["), "{finding}");
    }
}

#[test]
fn another_shape_is_refused_and_nothing_of_it_is_shown() {
    for toml in [
        "credential = 'canary'",
        "credential = ['canary']",
        "credential = { client_secret = 'canary' }",
        "[credential]\nclient_secret = 'canary'",
        "credential = [{ client_secret = ['canary'] }]",
        "credential = [[{ client_secret = 'canary' }]]",
    ] {
        let findings = findings(toml);
        assert_eq!(ids(&findings), ["sso.E013"], "{toml}");
        assert!(!findings[0].to_string().contains("canary"), "Z1: {}", findings[0]);
    }
    assert_eq!(ids(&findings("credential = []")), ["sso.E012"]);
    for (json, expected) in [
        ("", "sso.E012"),
        ("[]", "sso.E012"),
        ("canary", "sso.E013"),
        ("[\"canary\"]", "sso.E013"),
        ("{\"client_secret\": \"canary\"}", "sso.E013"),
        ("[{\"client_secret\": \"canary\"}", "sso.E013"),
        ("[{\"client_secret\": null}]", "sso.E013"),
        ("[{\"client_secret\": \"canary\", \"client_secret\": \"canary\"}]", "sso.E013"),
        ("[{\"client_secret\": {\"canary\": 1}}]", "sso.E013"),
    ] {
        let error = Settings::from_vars([("MICROSOFT_SSO_CREDENTIAL", json)]).unwrap_err();
        assert_eq!(ids(error.findings()), [expected], "{json}: {error}");
        assert!(!error.to_string().contains("canary"), "Z1: {error}");
    }
    let deep = format!("[{}1{}]", "[".repeat(5_000), "]".repeat(5_000));
    let error = Settings::from_vars([("MICROSOFT_SSO_PROVIDER", deep)]).unwrap_err();
    assert_eq!(ids(error.findings()), ["sso.E013"], "X6");
}
