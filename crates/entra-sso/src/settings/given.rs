//! What the sources gave, beside the values themselves.

use crate::errors::Finding;

/// Kept in [`Settings`](super::Settings), so that a check can speak of what was wrong in the sources too.
#[derive(Debug, Clone, Default)]
pub(super) struct Given {
    microsoft: Vec<String>,
    findings: Vec<Finding>,
}

impl Given {
    /// `source` is the name that the setting had in its source.
    pub(super) fn note(&mut self, name: &'static str, source: &str) {
        if MICROSOFT.contains(&name) {
            self.note_microsoft(source);
        }
    }

    pub(super) fn note_microsoft(&mut self, source: &str) {
        self.microsoft.push(source.to_owned());
    }

    pub(super) fn find(&mut self, finding: Finding) {
        self.findings.push(finding);
    }

    pub(super) fn microsoft_names(&self) -> &[String] {
        &self.microsoft
    }

    pub(super) fn findings(&self) -> &[Finding] {
        &self.findings
    }
}

/// The settings that name an application, its credential or its authority.
const MICROSOFT: &[&str] = &[
    "application_id",
    "client_secret",
    "tenant_id",
    "authority",
    "authority_host",
    "cloud",
    "allowed_tenants",
    "allow_any_tenant",
    "graph_url",
];
