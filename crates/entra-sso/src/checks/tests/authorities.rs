//! F-12 to F-17: which settings name which authority, and which do not go together.

use super::{super::*, TENANT, ids, table, with};

fn authority(toml: &str) -> String {
    let authority = with(toml).authority();
    authority.map_or_else(|finding| panic!("{toml}: {finding}"), |authority| authority.metadata_url().to_string())
}

/// Settings without a tenant of their own.
fn b2c(toml: &str) -> Settings {
    let mut settings = with(toml);
    if !toml.contains("tenant_id") {
        settings.tenant_id = None;
    }
    settings
}

#[test]
fn each_kind_of_authority_has_its_settings() {
    for (toml, metadata) in [
        (
            "endpoint_version = 'v1'".to_owned(),
            "https://login.microsoftonline.com/contoso.example/.well-known/openid-configuration".to_owned(),
        ),
        (
            format!("authority = 'https://login.microsoftonline.us/{TENANT}'\nendpoint_version = 'v1'"),
            format!("https://login.microsoftonline.us/{TENANT}/.well-known/openid-configuration"),
        ),
        (
            "authority = 'https://contosocustomers.ciamlogin.com'".to_owned(),
            "https://contosocustomers.ciamlogin.com/contosocustomers.onmicrosoft.com/v2.0/.well-known/openid-configuration".to_owned(),
        ),
        (
            format!("authority = 'https://contosocustomers.ciamlogin.com/{TENANT}'"),
            format!("https://contosocustomers.ciamlogin.com/{TENANT}/v2.0/.well-known/openid-configuration"),
        ),
        (
            format!("authority = 'https://login.contoso.example'\ntenant_id = '{TENANT}'"),
            format!("https://login.contoso.example/{TENANT}/v2.0/.well-known/openid-configuration"),
        ),
        (
            "authority = 'https://contosob2c.b2clogin.com/contosob2c.onmicrosoft.com/B2C_1_susi'".to_owned(),
            "https://contosob2c.b2clogin.com/contosob2c.onmicrosoft.com/b2c_1_susi/v2.0/.well-known/openid-configuration".to_owned(),
        ),
        (
            "cloud = 'delos'\ngraph_url = 'https://graph.example'".to_owned(),
            "https://login.sovcloud-identity.de/contoso.example/v2.0/.well-known/openid-configuration".to_owned(),
        ),
    ] {
        assert_eq!(authority(&toml).to_lowercase(), metadata, "{toml}");
    }
    for (toml, metadata) in [
        ("b2c_tenant_name = 'contosob2c'\nb2c_policy = 'B2C_1_susi'".to_owned(), "https://contosob2c.b2clogin.com/"),
        (
            format!("b2c_tenant_name = 'contosob2c'\nb2c_policy = 'b2c_1a_Own-1'\ntenant_id = '{TENANT}'"),
            "https://contosob2c.b2clogin.com/",
        ),
        (
            "b2c_tenant_name = 'contosob2c'\nb2c_policy = 'B2C_1_susi'\nauthority_host = 'login.contoso.example'"
                .to_owned(),
            "https://login.contoso.example/",
        ),
    ] {
        let settings = b2c(&toml);
        let authority = settings.authority().unwrap_or_else(|finding| panic!("{toml}: {finding}"));
        assert!(authority.metadata_url().as_str().starts_with(metadata), "{toml} {}", authority.metadata_url());
        let foreign = if toml.contains("authority_host") { &["sso.W035"][..] } else { &[] };
        assert_eq!(ids(&check(&settings)), *foreign, "{toml}");
    }
}

#[test]
fn f13_v1_and_resource() {
    table(&[
        ("endpoint_version = 'v1'", &[]),
        ("endpoint_version = 'v1'\nresource = 'https://graph.microsoft.com'", &[]),
        ("endpoint_version = 'v1'\nresource = 'https://api.contoso.example'", &[]),
        ("endpoint_version = 'v1'\nresource = 'a b'", &["sso.E082"]),
        ("endpoint_version = 'v1'\nscopes = ['User.Read']", &["sso.E084"]),
        ("endpoint_version = 'v1'\nscopes = []", &[]),
        ("endpoint_version = 'v1'\ntenant_id = 'consumers'\nallowable_domains = ['*']", &["sso.E083"]),
        ("endpoint_version = 'v1'\ncloud = 'usgovernment'", &[]),
        ("endpoint_version = 'v1'\nauthority = 'https://contosocustomers.ciamlogin.com'", &["sso.E083"]),
        (
            &format!("endpoint_version = 'v1'\nauthority = 'https://login.contoso.example'\ntenant_id = '{TENANT}'"),
            &["sso.E083"],
        ),
        (
            "endpoint_version = 'v1'\nb2c_tenant_name = 'contosob2c'\nb2c_policy = 'B2C_1_susi'\ntenant_id = '99999999-8888-7777-6666-555555555555'",
            &["sso.E083"],
        ),
        (
            "endpoint_version = 'v1'\nauthority = 'https://login.microsoftonline.com/contoso.example/v2.0/'",
            &["sso.E083"],
        ),
        ("endpoint_version = 'v1'\nauthority = 'https://login.microsoftonline.com/contoso.example/'", &[]),
        ("app_signing_keys = true", &[]),
        ("app_signing_keys = true\nendpoint_version = 'v1'", &[]),
        ("app_signing_keys = true\nauthority = 'https://contosocustomers.ciamlogin.com'", &["sso.E087"]),
    ]);
    let with_keys = authority("app_signing_keys = true");
    assert!(with_keys.ends_with(&format!("?appid={}", super::APP)), "{with_keys}");
}

/// With v2 and B2C the text gives the scope that asks for the same.
#[test]
fn f13_resource_without_v1_names_the_scope_to_use() {
    for (toml, scope) in [
        ("resource = 'https://graph.microsoft.com'", "scopes = [\"https://graph.microsoft.com/.default\"]"),
        // Microsoft's own rule: the slash at the end belongs to the resource.
        (
            "resource = 'https://management.core.windows.net/'",
            "scopes = [\"https://management.core.windows.net//.default\"]",
        ),
        ("resource = 'api://x'\nauthority = 'https://login.microsoftonline.com/contoso.example'", "api://x/.default"),
        ("resource = 'api://x'\nauthority = 'https://contosocustomers.ciamlogin.com'", "api://x/.default"),
        (
            "resource = 'api://x'\nb2c_tenant_name = 'contosob2c'\nb2c_policy = 'B2C_1_susi'\ntenant_id = '99999999-8888-7777-6666-555555555555'",
            "api://x/.default",
        ),
    ] {
        let findings = check(&with(toml));
        assert_eq!(ids(&findings), ["sso.E082"], "{toml} {findings:#?}");
        assert!(findings[0].remedy.contains(scope), "{}", findings[0]);
    }
}

#[test]
fn f15_b2c_settings_come_together() {
    let sound = "b2c_tenant_name = 'contosob2c'\nb2c_policy = 'B2C_1_susi'";
    for (toml, expected) in [
        ("b2c_tenant_name = 'contosob2c'".to_owned(), "sso.E081"),
        ("b2c_policy = 'B2C_1_susi'".to_owned(), "sso.E081"),
        (format!("{sound}\ntenant_id = 'contoso.example'"), "sso.E031"),
        (format!("{sound}\ntenant_id = 'common'"), "sso.E031"),
        (format!("{sound}\ncloud = 'public'"), "sso.E032"),
        (format!("{sound}\nauthority = 'https://login.microsoftonline.com/contoso.example'"), "sso.E032"),
        (format!("{sound}\nauthority_host = 'https://login.contoso.example/x'"), "sso.E031"),
        ("b2c_tenant_name = 'contoso.b2c'\nb2c_policy = 'B2C_1_susi'".to_owned(), "sso.E031"),
        ("b2c_tenant_name = '../x'\nb2c_policy = 'B2C_1_susi'".to_owned(), "sso.E031"),
    ] {
        assert_eq!(ids(&check(&b2c(&toml))), [expected], "{toml}");
    }
}

/// A policy becomes part of an address: nothing that leaves its segment gets through, whichever setting it stands in.
#[test]
fn f15_a_policy_has_a_plain_name_and_its_setting_is_named() {
    for text in [
        "susi",
        "B2C_1_susi/x",
        "B2C_1_susi?x",
        "B2C_1_susi#x",
        "B2C_1%2fsusi",
        "../B2C_1_susi",
        "B2C_1_süsi",
        "B2C_1 susi",
    ] {
        let settings = b2c(&format!("b2c_tenant_name = 'contosob2c'\nb2c_policy = '{text}'"));
        let findings = check(&settings);
        assert_eq!(ids(&findings), ["sso.E080"], "{text}");
        assert!(findings[0].cause.contains("`b2c_policy`"), "{}", findings[0]);
        for setting in ["reset_password_policy", "edit_profile_policy"] {
            let toml = format!("b2c_tenant_name = 'contosob2c'\nb2c_policy = 'B2C_1_susi'\n{setting} = '{text}'");
            let findings = check(&b2c(&toml));
            assert_eq!(ids(&findings), ["sso.E080"], "{toml}");
            assert!(findings[0].cause.contains(setting), "{}", findings[0]);
        }
    }
}

#[test]
fn f16_flows_need_a_b2c_tenant_and_are_not_the_sign_in() {
    for setting in ["reset_password_policy", "edit_profile_policy"] {
        let findings = check(&with(&format!("{setting} = 'B2C_1_other'")));
        assert_eq!(ids(&findings), ["sso.E081"], "{setting}");
        assert_eq!(findings[0].setting, Some(setting));
        let same = format!("b2c_tenant_name = 'contosob2c'\nb2c_policy = 'B2C_1_susi'\n{setting} = 'b2c_1_SUSI'");
        assert_eq!(ids(&check(&b2c(&same))), ["sso.E080"], "{setting}");
    }
    let both = "b2c_tenant_name = 'contosob2c'\nb2c_policy = 'B2C_1_susi'\nreset_password_policy = 'B2C_1_reset'\nedit_profile_policy = 'B2C_1_edit'";
    let policies = b2c(both).policies().unwrap();
    assert_eq!(policies.reset.map(|policy| policy.as_str().to_lowercase()).as_deref(), Some("b2c_1_reset"));
    assert_eq!(policies.edit.map(|policy| policy.as_str().to_lowercase()).as_deref(), Some("b2c_1_edit"));
    let url = "authority = 'https://contosob2c.b2clogin.com/contosob2c.onmicrosoft.com/B2C_1_susi'\nreset_password_policy = 'B2C_1_reset'";
    assert!(with(url).policies().unwrap().reset.is_some());
}

#[test]
fn f17_a_custom_domain_needs_the_tenants_guid() {
    table(&[
        (&format!("authority = 'https://login.contoso.example'\ntenant_id = '{TENANT}'"), &["sso.W035"]),
        (&format!("authority = 'https://login.contoso.example/x'\ntenant_id = '{TENANT}'"), &["sso.E031"]),
        (&format!("authority = 'http://login.contoso.example'\ntenant_id = '{TENANT}'"), &["sso.E031", "sso.E036"]),
        ("authority = 'https://login.contoso.example'\ntenant_id = 'contoso.example'", &["sso.E031"]),
        ("authority = 'https://login.contoso.example'\ntenant_id = 'common'", &["sso.E031"]),
        (&format!("authority = 'https://contosocustomers.ciamlogin.com'\ntenant_id = '{TENANT}'"), &["sso.E032"]),
        (&format!("authority = 'https://login.microsoftonline.com'\ntenant_id = '{TENANT}'"), &["sso.E032"]),
        (
            &format!(
                "authority = 'https://login.contoso.example'\ntenant_id = '{TENANT}'\nauthority_host = 'x.example'"
            ),
            &["sso.E032"],
        ),
        ("authority = 'https://login.contoso.example'", &["sso.E031"]),
    ]);
}

/// Each names the setting, and its cure is about that setting.
#[test]
fn what_cannot_be_an_authority_has_a_cure_of_its_own() {
    for (toml, cause, cure) in [
        ("tenant_id = 'contoso'", "`tenant_id`: `contoso`", "contoso.onmicrosoft.com"),
        (
            "b2c_tenant_name = 'contoso.onmicrosoft.com'\nb2c_policy = 'B2C_1_susi'",
            "`b2c_tenant_name`: ",
            "the name `contoso`",
        ),
        ("authority = 'https://login.contoso.example'", "`authority`: ", "GUID in `tenant_id` beside it"),
        ("authority = 'https://contosob2c.b2clogin.com/contosob2c.onmicrosoft.com'", "`authority`: ", "/POLICY"),
        ("authority_host = 'http://login.microsoftonline.com/'", "`authority_host`: ", "https"),
        ("authority_host = 'a b'", "`authority_host` is", "without a path"),
        (
            "cloud = 'usgovernment'\ntenant_id = 'consumers'\nallowable_domains = ['*']",
            "`tenant_id` names `consumers`",
            "public cloud",
        ),
        (
            "cloud = 'china'\ntenant_id = 'common'\nallow_any_tenant = true\nallowable_domains = ['*']",
            "`tenant_id` names `common`",
            "`organizations`",
        ),
    ] {
        let settings = if toml.starts_with("b2c") { b2c(toml) } else { with(toml) };
        let findings = check(&settings);
        assert_eq!(ids(&findings), ["sso.E031"], "{toml}");
        assert!(findings[0].cause.starts_with(cause) && !findings[0].cause.contains(" E1"), "{}", findings[0]);
        assert!(findings[0].remedy.contains(cure), "{}", findings[0]);
    }
}

#[test]
fn f12_a_cloud_whose_graph_is_not_known_says_so() {
    for cloud in ["bleu", "delos", "govsg"] {
        assert_eq!(ids(&check(&with(&format!("cloud = '{cloud}'")))), ["sso.W080"], "{cloud}");
        for known in ["graph_url = 'https://graph.example'", "profile_source = 'claims'"] {
            assert_eq!(ids(&check(&with(&format!("cloud = '{cloud}'\n{known}")))), [""; 0], "{cloud} {known}");
        }
    }
}
