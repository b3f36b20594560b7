//! F-65: `[[site]]`.

use super::{super::*, APP, KEY, TENANT, ids};

const SHOP: &str = "[[site]]\ndomain = 'shop.example'\n";
const CREDENTIAL: &str = "client_secret = 'x8Q~of-the-shop'";
const OTHER_APP: &str = "application_id = '22222222-3333-4444-5555-666666666666'";

fn found(toml: &str) -> Vec<Finding> {
    let outside = "tenant_id = 'contoso.example'\nclient_secret = 'x8Q~sound'";
    match Settings::from_toml(&format!("application_id = '{APP}'\nsecret_keys = ['{KEY}']\n{outside}\n{toml}")) {
        Ok(settings) => check(&settings),
        Err(error) => error.findings().to_vec(),
    }
}

#[test]
fn f65_a_site_has_a_host_of_its_own() {
    for (toml, expected) in [
        (SHOP.to_owned(), &[][..]),
        (format!("{SHOP}[[site]]\ndomain = 'shop.example:8443'"), &[]),
        ("[[site]]\ntext = 'x'".to_owned(), &["sso.E100"]),
        ("[[site]]\ndomain = 'default'".to_owned(), &["sso.E100"]),
        ("[[site]]\ndomain = 'https://shop.example'".to_owned(), &["sso.E013"]),
        ("[[site]]\ndomain = 'shop.example/'".to_owned(), &["sso.E013"]),
        ("[[site]]\ndomain = 'shop.example.'".to_owned(), &["sso.E013"]),
        ("[[site]]\ndomain = '*.example'".to_owned(), &["sso.E013"]),
        ("[[site]]\ndomain = ''".to_owned(), &["sso.E012"]),
        (format!("{SHOP}[[site]]\ndomain = 'SHOP.example'"), &["sso.E101"]),
        (format!("{SHOP}[[site]]\ndomain = 'shop.example:443'"), &["sso.E101"]),
        (format!("public_url = 'https://shop.example'\n{SHOP}"), &["sso.E101"]),
        (format!("callback_domain = 'shop.example'\n{SHOP}"), &["sso.E101"]),
        (format!("public_url = 'https://app.example'\n{SHOP}"), &[]),
        (format!("public_url = 'https://app.example'\ncallback_domain = 'login.example'\n{SHOP}"), &[]),
        (format!("allowed_hosts = ['shop.example']\n{SHOP}"), &[]),
        (format!("public_url = 'http://localhost:8000'\n{SHOP}"), &["sso.E102"]),
        ("public_url = 'https://app.example'\n[[site]]\ndomain = '127.0.0.1'".to_owned(), &["sso.E102"]),
        ("public_url = 'http://localhost:8000'\n[[site]]\ndomain = 'localhost:8001'".to_owned(), &[]),
        ("public_url = 'http://localhost:8000'\n[[site]]\ndomain = '127.0.0.1'".to_owned(), &[]),
        ("public_url = 'http://localhost:8000'\n[[site]]\ndomain = 'localhost'".to_owned(), &["sso.E101"]),
        ("[[site]]\ndomain = 'localhost'\n[[site]]\ndomain = 'localhost:8001'".to_owned(), &["sso.E101"]),
    ] {
        let findings = found(&toml);
        assert_eq!(ids(&findings), expected, "{toml}\n{findings:#?}");
        for finding in findings {
            assert!(finding.cause.starts_with("In `[[site]]` "), "{finding}");
            assert_eq!(finding.setting, Some("site"));
        }
    }
}

#[test]
fn f65_a_setting_of_the_whole_application_is_none_of_a_sites() {
    for line in [
        "superuser_list = ['adele@contoso.example']",
        "role_map = { Admin = 'superuser' }",
        "auto_create_first_superuser = true",
        "prefix = '/x'",
        "name = 'x'",
        "secret_keys = ['x']",
        "secret_keys_file = '/x'",
        "public_url = 'https://x.example'",
        "trusted_proxies = ['10.0.0.1']",
        "timeout = 5",
        "slo_enabled = true",
        "[[site.provider]]\nname = 'adfs'",
        "[[site.site]]\ndomain = 'x.example'",
    ] {
        let findings = found(&format!("{SHOP}{line}"));
        assert_eq!(ids(&findings), ["sso.E103"], "{line}\n{findings:#?}");
        assert!(findings[0].cause.contains("shop.example"), "{}", findings[0]);
    }
}

#[test]
fn f65_what_a_site_changes_is_judged_there_and_what_it_inherits_once() {
    let soon = "client_secret_expires = 2020-01-01\n";
    for (toml, expected) in [
        (format!("{SHOP}{OTHER_APP}\n{CREDENTIAL}"), &[][..]),
        (format!("{SHOP}{OTHER_APP}"), &["sso.E104"]),
        (format!("{SHOP}application_id = 'x'\n{CREDENTIAL}"), &["sso.E021"]),
        (format!("{SHOP}{CREDENTIAL}\n[[site.credential]]\nclient_secret = 'x'"), &["sso.E023"]),
        (format!("{SHOP}[[site.credential]]\nclient_secret = 'x'\nfederated_token_file = '/x'"), &["sso.E024"]),
        (format!("{SHOP}scopes = ['User.Read']"), &["sso.E030"]),
        (format!("{SHOP}tenant_id = 'fabrikam.example'"), &[]),
        (format!("{SHOP}tenant_id = 'common'"), &["sso.E033"]),
        (format!("{SHOP}tenant_id = 'common'\nallowed_tenants = ['{TENANT}']"), &[]),
        (format!("{SHOP}tenant_id = 'consumers'"), &["sso.E050"]),
        (format!("{SHOP}authority_host = 'http://localhost:8029'\ntenant_id = 'x.example'"), &["sso.E036"]),
        (format!("{SHOP}next_url = 'https://evil.example'\nlogo_url = 'x'"), &["sso.E045", "sso.E047"]),
        (format!("{SHOP}next_url = '/microsoft_sso/login/'"), &["sso.E045"]),
        (format!("{SHOP}allowable_domains = ['a b']"), &["sso.E051"]),
        (format!("{SHOP}staff_list = ['nobody']"), &["sso.E090"]),
        (format!("{SHOP}session_cookie_age = 0"), &["sso.E062", "sso.E062"]),
        (format!("{SHOP}session_cookie_age = 60\nsession_idle_age = 120"), &["sso.E062"]),
        (format!("{soon}{SHOP}"), &["sso.W023"]),
    ] {
        let findings = found(&toml);
        let shown: Vec<_> = ids(&findings);
        assert_eq!(shown, expected, "{toml}\n{findings:#?}");
        for finding in findings.iter().filter(|finding| finding.id != "sso.W023") {
            assert!(finding.cause.starts_with("In `[[site]]` `shop.example`: "), "{finding}");
        }
    }
    let missing = found(&format!("{SHOP}scopes = ['User.Read']"));
    assert!(missing[0].remedy.contains("repeat `tenant_id`"), "{}", missing[0]);
}

#[test]
fn i10_another_tenant_gives_no_permission_that_is_everybodys() {
    let object = "1a2b3c4d-0001-4000-8000-00000000ade1";
    let elsewhere = format!("{SHOP}tenant_id = 'fabrikam.example'");
    for (outside, expected) in [
        ("role_map = { Admin = 'superuser' }".to_owned(), &["sso.E105"][..]),
        (format!("superuser_list = ['{object}']"), &["sso.E105"]),
        (format!("staff_list = ['{object}']"), &["sso.E105"]),
        (format!("superuser_list = ['{TENANT}/{object}']\nstaff_list = ['adele@contoso.example']"), &[]),
    ] {
        let findings = found(&format!("{outside}\n{elsewhere}"));
        assert_eq!(ids(&findings), expected, "{outside}\n{findings:#?}");
        let same = found(&format!("{outside}\n{SHOP}text = 'x'"));
        assert_eq!(ids(&same), [""; 0], "{outside}\n{same:#?}");
    }
}

#[test]
fn f65_the_urls_of_each_site() {
    let toml = "public_url = 'https://app.example'\nlogout_redirect_path = '/bye'\n[[provider]]\nname = 'adfs'\n\
                [[site]]\ndomain = 'shop.example'\n[[site]]\ndomain = 'club.example:8443'\nlogout_redirect_path = '/'";
    let urls = RegisteredUrls::new(&Settings::from_toml(toml).unwrap(), "https://YOUR-HOST");
    let [shop, club] = urls.sites.as_slice() else { panic!("{urls:?}") };
    assert_eq!((shop.domain.as_str(), club.domain.as_str()), ("shop.example", "club.example:8443"));
    assert_eq!(urls.callback, "https://app.example/microsoft_sso/callback/");
    assert_eq!(shop.urls.callback, "https://shop.example/microsoft_sso/callback/");
    assert_eq!(shop.urls.post_logout, "https://shop.example/bye");
    assert_eq!(shop.urls.providers[0].callback, "https://shop.example/microsoft_sso/adfs/callback/");
    assert_eq!(club.urls.callback, "https://club.example:8443/microsoft_sso/callback/");
    assert_eq!(club.urls.post_logout, "https://club.example:8443/");
    for (toml, here, expected) in [
        ("[[site]]\ndomain = 'shop.example'", "https://YOUR-HOST", "https://shop.example/microsoft_sso/callback/"),
        ("[[site]]\ndomain = '127.0.0.1'", "http://localhost:8000", "http://127.0.0.1:8000/microsoft_sso/callback/"),
        ("[[site]]\ndomain = '127.0.0.1:9'", "http://localhost:8000", "http://127.0.0.1:9/microsoft_sso/callback/"),
    ] {
        let urls = RegisteredUrls::new(&Settings::from_toml(toml).unwrap(), here);
        assert_eq!(urls.sites[0].urls.callback, expected, "{toml}");
    }
}
