//! K13: a session counts at the site that made it, and nowhere else.

use entra_emulator::seed;
use entra_sso::testing::TestUser;
use http::{HeaderValue, header};

use super::{ask, at_shop, get, public, text, with_shop};

const HOSTS: [(&str, Option<&str>); 3] =
    [("app.example", None), ("shop.example", Some("shop.example")), ("club.example:8443", Some("club.example:8443"))];

fn adele(site: Option<&str>) -> TestUser {
    let adele = TestUser::new(seed::ADELE);
    match site {
        Some(site) => adele.at_site(site),
        None => adele,
    }
}

#[tokio::test]
async fn k13_a_session_of_one_site_is_nobody_at_another() {
    let sso = public();
    for (made_at, site) in HOSTS {
        let cookie = adele(site).cookie(&sso).await.unwrap();
        for (host, _) in HOSTS {
            let answer = ask(&sso, get(host, "/").header(header::COOKIE, &cookie)).await;
            let expected = if host == made_at { "adele@contoso.example" } else { "nobody" };
            assert_eq!(text(&answer), expected, "made at {made_at}, shown at {host}");
        }
        let guarded = ask(
            &sso,
            get("shop.example", "/guarded").header(header::COOKIE, &cookie).header(header::ACCEPT, "application/json"),
        )
        .await;
        assert_eq!(guarded.status().as_u16(), if made_at == "shop.example" { 200 } else { 401 }, "{made_at}");
    }
}

#[tokio::test]
async fn k13_two_sessions_under_one_name_are_nobodys() {
    let sso = public();
    let (own, tossed) = (adele(None).cookie(&sso).await.unwrap(), adele(HOSTS[1].1).cookie(&sso).await.unwrap());
    let both =
        |one: &HeaderValue, other: &HeaderValue| format!("{}; {}", one.to_str().unwrap(), other.to_str().unwrap());
    for host in ["app.example", "shop.example"] {
        for cookies in [both(&own, &tossed), both(&tossed, &own)] {
            assert_eq!(text(&ask(&sso, get(host, "/").header(header::COOKIE, cookies)).await), "nobody", "{host}");
        }
    }
}

#[tokio::test]
async fn k13_a_foreign_session_is_neither_ended_nor_signed_out_elsewhere() {
    let sso = public();
    let cookie = adele(None).cookie(&sso).await.unwrap();
    let at_shop = ask(&sso, get("shop.example", "/").header(header::COOKIE, &cookie)).await;
    assert!(at_shop.headers().get(header::SET_COOKIE).is_none(), "it is not this site's to clear");
    let home = ask(&sso, get("app.example", "/").header(header::COOKIE, &cookie)).await;
    assert_eq!(text(&home), "adele@contoso.example");
}

#[tokio::test]
async fn f65_each_site_has_a_session_of_its_own_life_for_one_user() {
    let app = with_shop(|shop| shop.session_cookie_age = Some(std::time::Duration::from_mins(10))).await;
    let browser = app.browser();
    for (start, age) in [(app.at("/private"), "Max-Age=3600"), (at_shop(&app, "/private"), "Max-Age=600")] {
        let stop = start.replace("/private", super::CALLBACK);
        let page = browser.start_at(&start).stop_at(stop).signing_in_as(seed::ADELE).await.unwrap();
        let page = browser.get_once(page.location().unwrap().as_str()).await.unwrap();
        let set = page.headers.get_all("set-cookie").iter().map(|value| value.to_str().unwrap());
        let session = set.filter(|cookie| cookie.starts_with("microsoft_sso_session=")).collect::<Vec<_>>();
        assert!(session.len() == 1 && session[0].contains(age), "{start}: {session:?}");
        assert_eq!(browser.get(&start).await.unwrap().body, "OK user=adele@contoso.example", "{start}");
    }
    app.advance(std::time::Duration::from_secs(601));
    assert_eq!(browser.get(app.at("/")).await.unwrap().body, "adele@contoso.example");
    assert_eq!(browser.get(at_shop(&app, "/")).await.unwrap().body, "nobody", "ten minutes are over there");

    let page = browser.post_form(app.at("/microsoft_sso/logout/"), &[]).await.unwrap();
    assert_eq!(page.body, "nobody");
}

#[tokio::test]
async fn f66_a_sign_out_at_one_site_leaves_the_other() {
    let app = with_shop(|_| {}).await;
    let browser = app.browser();
    for start in [app.at("/private"), at_shop(&app, "/private")] {
        browser.start_at(&start).signing_in_as(seed::ADELE).await.unwrap();
    }
    browser.post_form(at_shop(&app, "/microsoft_sso/logout/"), &[]).await.unwrap();
    assert_eq!(browser.get(at_shop(&app, "/")).await.unwrap().body, "nobody");
    assert_eq!(browser.get(app.at("/")).await.unwrap().body, "adele@contoso.example");
}

#[tokio::test]
async fn f66_everywhere_is_every_site() {
    let app = with_shop(|_| {}).await;
    let (browser, other) = (app.browser(), app.browser());
    for browser in [&browser, &other] {
        for start in [app.at("/private"), at_shop(&app, "/private")] {
            browser.start_at(&start).signing_in_as(seed::ADELE).await.unwrap();
        }
    }
    browser.post_form(at_shop(&app, "/microsoft_sso/logout/"), &[("everywhere", "1")]).await.unwrap();
    for browser in [&browser, &other] {
        for home in [app.at("/"), at_shop(&app, "/")] {
            assert_eq!(browser.get(&home).await.unwrap().body, "nobody", "{home}");
        }
    }
}

/// Where a session does not count, it says nothing of its user: the cookie's own session ends, and no other.
#[tokio::test]
async fn k13_a_session_of_another_site_ends_no_others() {
    let sso = public();
    let (one, other) = (adele(None).cookie(&sso).await.unwrap(), adele(None).cookie(&sso).await.unwrap());
    let request = http::Request::post("/microsoft_sso/logout/")
        .header("host", "shop.example")
        .header("sec-fetch-site", "same-origin")
        .header("content-type", "application/x-www-form-urlencoded")
        .header(header::COOKIE, &one);
    let request = request.body(axum::body::Body::from("everywhere=1")).unwrap();
    let answer = tower::ServiceExt::oneshot(crate::app::application(&sso), request).await.unwrap();
    assert_eq!(answer.status(), 303);
    let home = ask(&sso, get("app.example", "/").header(header::COOKIE, &other)).await;
    assert_eq!(text(&home), "adele@contoso.example");
}

/// The user has left Microsoft's session, at whichever of our sites he used it: each application is told, and each may be
/// the first.
#[tokio::test]
async fn f67_a_sid_ends_the_sessions_of_its_authority_at_every_site() {
    let path = "/microsoft_sso/front_channel_logout/";
    for shops in [false, true] {
        let app = with_shop(|_| {}).await;
        let address = if shops { at_shop(&app, path) } else { app.at(path) };
        let told = if shops { seed::SINGLE_TENANT_APP_ID } else { seed::APP_ID };
        app.emulator.directory().change_app(told, |portal| portal.logout_url = Some(address.clone())).unwrap();
        let (browser, other) = (app.browser(), app.browser());
        for browser in [&browser, &other] {
            for start in [app.at("/private"), at_shop(&app, "/private")] {
                browser.start_at(&start).signing_in_as(seed::ADELE).await.unwrap();
            }
        }
        let logout = format!("{}{}/oauth2/v2.0/logout", app.emulator.url(), seed::CONTOSO);
        browser.start_at(logout).asking_nobody().await.unwrap();
        for home in [app.at("/"), at_shop(&app, "/")] {
            assert_eq!(browser.get(&home).await.unwrap().body, "nobody", "{address}: {home}");
            assert_eq!(other.get(&home).await.unwrap().body, "adele@contoso.example", "{address}: {home}");
        }
    }
}
