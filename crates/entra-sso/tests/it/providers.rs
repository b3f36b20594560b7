//! Standard OpenID providers beside Microsoft (F-21): their own doors, their own users, nobody's answers but their own.

use entra_emulator::{Browser, Endpoint, seed};
use entra_sso::{
    Settings,
    oidc::{AccountKey, AccountKind},
    users::{User, UserLookup, UserStore as _},
};
use serde_json::{Value, json};
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
async fn s5_s7_an_answer_at_another_providers_door_is_refused() {
    let (one, other) = (OpenIdProvider::start().await, OpenIdProvider::start().await);
    let app = App::beside(&[("one", &one), ("other", &other)], |_| {}).await;
    let doors = ["/microsoft_sso/one/callback/", "/microsoft_sso/other/callback/", "/microsoft_sso/callback/"];
    for login in ["/microsoft_sso/one/login/", "/microsoft_sso/other/login/"] {
        let browser = app.browser();
        let answer = answer_of(&app, &browser, login).await;
        for door in doors.into_iter().filter(|door| *door != answer.path()) {
            let query = answer.query().unwrap();
            let page = browser.get_once(app.at(&format!("{door}?{query}"))).await.unwrap();
            assert_eq!(page.status, 400, "{door}: not started once more, but explained: {}", page.body);
            assert!(page.body.contains("E337"), "{}", page.body);
            assert_eq!(app.who(&browser).await, "nobody", "{door}");
        }
        assert_eq!((one.asked()[1], other.asked()[1], app.asked(Endpoint::Token)), (0, 0, 0), "nothing was redeemed");
    }
    // The owner of an attempt is not hurt by any of it.
    let browser = app.browser();
    let answer = answer_of(&app, &browser, "/microsoft_sso/one/login/").await;
    browser.get_once(app.at(&format!("{}?{}", doors[1], answer.query().unwrap()))).await.unwrap();
    assert_eq!(browser.get(answer.as_str()).await.unwrap().body, "adele.v");
}

#[tokio::test]
async fn s5_an_attempt_at_microsoft_is_refused_at_a_providers_door() {
    let (app, provider) = with_partner(|_| {}).await;
    let browser = app.browser();
    let callback = app.callback_of(&browser, "/microsoft_sso/login/?next=/private", seed::ADELE).await;
    let elsewhere = callback.replace("/microsoft_sso/callback/", "/microsoft_sso/partner/callback/");
    let page = browser.get_once(&elsewhere).await.unwrap();
    assert_eq!((page.status, app.asked(Endpoint::Token), provider.asked()), (400, 0, [0; 3]));
    assert_eq!(browser.get(&callback).await.unwrap().body, "OK user=adele@contoso.example");
}

#[tokio::test]
async fn s7_the_issuer_of_the_answer_is_judged() {
    let wrong = "https://honest.example".to_owned();
    let cases: &[(&str, Value, Vec<(&'static str, String)>, bool)] = &[
        ("none, none promised", json!({}), vec![], true),
        ("another provider's", json!({}), vec![("iss", wrong.clone())], false),
        ("promised and missing", json!({ "authorization_response_iss_parameter_supported": true }), vec![], false),
        ("twice", json!({}), vec![("iss", wrong.clone()), ("iss", wrong)], false),
    ];
    for (name, metadata, answer, enters) in cases {
        let (app, provider) = with_partner(|_| {}).await;
        provider.says().metadata = metadata.clone();
        provider.says().answer.clone_from(answer);
        let browser = app.browser();
        browser.get(app.at(LOGIN)).await.unwrap();
        assert_eq!(app.who(&browser).await != "nobody", *enters, "{name}");
        assert_eq!(provider.asked()[1], usize::from(*enters), "{name}: the code was redeemed");
    }
    let (app, provider) = with_partner(|_| {}).await;
    provider.says().metadata = json!({ "authorization_response_iss_parameter_supported": true });
    provider.says().answer = vec![("iss", provider.url.clone())];
    assert_eq!(app.browser().get(app.at(LOGIN)).await.unwrap().body, "OK user=adele.v");
}

#[tokio::test]
async fn i1_i12_a_provider_that_speaks_of_adele_makes_another_user() {
    let (app, provider) = with_partner(|_| {}).await;
    app.sign_in(&app.browser(), seed::ADELE).await;
    let hers = app.user(seed::CONTOSO, seed::ADELE_ID).await.expect("Adele of Contoso");
    provider.says().claims = json!({
        "sub": seed::ADELE_ID, "tid": seed::CONTOSO, "oid": seed::ADELE_ID, "upn": seed::ADELE, "name": "Adele Vance",
        "email": seed::ADELE, "email_verified": true, "xms_edov": true, "preferred_username": seed::ADELE,
        "roles": ["Editor"], "idp": "https://sts.windows.net/",
    });
    provider.says().user_info = json!({ "sub": seed::ADELE_ID, "email": seed::ADELE, "email_verified": true });
    let browser = app.browser();
    browser.get(app.at(LOGIN)).await.unwrap();
    let theirs = user_of(&app, &provider, seed::ADELE_ID).await.expect("a user of the provider");
    assert_ne!(theirs.id, hers.id);
    assert_ne!(theirs.username, hers.username, "a name that is taken gets a suffix");
    assert_eq!(app.user(seed::CONTOSO, seed::ADELE_ID).await, Some(hers), "Adele is as she was");
    assert_eq!(app.who(&browser).await, theirs.username);
}

#[tokio::test]
async fn i1_no_address_of_a_provider_is_trusted() {
    let (app, provider) =
        with_partner(|settings| settings.allowable_domains = Some(vec!["contoso.example".to_owned()])).await;
    provider.says().claims = json!({
        "sub": "mallory", "tid": seed::CONTOSO, "oid": seed::ADELE_ID, "email": seed::ADELE, "upn": seed::ADELE,
        "email_verified": true, "xms_edov": true, "acct": 0,
    });
    provider.says().user_info = json!({ "sub": "mallory", "email": seed::ADELE, "email_verified": true });
    let browser = app.browser();
    let page = browser.get(app.at(LOGIN)).await.unwrap();
    assert_eq!(page.url.path(), "/microsoft_sso/");
    assert!(page.body.contains("You cannot sign in here with this account."), "{}", page.body);
    assert_eq!(app.who(&browser).await, "nobody");
    assert_eq!(user_of(&app, &provider, "mallory").await, None, "a refusal leaves no user");
}

#[tokio::test]
async fn i12_the_same_subject_at_two_providers_is_two_users() {
    let (one, other) = (OpenIdProvider::start().await, OpenIdProvider::start().await);
    let app = App::beside(&[("one", &one), ("other", &other)], |_| {}).await;
    app.browser().get(app.at("/microsoft_sso/one/login/")).await.unwrap();
    app.browser().get(app.at("/microsoft_sso/other/login/")).await.unwrap();
    let (first, second) = (user_of(&app, &one, "adele").await.unwrap(), user_of(&app, &other, "adele").await.unwrap());
    assert_ne!(first.id, second.id);
}

#[tokio::test]
async fn t17_user_info_of_somebody_else_ends_the_sign_in() {
    let (app, provider) = with_partner(|_| {}).await;
    provider.says().user_info = json!({ "sub": "somebody else", "email": "ceo@partner.example" });
    let browser = app.browser();
    let page = browser.get(app.at(LOGIN)).await.unwrap();
    assert!(page.status >= 400, "{} {}", page.status, page.body);
    assert_eq!(app.who(&browser).await, "nobody");
    assert_eq!(user_of(&app, &provider, "adele").await, None);
}

#[tokio::test]
async fn f21_user_info_that_does_not_come_breaks_no_login() {
    for broken in [json!([]), json!("text"), json!({ "name": "without a subject" })] {
        let (app, provider) = with_partner(|_| {}).await;
        provider.says().user_info = broken.clone();
        let page = app.browser().get(app.at(LOGIN)).await.unwrap();
        assert_eq!(page.body, "OK user=adele@partner.example", "{broken}: the claims have to do");
    }
    let (app, provider) =
        with_partner(|settings| settings.profile_source = entra_sso::settings::ProfileSource::Claims).await;
    app.browser().get(app.at(LOGIN)).await.unwrap();
    assert_eq!(provider.asked()[2], 0, "profile_source = claims asks nobody");
}

#[tokio::test]
async fn f21_what_a_provider_lies_about_is_refused() {
    let cases = [
        ("another nonce", json!({ "nonce": "another" })),
        ("no nonce", json!({ "nonce": null })),
        ("another audience", json!({ "aud": "another" })),
        ("two audiences", json!({ "aud": [CLIENT_ID, "another"] })),
        ("another issuer", json!({ "iss": "https://honest.example" })),
        ("an issuer with a slash", json!({ "iss": "http://127.0.0.1/" })),
        ("long over", json!({ "exp": 1_795_000_000, "iat": 1_794_999_000 })),
        ("no subject", json!({ "sub": null })),
        ("a subject that is no text", json!({ "sub": ["adele"] })),
        ("a logout token", json!({ "events": { "http://schemas.openid.net/event/backchannel-logout": {} } })),
    ];
    for (name, claims) in cases {
        let (app, provider) = with_partner(|_| {}).await;
        for (claim, value) in claims.as_object().unwrap() {
            provider.says().claims[claim] = value.clone();
        }
        let browser = app.browser();
        let page = browser.get(app.at(LOGIN)).await.unwrap();
        assert!(page.status >= 400, "{name}: {} {}", page.status, page.body);
        assert_eq!(app.who(&browser).await, "nobody", "{name}");
        assert_eq!(user_of(&app, &provider, "adele").await, None, "{name}");
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
async fn k13_a_providers_session_counts_where_the_provider_is_one_of_the_sites() {
    let (app, provider) = with_partner(|_| {}).await;
    let browser = app.browser();
    browser.get(app.at(LOGIN)).await.unwrap();
    assert_eq!(app.who(&browser).await, "adele.v");
    app.emulator.journal().clear();
    let page = browser.get(app.at("/microsoft_sso/login/?next=/private")).await.unwrap();
    assert_eq!(page.body, "OK user=adele.v", "who is signed in skips Microsoft, too");
    assert_eq!((app.emulator.journal().total(), provider.asked()[0]), (0, 1));
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
