//! Settings as an operator gives them: environment and TOML, and what is wrong with them.

mod files;
mod names;

use entra_sso::{
    Settings, SsoError,
    settings::{Access, ProfileSource, Sources},
};

const APP: &str = "11111111-2222-3333-4444-555555555555";

fn ids(error: &SsoError) -> Vec<&'static str> {
    error.findings().iter().map(|finding| finding.id).collect()
}

#[test]
fn the_environment_wins_over_toml_and_toml_over_azure() {
    let toml = format!("client_id = '{APP}'\ntenant_id = 'toml.example'\nclock_skew = 60\ntext = 'From TOML'");
    let settings = Sources::new()
        .toml(toml)
        .vars([
            ("MICROSOFT_SSO_CLOCK_SKEW", "120"),
            ("AZURE_TENANT_ID", "azure.example"),
            ("AZURE_CLIENT_SECRET", "from azure"),
        ])
        .read()
        .unwrap();
    assert_eq!(settings.application_id.as_deref(), Some(APP));
    assert_eq!(settings.tenant_id.as_deref(), Some("toml.example"));
    assert_eq!(settings.client_secret.unwrap().expose(), "from azure");
    assert_eq!(settings.clock_skew.as_secs(), 120);
    assert_eq!(settings.text.as_deref(), Some("From TOML"));
}

#[test]
fn code_wins_over_everything() {
    let mut settings = Settings::from_vars([("MICROSOFT_SSO_TENANT_ID", "../contoso")]).unwrap();
    let is_refused =
        |settings: &Settings| entra_sso::checks::check(settings).iter().any(|finding| finding.id == "sso.E031");
    assert!(is_refused(&settings));
    settings.tenant_id = Some("contoso.example".to_owned());
    assert!(!is_refused(&settings));
}

#[test]
fn each_azure_variable_is_the_last_resort() {
    let azure = [
        ("AZURE_CLIENT_ID", APP),
        ("AZURE_TENANT_ID", "azure.example"),
        ("AZURE_CLIENT_SECRET", "azure secret"),
        ("AZURE_AUTHORITY_HOST", "login.microsoftonline.us"),
    ];
    let settings = Settings::from_vars(azure).unwrap();
    assert_eq!(settings.application_id.as_deref(), Some(APP));
    assert_eq!(settings.tenant_id.as_deref(), Some("azure.example"));
    assert_eq!(settings.client_secret.as_ref().unwrap().expose(), "azure secret");
    assert_eq!(settings.authority_host.as_deref(), Some("login.microsoftonline.us"));
    assert_eq!(settings.microsoft_names().len(), 4);

    let ours = [
        ("MICROSOFT_SSO_CLIENT_ID", "ours"),
        ("MICROSOFT_SSO_TENANT_ID", "ours.example"),
        ("MICROSOFT_SSO_CLIENT_SECRET", "ours"),
    ];
    let settings = Settings::from_vars(azure.into_iter().chain(ours)).unwrap();
    assert_eq!(settings.application_id.as_deref(), Some("ours"));
    assert_eq!(settings.tenant_id.as_deref(), Some("ours.example"));
    assert_eq!(settings.client_secret.unwrap().expose(), "ours");
}

#[test]
fn an_explicit_authority_leaves_the_platforms_tenant_and_host_aside() {
    let azure = [("AZURE_TENANT_ID", "azure.example"), ("AZURE_AUTHORITY_HOST", "https://login.microsoftonline.com/")];
    let authority = [("MICROSOFT_SSO_AUTHORITY", "https://login.microsoftonline.us/contoso.example")];
    let settings = Settings::from_vars(azure.into_iter().chain(authority)).unwrap();
    assert_eq!((settings.tenant_id, settings.authority_host), (None, None));
    // Its own, explicit tenant is not left aside.
    let explicit = [("MICROSOFT_SSO_TENANT_ID", "contoso.example")];
    let settings = Settings::from_vars(authority.into_iter().chain(explicit)).unwrap();
    assert_eq!(settings.tenant_id.as_deref(), Some("contoso.example"));
}

#[test]
fn unknown_names_are_errors_with_the_nearest_known_name() {
    for (name, nearest) in [
        ("MICROSOFT_SSO_TENENT_ID", "`MICROSOFT_SSO_TENANT_ID`"),
        ("MICROSOFT_SSO_CLIENT_SECRT", "`MICROSOFT_SSO_CLIENT_SECRET`"),
        ("MICROSOFT_SSO_CLIENTID", "`MICROSOFT_SSO_CLIENT_ID`"),
        ("MICROSOFT_SSO_SECRET_KEYS_FIEL", "`MICROSOFT_SSO_SECRET_KEYS_FILE`"),
        ("MICROSOFT_SSO_SETTING_FILE", "`MICROSOFT_SSO_SETTINGS_FILE`"),
        ("MICROSOFT_SSO_ALLOWED_DOMAINS", "`MICROSOFT_SSO_ALLOWABLE_DOMAINS`"),
        ("MICROSOFT_SSO_tenant_id", "`MICROSOFT_SSO_TENANT_ID`"),
        // Only secrets can be files.
        ("MICROSOFT_SSO_TENANT_ID_FILE", "`MICROSOFT_SSO_TENANT_ID`"),
    ] {
        let error = Settings::from_vars([(name, "x")]).unwrap_err();
        assert_eq!(ids(&error), ["sso.E010"], "{error}");
        assert!(error.findings()[0].cause.contains(name) && error.findings()[0].remedy.contains(nearest), "{error}");
    }
    for (key, nearest) in
        [("tennant_id", "`tenant_id`"), ("secret_key", "`secret_keys`"), ("client_secret_fil", "`client_secret_file`")]
    {
        let error = Settings::from_toml(&format!("{key} = 'x'")).unwrap_err();
        assert_eq!(ids(&error), ["sso.E010"], "{error}");
        assert!(error.findings()[0].remedy.contains(nearest), "{error}");
    }
    for far in ["MICROSOFT_SSO_", "MICROSOFT_SSO_ZZZZZZZZZZZZ", "MICROSOFT_SSO_MICROSOFT_SSO_TENANT_ID"] {
        let error = Settings::from_vars([(far, "x")]).unwrap_err();
        assert_eq!(ids(&error), ["sso.E010"], "{error}");
        assert!(!error.findings()[0].remedy.contains("Did you mean"), "{error}");
    }
    let error = Settings::from_toml("[microsoft_sso]\ntenant_id = 'x'").unwrap_err();
    assert_eq!(ids(&error), ["sso.E010"], "{error}");
}

#[test]
fn foreign_variables_are_nobodys_business() {
    let vars = [
        ("PATH", "/bin"),
        ("AZURE_REGION", "x"),
        ("XMICROSOFT_SSO_TENANT_ID", ""),
        ("MICROSOFT_SSO", "x"),
        ("tenant_id", "x"),
        ("PATH", "/usr/bin"),
    ];
    let settings = Settings::from_vars(vars).unwrap();
    assert_eq!(settings.tenant_id, None);
    assert!(settings.microsoft_names().is_empty());
}

#[test]
fn lists_are_json_or_have_commas() {
    let hosts = |value: &str| {
        Settings::from_vars([("MICROSOFT_SSO_ALLOWABLE_DOMAINS", value)])
            .map(|settings| settings.allowable_domains.unwrap())
            .map_err(|error| ids(&error))
    };
    let two = || Ok(vec!["a.example".to_owned(), "b.example".to_owned()]);
    for (value, expected) in [
        ("a.example,b.example", two()),
        (" a.example , b.example ", two()),
        ("[\"a.example\", \"b.example\"]", two()),
        (" [ \"a.example\",\n\"b.example\" ] ", two()),
        ("a.example", Ok(vec!["a.example".to_owned()])),
        ("[]", Ok(vec![])),
        ("a.example,", Err(vec!["sso.E012"])),
        (",", Err(vec!["sso.E012"])),
        ("[\"a.example\", \"\"]", Err(vec!["sso.E012"])),
        ("[a.example]", Err(vec!["sso.E013"])),
        ("[\"a.example\"", Err(vec!["sso.E013"])),
        ("[1]", Err(vec!["sso.E013"])),
        ("[[\"a.example\"]]", Err(vec!["sso.E013"])),
        ("[\"a.example\"] x", Err(vec!["sso.E013"])),
        ("", Err(vec!["sso.E012"])),
    ] {
        assert_eq!(hosts(value), expected, "{value:?}");
    }
    assert_eq!(Settings::from_toml("allowable_domains = []").unwrap().allowable_domains, Some(vec![]));
    assert_eq!(Settings::default().allowable_domains, None, "not set is not the same as nobody");
    for filled in ["allowed_tenants", "allowed_hosts", "secret_keys", "trusted_email_tenants", "silenced_checks"] {
        assert_eq!(ids(&Settings::from_toml(&format!("{filled} = []")).unwrap_err()), ["sso.E012"], "{filled}");
    }
}

#[test]
fn pairs_are_a_table_json_or_commas() {
    let expected = vec![("a".to_owned(), "1".to_owned()), ("b".to_owned(), "x=y".to_owned())];
    let from_env = |value: &str| Settings::from_vars([("MICROSOFT_SSO_AUTH_EXTRA_ARGUMENTS", value)]);
    for value in ["a=1,b=x=y", " a = 1 , b = x=y ", r#"{"a": "1", "b": "x=y"}"#] {
        assert_eq!(from_env(value).unwrap().auth_extra_arguments, expected, "{value}");
    }
    assert_eq!(
        Settings::from_toml("auth_extra_arguments = { a = '1', b = 'x=y' }").unwrap().auth_extra_arguments,
        expected
    );
    assert_eq!(from_env("{}").unwrap().auth_extra_arguments, []);
    for value in ["a", "a=1,b", "a=1,a=2", r#"{"a": "1", "a": "2"}"#, r#"{"a": 1}"#, r#"{"a": "1""#, "{a=1}"] {
        assert_eq!(ids(&from_env(value).unwrap_err()), ["sso.E013"], "{value}");
    }
    assert_eq!(ids(&Settings::from_toml("auth_extra_arguments = { a = 1 }").unwrap_err()), ["sso.E013"]);
}

#[test]
fn numbers_flags_words_and_addresses_are_read_strictly() {
    for (variable, good, bad) in [
        (
            "CLOCK_SKEW",
            &["0", "300", " 60 "][..],
            &["-1", "+1", "1.5", "1e3", "0x10", "300s", "99999999999999999999", "١"][..],
        ),
        ("TIMEOUT", &["1", "1440"], &["ten", "10m", "-5"]),
        ("REPLICAS", &["1", "65535"], &["65536", "-1", "1.0"]),
        ("PHOTO_LIMIT", &["0", "1048576"], &["4MiB", "10737418240"]),
        ("ENABLED", &["true", "TRUE", "1", "yes", "on", "false", "0", "no", "off"], &["2", "y", "wahr", "true,false"]),
        ("GUESTS", &["allow", "Deny"], &["maybe", "allowed"]),
        ("PROFILE_SOURCE", &["graph", "claims"], &["ldap"]),
        ("CALLBACK_CACHE_NAME", &["cookie", "memory", "database", "redis"], &["memcached", "default"]),
        (
            "CLOUD",
            &["public", "usgovernment", "usgovernment-dod", "china", "bleu", "delos", "GovSG"],
            &["germany", "us"],
        ),
        ("ENDPOINT_VERSION", &["v1", "v2", "V2"], &["1", "2.0", "v3", "common"]),
        ("CLIENT_CERTIFICATE_ALGORITHM", &["PS256", "RS256", "rs256"], &["ES256", "HS256", "none", "PS256,RS256"]),
        ("CLIENT_SECRET_EXPIRES", &["2027-06-30", " 2028-02-29 "], &["30.06.2027", "2027-02-29", "never", "0"]),
        (
            "PUBLIC_URL",
            &["https://app.example.com", "http://localhost:8000/"],
            &["app.example.com", "ftp://a", "https://", "https://u:p@a.example", "javascript:alert(1)", "/a"],
        ),
        (
            "CALLBACK_DOMAIN",
            &["login.example.com", "localhost:8000", "[::1]"],
            &["https://login.example.com", "a/b", "a:b", "a@b", "a.", "*"],
        ),
        ("ALLOWED_HOSTS", &["a.example,b.example:8443"], &["*", "*.example", "a.example/x", "a b"]),
        (
            "TRUSTED_PROXIES",
            &["10.0.0.0/8,::1", "[\"192.0.2.1\"]"],
            &["10.0.0.1/8", "proxy.example", "*", "10.0.0.0/40"],
        ),
    ] {
        let name = format!("MICROSOFT_SSO_{variable}");
        for value in good {
            assert!(Settings::from_vars([(name.as_str(), *value)]).is_ok(), "{variable} {value:?}");
        }
        for value in bad {
            let error = Settings::from_vars([(name.as_str(), *value)]).unwrap_err();
            assert_eq!(ids(&error), ["sso.E013"], "{variable} {value:?}: {error}");
            assert!(error.findings()[0].cause.contains(&name), "{error}");
        }
    }
    for toml in [
        "clock_skew = '300'",
        "enabled = 'true'",
        "enabled = 1",
        "tenant_id = 1",
        "scopes = 'a,b'",
        "clock_skew = 1.0",
        "timeout = 2020-01-01",
    ] {
        assert_eq!(ids(&Settings::from_toml(toml).unwrap_err()), ["sso.E013"], "{toml}");
    }
}

/// The platform's own identity is not meant where the application says which one is.
#[test]
fn an_explicit_list_or_b2c_tenant_leaves_the_platforms_variables_aside() {
    let azure = [
        ("AZURE_TENANT_ID", "azure.example"),
        ("AZURE_AUTHORITY_HOST", "https://login.microsoftonline.com/"),
        ("AZURE_CLIENT_SECRET", "azure"),
        ("AZURE_CLIENT_CERTIFICATE_PATH", "/azure.pem"),
        ("AZURE_CLIENT_CERTIFICATE_PASSWORD", "azure"),
        ("AZURE_FEDERATED_TOKEN_FILE", "/azure"),
    ];
    let list = [("MICROSOFT_SSO_CREDENTIAL", r#"[{"client_secret": "ours"}]"#)];
    let settings = Settings::from_vars(azure.into_iter().chain(list)).unwrap();
    assert!(settings.client_secret.is_none() && settings.client_certificate_path.is_none());
    assert!(settings.client_certificate_password.is_none());
    assert_eq!(settings.tenant_id.as_deref(), Some("azure.example"));
    let b2c = Sources::new().toml("b2c_tenant_name = 'contosob2c'").vars(azure).read().unwrap();
    assert_eq!((b2c.tenant_id, b2c.authority_host), (None, None));
    assert_eq!(b2c.client_secret.unwrap().expose(), "azure");
}

#[test]
fn words_become_values() {
    let settings = Settings::from_toml("guests = 'deny'\npersonal_accounts = 'allow'\nprofile_source = 'claims'\ntimeout = 15\nsession_cookie_age = 7200").unwrap();
    assert_eq!((settings.guests, settings.personal_accounts), (Access::Deny, Some(Access::Allow)));
    assert_eq!(settings.profile_source, ProfileSource::Claims);
    assert_eq!(settings.timeout.as_secs(), 900, "minutes");
    assert_eq!(settings.idle_age().as_secs(), 7200, "the same as session_cookie_age");
}

#[test]
fn all_problems_are_reported_at_once() {
    let vars = [
        ("MICROSOFT_SSO_TENENT_ID", "x"),
        ("MICROSOFT_SSO_CLOCK_SKEW", "soon"),
        ("MICROSOFT_SSO_TEXT", ""),
        ("MICROSOFT_SSO_CLIENT_ID", APP),
        ("MICROSOFT_SSO_APPLICATION_ID", APP),
        ("MICROSOFT_SSO_CLIENT_SECRET_FILE", "/not/there"),
    ];
    let error = Sources::new().vars(vars).toml("timeouts = 1\nenabled = 2").read().unwrap_err();
    let mut found = ids(&error);
    found.sort_unstable();
    assert_eq!(found, ["sso.E010", "sso.E010", "sso.E011", "sso.E012", "sso.E013", "sso.E013", "sso.E015"], "{error}");
    assert_eq!(error.code(), "E150");
    for finding in error.findings() {
        assert!(error.to_string().contains(&finding.cause) && error.to_string().contains(&finding.remedy), "{error}");
    }
}

#[test]
fn what_was_wrong_in_a_source_is_found_by_check_too() {
    let settings = Sources::new()
        .vars([("MICROSOFT_SSO_TENANT_ID", ""), ("MICROSOFT_SSO_CLIENT_SECRET_FILE", "/not/there")])
        .load();
    let ids: Vec<&str> = entra_sso::checks::check(&settings)
        .into_iter()
        .filter(entra_sso::checks::Finding::is_error)
        .map(|finding| finding.id)
        .collect();
    // Neither is said a second time as missing.
    assert_eq!(ids, ["sso.E012", "sso.E015", "sso.E020"]);
}
