//! X10: each subset of the credential variables is refused or is real Microsoft, complete.

use super::{super::*, APP, TENANT, ids};
use crate::{EntraSso, settings::Sources};

const VARIABLES: &[(&str, &str)] = &[
    ("AZURE_CLIENT_ID", APP),
    ("AZURE_TENANT_ID", TENANT),
    ("AZURE_CLIENT_SECRET", "x8Q~sound"),
    ("AZURE_AUTHORITY_HOST", "https://login.microsoftonline.com/"),
    ("AZURE_FEDERATED_TOKEN_FILE", "/var/run/secrets/token"),
    ("AZURE_CLIENT_CERTIFICATE_PATH", "/run/secrets/certificate.pem"),
    ("OAUTH2_FIC_TOKEN_FILE", "/var/run/secrets/token"),
];

/// Every subset: 2⁷ of them.
fn subsets() -> impl Iterator<Item = Vec<(&'static str, &'static str)>> {
    (0..1_usize << VARIABLES.len()).map(|chosen| {
        let is_chosen = |(position, _): &(usize, &(&str, &str))| chosen & (1 << position) != 0;
        VARIABLES.iter().enumerate().filter(is_chosen).map(|(_, variable)| *variable).collect()
    })
}

#[test]
fn x10_each_subset_is_complete_or_refused() {
    let mut complete = 0;
    for vars in subsets() {
        let has = |name: &str| vars.iter().any(|(set, _)| *set == name);
        let settings = Sources::new().vars(vars.clone()).load();
        assert_eq!(settings.microsoft_names().len(), vars.len(), "each of {vars:?} is seen");
        let errors: Vec<Finding> = check(&settings).into_iter().filter(Finding::is_error).collect();
        let mut expected = Vec::new();
        expected.extend((!has("AZURE_CLIENT_ID")).then_some("sso.E020"));
        expected.extend((!has("AZURE_CLIENT_SECRET")).then_some("sso.E022"));
        expected.extend((!has("AZURE_TENANT_ID")).then_some("sso.E030"));
        assert_eq!(ids(&errors), expected, "{vars:?}");
        if !expected.is_empty() {
            assert!(EntraSso::builder(settings).build().is_err(), "{vars:?}");
            continue;
        }
        complete += 1;
        let authority = settings.authority().unwrap();
        assert!(!authority.is_loopback(), "{vars:?}");
        assert_eq!(authority.base().as_str(), "https://login.microsoftonline.com/", "{vars:?}");
        assert!(settings.registration().is_ok(), "{vars:?}");
    }
    assert_eq!(complete, 16, "the three that are needed, with each of the others or without");
}

#[test]
fn x10_present_but_empty_is_never_absent() {
    for (name, _) in VARIABLES.iter().take(4) {
        let others = VARIABLES.iter().take(4).filter(|(other, _)| other != name).copied();
        let settings = Sources::new().vars(others.chain([(*name, "")])).load();
        let errors: Vec<Finding> = check(&settings).into_iter().filter(Finding::is_error).collect();
        assert_eq!(ids(&errors), ["sso.E012"], "{name}");
        assert!(errors[0].cause.contains(name));
    }
}

#[test]
fn x10_a_credential_that_this_version_does_not_use_is_named() {
    let vars = [
        ("AZURE_CLIENT_ID", APP),
        ("AZURE_TENANT_ID", TENANT),
        ("AZURE_FEDERATED_TOKEN_FILE", "/var/run/secrets/token"),
    ];
    let findings = check(&Sources::new().vars(vars).load());
    assert_eq!(findings[0].id, "sso.E022");
    assert!(findings[0].cause.contains("`AZURE_FEDERATED_TOKEN_FILE`"), "{}", findings[0]);
}
