//! Names that mean something beside our own settings.

use entra_sso::{Settings, settings::Sources};

#[test]
fn a_social_auth_variable_is_a_warning_that_names_ours() {
    for (variable, ours) in [
        ("SOCIAL_AUTH_AZUREAD_TENANT_OAUTH2_KEY", "`MICROSOFT_SSO_APPLICATION_ID`"),
        ("SOCIAL_AUTH_AZUREAD_V2_TENANT_OAUTH2_SECRET", "`MICROSOFT_SSO_CLIENT_SECRET`"),
        ("SOCIAL_AUTH_AZUREAD_TENANT_OAUTH2_TENANT_ID", "`MICROSOFT_SSO_TENANT_ID`"),
        ("SOCIAL_AUTH_AZUREAD_OAUTH2_AUTHORITY_HOST", "`MICROSOFT_SSO_AUTHORITY_HOST`"),
        ("SOCIAL_AUTH_AZUREAD_OAUTH2_SCOPE", "`MICROSOFT_SSO_SCOPES`"),
        ("SOCIAL_AUTH_AZUREAD_OAUTH2_RESOURCE", "`MICROSOFT_SSO_RESOURCE`"),
        ("SOCIAL_AUTH_AZUREAD_TENANT_OAUTH2_RESOURCE", "`MICROSOFT_SSO_RESOURCE`"),
        ("SOCIAL_AUTH_AZUREAD_B2C_OAUTH2_POLICY", "`MICROSOFT_SSO_B2C_POLICY`"),
        ("SOCIAL_AUTH_AZUREAD_B2C_OAUTH2_TENANT_NAME", "`MICROSOFT_SSO_B2C_TENANT_NAME`"),
        ("SOCIAL_AUTH_AZUREAD_B2C_OAUTH2_KEY", "`MICROSOFT_SSO_APPLICATION_ID`"),
        ("SOCIAL_AUTH_AZUREAD_V2_TENANT_OAUTH2_CLIENT_ASSERTION", "`MICROSOFT_SSO_CLIENT_ASSERTION`"),
        ("SOCIAL_AUTH_AZUREAD_V2_TENANT_OAUTH2_CLIENT_ASSERTION_TYPE", "`MICROSOFT_SSO_CLIENT_ASSERTION_TYPE`"),
        ("SOCIAL_AUTH_AZUREAD_V2_TENANT_OAUTH2_FEDERATED_TOKEN_FILE", "`MICROSOFT_SSO_FEDERATED_TOKEN_FILE`"),
        ("SOCIAL_AUTH_OIDC_OIDC_ENDPOINT", "`[[provider]]`"),
        ("SOCIAL_AUTH_OIDC_KEY", "`[[provider]]`"),
        ("SOCIAL_AUTH_LOGIN_REDIRECT_URL", "`MICROSOFT_SSO_NEXT_URL`"),
        ("SOCIAL_AUTH_NEW_USER_REDIRECT_URL", "`MICROSOFT_SSO_NEW_USER_REDIRECT_URL`"),
        ("SOCIAL_AUTH_AZUREAD_TENANT_OAUTH2_GROUPS_MAP", "`MICROSOFT_SSO_ROLE_MAP`"),
        ("SOCIAL_AUTH_AZUREAD_TENANT_OAUTH2_AUTHORITY_URL", "`MICROSOFT_SSO_AUTHORITY`"),
        ("SOCIAL_AUTH_AZUREAD_TENANT_OAUTH2_JWT_LEEWAY", "`MICROSOFT_SSO_CLOCK_SKEW`"),
        ("SOCIAL_AUTH_REQUESTS_TIMEOUT", "`MICROSOFT_SSO_HTTP_TIMEOUT`"),
        ("SOCIAL_AUTH_SESSION_EXPIRATION", "`MICROSOFT_SSO_SESSION_ENDS_WITH_TOKEN`"),
        ("SOCIAL_AUTH_AZUREAD_TENANT_OAUTH2_ID_KEY", "docs/coming-from-django.md"),
        ("SOCIAL_AUTH_URL_NAMESPACE", "docs/coming-from-django.md"),
    ] {
        let settings = Settings::from_vars([(variable, "canary value")]).unwrap();
        let findings = entra_sso::checks::check(&settings);
        let finding = findings.iter().find(|finding| finding.id == "sso.W010").unwrap_or_else(|| panic!("{variable}"));
        assert!(!finding.is_error() && finding.cause.contains(variable) && finding.remedy.contains(ours), "{finding}");
        assert!(!finding.to_string().contains("canary"), "{finding}");
    }
}

/// X10: whatever names Microsoft is remembered, so that nobody falls back to an emulator.
#[test]
fn x10_every_name_that_means_real_microsoft_is_known() {
    for name in [
        "AZURE_CLIENT_ID",
        "AZURE_TENANT_ID",
        "AZURE_CLIENT_SECRET",
        "AZURE_CLIENT_SECRET_FILE",
        "AZURE_AUTHORITY_HOST",
        "AZURE_FEDERATED_TOKEN_FILE",
        "AZURE_CLIENT_CERTIFICATE_PATH",
        "OAUTH2_FIC_TOKEN_FILE",
        "OAUTH2_FEDERATED_TOKEN_FILE",
        "MICROSOFT_SSO_CLIENT_ID",
        "MICROSOFT_SSO_APPLICATION_ID",
        "MICROSOFT_SSO_CLIENT_SECRET",
        "MICROSOFT_SSO_CLIENT_SECRET_FILE",
        "MICROSOFT_SSO_TENANT_ID",
        "MICROSOFT_SSO_AUTHORITY",
        "MICROSOFT_SSO_AUTHORITY_HOST",
        "MICROSOFT_SSO_CLOUD",
        "MICROSOFT_SSO_GRAPH_URL",
        "MICROSOFT_SSO_ALLOWED_TENANTS",
        "MICROSOFT_SSO_ALLOW_ANY_TENANT",
        "MICROSOFT_SSO_ENDPOINT_VERSION",
        "MICROSOFT_SSO_RESOURCE",
        "MICROSOFT_SSO_APP_SIGNING_KEYS",
        "MICROSOFT_SSO_B2C_TENANT_NAME",
        "MICROSOFT_SSO_B2C_POLICY",
        "MICROSOFT_SSO_RESET_PASSWORD_POLICY",
        "MICROSOFT_SSO_EDIT_PROFILE_POLICY",
        "MICROSOFT_SSO_CLIENT_SECRET_EXPIRES",
        "MICROSOFT_SSO_CLIENT_ASSERTION",
        "MICROSOFT_SSO_CLIENT_ASSERTION_TYPE",
        "MICROSOFT_SSO_FEDERATED_TOKEN_FILE",
        "MICROSOFT_SSO_CLIENT_CERTIFICATE_PATH",
        "MICROSOFT_SSO_CLIENT_CERTIFICATE_PASSWORD",
        "MICROSOFT_SSO_CLIENT_CERTIFICATE_PASSWORD_FILE",
        "MICROSOFT_SSO_CLIENT_CERTIFICATE_ALGORITHM",
        "MICROSOFT_SSO_SEND_CERTIFICATE_CHAIN",
        "MICROSOFT_SSO_MANAGED_IDENTITY_CLIENT_ID",
        "MICROSOFT_SSO_CREDENTIAL",
        "MICROSOFT_SSO_PROVIDER",
        "AZURE_CLIENT_CERTIFICATE_PASSWORD",
        "AZURE_CLIENT_SEND_CERTIFICATE_CHAIN",
        "AZURE_CLIENT_ASSERTION",
        "AZURE_USERNAME",
        "AZURE_PASSWORD",
    ] {
        for value in ["x", ""] {
            let settings = Sources::new().vars([(name, value)]).load();
            assert_eq!(settings.microsoft_names(), [name], "{value:?}");
        }
    }
    let harmless = [("MICROSOFT_SSO_TEXT", "x"), ("MICROSOFT_SSO_PREFIX", "/x"), ("AZURE_REGION", "x")];
    assert!(Sources::new().vars(harmless).load().microsoft_names().is_empty());
}

#[test]
fn a_setting_of_django_that_is_code_here_says_so() {
    for (name, expected) in [
        ("PRE_LOGIN_CALLBACK", "`SignInHooks::pre_login`"),
        ("AUTHENTICATION_BACKEND", "`authentication_backend`"),
        ("ADMIN_ENABLED", "a second `EntraSso`"),
        ("ENABLE_LOGS", "`tracing`"),
    ] {
        let in_toml = format!("{} = 'x'", name.to_ascii_lowercase());
        let variable = format!("MICROSOFT_SSO_{name}");
        for settings in [Sources::new().toml(in_toml).load(), Sources::new().vars([(variable.as_str(), "x")]).load()] {
            let findings = entra_sso::checks::check(&settings);
            let found = findings.iter().find(|finding| finding.id == "sso.E010");
            let cure = found.map(|finding| finding.remedy.as_str()).unwrap_or_default();
            assert!(cure.contains(expected) && cure.contains("coming-from-django"), "{name}: {findings:#?}");
        }
    }
}
