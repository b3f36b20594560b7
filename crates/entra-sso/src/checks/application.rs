//! The registration and its credential.

use entra_oidc::{Guid, SignInOptions};

use crate::{
    errors::{Check, Finding},
    settings::Settings,
};

pub(super) fn check(settings: &Settings) -> Vec<Finding> {
    let about_the_id = |finding: &Finding| finding.setting == Some("application_id");
    let mut findings: Vec<Finding> = settings.registration().err().into_iter().filter(about_the_id).collect();
    findings.extend(secret(settings));
    findings.extend(arguments(settings));
    findings.extend(scopes(settings));
    findings.extend(settings.extra_roots().err());
    findings
}

fn secret(settings: &Settings) -> Option<Finding> {
    let setting = Some("client_secret");
    match settings.client_secret.as_ref().map(|secret| secret.expose().trim()) {
        None | Some("") => {
            let others: Vec<String> = settings.other_credentials().map(|name| format!("`{name}`")).collect();
            let cause = if others.is_empty() {
                "`client_secret` is not set.".to_owned()
            } else {
                format!("`client_secret` is not set; {} cannot be used by this version.", others.join(" and "))
            };
            Some(Finding::new(Check::CredentialMissing, setting, cause))
        }
        Some(secret) if Guid::parse(secret).is_ok() => Some(Finding::new(
            Check::SecretLooksLikeId,
            setting,
            "`client_secret` is a GUID, as the id of a secret is.",
        )),
        Some(_) => None,
    }
}

fn arguments(settings: &Settings) -> Option<Finding> {
    let names = settings.auth_extra_arguments.iter().map(|(name, _)| name.trim());
    let names = names.filter(|name| !SignInOptions::may_be_extra(name));
    let names: Vec<String> = names.map(|name| format!("`{name}`")).collect();
    let cause = || format!("`auth_extra_arguments` may not have {}.", names.join(", "));
    (!names.is_empty()).then(|| Finding::new(Check::ArgumentsInvalid, Some("auth_extra_arguments"), cause()))
}

/// RFC 6749 section 3.3: printable ASCII without space, quote and backslash.
fn scopes(settings: &Settings) -> Option<Finding> {
    let is_scope = |scope: &String| {
        !scope.is_empty() && scope.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'"' && byte != b'\\')
    };
    let wrong = settings.scopes.iter().flatten().find(|scope| !is_scope(scope))?;
    Some(Finding::new(Check::ScopesInvalid, Some("scopes"), format!("`scopes` has the entry {wrong:?}.")))
}
