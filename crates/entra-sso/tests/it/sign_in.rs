//! The whole sign-in, from a protected page to a session and back to that page.

mod backend;
mod first_superuser;
mod hooks;
mod kept;
mod lists;
mod matrix;
mod odd_values;
mod other_tenants_site;
mod prepared;
mod races;
mod unique_email;

use std::time::Duration;

use entra_emulator::{Endpoint, Fault, seed};

use crate::app::App;

#[tokio::test]
async fn a_stranger_signs_in_and_lands_where_he_wanted_to_go() {
    let app = App::start().await;
    let browser = app.browser();
    let page = browser.start_at(app.at("/private?tab=2#end")).signing_in_as(seed::ADELE).await.unwrap();
    assert_eq!((page.status, page.body.as_str()), (200, "OK user=adele@contoso.example"));
    assert_eq!(page.url.query(), Some("tab=2"), "next keeps the query");
    assert_eq!(app.who(&browser).await, "adele@contoso.example");
    assert_eq!(browser.get(app.at("/guarded")).await.unwrap().body, "guarded");

    let user = app.user(seed::CONTOSO, seed::ADELE_ID).await.expect("the user was created");
    assert_eq!((user.first_name.as_str(), user.last_name.as_str()), ("Adele", "Vance"));
    assert_eq!(user.email.as_deref(), Some("adele@contoso.example"));
    let account = user.account.expect("with a Microsoft account");
    assert_eq!(account.user_principal_name.as_deref(), Some("adele@contoso.example"));
    assert_eq!(account.locale.as_deref(), Some("en-US"));
    assert!(account.has_picture);
    assert!(browser.get(app.at("/picture")).await.unwrap().body.starts_with("image/"));
}

#[tokio::test]
async fn a_login_costs_three_calls_and_no_other() {
    let app = App::with(|settings| settings.always_update_user_data = true).await;
    app.sign_in(&app.browser(), seed::ALEX).await;
    app.emulator.journal().clear();
    app.sign_in(&app.browser(), seed::ADELE).await;
    let calls = [Endpoint::Token, Endpoint::Me, Endpoint::Photo, Endpoint::Discovery, Endpoint::Keys];
    assert_eq!(calls.map(|endpoint| app.asked(endpoint)), [1, 1, 1, 0, 0], "metadata and keys come from the cache");
}

#[tokio::test]
async fn a_known_user_is_not_asked_of_graph_again_unless_the_settings_say_so() {
    for (always, expected) in [(false, 0), (true, 1)] {
        let app = App::with(|settings| settings.always_update_user_data = always).await;
        app.sign_in(&app.browser(), seed::ADELE).await;
        app.emulator
            .directory()
            .change_user(seed::ADELE_ID, |user| user.given_name = Some("Adelaide".to_owned()))
            .unwrap();
        app.emulator.journal().clear();
        app.advance(Duration::from_mins(1));
        app.sign_in(&app.browser(), seed::ADELE).await;
        assert_eq!((app.asked(Endpoint::Token), app.asked(Endpoint::Me)), (1, expected), "always={always}");
        let user = app.user(seed::CONTOSO, seed::ADELE_ID).await.unwrap();
        assert_eq!(user.first_name, if always { "Adelaide" } else { "Adele" });
        assert!(user.last_login > Some(user.date_joined));
    }
}

#[tokio::test]
async fn f43_what_microsoft_does_not_send_erases_nothing() {
    let app = App::with(|settings| settings.always_update_user_data = true).await;
    app.sign_in(&app.browser(), seed::ADELE).await;
    app.emulator
        .directory()
        .change_user(seed::ADELE_ID, |user| {
            user.given_name = None;
            user.mail = Some(String::new());
            user.photo = None;
        })
        .unwrap();
    app.sign_in(&app.browser(), seed::ADELE).await;
    let user = app.user(seed::CONTOSO, seed::ADELE_ID).await.unwrap();
    assert_eq!(user.first_name, "Adele");
    assert_eq!(user.email.as_deref(), Some("adele@contoso.example"));
    assert!(user.account.unwrap().has_picture);
}

#[tokio::test]
async fn a_graph_that_fails_breaks_no_login() {
    let faults = [
        Fault::Status(Endpoint::Me, 500),
        Fault::Throttled(Endpoint::Me, Some("2.128".to_owned())),
        Fault::Html(Endpoint::Me),
        Fault::Truncated(Endpoint::Me),
        Fault::Oversized(Endpoint::Me, 1 << 20),
        Fault::Redirect(Endpoint::Me, "http://127.0.0.1:9/".to_owned()),
        Fault::OtherUser,
        Fault::Status(Endpoint::Photo, 500),
        Fault::NoPhoto("ImageNotFound".to_owned()),
        Fault::Oversized(Endpoint::Photo, 5 << 20),
        Fault::PhotoText("image/svg+xml".to_owned(), "<svg xmlns='http://www.w3.org/2000/svg'/>".to_owned()),
        Fault::PhotoText("image/png".to_owned(), "<script>alert(1)</script>".to_owned()),
    ];
    for fault in faults {
        let app = App::start().await;
        app.emulator.faults().always(fault.clone());
        let page = app.sign_in(&app.browser(), seed::ADELE).await;
        assert_eq!(page.body, "OK user=adele@contoso.example", "{fault:?}");
        let user = app.user(seed::CONTOSO, seed::ADELE_ID).await.unwrap();
        assert_eq!(user.full_name(), "Adele Vance", "{fault:?}: the claims have the name");
        let about_photo = !matches!(fault, Fault::Status(Endpoint::Me, _) | Fault::Throttled(..));
        assert!(
            !about_photo || !user.account.unwrap().has_picture,
            "{fault:?}: no picture of someone else or of no known type"
        );
    }
}

#[tokio::test]
async fn a_slow_graph_breaks_no_login() {
    let app = App::with(|settings| settings.graph_timeout = Duration::from_secs(1)).await;
    app.emulator.faults().together([Fault::Hang(Endpoint::Me), Fault::Hang(Endpoint::Photo)]);
    let page = app.sign_in(&app.browser(), seed::ADELE).await;
    assert_eq!(page.body, "OK user=adele@contoso.example");
}

#[tokio::test]
async fn a_rule_that_needs_graph_says_try_again_when_graph_is_away() {
    let app = App::with(|settings| settings.allowable_domains = Some(vec!["mail.contoso.example".to_owned()])).await;
    app.emulator.directory().change_app(seed::APP_ID, |app| app.optional_claims.clear()).unwrap();
    app.emulator.faults().always(Fault::Status(Endpoint::Me, 503));
    let browser = app.browser();
    let page = app.sign_in(&browser, seed::ADELE).await;
    assert_eq!(page.status, 503);
    assert!(page.body.contains("E313"), "{}", page.body);
    assert!(page.body.contains("Try again"));
    assert_eq!(app.who(&browser).await, "nobody");
    assert_eq!(app.user(seed::CONTOSO, seed::ADELE_ID).await, None, "a refusal leaves no user");
}

#[tokio::test]
async fn f45_the_domain_rule_is_judged_at_every_login() {
    let cases: &[(&[&str], bool)] = &[
        (&["contoso.example"], true),
        (&["fabrikam.example"], false),
        (&[], false),
        (&["*"], true),
        (&["*.contoso.example"], false),
    ];
    for (domains, enters) in cases {
        let app = App::with(|settings| {
            settings.allowable_domains = Some(domains.iter().map(|domain| (*domain).to_owned()).collect());
        })
        .await;
        let browser = app.browser();
        let page = app.sign_in(&browser, seed::ADELE).await;
        assert_eq!(page.body.starts_with("OK user="), *enters, "{domains:?}: {}", page.body);
        assert_eq!(app.user(seed::CONTOSO, seed::ADELE_ID).await.is_some(), *enters, "{domains:?}");
        if !enters {
            assert_eq!(page.url.path(), "/microsoft_sso/", "told on the login page");
            assert!(page.body.contains("You cannot sign in here with this account."), "{}", page.body);
        }
    }
}

#[tokio::test]
async fn a_user_without_mail_and_photo_signs_in() {
    let app = App::start().await;
    let browser = app.browser();
    assert_eq!(app.sign_in(&browser, seed::ALEX).await.body, "OK user=alex@contoso.example");
    let user = app.user(seed::CONTOSO, seed::ALEX_ID).await.unwrap();
    assert_eq!(user.email, None);
    assert_eq!(browser.get(app.at("/picture")).await.unwrap().body, "none");
}

#[tokio::test]
async fn profile_source_claims_asks_nothing_of_graph() {
    let app = App::with(|settings| settings.profile_source = entra_sso::settings::ProfileSource::Claims).await;
    let page = app.sign_in(&app.browser(), seed::ADELE).await;
    assert_eq!(page.body, "OK user=adele@contoso.example");
    assert_eq!((app.asked(Endpoint::Me), app.asked(Endpoint::Photo)), (0, 0));
}

#[tokio::test]
async fn a_signed_in_user_skips_microsoft() {
    let app = App::start().await;
    let browser = app.browser();
    app.sign_in(&browser, seed::ADELE).await;
    app.emulator.journal().clear();
    let page = browser.get(app.at("/microsoft_sso/login/?next=/private")).await.unwrap();
    assert_eq!(page.body, "OK user=adele@contoso.example");
    assert_eq!(app.emulator.journal().total(), 0);
}

#[tokio::test]
async fn auto_create_users_off_lets_only_known_users_in() {
    let app = App::with(|settings| settings.auto_create_users = false).await;
    let browser = app.browser();
    let page = app.sign_in(&browser, seed::ADELE).await;
    assert_eq!(page.url.path(), "/microsoft_sso/");
    assert_eq!(app.who(&browser).await, "nobody");
    assert_eq!(app.user(seed::CONTOSO, seed::ADELE_ID).await, None);
}

#[tokio::test]
async fn s14_a_link_changes_nothing_of_the_protocol() {
    let app = App::start().await;
    let start = app.at(
        "/microsoft_sso/login/?next=/private&login_hint=adele%40contoso.example&domain_hint=organizations&prompt=select_account\
         &scope=Mail.Read&client_id=evil&redirect_uri=https://evil.test/&response_type=id_token&nonce=known&state=known\
         &claims=%7B%7D&max_age=0&response_mode=fragment&code_challenge=x&resource=y",
    );
    let page = app.browser().get_once(start).await.unwrap();
    let location = page.location().expect("303 to Microsoft");
    let pairs: Vec<(String, String)> = location.query_pairs().into_owned().collect();
    let of = |name: &str| {
        let values: Vec<_> = pairs.iter().filter(|(known, _)| known == name).map(|(_, value)| value.as_str()).collect();
        assert!(values.len() <= 1, "{name} stands there once");
        values.first().map(|value| (*value).to_owned())
    };
    assert_eq!(of("client_id").as_deref(), Some(seed::APP_ID));
    assert_eq!(of("response_type").as_deref(), Some("code"));
    assert_eq!(of("redirect_uri").as_deref(), Some(app.at("/microsoft_sso/callback/").as_str()));
    assert_eq!(of("login_hint").as_deref(), Some("adele@contoso.example"));
    assert_eq!(of("prompt").as_deref(), Some("select_account"));
    assert_eq!(of("domain_hint").as_deref(), Some("organizations"));
    assert!(!of("scope").unwrap().contains("Mail.Read"));
    assert_ne!(of("nonce").as_deref(), Some("known"));
    assert_ne!(of("state").as_deref(), Some("known"));
    for absent in ["claims", "max_age", "resource"] {
        assert_eq!(of(absent), None, "{absent}");
    }
}
