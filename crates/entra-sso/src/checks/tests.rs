use super::*;
use crate::settings::Sources;

mod authorities;
mod credential_files;
mod credentials;
mod files;
mod keys;
mod providers;
mod roles;
mod secure_callback;
mod sites;

const APP: &str = "11111111-2222-3333-4444-555555555555";
const TENANT: &str = "99999999-8888-7777-6666-555555555555";
/// 32 random bytes.
const KEY: &str = "PGZ6p1hKYs0u9W4oQvXq2e7nTfLd8RbJmC3yAiUx5EM=";

/// Settings without any finding, and what a case adds or changes.
fn with(toml: &str) -> Settings {
    let sound = format!("application_id = '{APP}'\nclient_secret = 'x8Q~sound'\nsecret_keys = ['{KEY}']\n");
    let tenant = if toml.contains("tenant_id") || toml.lines().any(|line| line.starts_with("authority =")) {
        ""
    } else {
        "tenant_id = 'contoso.example'\n"
    };
    Settings::from_toml(&format!("{sound}{tenant}{toml}")).unwrap_or_else(|error| panic!("{error}"))
}

fn ids(findings: &[Finding]) -> Vec<&'static str> {
    findings.iter().map(|finding| finding.id).collect()
}

fn table(rows: &[(&str, &[&str])]) {
    for (toml, expected) in rows {
        let findings = check(&with(toml));
        assert_eq!(ids(&findings), *expected, "{toml}\n{findings:#?}");
    }
}

#[test]
fn sound_settings_have_no_finding() {
    assert_eq!(check(&with("")), []);
}

#[test]
fn nothing_set_is_refused_with_the_choices() {
    let findings = check(&Settings::default());
    assert_eq!(ids(&findings), ["sso.E020", "sso.E022", "sso.E030", "sso.W060"]);
    let authority = &findings[2];
    for choice in ["GUID", "verified domains", "`organizations`", "`common`", "`consumers`"] {
        assert!(authority.remedy.contains(choice), "F-10: {choice}");
    }
}

#[test]
fn f10_the_authority() {
    table(&[
        (&format!("tenant_id = '{TENANT}'"), &[]),
        ("tenant_id = 'contoso.onmicrosoft.com'", &[]),
        ("tenant_id = 'consumers'\nallowable_domains = ['outlook.example']", &[]),
        ("authority = 'https://login.microsoftonline.com/contoso.example'", &[]),
        (&format!("authority = 'https://login.microsoftonline.us/{TENANT}/v2.0'"), &[]),
        ("authority = 'https://login.microsoftonline.com/common'", &["sso.E033"]),
        (
            "authority = 'https://login.microsoftonline.com/contoso.example'\ntenant_id = 'contoso.example'",
            &["sso.E032"],
        ),
        ("authority = 'https://login.microsoftonline.com/contoso.example'\ncloud = 'public'", &["sso.E032"]),
        (
            "authority = 'https://login.microsoftonline.com/contoso.example'\nauthority_host = 'login.microsoftonline.com'",
            &["sso.E032"],
        ),
        ("authority = 'https://login.microsoftonline.com/'", &["sso.E031"]),
        ("authority = 'https://evil.example/contoso.example'", &["sso.E031"]),
        ("tenant_id = '../contoso'", &["sso.E031"]),
        ("tenant_id = 'contoso'", &["sso.E031"]),
        ("tenant_id = 'contoso.example/x'", &["sso.E031"]),
        ("tenant_id = 'contoso.example@evil.example'", &["sso.E031"]),
    ]);
}

#[test]
fn f11_many_tenants_have_to_be_chosen() {
    table(&[
        ("tenant_id = 'organizations'", &["sso.E033"]),
        ("tenant_id = 'common'", &["sso.E033"]),
        (&format!("tenant_id = 'organizations'\nallowed_tenants = ['{TENANT}']"), &[]),
        (&format!("tenant_id = 'common'\nallowed_tenants = ['{TENANT}', 'contoso.example']"), &["sso.E034"]),
        ("tenant_id = 'common'\nallow_any_tenant = true\nallowable_domains = ['*']", &[]),
        ("tenant_id = 'common'\nallow_any_tenant = true", &["sso.E050"]),
        (
            &format!(
                "tenant_id = 'common'\nallow_any_tenant = true\nallowed_tenants = ['{TENANT}']\nallowable_domains = ['*']"
            ),
            &["sso.E034"],
        ),
        (&format!("allowed_tenants = ['{TENANT}']"), &["sso.E034"]),
        ("allow_any_tenant = true\nallowable_domains = ['*']", &["sso.E034"]),
    ]);
}

#[test]
fn f12_cloud_and_authority_host() {
    table(&[
        ("cloud = 'usgovernment'", &[]),
        ("authority_host = 'login.microsoftonline.us'", &[]),
        ("authority_host = 'https://login.microsoftonline.us/'", &[]),
        ("authority_host = 'login.microsoftonline.us'\ncloud = 'usgovernment-dod'", &[]),
        ("authority_host = 'login.microsoftonline.us'\ncloud = 'china'", &["sso.E032"]),
        ("authority_host = 'login.windows.net'\ncloud = 'public'", &[]),
        ("authority_host = 'login.example.com'", &["sso.W035"]),
        ("authority_host = 'login.microsoftonline.com.evil.example'", &["sso.W035"]),
        (
            &format!(
                "authority_host = 'login.example.com'\ntenant_id = 'organizations'\nallowed_tenants = ['{TENANT}']"
            ),
            &["sso.E035"],
        ),
        ("authority_host = 'https://login.microsoftonline.com/contoso.example'", &["sso.E031"]),
        ("authority_host = 'https://user@login.microsoftonline.com/'", &["sso.E031"]),
        ("authority_host = 'http://login.microsoftonline.com/'", &["sso.E031"]),
        ("authority_host = 'ftp://login.microsoftonline.com/'", &["sso.E031"]),
        ("authority_host = 'a b'", &["sso.E031"]),
        ("graph_url = 'https://graph.microsoft.us'", &[]),
        ("graph_url = 'https://graph.microsoft.com/v1.0'", &["sso.E037"]),
        ("graph_url = 'https://graph.microsoft.com/?x'", &["sso.E037"]),
        ("graph_url = 'http://graph.microsoft.com'", &["sso.E036"]),
    ]);
}

/// J7: an emulator left in the environment while a public name is served.
#[test]
fn j7_a_loopback_authority_and_a_public_name_do_not_go_together() {
    let custom = format!("authority = 'http://localhost:8400'\ntenant_id = '{TENANT}'");
    let b2c = format!(
        "b2c_tenant_name = 'contosob2c'\nb2c_policy = 'B2C_1_susi'\ntenant_id = '{TENANT}'\nauthority_host = 'http://127.0.0.1:8400'"
    );
    let locals = [
        custom.as_str(),
        &b2c,
        "endpoint_version = 'v1'\nauthority_host = 'http://127.0.0.1:8400'",
        "authority_host = 'http://127.0.0.1:8400'",
        "authority_host = 'http://localhost:8400/'",
        "authority_host = 'https://localhost:8443'",
        "authority_host = 'http://[::1]:8400'",
        "graph_url = 'http://127.0.0.1:8400'",
        "graph_url = 'https://localhost:8443'",
    ];
    let serving_loopback = [
        "",
        "public_url = 'http://localhost:8000'",
        "callback_domain = '127.0.0.1:8000'",
        "allowed_hosts = ['localhost', '[::1]:8000']",
    ];
    let serving_public = [
        "public_url = 'https://app.example.com'",
        "callback_domain = 'app.example.com'",
        "allowed_hosts = ['localhost', 'app.example.com']",
        "public_url = 'http://localhost:8000'\nallowed_hosts = ['192.0.2.1']",
    ];
    for local in locals {
        for serving in serving_loopback {
            assert_eq!(ids(&check(&with(&format!("{local}\n{serving}")))), [""; 0], "{local} {serving}");
        }
        for serving in serving_public {
            let findings = check(&with(&format!("{local}\n{serving}")));
            assert_eq!(ids(&findings), ["sso.E036"], "J7: {local} {serving}");
            assert!(findings[0].cause.contains("is on this machine"), "{}", findings[0]);
        }
    }
    // The emulator plays every tenant, also for an application that admits many.
    let many =
        format!("tenant_id = 'common'\nallowed_tenants = ['{TENANT}']\nauthority_host = 'http://127.0.0.1:8400'");
    assert_eq!(check(&with(&many)), []);
}

#[test]
fn j7_in_the_environment_it_stops_the_start() {
    let vars = [
        ("AZURE_CLIENT_ID", APP),
        ("AZURE_TENANT_ID", TENANT),
        ("AZURE_CLIENT_SECRET", "x8Q~sound"),
        ("AZURE_AUTHORITY_HOST", "http://127.0.0.1:8400/"),
        ("MICROSOFT_SSO_PUBLIC_URL", "https://app.example.com"),
    ];
    let error = crate::EntraSso::builder(Settings::from_vars(vars).unwrap()).build().expect_err("J7: started");
    assert_eq!(ids(error.findings()), ["sso.E036"]);
}

#[test]
fn f30_f31_f32_addresses() {
    table(&[
        ("public_url = 'https://app.example.com'", &[]),
        ("public_url = 'http://localhost:8000'", &[]),
        ("public_url = 'https://app.example.com/portal'", &["sso.E040"]),
        ("public_url = 'https://app.example.com/?x'", &["sso.E040"]),
        ("public_url = 'https://app.example.com/#x'", &["sso.E040"]),
        ("public_url = 'https://app.example.com./'", &["sso.E040"]),
        ("public_url = 'http://app.example.com'", &["sso.E041"]),
        ("public_url = 'http://192.0.2.1:8000'", &["sso.E041"]),
        ("callback_domain = 'login.example.com'\npublic_url = 'https://app.example.com'", &[]),
        ("callback_domain = 'localhost:8000'\npublic_url = 'https://app.example.com'", &["sso.E042"]),
        ("callback_domain = 'login.example.com'\npublic_url = 'http://localhost:8000'", &["sso.E042"]),
        ("trusted_proxies = ['10.0.0.0/8']", &[]),
        ("trusted_proxies = ['0.0.0.0/0']", &["sso.W040"]),
        ("trusted_proxies = ['10.0.0.1', '::/0']", &["sso.W040"]),
        ("prefix = '/portal/microsoft_sso'", &[]),
        ("prefix = '/microsoft_sso/'", &["sso.E044"]),
        ("prefix = 'microsoft_sso'", &["sso.E044"]),
        ("prefix = '/'", &["sso.E044", "sso.E045"]),
        ("prefix = '//a'", &["sso.E044"]),
        ("prefix = '/a/../b'", &["sso.E044"]),
        ("prefix = '/a b'", &["sso.E044"]),
        ("prefix = '/{id}'", &["sso.E044"]),
        ("prefix = '/*rest'", &["sso.E044"]),
        ("prefix = '/a%2fb'", &["sso.E044"]),
        ("prefix = '/a,b'", &["sso.E044"]),
        ("prefix = '/ä'", &["sso.E044"]),
    ]);
}

#[test]
fn f61_paths_lead_nowhere_else() {
    table(&[
        ("next_url = '/dashboard?x=1#y'", &[]),
        ("next_url = '//evil.example'", &["sso.E045"]),
        ("next_url = 'https://evil.example/'", &["sso.E045"]),
        ("next_url = 'dashboard'", &["sso.E045"]),
        ("next_url = '/microsoft_sso/'", &["sso.E045"]),
        ("next_url = '/x/sso/'\nprefix = '/x/sso'", &["sso.E045"]),
        ("new_user_redirect_url = '/welcome'", &[]),
        ("new_user_redirect_url = '/microsoft_sso/me'", &["sso.E045"]),
        ("login_failed_url = '/microsoft_sso/'", &[]),
        ("login_failed_url = '/microsoft_sso_failed'", &[]),
        ("logout_redirect_path = '/microsoft_sso/logout/?bye'", &[]),
        ("login_failed_url = '/microsoft_sso/login/'", &["sso.E045"]),
        ("login_failed_url = '/microsoft_sso/%6Cogin/'", &["sso.E045"]),
        ("login_failed_url = '/microsoft_sso/reset_password/'", &["sso.E045"]),
        ("login_failed_url = '/microsoft_sso/edit_profile'", &["sso.E045"]),
        ("logout_redirect_path = '/microsoft_sso/partner/login/'", &["sso.E045"]),
        ("login_failed_url = 'javascript:alert(1)'", &["sso.E045"]),
        ("logout_redirect_path = '/\\evil.example'", &["sso.E045"]),
        ("logo_url = '/static/logo.svg'", &[]),
        ("logo_url = 'https://cdn.example/logo.svg'", &[]),
        ("logo_url = 'http://cdn.example/logo.svg'", &["sso.E047"]),
        ("logo_url = 'javascript:alert(1)'", &["sso.E047"]),
        ("logo_url = 'data:image/svg+xml,x'", &["sso.E047"]),
        ("logo_url = '//cdn.example/logo.svg'", &["sso.E047"]),
    ]);
}

#[test]
fn f45_domains() {
    let external = "authority = 'https://contosocustomers.ciamlogin.com'";
    let provider = "[[provider]]\nname = 'adfs'\noidc_authority = 'https://fs.contoso.example/adfs'\nclient_id = 'portal'\n\
                    client_secret = 'x8Q~of-the-provider'";
    table(&[
        ("allowable_domains = ['contoso.example', '*.contoso.example', 'adele@fabrikam.example', '*']", &[]),
        ("allowable_domains = []", &["sso.W050"]),
        ("allowable_domains = ['.contoso.example']", &["sso.E051"]),
        ("allowable_domains = ['@contoso.example']", &["sso.E051"]),
        ("allowable_domains = ['https://contoso.example']", &["sso.E051"]),
        ("tenant_id = 'consumers'", &["sso.E050"]),
        (&format!("trusted_email_tenants = ['{TENANT}']"), &[]),
        ("trusted_email_tenants = ['contoso.example']", &["sso.E052"]),
        (&format!("{external}\nallowable_domains = ['contoso.example']"), &["sso.W051"]),
        (&format!("{external}\nallowable_domains = ['*']"), &[]),
        (&format!("{external}\nallowable_domains = ['x.example']\ntrusted_email_tenants = ['{TENANT}']"), &[]),
        (&format!("allowable_domains = ['contoso.example']\n{provider}"), &["sso.W051"]),
        (&format!("allowable_domains = ['*']\n{provider}"), &[]),
    ]);
}

#[test]
fn f46_f47_f48_people() {
    let object = "1a2b3c4d-0001-4000-8000-00000000ade1";
    let external = "authority = 'https://contosocustomers.ciamlogin.com'";
    let many = format!("tenant_id = 'organizations'\nallowed_tenants = ['{TENANT}']");
    let any = "tenant_id = 'organizations'\nallow_any_tenant = true\nallowable_domains = ['*']";
    let consumers = "tenant_id = 'consumers'\nallowable_domains = ['*']";
    table(&[
        (&format!("staff_list = ['{TENANT}/{object}', '{object}', 'adele@contoso.example', '*']"), &[]),
        (&format!("superuser_list = ['{TENANT}/{object}', '{object}', 'adele@contoso.example']"), &[]),
        ("staff_list = []\nsuperuser_list = []", &[]),
        ("staff_list = ['contoso.example']", &["sso.E090"]),
        ("superuser_list = ['adele']", &["sso.E090"]),
        ("superuser_list = ['*']", &["sso.E092"]),
        (&format!("{many}\nstaff_list = ['{object}']\nsuperuser_list = ['{object}']"), &["sso.E091", "sso.E091"]),
        (&format!("{many}\nstaff_list = ['{TENANT}/{object}', '*']"), &[]),
        (&format!("{any}\nstaff_list = ['*']"), &["sso.W092"]),
        (&format!("{external}\nstaff_list = ['*']"), &["sso.W092"]),
        (&format!("{external}\nstaff_list = ['{TENANT}/{object}']"), &[]),
        (&format!("{external}\nsuperuser_list = ['adele@contoso.example']"), &["sso.W090"]),
        (&format!("{external}\nsuperuser_list = ['adele@contoso.example']\ntrusted_email_tenants = ['{TENANT}']"), &[]),
        ("auto_create_first_superuser = true", &[]),
        (&format!("{many}\nauto_create_first_superuser = true"), &[]),
        (&format!("{any}\nauto_create_first_superuser = true"), &["sso.E093"]),
        (&format!("{consumers}\nauto_create_first_superuser = true"), &["sso.E093"]),
        (&format!("{external}\nauto_create_first_superuser = true"), &["sso.E093"]),
        (
            "b2c_tenant_name = 'contosob2c'\nb2c_policy = 'B2C_1_susi'\ntenant_id = '99999999-8888-7777-6666-555555555555'\nauto_create_first_superuser = true",
            &["sso.E093"],
        ),
        ("unique_email = true", &[]),
        (&format!("{external}\nunique_email = true"), &["sso.W091"]),
        (&format!("{external}\nunique_email = true\ntrusted_email_tenants = ['{TENANT}']"), &[]),
    ]);
}

#[test]
fn times_names_and_replicas() {
    table(&[
        ("timeout = 1440", &[]),
        ("timeout = 0", &["sso.E062"]),
        ("timeout = 1441", &["sso.E062"]),
        ("session_cookie_age = 0\nsession_idle_age = 0", &["sso.E062", "sso.E062"]),
        ("session_cookie_age = 60\nsession_idle_age = 61", &["sso.E062"]),
        ("clock_skew = 0", &[]),
        ("clock_skew = 601", &["sso.E062"]),
        ("key_grace = 0", &[]),
        ("key_grace = 90000", &["sso.E062"]),
        ("http_timeout = 0", &["sso.E062"]),
        ("graph_timeout = 301", &["sso.E062"]),
        ("user_check_interval = 0", &[]),
        ("save_access_token = true\nsession_ends_with_token = true\nscopes = ['User.Read', 'offline_access']", &[]),
        ("session_ends_with_token = true", &["sso.E098"]),
        ("scopes = ['User.Read', 'offline_access']", &["sso.W095"]),
        ("name = 'portal-2_x'", &[]),
        ("name = '__Host-x'", &["sso.E046"]),
        ("name = 'a b'", &["sso.E046"]),
        ("name = 'a;b'", &["sso.E046"]),
        ("name = 'a=b'", &["sso.E046"]),
        ("replicas = 2", &[]),
        ("replicas = 0", &["sso.E063"]),
    ]);
}

#[test]
fn application_and_what_it_asks_for() {
    table(&[
        (&format!("scopes = ['User.Read', 'api://{APP}/.default']"), &[]),
        ("scopes = []", &[]),
        ("scopes = ['User.Read Mail.Read']", &["sso.E039"]),
        ("scopes = ['User.Read\"']", &["sso.E039"]),
        ("auth_extra_arguments = { domain_hint = 'contoso.example', prompt = 'select_account' }", &[]),
        ("auth_extra_arguments = { redirect_uri = 'https://evil.example' }", &["sso.E038"]),
        ("auth_extra_arguments = { State = 'x' }", &["sso.E038"]),
        ("auth_extra_arguments = { max_age = '0' }", &["sso.E038"]),
        ("auth_extra_arguments = { '' = 'x' }", &["sso.E038"]),
        ("auth_extra_arguments = { response_mode = 'fragment', nonce = 'x' }", &["sso.E038"]),
        ("ca_file = '/not/there.pem'", &["sso.E017"]),
    ]);
    for (id, expected) in [
        (APP, None),
        ("11111111222233334444555555555555", Some("sso.E021")),
        ("my-app", Some("sso.E021")),
        (" ", Some("sso.E021")),
    ] {
        let mut settings = with("");
        settings.application_id = Some(id.to_owned());
        assert_eq!(ids(&check(&settings)).first().copied(), expected, "{id}");
    }
    let mut settings = with("");
    settings.client_secret = Some(entra_oidc::Secret::new(TENANT));
    assert_eq!(ids(&check(&settings)), ["sso.W020"], "a secret's id in place of its value");
}

#[test]
fn a_database_that_nothing_opens_is_told() {
    let stores = Stores { users_in_memory: true, sessions: Kept::Shared, used_states: Kept::Shared };
    let told = |toml: &str| {
        let findings = check_with_stores(&with(toml), &stores, Vec::new(), Clock::system().now());
        findings.iter().any(|finding| finding.id == "sso.W061" && finding.cause.contains("`database_url`"))
    };
    assert!(told("database_url = 'users.db'"));
    assert!(!told(""));
}

#[test]
fn stores_that_live_in_memory_are_worth_a_warning() {
    let stores = |users_in_memory, sessions_in_memory| {
        let sessions = if sessions_in_memory { Kept::InMemory } else { Kept::Shared };
        Stores { users_in_memory, sessions, used_states: sessions }
    };
    let without_keys = {
        let mut settings = with("");
        settings.secret_keys.clear();
        settings
    };
    for (settings, stores, expected) in [
        (&with(""), stores(false, false), &[][..]),
        (&with(""), stores(true, false), &["sso.W061"]),
        (&with(""), stores(false, true), &["sso.W062"]),
        (&with("replicas = 2"), stores(false, false), &[]),
        (&with("replicas = 2"), stores(true, true), &["sso.E063", "sso.W061", "sso.W062"]),
        (&with("silenced_checks = ['sso.W061', 'sso.W062']"), stores(true, true), &[]),
        (&without_keys, stores(false, true), &["sso.W060", "sso.W062"]),
        (&without_keys, stores(false, false), &["sso.E061", "sso.W060"]),
    ] {
        assert_eq!(
            ids(&check_with_stores(settings, &stores, Vec::new(), Clock::system().now())),
            *expected,
            "{stores:?} {:?}",
            settings.replicas
        );
    }
}

#[test]
fn f36_warnings_can_be_silenced_and_errors_cannot() {
    table(&[
        ("allowable_domains = []\nsilenced_checks = ['sso.W050']", &[]),
        ("allowable_domains = []\nsilenced_checks = ['sso.W060']", &["sso.W050"]),
        ("prefix = 'x'\nsilenced_checks = ['sso.E044']", &["sso.E044", "sso.E071"]),
        ("silenced_checks = ['sso.W999']", &["sso.E070"]),
        ("silenced_checks = ['W060']", &["sso.E070"]),
        ("silenced_checks = ['sso.E030']", &["sso.E071"]),
        ("silenced_checks = ['sso.E070']", &["sso.E071"]),
    ]);
}

#[test]
fn errors_come_first_and_each_finding_stands_in_the_register() {
    let settings = Sources::new().vars([("MICROSOFT_SSO_NO_SUCH", "x"), ("SOCIAL_AUTH_X_KEY", "x")]).load();
    let findings = check_with_stores(
        &settings,
        &Stores { users_in_memory: true, sessions: Kept::InMemory, used_states: Kept::InMemory },
        Vec::new(),
        Clock::system().now(),
    );
    assert!(findings.len() > 5);
    assert!(findings.is_sorted_by_key(|finding| finding.severity), "{findings:#?}");
    for finding in &findings {
        let entry = crate::errors::check_entries().into_iter().find(|entry| entry.id == finding.id);
        assert_eq!(entry.map(|entry| entry.severity), Some(finding.severity), "{finding}");
        assert!(finding.cause.ends_with('.') && !finding.remedy.is_empty(), "{finding}");
    }
}
