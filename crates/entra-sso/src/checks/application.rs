//! The registration, and what is asked for in its name.

use entra_oidc::SignInOptions;

use crate::{
    errors::{Check, Finding},
    settings::Settings,
};

pub(super) fn check(settings: &Settings) -> Vec<Finding> {
    let mut findings: Vec<Finding> = settings.client_id().err().into_iter().collect();
    findings.extend(arguments(settings));
    findings.extend(scopes(settings));
    findings.extend(settings.extra_roots().err());
    findings
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
