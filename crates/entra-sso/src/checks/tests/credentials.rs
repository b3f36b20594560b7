//! X10: each subset of the credential variables is refused or is real Microsoft, complete. F-03: which one is used.

use super::{super::*, APP, TENANT, files, ids};
use crate::{EntraSso, settings::Sources};

const SECRET: &str = "AZURE_CLIENT_SECRET";
const ASSERTION: &str = "MICROSOFT_SSO_CLIENT_ASSERTION";
const AZURE_FILE: &str = "AZURE_FEDERATED_TOKEN_FILE";
const FIC_FILE: &str = "OAUTH2_FIC_TOKEN_FILE";
const OAUTH2_FILE: &str = "OAUTH2_FEDERATED_TOKEN_FILE";
const OUR_FILE: &str = "MICROSOFT_SSO_FEDERATED_TOKEN_FILE";
const CERTIFICATE: &str = "AZURE_CLIENT_CERTIFICATE_PATH";
const IDENTITY: &str = "MICROSOFT_SSO_MANAGED_IDENTITY_CLIENT_ID";

/// In the order of F-03.
const CREDENTIALS: [&str; 8] = [SECRET, ASSERTION, AZURE_FILE, FIC_FILE, OAUTH2_FILE, OUR_FILE, CERTIFICATE, IDENTITY];

fn value(name: &str, token: &str, certificate: &str) -> String {
    match name {
        SECRET => "x8Q~sound".to_owned(),
        ASSERTION => "eyJhbGciOiJSUzI1NiJ9.e30.c2ln".to_owned(),
        CERTIFICATE => certificate.to_owned(),
        IDENTITY => TENANT.to_owned(),
        _ => token.to_owned(),
    }
}

/// Every subset of these names.
fn subsets<'a>(names: &'a [&'static str]) -> impl Iterator<Item = Vec<&'static str>> + use<'a> {
    (0..1_usize << names.len()).map(|chosen| {
        let is_chosen = |(position, _): &(usize, &&'static str)| chosen & (1 << position) != 0;
        names.iter().enumerate().filter(is_chosen).map(|(_, name)| *name).collect()
    })
}

fn errors(settings: &Settings) -> Vec<Finding> {
    check(settings).into_iter().filter(Finding::is_error).collect()
}

#[test]
fn x10_each_subset_of_the_credentials_picks_the_first_of_f03_or_is_refused() {
    let (token, certificate) = (files::token("x10-token"), files::sound_certificate("x10.pem"));
    for names in subsets(&CREDENTIALS) {
        let credentials = names.iter().map(|name| (*name, value(name, &token, &certificate)));
        let rest = [("AZURE_CLIENT_ID", APP.to_owned()), ("AZURE_TENANT_ID", TENANT.to_owned())];
        let settings = Sources::new().vars(credentials.chain(rest)).load();
        assert_eq!(settings.microsoft_names().len(), names.len() + 2, "each of {names:?} is seen");
        let errors = errors(&settings);
        let Some(first) = names.first().copied() else {
            assert_eq!(ids(&errors), ["sso.E022"]);
            continue;
        };
        let without_feature = first == IDENTITY && !cfg!(feature = "managed-identity");
        assert_eq!(ids(&errors), if without_feature { &["sso.E029"][..] } else { &[] }, "{names:?} {errors:#?}");
        let chosen = settings.chosen().unwrap();
        assert_eq!(chosen.len(), 1, "{names:?}: exactly one");
        let setting = CREDENTIALS.iter().zip([
            "client_secret",
            "client_assertion",
            AZURE_FILE,
            FIC_FILE,
            OAUTH2_FILE,
            "federated_token_file",
            "client_certificate_path",
            "managed_identity_client_id",
        ]);
        let expected = setting.filter(|(name, _)| **name == first).map(|(_, setting)| setting).next();
        assert_eq!(Some(chosen[0].name), expected, "{names:?}");
        assert!(!settings.authority().unwrap().is_loopback(), "{names:?}: X10");
        assert_eq!(settings.registration().is_ok(), !without_feature, "{names:?}");
    }
}

#[test]
fn x10_each_subset_of_application_tenant_host_and_credential_is_complete_or_refused() {
    let (token, certificate) = (files::token("x10-token-2"), files::sound_certificate("x10-2.pem"));
    let names = ["AZURE_CLIENT_ID", "AZURE_TENANT_ID", "AZURE_AUTHORITY_HOST", SECRET, AZURE_FILE, CERTIFICATE];
    let mut complete = 0;
    for names in subsets(&names) {
        let has = |name: &str| names.contains(&name);
        let vars = names.iter().map(|name| match *name {
            "AZURE_CLIENT_ID" => (*name, APP.to_owned()),
            "AZURE_TENANT_ID" => (*name, TENANT.to_owned()),
            "AZURE_AUTHORITY_HOST" => (*name, "https://login.microsoftonline.com/".to_owned()),
            credential => (*name, value(credential, &token, &certificate)),
        });
        let settings = Sources::new().vars(vars).load();
        assert_eq!(settings.microsoft_names().len(), names.len(), "each of {names:?} is seen");
        let mut expected = Vec::new();
        expected.extend((!has("AZURE_CLIENT_ID")).then_some("sso.E020"));
        expected.extend((!has(SECRET) && !has(AZURE_FILE) && !has(CERTIFICATE)).then_some("sso.E022"));
        expected.extend((!has("AZURE_TENANT_ID")).then_some("sso.E030"));
        assert_eq!(ids(&errors(&settings)), expected, "{names:?}");
        if !expected.is_empty() {
            assert!(EntraSso::builder(settings).build().is_err(), "{names:?}");
            continue;
        }
        complete += 1;
        assert_eq!(settings.authority().unwrap().base().as_str(), "https://login.microsoftonline.com/", "{names:?}");
        assert!(EntraSso::builder(settings).build().is_ok(), "{names:?}");
    }
    assert_eq!(complete, 14, "application, tenant and a credential, with the host or without");
}

#[test]
fn x10_present_but_empty_is_never_absent() {
    let names = ["AZURE_CLIENT_ID", "AZURE_TENANT_ID", "AZURE_AUTHORITY_HOST"].into_iter().chain(CREDENTIALS);
    for name in names {
        let sound = [("AZURE_CLIENT_ID", APP), ("AZURE_TENANT_ID", TENANT), (SECRET, "x8Q~sound")];
        let others = sound.into_iter().filter(|(other, _)| *other != name);
        let settings = Sources::new().vars(others.chain([(name, "")])).load();
        let errors = errors(&settings);
        assert_eq!(ids(&errors), ["sso.E012"], "{name}");
        assert!(errors[0].cause.contains(name));
    }
}

#[test]
fn x10_a_credential_that_nobody_uses_is_named() {
    for name in ["AZURE_PASSWORD", "AZURE_USERNAME", "AZURE_CLIENT_ASSERTION"] {
        let vars = [("AZURE_CLIENT_ID", APP), ("AZURE_TENANT_ID", TENANT), (name, "canary")];
        let findings = check(&Sources::new().vars(vars).load());
        assert_eq!(findings[0].id, "sso.E022");
        assert!(findings[0].cause.contains(&format!("`{name}`")), "{}", findings[0]);
        assert!(!findings[0].to_string().contains("canary"), "Z1: {}", findings[0]);
    }
    let findings = check(
        &Sources::new()
            .vars([
                ("AZURE_CLIENT_ID", APP),
                ("AZURE_TENANT_ID", TENANT),
                ("AZURE_CLIENT_CERTIFICATE_PASSWORD", "canary"),
            ])
            .load(),
    );
    assert_eq!(findings[0].id, "sso.E022");
    assert!(findings[0].cause.contains("`client_certificate_password`"), "{}", findings[0]);
}
