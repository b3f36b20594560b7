//! What is in force at a site: the settings, with the table's laid over them.

use super::super::*;

const OUTSIDE: &str = "
application_id = '11111111-2222-3333-4444-555555555555'
tenant_id = 'contoso.example'
graph_url = 'https://graph.example'
scopes = ['Outside.Read']
client_secret = 'outside'
client_secret_expires = 2030-01-01
session_cookie_age = 7200
session_idle_age = 3600
allowable_domains = ['contoso.example']
staff_list = ['boss@contoso.example']
text = 'Outside'
login_failed_url = '/outside'
public_url = 'https://app.example'
";

fn at(table: &str) -> Settings {
    let settings = Settings::from_toml(&format!("{OUTSIDE}[[site]]\ndomain = 'shop.example'\n{table}"));
    let settings = settings.unwrap_or_else(|error| panic!("{error}"));
    settings.at_site(&settings.site[0])
}

fn secret(settings: &Settings) -> Option<&str> {
    settings.client_secret.as_ref().map(Secret::expose)
}

#[test]
fn f65_what_the_table_does_not_say_is_as_outside() {
    let site = at("");
    assert_eq!(site.application_id.as_deref(), Some("11111111-2222-3333-4444-555555555555"));
    assert_eq!((site.tenant_id.as_deref(), secret(&site)), (Some("contoso.example"), Some("outside")));
    assert_eq!((site.session_cookie_age, site.idle_age()), (Duration::from_hours(2), Duration::from_hours(1)));
    assert_eq!((site.text.as_deref(), site.login_failed_url.as_deref()), (Some("Outside"), Some("/outside")));
    assert_eq!(site.allowable_domains, Some(vec!["contoso.example".to_owned()]));
    assert!(site.site.is_empty(), "a site has no sites");
}

#[test]
fn f65_what_the_table_says_is_in_force() {
    let site = at("text = 'Shop'\nnext_url = '/a'\nlogin_failed_url = '/b'\nlogout_redirect_path = '/c'\n\
                   new_user_redirect_url = '/d'\nlogo_url = '/e'\nguests = 'deny'\npersonal_accounts = 'allow'\n\
                   auto_create_users = false\nallowable_domains = []\nauth_extra_arguments = { domain_hint = 'x' }\n\
                   trusted_email_tenants = ['99999999-8888-7777-6666-555555555555']\nsession_cookie_age = 600");
    assert_eq!(
        [site.text.as_deref().unwrap_or_default(), &site.next_url, &site.logout_redirect_path],
        ["Shop", "/a", "/c"]
    );
    let optional = [&site.login_failed_url, &site.new_user_redirect_url, &site.logo_url];
    assert_eq!(optional.map(Option::as_deref), [Some("/b"), Some("/d"), Some("/e")]);
    assert_eq!((site.guests, site.personal_accounts), (Access::Deny, Some(Access::Allow)));
    assert_eq!((site.auto_create_users, site.allowable_domains.as_deref()), (false, Some(&[][..])));
    assert_eq!(site.auth_extra_arguments, [("domain_hint".to_owned(), "x".to_owned())]);
    assert_eq!(site.trusted_email_tenants.len(), 1);
    assert_eq!((site.session_cookie_age.as_secs(), site.idle_age().as_secs()), (600, 600), "idle no longer than all");
}

#[test]
fn f65_one_setting_of_the_authority_replaces_all_of_them() {
    for table in ["tenant_id = 'fabrikam.example'", "scopes = ['Shop.Read']", "allow_any_tenant = true"] {
        let site = at(table);
        assert_ne!(site.tenant_id.as_deref(), Some("contoso.example"), "{table}");
        assert_eq!(site.graph_url, None, "{table}");
        assert_ne!(site.scopes, Some(vec!["Outside.Read".to_owned()]), "{table}");
        assert_eq!(secret(&site), Some("outside"), "{table}");
    }
}

#[test]
fn f65_one_setting_of_the_credential_replaces_all_of_them() {
    let site = at("client_secret = 'inside'");
    assert_eq!((secret(&site), site.client_secret_expires), (Some("inside"), None));
    let site = at("federated_token_file = '/x'");
    assert_eq!((secret(&site), site.federated_token_file.is_some()), (None, true));
    let site = at("[[site.credential]]\nclient_secret = 'listed'");
    assert_eq!((secret(&site), site.credential.len()), (None, 1));
    let vars = [("AZURE_FEDERATED_TOKEN_FILE", "/platform")];
    let toml = "[[site]]\ndomain = 'shop.example'\nfederated_token_file = '/x'\n[[site]]\ndomain = 'other.example'";
    let settings = Sources::new().vars(vars).toml(toml).read().unwrap();
    let names: Vec<_> = settings.site.iter().map(|table| settings.at_site(table).chosen().unwrap()[0].name).collect();
    assert_eq!(names, ["federated_token_file", "AZURE_FEDERATED_TOKEN_FILE"]);
}

#[test]
fn f65_staff_of_a_site_is_the_sites_alone() {
    assert_eq!(at("").staff_list, [""; 0]);
    assert_eq!(at("staff_list = ['adele@contoso.example']").staff_list, ["adele@contoso.example"]);
}

#[test]
fn f64_cookies_are_named_after_the_prefix() {
    for (toml, name) in [
        ("", "microsoft_sso"),
        ("prefix = '/admin/sso'", "admin_sso"),
        ("prefix = '/a.b~c'", "a_b_c"),
        ("prefix = '/admin/sso'\nname = 'portal'", "portal"),
    ] {
        assert_eq!(Settings::from_toml(toml).unwrap().cookie_name(), name, "{toml}");
    }
}
