//! The credential that is used, or those of the list.

use std::time::Duration;

use entra_oidc::{Authority, Credential, Guid, Timestamp};

use crate::{
    errors::{Check, Finding},
    settings::{Chosen, Settings, refused},
};

/// A credential that expires within this time is worth a warning.
pub(crate) const SOON: Duration = Duration::from_hours(24 * 30);

pub(super) fn check(settings: &Settings, now: Timestamp) -> Vec<Finding> {
    let chosen = match settings.chosen() {
        Ok(chosen) => chosen,
        Err(finding) => return vec![finding],
    };
    let authority = settings.authority().ok();
    let judge = |chosen: &Chosen| match chosen.credential() {
        Ok(credential) => {
            let findings = judge(&credential, authority.as_ref(), chosen.name, now).into_iter();
            findings.map(|finding| chosen.about(finding)).collect()
        }
        Err(finding) => vec![finding],
    };
    let mut findings: Vec<Finding> = chosen.iter().flat_map(judge).collect();
    if chosen.len() > 1 {
        findings = tolerate_those_that_are_over(findings, chosen.len());
    }
    findings.extend(secret_looks_like_id(settings));
    findings.extend(settings.unused_credentials().into_iter().map(|name| {
        let used = chosen.first().map_or("", |chosen| chosen.name);
        Finding::new(Check::CredentialUnused, None, format!("`{name}` is set and not used: `{used}` comes before it."))
    }));
    findings
}

/// What is wrong with a credential, or soon will be; `name` is what it is called where it is given.
pub(super) fn judge(
    credential: &Credential,
    authority: Option<&Authority>,
    name: &'static str,
    now: Timestamp,
) -> Vec<Finding> {
    let unusable = credential.check(now).err().into_iter();
    let not_accepted = authority.and_then(|authority| authority.accepts(credential.kind()).err());
    let errors: Vec<Finding> = unusable.chain(not_accepted).map(|error| refused(&error, name)).collect();
    if errors.is_empty() { date(credential, name, now).into_iter().collect() } else { errors }
}

/// What is certain is an error; a secret's date is only what somebody wrote down.
fn date(credential: &Credential, name: &'static str, now: Timestamp) -> Option<Finding> {
    let expires = credential.expires_at()?;
    if expires > now.plus(SOON) {
        return None;
    }
    if expires > now {
        let cause = format!("`{name}` expires in {}.", in_days(expires.since(now)));
        return Some(Finding::new(Check::CredentialExpiring, Some(name), cause));
    }
    let is_certain = !matches!(credential, Credential::Secret(_));
    let check = if is_certain { Check::CredentialOver } else { Check::CredentialPast };
    Some(Finding::new(check, Some(name), format!("`{name}` expired {} ago.", in_days(now.since(expires)))))
}

pub(crate) fn in_days(time: Duration) -> String {
    match time.as_secs() / 86_400 {
        0 => "less than a day".to_owned(),
        1 => "1 day".to_owned(),
        days => format!("{days} days"),
    }
}

/// In a list one that is over does no harm while another is left: it is skipped, and the list is there for that.
fn tolerate_those_that_are_over(findings: Vec<Finding>, listed: usize) -> Vec<Finding> {
    let is_over = |finding: &Finding| finding.id == Check::CredentialOver.entry().id;
    if findings.iter().filter(|finding| is_over(finding)).count() >= listed {
        return findings;
    }
    let tolerate = |finding: Finding| {
        if is_over(&finding) { Finding::new(Check::CredentialPast, finding.setting, finding.cause) } else { finding }
    };
    findings.into_iter().map(tolerate).collect()
}

fn secret_looks_like_id(settings: &Settings) -> Option<Finding> {
    let secrets = settings.credential.iter().map(|table| &table.client_secret).chain([&settings.client_secret]);
    let is_id = secrets.flatten().any(|secret| Guid::parse(secret.expose().trim()).is_ok());
    is_id.then(|| {
        let cause = "`client_secret` is a GUID, as the id of a secret is.";
        Finding::new(Check::SecretLooksLikeId, Some("client_secret"), cause)
    })
}
