//! Variables of other systems that newcomers bring along.

/// Our name for a `SOCIAL_AUTH_…` variable, by how it ends.
pub(super) fn ours(variable: &str) -> Option<&'static str> {
    let rest = variable.strip_prefix("SOCIAL_AUTH_")?;
    ENDINGS.iter().find(|(ending, _)| rest.ends_with(ending)).map(|(_, ours)| *ours)
}

/// Whether the variable belongs to python-social-auth.
pub(super) fn is_social_auth(variable: &str) -> bool {
    variable.starts_with("SOCIAL_AUTH_")
}

/// Longer endings stand before the shorter ones that they end in.
const ENDINGS: &[(&str, &str)] = &[
    ("TENANT_ID", "tenant_id"),
    ("AUTHORITY_HOST", "authority_host"),
    ("WHITELISTED_DOMAINS", "allowable_domains"),
    ("WHITELISTED_EMAILS", "allowable_domains"),
    ("AUTH_EXTRA_ARGUMENTS", "auth_extra_arguments"),
    ("NEW_USER_REDIRECT_URL", "new_user_redirect_url"),
    ("LOGIN_REDIRECT_URL", "next_url"),
    ("LOGIN_ERROR_URL", "login_failed_url"),
    ("SCOPE", "scopes"),
    ("SECRET", "client_secret"),
    ("KEY", "application_id"),
];

/// Credential variables that this version knows of but does not use: with one of them real Microsoft is meant.
pub(super) const OTHER_CREDENTIALS: &[&str] = &[
    "AZURE_FEDERATED_TOKEN_FILE",
    "AZURE_CLIENT_ASSERTION",
    "AZURE_CLIENT_CERTIFICATE_PATH",
    "AZURE_CLIENT_CERTIFICATE_PASSWORD",
    "OAUTH2_FIC_TOKEN_FILE",
    "OAUTH2_FEDERATED_TOKEN_FILE",
    "AZURE_USERNAME",
    "AZURE_PASSWORD",
];
