//! Who a provider's users are: nobody that Microsoft knows, and nobody else (I1, I12, T17).

use entra_emulator::seed;
use serde_json::json;

use super::{LOGIN, user_of, with_partner};
use crate::{
    app::App,
    openid_provider::{CLIENT_ID, OpenIdProvider},
};

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
