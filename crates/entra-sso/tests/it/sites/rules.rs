//! Who may enter at a site, what he may do there, and where he is led.

use entra_emulator::seed;
use entra_sso::settings::{Access, SiteTable};
use serde_json::Value;

use super::{at_shop, authority, with_shop};
use crate::app::App;

/// The button's page, after a refusal, or the page that the user wanted.
async fn at_the_shop(app: &App, who: &str) -> (String, String) {
    let page = app.browser().start_at(at_shop(app, "/private")).signing_in_as(who).await.unwrap();
    (page.url.path().to_owned(), page.body)
}

#[tokio::test]
async fn f65_who_may_enter_is_each_sites_own_rule() {
    type Change = fn(&mut SiteTable);
    for (case, change) in [
        ("domains", (|shop| shop.allowable_domains = Some(vec!["fabrikam.example".to_owned()])) as Change),
        ("nobody", |shop| shop.allowable_domains = Some(Vec::new())),
        ("strangers", |shop| shop.auto_create_users = Some(false)),
    ] {
        let app = with_shop(change).await;
        let (path, page) = at_the_shop(&app, seed::ADELE).await;
        assert_eq!(path, "/microsoft_sso/", "{case}: {page}");
        assert!(page.contains("cannot sign in here"), "{case}: {page}");
        assert!(app.user(seed::CONTOSO, seed::ADELE_ID).await.is_none(), "{case}: a refusal leaves no user");
        assert_eq!(app.sign_in(&app.browser(), seed::ADELE).await.body, "OK user=adele@contoso.example", "{case}");
    }
    let app = with_shop(|shop| shop.auto_create_users = Some(false)).await;
    app.sign_in(&app.browser(), seed::ADELE).await;
    assert_eq!(at_the_shop(&app, seed::ADELE).await.1, "OK user=adele@contoso.example", "known by now");
}

#[tokio::test]
async fn f65_guests_and_tenants_are_each_sites_own() {
    let app = with_shop(|shop| shop.guests = Some(Access::Deny)).await;
    let (path, page) = at_the_shop(&app, seed::MEGAN).await;
    assert_eq!(path, "/microsoft_sso/", "{page}");
    assert!(app.sign_in(&app.browser(), seed::MEGAN).await.body.starts_with("OK user="), "a guest of the portal");

    let app = App::of(entra_emulator::Emulator::env, "", |settings, _| {
        let mut club = SiteTable::new("127.0.0.1".parse().unwrap());
        club.authority = Some(authority(settings, seed::FABRIKAM));
        settings.site.push(club);
    })
    .await;
    app.emulator.directory().add_redirect_uri(seed::APP_ID, &at_shop(&app, super::CALLBACK)).unwrap();
    assert_eq!(at_the_shop(&app, seed::DIEGO).await.1, "OK user=diego@fabrikam.example");
    assert_eq!(app.user(seed::FABRIKAM, seed::DIEGO_ID).await.unwrap().username, seed::DIEGO);
}

#[tokio::test]
async fn f65_staff_of_a_site_is_staff_there_alone() {
    let app = with_shop(|shop| shop.staff_list = vec![seed::ADELE.to_owned()]).await;
    let browser = app.browser();
    for (address, who, expected) in [
        (at_shop(&app, "/private"), seed::ADELE, true),
        (app.at("/private"), seed::ADELE, false),
        (at_shop(&app, "/private"), seed::ALEX, false),
    ] {
        let login = address.replace("/private", "/microsoft_sso/login/?prompt=select_account");
        browser.start_at(login).signing_in_as(who).await.unwrap();
        let me = browser.get(address.replace("/private", "/microsoft_sso/me")).await.unwrap().body;
        let me: Value = serde_json::from_str(&me).unwrap();
        assert_eq!((&me["username"], &me["is_staff"]), (&who.into(), &expected.into()), "{address}");
        assert_eq!(me["is_superuser"], false);
    }
    let user = app.user(seed::CONTOSO, seed::ADELE_ID).await.unwrap();
    assert!(!user.is_staff(), "nothing of it is in the row that all sites share");
}

#[tokio::test]
async fn f65_where_users_are_led_is_each_sites_own() {
    let app = with_shop(|shop| {
        shop.new_user_redirect_url = Some("/static".to_owned());
        shop.logout_redirect_path = Some("/messages".to_owned());
        shop.login_failed_url = Some("/static?failed".to_owned());
    })
    .await;
    let browser = app.browser();
    let page = browser.start_at(at_shop(&app, "/private")).signing_in_as(seed::ADELE).await.unwrap();
    assert_eq!(page.url.path(), "/static", "a new user");
    let page = browser.post_form(at_shop(&app, "/microsoft_sso/logout/"), &[]).await.unwrap();
    assert_eq!(page.url.path(), "/messages");
    let page = app.browser().start_at(at_shop(&app, "/private")).cancelling().await.unwrap();
    assert_eq!((page.url.path(), page.url.query()), ("/static", Some("failed")));
    let page = app.browser().start_at(app.at("/private")).cancelling().await.unwrap();
    assert_eq!(page.url.path(), "/microsoft_sso/");
}

#[tokio::test]
async fn f80_the_live_checks_name_the_site() {
    let app = with_shop(|shop| {
        shop.own_credential.client_secret = Some(entra_sso::oidc::Secret::new("another one"));
    })
    .await;
    let report = app.sso.check_live().await;
    let of_shop = report.lines.iter().filter(|line| line.site.as_deref() == Some("127.0.0.1"));
    let of_shop: Vec<_> = of_shop.map(|line| (line.id, line.outcome.as_str())).collect();
    for expected in [("live.discovery", "passed"), ("live.credential", "failed"), ("live.redirect_uri", "not checked")]
    {
        assert!(of_shop.contains(&expected), "{expected:?} in {of_shop:?}");
    }
    let failed = report.lines.iter().find(|line| line.id == "live.credential" && line.site.is_some()).unwrap();
    assert!(failed.to_string().contains("(127.0.0.1)"), "{failed}");
    let outside = report.lines.iter().filter(|line| line.id == "live.credential" && line.site.is_none());
    assert!(outside.into_iter().all(|line| line.outcome.as_str() == "passed"), "{report:?}");
}
