//! F-44: users who were prepared, by account or by invitation.

use entra_emulator::{Endpoint, Fault, seed};
use entra_sso::{
    oidc::{AccountKey, AccountKind},
    users::{Grant, Grants, MicrosoftAccount},
};
use serde_json::json;

use crate::app::App;

#[tokio::test]
async fn f44_known_by_account() {
    let app = App::with(|settings| settings.auto_create_users = false).await;
    let prepared = app
        .prepare("prepared", |user| {
            let key = AccountKey::new(AccountKind::Entra, seed::CONTOSO, seed::ADELE_ID);
            user.account = Some(MicrosoftAccount::new(key));
            user.staff = Grants::of(Grant::Admin);
        })
        .await;
    let browser = app.browser();
    app.sign_in(&browser, seed::ADELE).await;
    assert_eq!(app.who(&browser).await, "prepared");
    assert_eq!(app.rights(&browser).await, "staff=true superuser=false backend=none");
    let stranger = app.browser();
    app.sign_in(&stranger, seed::ALEX).await;
    assert_eq!(app.who(&stranger).await, "nobody");
    let users = app.everybody().await;
    assert_eq!(users.iter().map(|user| &user.id).collect::<Vec<_>>(), [&prepared.id]);
}

#[tokio::test]
async fn f44_an_invitation_is_claimed_once() {
    for auto_create in [false, true] {
        let app = App::with(|settings| settings.auto_create_users = auto_create).await;
        let prepared = app.prepare("boss", |user| user.invitation = Some(seed::ADELE.to_owned())).await;
        let browser = app.browser();
        app.sign_in(&browser, seed::ADELE).await;
        assert_eq!(app.who(&browser).await, "boss");
        let adele = app.user(seed::CONTOSO, seed::ADELE_ID).await.unwrap();
        assert_eq!((&adele.id, &adele.invitation), (&prepared.id, &None));
        assert_eq!((adele.full_name().as_str(), adele.email.as_deref()), ("Adele Vance", Some(seed::ADELE)));
        let account = adele.account.unwrap();
        assert!(account.has_picture && account.user_principal_name.is_some());

        // Who gets the name later is somebody else.
        app.emulator
            .directory()
            .change(|directory| {
                for user in &mut directory.users {
                    if user.id == seed::ADELE_ID {
                        user.upn = "former@contoso.example".to_owned();
                    } else if user.id == seed::ALEX_ID {
                        user.upn = seed::ADELE.to_owned();
                    }
                }
                Ok(())
            })
            .unwrap();
        let alex = app.browser();
        app.sign_in(&alex, seed::ADELE).await;
        assert_eq!(app.who(&alex).await == "nobody", !auto_create);
        assert_ne!(app.user(seed::CONTOSO, seed::ALEX_ID).await.map(|user| user.id), Some(prepared.id));
    }
}

/// What was prepared stays as it was prepared.
#[tokio::test]
async fn f44_names_of_a_prepared_user_are_kept() {
    for (always, expected) in [(false, "The Boss"), (true, "Adele Vance")] {
        let app = App::with(|settings| settings.always_update_user_data = always).await;
        app.prepare("boss", |user| {
            user.invitation = Some(seed::ADELE.to_owned());
            (user.first_name, user.last_name) = ("The".to_owned(), "Boss".to_owned());
        })
        .await;
        app.sign_in(&app.browser(), seed::ADELE).await;
        assert_eq!(app.user(seed::CONTOSO, seed::ADELE_ID).await.unwrap().full_name(), expected, "always={always}");
    }
}

/// Only a member of the pinned tenant, and only by his name: nobody else's invitation is taken with an address.
#[tokio::test]
async fn i4_an_address_claims_no_invitation() {
    let app = App::with(|settings| settings.auto_create_users = false).await;
    app.prepare("boss", |user| user.invitation = Some("boss@contoso.example".to_owned())).await;
    let mail = |user: &mut entra_emulator::User| user.mail = Some("boss@contoso.example".to_owned());
    app.emulator.directory().change_user(seed::ADELE_ID, mail).unwrap();
    app.emulator.faults().together([
        Fault::Claim("email".to_owned(), json!("boss@contoso.example")),
        Fault::Claim("preferred_username".to_owned(), json!("boss@contoso.example")),
        Fault::Claim("xms_edov".to_owned(), json!(true)),
    ]);
    let browser = app.browser();
    app.sign_in(&browser, seed::ADELE).await;
    assert_eq!(app.who(&browser).await, "nobody");
    assert_eq!(app.everybody().await.len(), 1);
}

#[tokio::test]
async fn i6_a_guest_claims_no_invitation() {
    let app = App::with(|settings| settings.auto_create_users = false).await;
    app.prepare("megan", |user| user.invitation = Some(seed::MEGAN_GUEST_UPN.to_lowercase())).await;
    let browser = app.browser();
    app.sign_in(&browser, seed::MEGAN).await;
    assert_eq!(app.who(&browser).await, "nobody");
}

#[tokio::test]
async fn i9_an_inactive_prepared_user_is_neither_linked_nor_let_in() {
    let app = App::start().await;
    app.prepare("boss", |user| {
        user.invitation = Some(seed::ADELE.to_owned());
        user.is_active = false;
    })
    .await;
    let browser = app.browser();
    app.sign_in(&browser, seed::ADELE).await;
    assert_eq!(app.who(&browser).await, "nobody");
    let users = app.everybody().await;
    assert_eq!(users.len(), 1);
    assert!(users[0].account.is_none() && users[0].invitation.is_some());
}

/// Without the name it is not known whether somebody is invited.
#[tokio::test]
async fn f44_when_graph_is_away_a_stranger_is_told_to_try_again() {
    let app = App::with(|settings| settings.auto_create_users = false).await;
    app.prepare("boss", |user| user.invitation = Some(seed::ADELE.to_owned())).await;
    app.emulator.faults().always(Fault::Status(Endpoint::Me, 503));
    let page = app.sign_in(&app.browser(), seed::ADELE).await;
    assert_eq!(page.status, 503, "{}", page.body);
    app.emulator.faults().clear();
    let page = app.sign_in(&app.browser(), seed::ADELE).await;
    assert_eq!(page.body, "OK user=boss");
}
