//! Every metric, once: what is recorded, documented and drawn is looked up here.

use entra_oidc::{CredentialKind, Endpoint};

use super::labels::{
    Ended, Fetch, OverBudget, Refresh, SignIn, SignOut, Started, StoreOperation, StoreOutcome, Upstream, Wanted,
};
use crate::errors;

/// One metric.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct MetricEntry {
    /// Its name as Prometheus has it.
    pub name: &'static str,
    /// How it counts.
    pub kind: Kind,
    /// What it counts.
    pub help: &'static str,
    /// What tells its series apart.
    pub labels: &'static [LabelEntry],
}

/// How a metric counts.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum Kind {
    /// It only grows, from 0 at the start of the process.
    Counter,
    /// It goes up and down.
    Gauge,
    /// How long things took, in seconds: the upper bounds of the buckets.
    Seconds(&'static [f64]),
}

/// One label of a metric.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct LabelEntry {
    /// Its name.
    pub name: &'static str,
    /// What it can be.
    pub values: Values,
}

/// What a label can be: never what a request says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Values {
    /// One of these.
    Listed(&'static [&'static str]),
    /// A code of `docs/errors.md` (E100–E399), or `none`.
    Codes,
    /// What a request is for ([`Endpoint`]).
    Endpoints,
    /// A kind of credential ([`CredentialKind`]).
    CredentialKinds,
    /// What the settings say of this: it has as many values as the operator has written down.
    Settings(&'static str),
}

impl Values {
    /// Every value; `None` for those that the settings name.
    #[must_use]
    pub fn all(self) -> Option<Vec<&'static str>> {
        match self {
            Values::Listed(values) => Some(values.to_vec()),
            Values::Codes => {
                Some(["none"].into_iter().chain(errors::register().iter().map(|entry| entry.code)).collect())
            }
            Values::Endpoints => Some(Endpoint::ALL.iter().map(|endpoint| endpoint.as_str()).collect()),
            Values::CredentialKinds => Some(CredentialKind::ALL.iter().map(|kind| kind.as_str()).collect()),
            Values::Settings(_) => None,
        }
    }
}

/// Every metric, in the order of the document.
#[must_use]
pub const fn register() -> &'static [MetricEntry] {
    ALL
}

/// Bounds for what crosses the Internet.
const FAR: &[f64] = &[0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0];
/// Bounds for what stays in the house.
const NEAR: &[f64] = &[0.000_01, 0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.05, 0.25, 1.0, 5.0];

macro_rules! metrics {
    ($($constant:ident $name:literal $kind:expr, [$($label:literal: $values:expr),*], $help:literal;)+) => {
        $(
            #[doc = $help]
            pub(super) const $constant: MetricEntry = MetricEntry {
                name: $name,
                kind: $kind,
                help: $help,
                labels: &[$(LabelEntry { name: $label, values: $values }),*],
            };
        )+
        const ALL: &[MetricEntry] = &[$($constant),+];
    };
}

metrics! {
    BUILD_INFO "entra_sso_build_info" Kind::Gauge, ["version": Values::Listed(&[env!("CARGO_PKG_VERSION")])],
        "Always 1; the label says which version runs.";
    STARTS "entra_sso_starts_total" Kind::Counter, ["journey": Values::Listed(Started::VALUES)],
        "Browsers that were sent to the authority.";
    SIGN_INS "entra_sso_sign_ins_total" Kind::Counter,
        ["outcome": Values::Listed(SignIn::VALUES), "code": Values::Codes],
        "Sign-ins that came to an end: `denied` are people who may not enter, `failed` is everything else, each with its code; `restarted` were begun once more, `elsewhere` were led away by a hook.";
    REFUSALS "entra_sso_refusals_total" Kind::Counter, ["code": Values::Codes],
        "Everything that was refused, at our own routes and by guards and extractors.";
    LOG_LINES_LEFT_OUT "entra_sso_log_lines_left_out_total" Kind::Counter, ["code": Values::Codes],
        "Log lines that were left out, because there were too many of the same code within one second; `none`: those about no refusal.";
    SESSIONS_BEGUN "entra_sso_sessions_begun_total" Kind::Counter, [],
        "Sessions that began.";
    SESSIONS_ENDED "entra_sso_sessions_ended_total" Kind::Counter, ["reason": Values::Listed(Ended::VALUES)],
        "Sessions that were ended before their deadline. A deadline is not counted: the record is not looked at any more.";
    SIGN_OUTS "entra_sso_sign_outs_total" Kind::Counter, ["way": Values::Listed(SignOut::VALUES)],
        "Sign-outs; one may end several sessions, or none.";
    FRAMES_OVER_BUDGET "entra_sso_front_channel_over_budget_total" Kind::Counter, ["of": Values::Listed(OverBudget::VALUES)],
        "Sign-outs in a frame that came too often: of one `sid` they are not looked up, of one `peer` each waits for its turn.";
    REFRESHES "entra_sso_refreshes_total" Kind::Counter,
        ["wanted": Values::Listed(Wanted::VALUES), "outcome": Values::Listed(Refresh::VALUES)],
        "Refreshes of tokens. `signed_out`: the session was over, or Microsoft said so. `not_stored`: the new tokens came, and the session store did not keep them.";
    UPSTREAM_SECONDS "entra_sso_upstream_duration_seconds" Kind::Seconds(FAR),
        ["endpoint": Values::Endpoints, "outcome": Values::Listed(Upstream::VALUES)],
        "Requests to Microsoft, Graph or another provider, from the first byte to the last. A photo that does not exist is `4xx`.";
    KEY_FETCHES "entra_sso_key_fetches_total" Kind::Counter, ["outcome": Values::Listed(Fetch::VALUES)],
        "Fetches of signing keys. More than one in half an hour for each authority is a change of keys, or a flood of unknown ones.";
    STORE_SECONDS "entra_sso_store_duration_seconds" Kind::Seconds(NEAR),
        ["operation": Values::Listed(StoreOperation::VALUES), "outcome": Values::Listed(StoreOutcome::VALUES)],
        "Calls of the store of sessions, and of that of used sign-ins (`mark`, `forget`). `absent`: there is no such session, or the sign-in was used before.";
    CREDENTIAL_EXPIRY "entra_sso_credential_expiry_timestamp_seconds" Kind::Gauge,
        ["site": Values::Settings("`domain` of the `[[site]]`, or `default`"), "provider": Values::Settings("`name` of the `[[provider]]`, or `microsoft`"),
         "credential": Values::CredentialKinds, "position": Values::Settings("the place in the list `credential`, from 1")],
        "When a credential expires, as seconds since 1970, where that is known. `x - time()` are the seconds that are left.";
}
