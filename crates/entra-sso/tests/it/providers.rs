//! Standard OpenID providers beside Microsoft (F-21): their own doors, their own users, nobody's answers but their own.

mod identity;
mod mixed_up;

use entra_emulator::{Browser, seed};
use entra_sso::{
    Settings,
    oidc::{AccountKey, AccountKind},
    users::{User, UserLookup, UserStore as _},
};
use serde_json::Value;
use url::Url;

use crate::{
    app::App,
    openid_provider::{CLIENT_ID, OpenIdProvider},
};

const LOGIN: &str = "/microsoft_sso/partner/login/?next=/private";

/// An application with one provider beside Microsoft.
async fn with_partner(change: impl FnOnce(&mut Settings)) -> (App, OpenIdProvider) {
    let provider = OpenIdProvider::start().await;
    let app = App::beside(&[("partner", &provider)], change).await;
    (app, provider)
}

async fn user_of(app: &App, provider: &OpenIdProvider, subject: &str) -> Option<User> {
    let key = AccountKey::new(AccountKind::OpenId, provider.url.as_str(), subject);
    app.users.find(UserLookup::Account(key)).await.expect("memory answers")
}

/// Goes to the provider and comes back with the callback's address, not yet called.
async fn answer_of(app: &App, browser: &Browser, login: &str) -> Url {
    let there = browser.get_once(app.at(login)).await.unwrap();
    let there = there.location().expect("off to the provider").to_string();
    browser.get_once(there).await.unwrap().location().expect("back from the provider").clone()
}

#[tokio::test]
async fn f21_somebody_signs_in_with_a_provider_beside_microsoft() {
    let (app, provider) = with_partner(|_| {}).await;
    let browser = app.browser();
    let page = browser.get(app.at(LOGIN)).await.unwrap();
    assert_eq!((page.body.as_str(), page.url.path()), ("OK user=adele.v", "/private"));
    assert_eq!(provider.asked(), [1, 1, 1], "one authorization, one token, one UserInfo");
    assert_eq!(app.emulator.journal().total(), 0, "Microsoft is asked nothing");

    let user = user_of(&app, &provider, "adele").await.expect("keyed by issuer and subject");
    assert_eq!(user.full_name(), "Adele Vance", "from the ID token");
    assert_eq!(user.email.as_deref(), Some("adele@partner.example"));
    let account = user.account.unwrap();
    assert_eq!((account.locale.as_deref(), account.has_picture), (Some("de"), false), "from UserInfo");
}

#[tokio::test]
async fn f21_what_is_sent_to_a_provider_is_its_own() {
    let (app, provider) = with_partner(|settings| {
        settings.auth_extra_arguments = vec![("domain_hint".to_owned(), "contoso.example".to_owned())];
    })
    .await;
    app.browser().get(app.at(&format!("{LOGIN}&login_hint=adele&scope=admin&client_id=x"))).await.unwrap();
    let request = provider.says().request.clone();
    let text = |name: &str| request.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    assert_eq!(text("client_id"), CLIENT_ID, "S14: no link changes it");
    assert_eq!(text("redirect_uri"), app.at("/microsoft_sso/partner/callback/"), "S7: an address of its own");
    assert_eq!(text("scope"), "openid profile email");
    assert_eq!((text("code_challenge_method"), text("response_type")), ("S256".to_owned(), "code".to_owned()));
    assert_eq!(text("login_hint"), "adele");
    assert_eq!(text("domain_hint"), "", "what the settings say to Microsoft is said to Microsoft alone");
}

#[tokio::test]
async fn f62_the_buttons_stand_side_by_side_microsoft_first() {
    let (one, other) = (OpenIdProvider::start().await, OpenIdProvider::start().await);
    let app = App::beside(&[("zulu", &one), ("alpha", &other)], |_| {}).await;
    let page = app.browser().get(app.at("/microsoft_sso/?next=/private")).await.unwrap();
    let place = |text: &str| page.body.find(text).unwrap_or_else(|| panic!("{text} in {}", page.body));
    assert!(place("Sign in with Microsoft") < place("Sign in with zulu"));
    assert!(place("Sign in with zulu") < place("Sign in with alpha"), "in the order of the settings");
    assert_eq!(page.body.matches("<svg").count(), 1, "Microsoft's logo is Microsoft's");
    assert_eq!(page.body.matches("class=\"entra-sso-button\"").count(), 3);
    assert_eq!(app.sso.buttons("/private").matches("?next=%2Fprivate").count(), 3);
    assert_eq!(app.sso.button("/private").matches("<a ").count(), 1);
}

#[tokio::test]
async fn f21_a_provider_that_is_not_there_has_no_door() {
    let (app, _provider) = with_partner(|_| {}).await;
    for path in ["/microsoft_sso/other/login/", "/microsoft_sso/other/callback/", "/microsoft_sso/partner/logout/"] {
        assert_eq!(app.browser().get(app.at(path)).await.unwrap().status, 404, "{path}");
    }
    for path in ["/microsoft_sso/partner/login", "/microsoft_sso/partner/callback"] {
        assert_eq!(app.browser().get_once(app.at(path)).await.unwrap().status, 303, "{path} without the slash");
    }
}

#[tokio::test]
async fn f63_what_a_provider_refuses_is_told_where_the_choice_is() {
    let (app, provider) = with_partner(|_| {}).await;
    provider.says().error = Some("access_denied");
    let page = app.browser().get(app.at(LOGIN)).await.unwrap();
    assert_eq!(page.url.path(), "/microsoft_sso/");
    assert!(page.body.contains("cancelled") && page.body.contains("?next=%2Fprivate"), "{}", page.body);

    provider.says().error = Some("server_error");
    let page = app.browser().get(app.at(LOGIN)).await.unwrap();
    assert_eq!(page.status, 502);
    assert!(page.body.contains("partner"), "Try again leads to the same provider: {}", page.body);

    let (app, provider) = with_partner(|settings| settings.login_failed_url = Some("/static".to_owned())).await;
    provider.says().error = Some("access_denied");
    assert_eq!(app.browser().get(app.at(LOGIN)).await.unwrap().url.path(), "/static");
}

#[tokio::test]
async fn k1_another_provider_ends_the_session_before() {
    let (app, _provider) = with_partner(|_| {}).await;
    let browser = app.browser();
    app.sign_in(&browser, seed::ADELE).await;
    let before = browser.cookies(&app.url).into_iter().find(|(name, _)| name.ends_with("_session")).unwrap();
    browser.get(app.at(&format!("{LOGIN}&prompt=login"))).await.unwrap();
    assert_eq!(app.who(&browser).await, "adele.v");
    let old = app.browser();
    old.set_cookie(&app.url, &format!("{}={}; Path=/", before.0, before.1));
    assert_eq!(app.who(&old).await, "nobody", "the old session is over");
}

#[tokio::test]
async fn s19_a_providers_sign_in_may_begin_at_another_host_than_the_callbacks() {
    let provider = OpenIdProvider::start().await;
    let app = App::beside(&[("partner", &provider)], |settings| {
        settings.allowed_hosts = vec!["localhost".parse().unwrap(), "127.0.0.1".parse().unwrap()];
        settings.callback_domain = Some("localhost".parse().unwrap());
    })
    .await;
    let elsewhere = app.at(LOGIN).replace("localhost", "127.0.0.1");
    let there = app.browser().get_once(&elsewhere).await.unwrap().location().unwrap().clone();
    assert_eq!((there.host_str(), there.path()), (Some("localhost"), "/microsoft_sso/partner/login/"));
    assert!(there.query().unwrap().contains("next=/private"), "{there}");
}

#[tokio::test]
async fn r1_r7_a_link_to_a_provider_leads_to_this_site_only() {
    let (app, _provider) = with_partner(|_| {}).await;
    let hostile = [
        "//evil.test",
        "/\\evil.test",
        "https://evil.test/",
        "https:/evil.test",
        "/%09/evil.test",
        "javascript:alert(1)",
        "data:text/html,x",
        "///evil.test",
        "/microsoft_sso/logout/",
        "/microsoft_sso/partner/login/",
        "%2f%2fevil.test",
    ];
    for next in hostile {
        let next: String = url::form_urlencoded::byte_serialize(next.as_bytes()).collect();
        let browser = app.browser();
        let answer = answer_of(&app, &browser, &format!("/microsoft_sso/partner/login/?next={next}")).await;
        let page = browser.get_once(answer.as_str()).await.unwrap();
        let there = page.location().unwrap();
        assert_eq!(there.as_str(), app.at("/#"), "{next}: home, with a fragment of our own");
    }
}
