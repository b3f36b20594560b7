//! `docs/coming-from-django.md` names every setting of theirs, and names ours as they are.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

/// The settings of `django-microsoft-sso` 7.1, in the order of its `conf` module.
const DJANGO_MICROSOFT_SSO: &[&str] = &[
    "ENABLED",
    "ENABLE_LOGS",
    "SSO_USE_ALTERNATE_W003",
    "LOGO_URL",
    "TEXT",
    "ADMIN_ENABLED",
    "PAGES_ENABLED",
    "APPLICATION_ID",
    "CLIENT_SECRET",
    "SCOPES",
    "TIMEOUT",
    "ALLOWABLE_DOMAINS",
    "AUTO_CREATE_FIRST_SUPERUSER",
    "SESSION_COOKIE_AGE",
    "SUPERUSER_LIST",
    "STAFF_LIST",
    "CALLBACK_DOMAIN",
    "REQUIRE_SECURE_CALLBACK",
    "CACHE_NAME",
    "AUTO_CREATE_USERS",
    "AUTHENTICATION_BACKEND",
    "PRE_VALIDATE_CALLBACK",
    "PRE_CREATE_CALLBACK",
    "PRE_CREATE_USER_RETURN_FULL_ARGS",
    "PRE_LOGIN_CALLBACK",
    "NEXT_URL",
    "LOGIN_FAILED_URL",
    "SAVE_ACCESS_TOKEN",
    "ALWAYS_UPDATE_USER_DATA",
    "LOGOUT_REDIRECT_PATH",
    "AUTHORITY",
    "UNIQUE_EMAIL",
    "ENABLE_MESSAGES",
    "SAVE_BASIC_MICROSOFT_INFO",
    "SHOW_FAILED_LOGIN_MESSAGE",
    "SLO_ENABLED",
    "GRAPH_TIMEOUT",
    "SSO_ADMIN_ROUTE",
    "SSO_SHOW_FORM_ON_ADMIN_PAGE",
];

/// What the Azure backends of `social-auth-core` 7.0, and the steps around them, read.
const SOCIAL_AUTH: &[&str] = &[
    "KEY",
    "SECRET",
    "TENANT_ID",
    "TENANT_NAME",
    "POLICY",
    "AUTHORITY_HOST",
    "AUTHORITY_URL",
    "OPENID_CONFIGURATION_URL",
    "JWKS_URI",
    "AUTHORIZATION_URL",
    "ACCESS_TOKEN_URL",
    "REVOKE_TOKEN_URL",
    "RESOURCE",
    "SCOPE",
    "IGNORE_DEFAULT_SCOPE",
    "CLIENT_ASSERTION",
    "CLIENT_ASSERTION_TYPE",
    "FEDERATED_TOKEN_FILE",
    "JWT_ALGORITHMS",
    "JWT_LEEWAY",
    "USE_PKCE",
    "PKCE_CODE_CHALLENGE_METHOD",
    "PKCE_CODE_VERIFIER_LENGTH",
    "STATE_LIFETIME",
    "AUTH_EXTRA_ARGUMENTS",
    "AUTH_EXTRA_ARGUMENTS_OVERRIDE_ALLOWLIST",
    "ID_KEY",
    "LEGACY_ID_KEYS",
    "ALLOW_UNVERIFIED_LEGACY_UID_MIGRATION",
    "GROUPS_MAP",
    "GROUPS_KEY",
    "GROUPS_MISSING_AS_EMPTY",
    "ALLOW_GROUPS",
    "WHITELISTED_DOMAINS",
    "WHITELISTED_EMAILS",
    "EXTRA_DATA",
    "GET_ALL_EXTRA_DATA",
    "USER_FIELDS",
    "USER_FIELD_MAPPING",
    "PROTECTED_USER_FIELDS",
    "IMMUTABLE_USER_FIELDS",
    "NO_DEFAULT_PROTECTED_USER_FIELDS",
    "USERNAME_IS_FULL_EMAIL",
    "UUID_LENGTH",
    "SLUGIFY_USERNAMES",
    "SLUGIFY_FUNCTION",
    "CLEAN_USERNAMES",
    "CLEAN_USERNAME_FUNCTION",
    "FORCE_EMAIL_LOWERCASE",
    "FIRSTLAST_FROM_FULL",
    "FULL_FROM_FIRSTLAST",
    "LOGIN_REDIRECT_URL",
    "LOGIN_ERROR_URL",
    "LOGIN_URL",
    "NEW_USER_REDIRECT_URL",
    "NEW_ASSOCIATION_REDIRECT_URL",
    "DISCONNECT_REDIRECT_URL",
    "INACTIVE_USER_URL",
    "INACTIVE_USER_LOGIN",
    "ALLOW_INACTIVE_USERS_LOGIN",
    "SANITIZE_REDIRECTS",
    "ALLOWED_REDIRECT_HOSTS",
    "ALLOWED_REDIRECT_SCHEMES",
    "REDIRECT_IS_HTTPS",
    "REQUESTS_TIMEOUT",
    "URLOPEN_TIMEOUT",
    "PROXIES",
    "VERIFY_SSL",
    "USER_AGENT",
    "FIELDS_STORED_IN_SESSION",
    "PARTIAL_PIPELINE_TOKEN_NAME",
    "PIPELINE",
    "DISCONNECT_PIPELINE",
    "REVOKE_TOKENS_ON_DISCONNECT",
    "EMAIL_VALIDATION_FUNCTION",
    "EMAIL_VALIDATION_URL",
    "EMAIL_VALIDATION_EXPIRED_THRESHOLD",
    "FORCE_EMAIL_VALIDATION",
    "PASSWORDLESS",
    "SESSION_EXPIRATION",
    "AUTHENTICATION_BACKENDS",
    "OIDC_ENDPOINT",
];

/// The backends of `social-auth-core` that sign in with Microsoft.
const BACKENDS: &[&str] = &[
    "azuread-oauth2",
    "azuread-tenant-oauth2",
    "azuread-oauth2-v2",
    "azuread-v2-tenant-oauth2",
    "azuread-b2c-oauth2",
    "microsoft-graph",
];

fn read(path: &str) -> String {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../docs").join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The rows of every table that begins with this head.
fn rows<'a>(page: &'a str, head: &str) -> Vec<Vec<&'a str>> {
    let mut lines = page.lines();
    let mut rows = Vec::new();
    while lines.any(|line| line == head) {
        let table = lines.by_ref().skip(1).take_while(|line| line.starts_with('|'));
        rows.extend(table.map(|line| line.trim_matches('|').split(" | ").map(str::trim).collect()));
    }
    rows
}

/// What stands between backticks.
fn quoted(cell: &str) -> impl Iterator<Item = &str> {
    cell.split('`').skip(1).step_by(2)
}

/// The setting that a piece of code names: `name`, `name = value` or `[[name]]`.
fn setting(code: &str) -> Option<&str> {
    let name = code.split(" = ").next()?;
    let name = name.strip_prefix("[[").and_then(|name| name.strip_suffix("]]")).unwrap_or(name);
    let of_a_name = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    name.bytes().all(of_a_name).then_some(name)
}

/// Every setting, every name that it also has, and every key of a `[[table]]`.
fn ours(settings: &str) -> BTreeSet<&str> {
    let keys = settings.lines().filter_map(|line| line.strip_prefix("### `")?.strip_suffix('`'));
    let aliases = settings.lines().filter_map(|line| line.strip_prefix("- also named: ")).flat_map(quoted);
    let columns = settings
        .lines()
        .filter(|line| line.starts_with("| `"))
        .flat_map(|line| line.trim_start_matches('|').split(" | ").next().into_iter().flat_map(quoted));
    keys.chain(aliases).chain(columns).collect()
}

const THEIRS: &str = "| there | here | what differs, and why |";

#[test]
fn every_setting_of_theirs_has_a_row() {
    let page = read("coming-from-django.md");
    let left_out = rows(&page, "| there | why |");
    let explained = rows(&page, THEIRS);
    let named: BTreeSet<&str> = explained.iter().chain(&left_out).flat_map(|row| quoted(row[0])).collect();
    for name in DJANGO_MICROSOFT_SSO.iter().chain(SOCIAL_AUTH).chain(BACKENDS) {
        assert!(named.contains(name), "{name} has no row");
    }
}

#[test]
fn the_settings_that_it_names_here_exist() {
    let (page, settings) = (read("coming-from-django.md"), read("settings.md"));
    let (mut seen, ours) = (0, ours(&settings));
    let only_here = rows(&page, "| setting | what for |");
    let cells = rows(&page, THEIRS).into_iter().map(|row| row[1]).chain(only_here.into_iter().map(|row| row[0]));
    for name in cells.flat_map(quoted).filter_map(setting).filter(|name| !OTHERS.contains(name)) {
        assert!(ours.contains(name), "{name} is no setting");
        seen += 1;
    }
    assert!(seen > 80, "{seen} names were found");
}

/// Names of hooks, examples and cargo features, which could be those of settings.
const OTHERS: [&str; 6] = ["signed_in", "failed", "hooks", "graph", "admin", "testing"];

#[test]
fn its_links_lead_somewhere() {
    let page = read("coming-from-django.md");
    let docs = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../docs");
    for link in page.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
        let (file, heading) = link.split_once('#').unwrap_or((link, ""));
        assert!(file.is_empty() || docs.join(file).exists(), "it links to {link}");
        let target = if file.is_empty() { page.clone() } else { read_if_page(file) };
        let headings = target.lines().filter_map(|line| line.strip_prefix("## ")).map(anchor);
        assert!(heading.is_empty() || headings.into_iter().any(|name| name == heading), "it links to {link}");
    }
}

/// The page, or nothing when the link leads to a folder.
fn read_if_page(file: &str) -> String {
    if Path::new(file).extension().is_some_and(|extension| extension == "md") { read(file) } else { String::new() }
}

/// How a heading is named in a link.
fn anchor(heading: &str) -> String {
    let kept = heading.chars().filter(|letter| letter.is_ascii_alphanumeric() || matches!(letter, ' ' | '-'));
    kept.collect::<String>().to_ascii_lowercase().replace(' ', "-")
}

#[test]
fn every_setting_of_ours_is_named() {
    let (page, settings) = (read("coming-from-django.md"), read("settings.md"));
    // Three backticks begin a block, which would turn what is within quotes and what is without around.
    let page = page.replace("```", "");
    let named: BTreeSet<&str> = quoted(&page).filter_map(setting).collect();
    for key in settings.lines().filter_map(|line| line.strip_prefix("### `")?.strip_suffix('`')) {
        // The one variable that is no setting names the file of settings.
        assert!(named.contains(key) || key == "MICROSOFT_SSO_SETTINGS_FILE", "{key} is not on the page");
    }
}
