//! What was chosen at the start is what the callback uses, and an answer for one site is none for another (S5).

use entra_emulator::{Endpoint, seed};

use super::{CALLBACK, at_shop, with_shop};

#[tokio::test]
async fn f65_a_sign_in_is_with_the_sites_own_application() {
    let app = with_shop(|shop| shop.next_url = Some("/messages".to_owned())).await;
    for (start, client_id, home) in [
        (app.at("/microsoft_sso/login/"), seed::APP_ID, "/"),
        (at_shop(&app, "/microsoft_sso/login/"), seed::SINGLE_TENANT_APP_ID, "/messages"),
    ] {
        let browser = app.browser();
        let there = browser.get_once(&start).await.unwrap().location().expect("to Microsoft");
        let query = there.query_pairs().collect::<std::collections::HashMap<_, _>>();
        assert_eq!(query["client_id"], client_id);
        assert_eq!(query["redirect_uri"], start.replace("/microsoft_sso/login/", CALLBACK));
        let page = browser.start_at(&start).signing_in_as(seed::ADELE).await.unwrap();
        assert_eq!((page.status, page.url.path()), (200, home), "{}", page.body);
    }
    let user = app.user(seed::CONTOSO, seed::ADELE_ID).await.expect("one user for both");
    assert_eq!(user.username, "adele@contoso.example");
}

#[tokio::test]
async fn s5_f65_an_answer_for_one_site_begins_no_session_at_another() {
    let app = with_shop(|_| {}).await;
    let (portal, shop) = (app.at(CALLBACK), at_shop(&app, CALLBACK));
    for (from, to, login) in [(&portal, &shop, seed::SINGLE_TENANT_APP_ID), (&shop, &portal, seed::APP_ID)] {
        let browser = app.browser();
        let start = from.replace(CALLBACK, "/private");
        let answer = browser.start_at(&start).stop_at(from.as_str()).signing_in_as(seed::ADELE).await.unwrap();
        let answer = answer.location().expect("back from Microsoft");
        // The browser brings the seed along, as if a cookie had leaked from one host to the other.
        for (name, value) in browser.cookies(from) {
            browser.set_cookie(to, &format!("{name}={value}; Path=/"));
        }
        let moved = answer.as_str().replace(from.as_str(), to.as_str());
        let page = browser.get_once(&moved).await.unwrap();
        let there = page.location().expect("started once more, at this site");
        assert!(there.as_str().starts_with(app.emulator.url().as_str()), "{there}");
        assert!(there.query_pairs().any(|(name, value)| name == "client_id" && value == login), "{there}");
        let set = page.headers.get_all("set-cookie").iter().filter_map(|value| value.to_str().ok());
        assert!(!set.into_iter().any(|cookie| cookie.contains("_session=")), "no session");
        assert_eq!(app.asked(Endpoint::Token), 0, "nothing was redeemed");
        // The attempt itself is not hurt.
        assert_eq!(browser.get(answer.as_str()).await.unwrap().body, "OK user=adele@contoso.example");
        app.emulator.journal().clear();
    }
}

#[tokio::test]
async fn s19_a_sign_in_that_begins_at_another_host_of_the_default_site_completes_there() {
    let app = crate::app::App::of(entra_emulator::Emulator::env, "", |settings, port| {
        settings.callback_domain = Some(format!("localhost:{port}").parse().unwrap());
        settings.site.push(entra_sso::settings::SiteTable::new("127.0.0.2".parse().unwrap()));
    })
    .await;
    let browser = app.browser();
    let start = at_shop(&app, "/private");
    let page = browser.start_at(&start).signing_in_as(seed::ADELE).await.unwrap();
    assert_eq!((page.url.host_str(), page.body.as_str()), (Some("localhost"), "OK user=adele@contoso.example"));
}
