//! Variables of other systems that newcomers bring along.

/// Our name for a `SOCIAL_AUTH_…` variable, by how it ends.
pub(super) fn ours(variable: &str) -> Option<&'static str> {
    let rest = variable.strip_prefix("SOCIAL_AUTH_")?;
    if rest.starts_with("OIDC_") {
        return Some("provider");
    }
    if NOTHING.iter().any(|ending| rest.ends_with(ending)) {
        return None;
    }
    ENDINGS.iter().find(|(ending, _)| rest.ends_with(ending)).map(|(_, ours)| *ours)
}

/// Whether the variable belongs to python-social-auth.
pub(super) fn is_social_auth(variable: &str) -> bool {
    variable.starts_with("SOCIAL_AUTH_")
}

/// Nothing of ours does what these do, although they end in a name that means something.
const NOTHING: &[&str] = &["ID_KEY", "NAME_KEY", "EMAIL_KEY"];

/// Longer endings stand before the shorter ones that they end in.
const ENDINGS: &[(&str, &str)] = &[
    ("FEDERATED_TOKEN_FILE", "federated_token_file"),
    ("CLIENT_ASSERTION_TYPE", "client_assertion_type"),
    ("CLIENT_ASSERTION", "client_assertion"),
    ("OIDC_ENDPOINT", "provider"),
    ("TENANT_NAME", "b2c_tenant_name"),
    ("TENANT_ID", "tenant_id"),
    ("POLICY", "b2c_policy"),
    ("RESOURCE", "resource"),
    ("AUTHORITY_HOST", "authority_host"),
    ("AUTHORITY_URL", "authority"),
    ("GROUPS_MAP", "role_map"),
    ("GROUPS_KEY", "role_map"),
    ("REQUESTS_TIMEOUT", "http_timeout"),
    ("URLOPEN_TIMEOUT", "http_timeout"),
    ("VERIFY_SSL", "ca_file"),
    ("REDIRECT_IS_HTTPS", "public_url"),
    ("STATE_LIFETIME", "timeout"),
    ("JWT_LEEWAY", "clock_skew"),
    ("SESSION_EXPIRATION", "session_ends_with_token"),
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

/// What stands here in the place of a setting of django-microsoft-sso that has no counterpart of its name.
pub(super) fn instead_of(name: &str) -> Option<String> {
    let name = name.strip_prefix("microsoft_sso_").unwrap_or(name);
    let (_, instead) = DJANGO.iter().find(|(names, _)| names.contains(&name))?;
    Some(format!("{instead} Remove the setting; `docs/coming-from-django.md` says more."))
}

const DJANGO: &[(&[&str], &str)] = &[
    (&["pre_validate_callback"], "Code does this: `SignInHooks::pre_validate`, given to the builder with `hooks`."),
    (&["pre_create_callback"], "Code does this: `SignInHooks::pre_create`, given to the builder with `hooks`."),
    (&["pre_login_callback"], "Code does this: `SignInHooks::pre_login`, given to the builder with `hooks`."),
    (&["pre_create_user_return_full_args"], "Code does this: a `UserStore` of your own."),
    (&["authentication_backend"], "Code does this: the builder's `authentication_backend`."),
    (
        &["admin_enabled", "pages_enabled", "sso_admin_route", "admin_route"],
        "An area with rules of its own is a second `EntraSso` with a `prefix` of its own.",
    ),
    (&["enable_logs"], "Logs go through `tracing`."),
    (&["sso_show_form_on_admin_page", "show_form_on_admin_page"], "There are no passwords, and no form to hide."),
    (
        &["require_secure_callback", "project_id", "sso_use_alternate_w003", "use_alternate_w003"],
        "Nothing here needs it.",
    ),
];

/// The platform's variables for a token file, the first that is there counts: Azure workload identity, and the two of
/// python-social-auth.
pub(super) const TOKEN_FILES: [&str; 3] =
    ["AZURE_FEDERATED_TOKEN_FILE", "OAUTH2_FIC_TOKEN_FILE", "OAUTH2_FEDERATED_TOKEN_FILE"];

/// Credential variables of Azure's own libraries that are known here and not used: with one of them real Microsoft is
/// meant.
pub(super) const OTHER_CREDENTIALS: [&str; 4] =
    ["AZURE_CLIENT_ASSERTION", "AZURE_CLIENT_SEND_CERTIFICATE_CHAIN", "AZURE_USERNAME", "AZURE_PASSWORD"];

/// Whether the variable is one of these.
pub(super) fn is_credential(variable: &str) -> bool {
    TOKEN_FILES.contains(&variable) || OTHER_CREDENTIALS.contains(&variable)
}
