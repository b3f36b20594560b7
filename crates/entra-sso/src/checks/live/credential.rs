//! Whether the token endpoint takes the credential, and how long it will.

use entra_oidc::{CredentialCheck, CredentialKind, CredentialOutcome, Timestamp};

use super::{
    super::credentials::{SOON, in_days},
    LiveCheck, LiveLine, LiveOutcome,
};
use crate::{context::Context, provider::Provider};

pub(super) async fn check(provider: &Provider, context: &Context) -> Vec<LiveLine> {
    let checks = provider.client().check_credentials().await;
    let now = context.clock.now();
    let several = checks.len() > 1;
    let is_accepted = |check: &CredentialCheck| matches!(check.outcome, CredentialOutcome::Accepted);
    let one_works = checks.iter().any(is_accepted);
    let lines = checks.iter().enumerate().flat_map(|(position, check)| {
        let number = if several { format!("{} of {}: ", position + 1, checks.len()) } else { String::new() };
        let what = format!("{number}{}", check.kind.as_str());
        [accepted(check, &what, one_works), expiry(check, &what, now)]
    });
    lines.collect()
}

/// In a list, one that is refused does no harm while another works: it is skipped.
fn accepted(check: &CredentialCheck, what: &str, one_works: bool) -> LiveLine {
    match &check.outcome {
        CredentialOutcome::Accepted => LiveLine::passed(LiveCheck::Credential, format!("{what}: accepted")),
        CredentialOutcome::Refused(error) => {
            let outcome = if one_works { LiveOutcome::Warning } else { LiveOutcome::Failed };
            LiveLine::new(LiveCheck::Credential, outcome, format!("{what}: {error}")).cured_by(error.entry().remedy)
        }
        CredentialOutcome::NotChecked(why) => LiveLine::not_checked(LiveCheck::Credential, format!("{what}: {why}")),
        _ => LiveLine::not_checked(LiveCheck::Credential, what),
    }
}

fn expiry(check: &CredentialCheck, what: &str, now: Timestamp) -> LiveLine {
    let Some(expires) = check.expires_at else { return without_date(check.kind, what) };
    if expires <= now {
        let detail = format!("{what}: expired {} ago", in_days(now.since(expires)));
        // A secret's date is what somebody wrote down; the others carry theirs.
        return match check.kind {
            CredentialKind::Secret => LiveLine::warning(LiveCheck::CredentialExpiry, detail),
            _ => LiveLine::failed(LiveCheck::CredentialExpiry, detail),
        };
    }
    let detail = format!("{what}: expires in {}", in_days(expires.since(now)));
    if expires <= now.plus(SOON) {
        LiveLine::warning(LiveCheck::CredentialExpiry, detail)
    } else {
        LiveLine::passed(LiveCheck::CredentialExpiry, detail)
    }
}

fn without_date(kind: CredentialKind, what: &str) -> LiveLine {
    match kind {
        CredentialKind::TokenFile | CredentialKind::ManagedIdentity => {
            LiveLine::passed(LiveCheck::CredentialExpiry, format!("{what}: the platform renews it"))
        }
        CredentialKind::Secret => LiveLine::not_checked(
            LiveCheck::CredentialExpiry,
            format!("{what}: nobody tells when it expires; `client_secret_expires` can"),
        ),
        _ => LiveLine::not_checked(LiveCheck::CredentialExpiry, format!("{what}: it does not say when it expires")),
    }
}
