use std::{collections::BTreeSet, fmt::Write as _};

use super::{
    key::Key,
    names::{PREFIX, SECTIONS, keys},
    *,
};

mod lists_of_tables;
mod sites;

/// The example of the documentation, in the shape that the environment has.
fn in_environment(key: &Key<Settings>) -> String {
    let table: toml::Table = format!("x = {}", key.example).parse().unwrap();
    match &table["x"] {
        toml::Value::String(text) => text.clone(),
        toml::Value::Array(items) if items[0].is_table() => serde_json::to_string(items).unwrap(),
        toml::Value::Array(items) => items.iter().map(|item| item.as_str().unwrap()).collect::<Vec<_>>().join(","),
        toml::Value::Table(pairs) => pairs
            .iter()
            .map(|(name, value)| format!("{name}={}", value.as_str().unwrap()))
            .collect::<Vec<_>>()
            .join(","),
        other => other.to_string(),
    }
}

/// Every field, secrets by their text.
fn shown(settings: &Settings) -> String {
    let mut text = format!("{:?}", Settings { given: Given::default(), ..settings.clone() });
    let own = [&settings.client_secret, &settings.client_assertion, &settings.client_certificate_password];
    let listed = settings.credential.iter().map(|table| &table.client_secret);
    let of_providers = settings.provider.iter().map(|table| &table.credential.client_secret);
    let of_sites = settings.site.iter().flat_map(|table| {
        let listed = table.credential.iter().chain([&table.own_credential]);
        listed.map(|credential| &credential.client_secret)
    });
    let own = own.into_iter().chain([&settings.database_url]);
    let single = own.chain(listed).chain(of_providers).chain(of_sites).flatten();
    for secret in single.chain(&settings.secret_keys) {
        let _ = write!(text, " {}", secret.expose());
    }
    text
}

fn variable(name: &str) -> String {
    format!("{PREFIX}{}", name.to_ascii_uppercase())
}

#[test]
fn names_are_unique_and_documented() {
    let mut seen = BTreeSet::new();
    for key in keys() {
        for name in key.names() {
            assert!(seen.insert(name), "{name} stands there twice");
            let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
            assert!(name.bytes().all(plain), "{name}");
        }
        assert!(key.doc.ends_with('.') && !key.kind.is_empty() && !key.default.is_empty(), "{}", key.name);
    }
    assert!(keys().count() > 66);
}

/// A field that no key reads, or a key without a field, cannot be: the debug text of the struct has each name.
#[test]
fn every_field_has_a_key() {
    let text = format!("{:?}", Settings::default());
    let fields = text.matches(": ").count();
    for key in keys() {
        assert!(text.contains(&format!(" {}: ", key.name)), "{} is no field", key.name);
    }
    assert!(fields > keys().count(), "the struct and its `given`");
}

#[test]
fn each_key_reads_from_the_environment_and_from_toml_alike() {
    let defaults = shown(&Settings::default());
    for key in keys() {
        let from_toml =
            Settings::from_toml(&format!("{} = {}", key.name, key.example)).unwrap_or_else(|error| panic!("{error}"));
        let from_env =
            Settings::from_vars([(variable(key.name), in_environment(key))]).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(shown(&from_toml), shown(&from_env), "{}", key.name);
        // The only word that this setting has is its default.
        if key.name != "callback_cache_name" {
            assert_ne!(shown(&from_toml), defaults, "{} changes nothing", key.name);
        }
    }
}

#[test]
fn each_alias_reads_as_its_key() {
    for key in keys() {
        let expected = shown(&Settings::from_toml(&format!("{} = {}", key.name, key.example)).unwrap());
        for alias in key.aliases {
            assert_eq!(
                shown(&Settings::from_toml(&format!("{alias} = {}", key.example)).unwrap()),
                expected,
                "{alias}"
            );
            assert_eq!(
                shown(&Settings::from_vars([(variable(alias), in_environment(key))]).unwrap()),
                expected,
                "{alias}"
            );
        }
    }
}

/// X10: what gives a credential or names a provider means real Microsoft, whatever stands there.
#[test]
fn x10_each_key_of_a_credential_counts() {
    let sections =
        SECTIONS.iter().filter(|section| section.title.contains("credential") || section.title.contains("provider"));
    let keys: Vec<&Key<Settings>> = sections.flat_map(|section| section.keys).collect();
    assert_eq!(keys.len(), 12);
    for key in keys {
        let settings = Sources::new().vars([(variable(key.name), "x")]).load();
        assert_eq!(settings.microsoft_names(), [variable(key.name)]);
    }
}

#[test]
fn the_defaults_that_the_documentation_names_are_the_defaults() {
    for key in keys() {
        let written = match key.kind {
            "true or false" | "seconds" | "minutes" | "bytes" | "whole number" => key.default.to_owned(),
            _ => match key.default.strip_prefix('`').and_then(|rest| rest.strip_suffix('`')) {
                Some(text) if !text.contains('`') => format!("{text:?}"),
                _ => continue,
            },
        };
        if matches!(key.name, "session_idle_age" | "replicas") {
            continue;
        }
        let set = Settings::from_toml(&format!("{} = {written}", key.name)).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(shown(&set), shown(&Settings::default()), "{}", key.name);
    }
}

#[test]
fn empty_is_not_absent_for_any_key() {
    for key in keys() {
        for empty in ["", "   "] {
            let error = Settings::from_vars([(variable(key.name), empty)]).unwrap_err();
            assert_eq!(
                error.findings().iter().map(|finding| finding.id).collect::<Vec<_>>(),
                ["sso.E012"],
                "{}: {error}",
                key.name
            );
            assert!(error.to_string().contains(&variable(key.name)), "{error}");
        }
        if key.example.starts_with('"') {
            let error = Settings::from_toml(&format!("{} = ''", key.name)).unwrap_err();
            assert_eq!(error.findings()[0].id, "sso.E012", "{}: {error}", key.name);
        }
    }
}

#[test]
fn a_value_of_another_kind_is_refused_for_every_key() {
    for key in keys() {
        let wrong = if key.example.starts_with('"') { "[1]" } else { "'not at all'" };
        let error = Settings::from_toml(&format!("{} = {wrong}", key.name)).unwrap_err();
        assert_eq!(error.findings()[0].id, "sso.E013", "{}: {error}", key.name);
        assert_eq!(error.findings()[0].setting, Some(key.name));
    }
}

#[test]
fn a_key_that_is_given_twice_in_one_place_is_refused() {
    for key in keys() {
        let name = variable(key.name);
        let error =
            Settings::from_vars([(name.clone(), in_environment(key)), (name, in_environment(key))]).unwrap_err();
        assert_eq!(error.findings()[0].id, "sso.E011", "{error}");
        for alias in key.aliases {
            let toml = format!("{} = {}\n{alias} = {}", key.name, key.example, key.example);
            assert_eq!(Settings::from_toml(&toml).unwrap_err().findings()[0].id, "sso.E011", "{alias}");
            let vars = [(variable(key.name), in_environment(key)), (variable(alias), in_environment(key))];
            assert_eq!(Settings::from_vars(vars).unwrap_err().findings()[0].id, "sso.E011", "{alias}");
        }
    }
}

/// Z1: whatever is wrong with a secret, its text is in no error and no debug output.
#[test]
fn z1_secrets_are_in_no_text() {
    let canary = "canary-of-a-secret";
    for key in keys().filter(|key| key.secret) {
        let good = Settings::from_vars([(variable(key.name), canary)]).unwrap();
        assert!(!format!("{good:?}").contains(canary), "{}", key.name);
        for toml in [
            format!("{} = '{canary}\n", key.name),
            format!("{} = {{ {canary} = 1 }}", key.name),
            format!("{} = [['{canary}']]", key.name),
            format!("{} = '{canary}'\n{} = '{canary}'", key.name, key.name),
            format!("{} = '{canary}'\n{}_file = '/run/x'", key.name, key.name),
        ] {
            let error = Settings::from_toml(&toml).unwrap_err();
            assert!(!format!("{error} {error:?}").contains(canary), "{error}");
        }
        for value in [format!("[{canary}"), format!("[\"{canary}\", 1]")] {
            if let Err(error) = Settings::from_vars([(variable(key.name), value)]) {
                assert!(!error.to_string().contains(canary), "{error}");
            }
        }
    }
}

#[test]
fn networks_contain_what_they_name() {
    for (network, address, expected) in [
        ("10.0.0.0/8", "10.255.0.1", true),
        ("10.0.0.0/8", "11.0.0.1", false),
        ("10.1.2.3", "10.1.2.3", true),
        ("10.1.2.3", "10.1.2.4", false),
        ("10.1.2.2/31", "10.1.2.3", true),
        ("0.0.0.0/0", "192.0.2.1", true),
        ("0.0.0.0/0", "::1", false),
        ("0.0.0.0/0", "::ffff:192.0.2.1", true),
        ("::/0", "192.0.2.1", false),
        ("::/0", "2001:db8::1", true),
        ("fd00::/8", "fdff::1", true),
        ("fd00::/8", "fe00::1", false),
        ("::1", "::1", true),
    ] {
        let parsed: Network = network.parse().unwrap();
        assert_eq!(parsed.contains(address.parse().unwrap()), expected, "{network} {address}");
        assert_eq!(parsed.is_everything(), network.ends_with("/0"));
    }
    for wrong in [
        "",
        "10.0.0.0/",
        "10.0.0.0/33",
        "10.0.0.0/-1",
        "10.0.0.0/+8",
        "10.0.0.0/08",
        "10.0.0.1/8",
        "10.0.0/8",
        "::/129",
        "fd00::1/8",
        "localhost",
        "10.0.0.0/8/8",
        "*",
    ] {
        assert!(wrong.parse::<Network>().is_err(), "{wrong}");
    }
}

#[test]
fn docs_settings_md_is_what_the_code_prints() {
    let committed = include_str!("../../../../docs/settings.md");
    assert!(
        committed == markdown(),
        "docs/settings.md is out of date: write it again with `cargo run -- docs settings > docs/settings.md`"
    );
    for key in keys() {
        assert!(committed.contains(&format!("### `{}`", key.name)), "{}", key.name);
    }
    let members = tables::credential::KEYS.iter().flat_map(Key::accepted);
    for name in members.chain(tables::provider::KEYS.iter().flat_map(Key::accepted)) {
        assert!(committed.contains(&format!("`{name}`")), "{name}");
    }
}
