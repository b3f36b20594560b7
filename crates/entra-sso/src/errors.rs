//! The register of everything that can go wrong, each entry under a code that never changes.
//!
//! | codes | what | type |
//! |---|---|---|
//! | E100–E149 | what the protocol crate cannot be configured with | [`entra_oidc::ConfigError`] |
//! | E150–E199 | what stops a start | [`SsoError`] |
//! | E200–E299 | what the protocol refuses | [`entra_oidc::SignInError`] |
//! | E300–E399 | what this crate refuses: attempts, accounts, sessions, requests | [`RefusalKind`] |
//! | sso.E…, sso.W… | what a check found in the settings | [`Finding`] |
//! | live.… | what was looked at while it runs | [`LiveReport`](crate::checks::LiveReport) |
//!
//! A public page shows an entry's public text and a reference id. The log has the code, the detail and the remedy.
//! `docs/errors.md` is printed from here by [`markdown`].

mod check_ids;
mod document;
mod finding;
mod live_checks;
mod refusals;
mod severity;
mod sso_error;
#[cfg(test)]
mod tests;

use entra_oidc::ErrorEntry;

pub(crate) use self::{check_ids::Check, live_checks::LiveCheck};
pub use self::{
    check_ids::{CheckEntry, check_entries},
    document::markdown,
    finding::Finding,
    live_checks::{LiveEntry, live_entries},
    refusals::RefusalKind,
    severity::Severity,
    sso_error::{SsoError, SsoErrorKind},
};

/// Every coded error of both crates, sorted by code.
#[must_use]
pub fn register() -> Vec<&'static ErrorEntry> {
    let ours =
        SsoErrorKind::ALL.iter().map(|kind| kind.entry()).chain(RefusalKind::ALL.iter().map(|kind| kind.entry()));
    let mut all: Vec<&'static ErrorEntry> = entra_oidc::register().chain(ours).collect();
    all.sort_by_key(|entry| entry.code);
    all
}
