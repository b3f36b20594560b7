//! What the emulator was asked.

use std::collections::VecDeque;

use serde::Serialize;

use crate::endpoint::Endpoint;
use crate::guarded::Guarded;

/// How many entries are kept; the oldest go first. Counts are not affected.
const KEPT: usize = 10_000;

/// Parameters whose values are worth reading and hold no secret. Every other value is replaced by `…`.
const SHOWN: [&str; 22] = [
    "api-version",
    "appid",
    "client_id",
    "client_assertion_type",
    "client_info",
    "code_challenge_method",
    "domain_hint",
    "error",
    "grant_type",
    "login_hint",
    "max_age",
    "mkt",
    "post_logout_redirect_uri",
    "prompt",
    "redirect_uri",
    "requested_token_use",
    "resource",
    "response_mode",
    "response_type",
    "scope",
    "ui_locales",
    "$select",
];

/// One request and how it was answered. Secrets, codes, tokens, verifiers, states and cookies never stand in it.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct Entry {
    /// When, in seconds since the Unix epoch by the emulator's clock.
    pub at: i64,
    /// What was asked.
    pub endpoint: Endpoint,
    /// The request's method.
    pub method: String,
    /// The request's path, without the query.
    pub path: String,
    /// Query and form parameters in their order; values that could be secret are `…`.
    pub parameters: Vec<(String, String)>,
    /// The status of the answer.
    pub status: u16,
}

/// The list of requests since the start or the last [`clear`](Journal::clear).
#[derive(Debug, Default)]
pub struct Journal(Guarded<Pages>);

#[derive(Debug, Default)]
struct Pages {
    entries: VecDeque<Entry>,
    counts: std::collections::BTreeMap<Endpoint, usize>,
}

impl Journal {
    /// The last 10,000 requests, oldest first.
    #[must_use]
    pub fn entries(&self) -> Vec<Entry> {
        self.0.with(|pages| pages.entries.iter().cloned().collect())
    }

    /// How often an endpoint was asked.
    #[must_use]
    pub fn count(&self, endpoint: Endpoint) -> usize {
        self.0.with(|pages| pages.counts.get(&endpoint).copied().unwrap_or_default())
    }

    /// How often anything was asked.
    #[must_use]
    pub fn total(&self) -> usize {
        self.0.with(|pages| pages.counts.values().sum())
    }

    /// Forgets every request.
    pub fn clear(&self) {
        self.0.with(|pages| *pages = Pages::default());
    }

    pub(crate) fn record(&self, entry: Entry) {
        self.0.with(|pages| {
            *pages.counts.entry(entry.endpoint).or_default() += 1;
            if pages.entries.len() == KEPT {
                pages.entries.pop_front();
            }
            pages.entries.push_back(entry);
        });
    }
}

/// The parameters as the journal may show them.
pub(crate) fn redacted<'a>(parameters: impl Iterator<Item = (&'a str, &'a str)>) -> Vec<(String, String)> {
    parameters
        .map(|(name, value)| {
            let shown = if SHOWN.contains(&name) { value } else { "…" };
            (name.chars().take(64).collect(), shown.chars().take(512).collect())
        })
        .collect()
}
