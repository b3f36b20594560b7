//! What the sources gave, beside the values themselves.

use std::path::{Path, PathBuf};

use crate::errors::Finding;

/// Kept in [`Settings`](super::Settings), so that a check can speak of what was wrong in the sources too.
#[derive(Debug, Clone, Default)]
pub(super) struct Given {
    microsoft: Vec<String>,
    /// The variable that named it, and its path.
    platform_token_file: Option<(&'static str, PathBuf)>,
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

    pub(super) fn set_platform_token_file(&mut self, variable: &'static str, path: PathBuf) {
        self.platform_token_file = Some((variable, path));
    }

    pub(super) fn platform_token_file(&self) -> Option<(&'static str, &Path)> {
        self.platform_token_file.as_ref().map(|(variable, path)| (*variable, path.as_path()))
    }

    pub(super) fn forget_platform_token_file(&mut self) {
        self.platform_token_file = None;
    }

    /// The same for a site: what was wrong is reported once.
    pub(super) fn without_findings(&self) -> Given {
        Given { findings: Vec::new(), ..self.clone() }
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
    "tenant_id",
    "authority",
    "authority_host",
    "cloud",
    "allowed_tenants",
    "allow_any_tenant",
    "graph_url",
    "endpoint_version",
    "resource",
    "app_signing_keys",
    "b2c_tenant_name",
    "b2c_policy",
    "reset_password_policy",
    "edit_profile_policy",
    "client_secret",
    "client_secret_expires",
    "client_assertion",
    "client_assertion_type",
    "federated_token_file",
    "client_certificate_path",
    "client_certificate_password",
    "client_certificate_algorithm",
    "send_certificate_chain",
    "managed_identity_client_id",
    "credential",
    "provider",
    "site",
];
