//! Who a user is: the account key decides, whatever the addresses say.

use entra_emulator::{Fault, User, seed};
use serde_json::json;

use crate::app::App;

#[tokio::test]
async fn i1_the_same_address_in_another_tenant_is_another_user() {
    let app = App::of_tenant("organizations", |settings, _| {
        settings.allowed_tenants = vec![seed::CONTOSO.to_owned(), seed::FABRIKAM.to_owned()];
        settings.always_update_user_data = true;
    })
    .await;
    app.sign_in(&app.browser(), seed::ADELE).await;
    // Fabrikam's administrator writes Adele's address into his own user.
    app.emulator.directory().change_user(seed::DIEGO_ID, |user| user.mail = Some(seed::ADELE.to_owned())).unwrap();
    app.emulator.faults().together([
        Fault::Claim("email".to_owned(), json!(seed::ADELE)),
        Fault::Claim("preferred_username".to_owned(), json!(seed::ADELE)),
        Fault::Claim("upn".to_owned(), json!(seed::ADELE)),
    ]);
    let browser = app.browser();
    let page = app.sign_in(&browser, seed::DIEGO).await;
    assert_eq!(page.status, 200, "{}", page.body);
    let adele = app.user(seed::CONTOSO, seed::ADELE_ID).await.unwrap();
    let diego = app.user(seed::FABRIKAM, seed::DIEGO_ID).await.unwrap();
    assert_ne!(adele.id, diego.id);
    assert_ne!(adele.username, diego.username);
    assert_eq!(diego.email.as_deref(), Some(seed::ADELE), "shown, and worth nothing");
}

#[tokio::test]
async fn i1_a_foreign_address_does_not_pass_the_domain_rule() {
    for (edov, enters) in
        [(None, false), (Some(json!(false)), false), (Some(json!("0")), false), (Some(json!(1)), true)]
    {
        let app = App::of_tenant("organizations", |settings, _| {
            settings.allow_any_tenant = true;
            settings.allowable_domains = Some(vec!["contoso.example".to_owned()]);
        })
        .await;
        let word = match &edov {
            None => Fault::NoClaim("xms_edov".to_owned()),
            Some(value) => Fault::Claim("xms_edov".to_owned(), value.clone()),
        };
        app.emulator.directory().change_user(seed::DIEGO_ID, |user| user.mail = Some(seed::ADELE.to_owned())).unwrap();
        app.emulator.faults().together([Fault::Claim("email".to_owned(), json!("mallory@contoso.example")), word]);
        let browser = app.browser();
        app.sign_in(&browser, seed::DIEGO).await;
        assert_eq!(app.who(&browser).await != "nobody", enters, "xms_edov {edov:?}");
        assert_eq!(app.user(seed::FABRIKAM, seed::DIEGO_ID).await.is_some(), enters, "xms_edov {edov:?}");
    }
}

#[tokio::test]
async fn i2_a_renamed_person_stays_the_same_user_and_a_reused_name_is_another() {
    let app = App::with(|settings| settings.always_update_user_data = true).await;
    app.sign_in(&app.browser(), seed::ADELE).await;
    let before = app.user(seed::CONTOSO, seed::ADELE_ID).await.unwrap();
    app.emulator
        .directory()
        .change(|directory| {
            for user in &mut directory.users {
                if user.id == seed::ADELE_ID {
                    user.upn = "adele.vance@contoso.example".to_owned();
                    user.mail = Some("adele.vance@contoso.example".to_owned());
                } else if user.id == seed::ALEX_ID {
                    user.upn = seed::ADELE.to_owned();
                    user.mail = Some(seed::ADELE.to_owned());
                }
            }
            Ok(())
        })
        .unwrap();
    app.sign_in(&app.browser(), "adele.vance@contoso.example").await;
    let after = app.user(seed::CONTOSO, seed::ADELE_ID).await.unwrap();
    assert_eq!(before.id, after.id, "renamed, the same user");
    let page = app.sign_in(&app.browser(), seed::ADELE).await;
    let alex = app.user(seed::CONTOSO, seed::ALEX_ID).await.unwrap();
    assert_ne!(alex.id, before.id, "who got the old name is somebody else");
    assert_eq!(page.body, "OK user=adele@contoso.example-2", "a taken user name gets a suffix");
}

#[tokio::test]
async fn i6_a_guest_is_his_own_user_and_can_be_denied() {
    for (guests, enters) in [(entra_sso::settings::Access::Allow, true), (entra_sso::settings::Access::Deny, false)] {
        let app = App::with(|settings| settings.guests = guests).await;
        let browser = app.browser();
        app.sign_in(&browser, seed::MEGAN).await;
        assert_eq!(app.who(&browser).await != "nobody", enters, "{guests:?}");
        assert_eq!(app.user(seed::CONTOSO, seed::MEGAN_GUEST_ID).await.is_some(), enters, "{guests:?}");
        assert_eq!(app.user(seed::CONTOSO, seed::MEGAN_ID).await, None, "never under her id at home");
        assert_eq!(app.user(seed::FABRIKAM, seed::MEGAN_ID).await, None);
    }
}

#[tokio::test]
async fn i6_the_same_object_id_in_two_tenants_is_two_users() {
    let app = App::of_tenant("organizations", |settings, _| {
        settings.allowed_tenants = vec![seed::CONTOSO.to_owned(), seed::FABRIKAM.to_owned()];
    })
    .await;
    app.sign_in(&app.browser(), seed::ADELE).await;
    app.emulator.faults().always(Fault::Claim("oid".to_owned(), json!(seed::ADELE_ID)));
    app.sign_in(&app.browser(), seed::DIEGO).await;
    let one = app.user(seed::CONTOSO, seed::ADELE_ID).await.unwrap();
    let other = app.user(seed::FABRIKAM, seed::ADELE_ID).await.unwrap();
    assert_ne!(one.id, other.id);
}

#[tokio::test]
async fn i6_personal_accounts_enter_only_where_they_may() {
    use entra_sso::settings::Access::{Allow, Deny};
    for (tenant, setting, enters) in [
        ("common", None, false),
        ("common", Some(Allow), true),
        ("consumers", None, true),
        ("consumers", Some(Deny), false),
    ] {
        let app = App::of_tenant(tenant, |settings, _| {
            settings.personal_accounts = setting;
            if tenant == "common" {
                settings.allow_any_tenant = true;
            }
            settings.allowable_domains = Some(vec!["*".to_owned()]);
        })
        .await;
        let browser = app.browser();
        app.sign_in(&browser, seed::PAT).await;
        assert_eq!(app.who(&browser).await != "nobody", enters, "{tenant} {setting:?}");
        assert_eq!(app.user(seed::PERSONAL_ACCOUNTS, seed::PAT_ID).await.is_some(), enters, "{tenant} {setting:?}");
    }
}

#[tokio::test]
async fn f11_only_listed_tenants_enter() {
    let app =
        App::of_tenant("organizations", |settings, _| settings.allowed_tenants = vec![seed::CONTOSO.to_owned()]).await;
    let browser = app.browser();
    app.sign_in(&browser, seed::DIEGO).await;
    assert_eq!(app.who(&browser).await, "nobody");
    assert_eq!(app.sign_in(&app.browser(), seed::ADELE).await.body, "OK user=adele@contoso.example");
}

#[tokio::test]
async fn f10_a_verified_domain_is_its_tenant() {
    let app = App::of_tenant(seed::CONTOSO_DOMAIN, |_, _| {}).await;
    assert_eq!(app.sign_in(&app.browser(), seed::ADELE).await.body, "OK user=adele@contoso.example");
    assert!(app.user(seed::CONTOSO, seed::ADELE_ID).await.is_some());
    app.emulator.faults().once(Fault::WrongTenant);
    let browser = app.browser();
    app.sign_in(&browser, seed::ALEX).await;
    assert_eq!(app.who(&browser).await, "nobody", "the domain's tenant is pinned");
}

#[tokio::test]
async fn i12_an_entra_token_without_oid_is_refused() {
    let app = App::start().await;
    app.emulator.faults().always(Fault::NoClaim("oid".to_owned()));
    let browser = app.browser();
    app.sign_in(&browser, seed::ADELE).await;
    assert_eq!(app.who(&browser).await, "nobody");
}

#[tokio::test]
async fn a_hundred_first_logins_of_one_person_make_one_user() {
    let app = std::sync::Arc::new(App::start().await);
    let logins = (0..100).map(|_| {
        let app = app.clone();
        tokio::spawn(async move { app.sign_in(&app.browser(), seed::ALEX).await.body })
    });
    for login in logins.collect::<Vec<_>>() {
        assert_eq!(login.await.unwrap(), "OK user=alex@contoso.example");
    }
}

#[tokio::test]
async fn long_and_odd_names_are_kept_and_break_nothing() {
    let app = App::start().await;
    let odd = User::member(
        "1a2b3c4d-0009-4000-8000-000000000099",
        seed::CONTOSO,
        "odd@contoso.example",
        "\u{202e}<b>Zoë</b> 名前",
    );
    let mut odd = odd.language("x-a-locale-of-thirty-five-characters");
    odd.given_name = Some("G".repeat(300));
    odd.surname = Some("   ".to_owned());
    app.emulator.directory().add_user(odd).unwrap();
    let browser = app.browser();
    assert_eq!(app.sign_in(&browser, "odd@contoso.example").await.body, "OK user=odd@contoso.example");
    let user = app.user(seed::CONTOSO, "1a2b3c4d-0009-4000-8000-000000000099").await.unwrap();
    assert_eq!(user.first_name.len(), 300);
    assert_eq!(user.account.unwrap().locale.as_deref(), Some("x-a-locale-of-thirty-five-characters"));
    let page = browser.get(app.at("/microsoft_sso/logout/")).await.unwrap();
    assert!(!page.body.contains("<b>Zo"), "Z6: escaped");
}

/// Any customer's administrator can give himself any role of a multi-tenant application.
#[tokio::test]
async fn i10_a_role_that_a_foreign_administrator_gave_makes_nobody_staff() {
    let app = App::of_tenant("organizations", |settings, _| {
        settings.allow_any_tenant = true;
        settings.allowable_domains = Some(vec!["*".to_owned()]);
    })
    .await;
    app.emulator
        .directory()
        .change_app(seed::APP_ID, |registration| {
            *registration = registration.clone().role("Admin", "Administrators").role_for("Admin", seed::DIEGO_ID);
        })
        .unwrap();
    let page = app.sign_in(&app.browser(), seed::DIEGO).await;
    assert_eq!(page.status, 200, "{}", page.body);
    let diego = app.user(seed::FABRIKAM, seed::DIEGO_ID).await.unwrap();
    assert!(!diego.is_staff() && !diego.is_superuser(), "a plain user, whatever `roles` says");
}
