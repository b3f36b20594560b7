//! Bad input: what Microsoft can send and hardly anybody expects. Nothing is lost, and nothing is a 500.

use entra_emulator::{Endpoint, Fault, Photo, User, seed};
use serde_json::{Value, json};

use crate::app::App;

#[tokio::test]
async fn blank_and_null_fields_of_graph_leave_what_the_token_says() {
    for value in [json!(null), json!(""), json!("   "), json!("\u{0}\u{7}")] {
        let app = App::with(|settings| settings.always_update_user_data = true).await;
        for field in ["mail", "givenName", "surname", "displayName", "preferredLanguage", "userPrincipalName"] {
            app.emulator.faults().always(Fault::Member(Endpoint::Me, field.to_owned(), Some(value.clone())));
        }
        for _ in 0..2 {
            let page = app.sign_in(&app.browser(), seed::ADELE).await;
            assert_eq!(page.body, "OK user=adele@contoso.example", "{value:?}");
        }
        let user = app.user(seed::CONTOSO, seed::ADELE_ID).await.unwrap();
        assert_eq!(user.full_name(), "Adele Vance", "{value:?}");
        assert_eq!(user.email.as_deref(), Some(seed::ADELE), "{value:?}");
        assert_eq!(app.everybody().await.len(), 1);
    }
}

/// What a known user has is never erased, whichever way nothing comes.
#[tokio::test]
async fn f43_nothing_sent_erases_nothing_with_and_without_new_users() {
    for auto_create in [true, false] {
        let first = App::start().await;
        first.sign_in(&first.browser(), seed::ADELE).await;
        let users = first.users.clone();
        let app = App::plugged(
            |settings| {
                settings.always_update_user_data = true;
                settings.auto_create_users = auto_create;
            },
            |builder| builder.users(users.clone()),
        )
        .await;
        for field in ["mail", "givenName", "surname", "preferredLanguage"] {
            app.emulator.faults().always(Fault::Member(Endpoint::Me, field.to_owned(), Some(Value::Null)));
        }
        for claim in ["email", "given_name", "family_name", "name"] {
            app.emulator.faults().always(Fault::NoClaim(claim.to_owned()));
        }
        app.emulator.faults().always(Fault::NoPhoto("ImageNotFound".to_owned()));
        let browser = app.browser();
        app.sign_in(&browser, seed::ADELE).await;
        assert_eq!(app.who(&browser).await, "adele@contoso.example");
        let user = first.user(seed::CONTOSO, seed::ADELE_ID).await.unwrap();
        assert_eq!((user.full_name().as_str(), user.email.as_deref()), ("Adele Vance", Some(seed::ADELE)));
        let account = user.account.unwrap();
        assert!(account.has_picture && account.locale.is_some() && account.user_principal_name.is_some());
    }
}

#[tokio::test]
async fn photos_up_to_the_limit_and_of_known_types_are_kept() {
    for (limit, size, kept) in [(4 << 20, (4 << 20) - 64, true), (4 << 20, (4 << 20) + 1, false), (1000, 1001, false)] {
        let app = App::with(|settings| settings.photo_limit = limit).await;
        let photo = Photo::jpeg_of(size);
        app.emulator.directory().change_user(seed::ADELE_ID, |user| user.photo = Some(photo.clone())).unwrap();
        let browser = app.browser();
        assert_eq!(app.sign_in(&browser, seed::ADELE).await.body, "OK user=adele@contoso.example");
        let expected = if kept { format!("image/jpeg {size}") } else { "none".to_owned() };
        assert_eq!(browser.get(app.at("/picture")).await.unwrap().body, expected, "{limit} {size}");
    }
}

#[tokio::test]
async fn an_svg_is_no_photo() {
    for content_type in ["image/svg+xml", "image/png", "text/html"] {
        let app = App::start().await;
        let svg = "<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>";
        app.emulator.faults().always(Fault::PhotoText(content_type.to_owned(), svg.to_owned()));
        let browser = app.browser();
        assert_eq!(app.sign_in(&browser, seed::ADELE).await.status, 200, "{content_type}");
        assert_eq!(browser.get(app.at("/picture")).await.unwrap().body, "none", "{content_type}");
    }
}

#[tokio::test]
async fn long_and_strange_names_and_locales_are_kept_whole() {
    let app = App::start().await;
    let upn = "o'neill+x@contoso.example";
    let mut odd = User::member("1a2b3c4d-0009-4000-8000-000000000098", seed::CONTOSO, upn, "x");
    odd.given_name = Some("\u{540d}\u{524d}".repeat(75) + &"Z".repeat(150));
    odd.surname = Some("</script><img src=x onerror=alert(1)>".to_owned());
    odd.preferred_language = Some("x-a-locale-of-thirty-five-characters".to_owned());
    app.emulator.directory().add_user(odd).unwrap();
    let browser = app.browser();
    assert_eq!(app.sign_in(&browser, upn).await.body, format!("OK user={upn}"));
    let user = app.user(seed::CONTOSO, "1a2b3c4d-0009-4000-8000-000000000098").await.unwrap();
    assert_eq!(user.first_name.chars().count(), 300);
    assert_eq!(user.account.unwrap().locale.as_deref(), Some("x-a-locale-of-thirty-five-characters"));
    let page = browser.get(app.at("/microsoft_sso/logout/")).await.unwrap();
    assert!(!page.body.contains("<img src=x"), "Z6: {}", page.body);
}

#[tokio::test]
async fn i6_a_guests_name_becomes_a_username() {
    let app = App::start().await;
    let browser = app.browser();
    app.sign_in(&browser, seed::MEGAN).await;
    assert_eq!(app.who(&browser).await, seed::MEGAN_GUEST_UPN.to_lowercase());
}

/// Without `unique_email` an address is for showing, and two people may have the same.
#[tokio::test]
async fn two_users_whose_address_differs_in_case_are_two_users() {
    let app = App::start().await;
    let mail = |user: &mut User| user.mail = Some("ADELE@contoso.example".to_owned());
    app.emulator.directory().change_user(seed::ALEX_ID, mail).unwrap();
    for who in [seed::ADELE, seed::ALEX] {
        app.sign_in(&app.browser(), who).await;
    }
    let adele = app.user(seed::CONTOSO, seed::ADELE_ID).await.unwrap();
    let alex = app.user(seed::CONTOSO, seed::ALEX_ID).await.unwrap();
    assert_ne!(adele.id, alex.id);
    assert_eq!((adele.email.as_deref(), alex.email.as_deref()), (Some(seed::ADELE), Some(seed::ADELE)));
}
