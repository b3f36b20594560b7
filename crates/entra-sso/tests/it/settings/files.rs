//! Secrets from files, and the settings file.

use std::{fs, path::PathBuf, process};

use entra_sso::{Settings, settings::Sources};

use super::ids;

/// A file of this test alone.
fn file(name: &str, content: &[u8]) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("entra-sso-settings-{}", process::id()));
    fs::create_dir_all(&folder).expect("a folder for tests");
    let path = folder.join(name);
    fs::write(&path, content).expect("a file for tests");
    path
}

#[test]
fn a_secret_can_be_a_file_and_the_file_is_trimmed() {
    let path = file("secret", b"\n  from a file \r\n");
    let path = path.to_str().unwrap();
    for name in ["MICROSOFT_SSO_CLIENT_SECRET_FILE", "AZURE_CLIENT_SECRET_FILE"] {
        let settings = Settings::from_vars([(name, path)]).unwrap();
        assert_eq!(settings.client_secret.unwrap().expose(), "from a file", "{name}");
    }
    let settings = Settings::from_toml(&format!("client_secret_file = '{path}'")).unwrap();
    assert_eq!(settings.client_secret.unwrap().expose(), "from a file");
    let keys = file("keys", b"first\nsecond\n");
    let settings = Settings::from_vars([("MICROSOFT_SSO_SECRET_KEYS_FILE", keys.to_str().unwrap())]).unwrap();
    assert_eq!(
        settings.secret_keys.iter().map(entra_sso::oidc::Secret::expose).collect::<Vec<_>>(),
        ["first", "second"]
    );
}

#[test]
fn a_secret_and_its_file_together_are_an_error() {
    let path = file("other-secret", b"x");
    let path = path.to_str().unwrap();
    for vars in [
        [("MICROSOFT_SSO_CLIENT_SECRET", "canary"), ("MICROSOFT_SSO_CLIENT_SECRET_FILE", path)],
        [("AZURE_CLIENT_SECRET", "canary"), ("AZURE_CLIENT_SECRET_FILE", path)],
        [("MICROSOFT_SSO_SECRET_KEYS", "canary"), ("MICROSOFT_SSO_SECRET_KEYS_FILE", path)],
    ] {
        let error = Settings::from_vars(vars).unwrap_err();
        assert_eq!(ids(&error), ["sso.E014"], "{error}");
        assert!(error.to_string().contains(vars[1].0) && !error.to_string().contains("canary"), "{error}");
    }
    let error = Settings::from_toml(&format!("client_secret = 'canary'\nclient_secret_file = '{path}'")).unwrap_err();
    assert_eq!(ids(&error), ["sso.E014"], "{error}");
    // In two layers they are not together: the higher one counts.
    let settings =
        Settings::from_vars([("AZURE_CLIENT_SECRET", "azure"), ("MICROSOFT_SSO_CLIENT_SECRET_FILE", path)]).unwrap();
    assert_eq!(settings.client_secret.unwrap().expose(), "x");
}

#[test]
fn a_secrets_file_that_cannot_be_used_is_named_without_its_content() {
    let empty = file("empty", b" \n\t ");
    let binary = file("binary", b"canary\xff");
    let long = file("long", "canary".repeat(20_000).as_bytes());
    let missing = empty.with_file_name("not-there");
    let folder = empty.parent().unwrap().to_owned();
    for (path, why) in [
        (&empty, "empty"),
        (&binary, "UTF-8"),
        (&long, "longer than"),
        (&missing, "cannot be read"),
        (&folder, "cannot be read"),
    ] {
        let error = Settings::from_vars([("MICROSOFT_SSO_CLIENT_SECRET_FILE", path.to_str().unwrap())]).unwrap_err();
        assert_eq!(ids(&error), ["sso.E015"], "{error}");
        let text = error.to_string();
        assert!(text.contains(path.to_str().unwrap()) && text.contains(why) && !text.contains("canary"), "{text}");
    }
    for empty in ["", "  "] {
        let error = Settings::from_vars([("MICROSOFT_SSO_CLIENT_SECRET_FILE", empty)]).unwrap_err();
        assert_eq!(ids(&error), ["sso.E015"], "{error}");
    }
}

#[test]
fn the_settings_file_is_read_and_its_mistakes_have_a_place() {
    let good = file("good.toml", b"tenant_id = 'contoso.example'\n");
    let settings = Settings::from_vars([("MICROSOFT_SSO_SETTINGS_FILE", good.to_str().unwrap())]).unwrap();
    assert_eq!(settings.tenant_id.as_deref(), Some("contoso.example"));
    let settings =
        Sources::new().toml_file(&good).vars([("MICROSOFT_SSO_SETTINGS_FILE", "/not/there")]).read().unwrap();
    assert_eq!(settings.tenant_id.as_deref(), Some("contoso.example"));

    let broken = file("broken.toml", b"tenant_id = 'contoso.example'\nclient_secret = 'canary\n");
    let error = Settings::from_vars([("MICROSOFT_SSO_SETTINGS_FILE", broken.to_str().unwrap())]).unwrap_err();
    assert_eq!(ids(&error), ["sso.E016"], "{error}");
    let text = error.to_string();
    assert!(text.contains("line 2, column") && text.contains("broken.toml") && !text.contains("canary"), "{text}");

    let twice = Settings::from_toml("tenant_id = 'a.example'\ntenant_id = 'b.example'").unwrap_err();
    assert_eq!(ids(&twice), ["sso.E016"], "{twice}");
    let long = Settings::from_toml(&format!("text = '{}'", "x".repeat(1024 * 1024))).unwrap_err();
    assert_eq!(ids(&long), ["sso.E016"], "{long}");
    let missing = Settings::from_vars([("MICROSOFT_SSO_SETTINGS_FILE", "/not/there.toml")]).unwrap_err();
    assert_eq!(ids(&missing), ["sso.E016"], "{missing}");
    let empty = Settings::from_vars([("MICROSOFT_SSO_SETTINGS_FILE", "")]).unwrap_err();
    assert_eq!(ids(&empty), ["sso.E012"], "{empty}");
}
