//! F-47: the first superuser, once per database.

use entra_emulator::{Endpoint, seed};
use entra_sso::{
    settings::Access,
    users::{Grant, Grants, UserDirectory as _, UserStore as _, UserUpdate},
};

use crate::app::App;

async fn is_superuser(app: &App, tenant: &str, object_id: &str) -> bool {
    app.user(tenant, object_id).await.is_some_and(|user| user.is_superuser())
}

#[tokio::test]
async fn f47_the_first_member_and_nobody_after_him() {
    let app = App::with(|settings| settings.auto_create_first_superuser = true).await;
    let guest = app.browser();
    app.sign_in(&guest, seed::MEGAN).await;
    assert_eq!(app.rights(&guest).await, "staff=false superuser=false backend=none", "I6: a guest, although the first");
    let browser = app.browser();
    app.sign_in(&browser, seed::ADELE).await;
    assert_eq!(app.rights(&browser).await, "staff=true superuser=true backend=none");
    app.sign_in(&app.browser(), seed::ALEX).await;
    assert!(!is_superuser(&app, seed::CONTOSO, seed::ALEX_ID).await);

    let adele = app.user(seed::CONTOSO, seed::ADELE_ID).await.unwrap();
    assert_eq!(adele.superuser, Grants::of(Grant::First));
    let _ = app.users.delete(&adele.id, false).await.unwrap();
    for who in [seed::ALEX, seed::ADELE] {
        app.sign_in(&app.browser(), who).await;
    }
    assert!(!is_superuser(&app, seed::CONTOSO, seed::ALEX_ID).await, "the latch stays closed");
    assert!(!is_superuser(&app, seed::CONTOSO, seed::ADELE_ID).await);
}

#[tokio::test]
async fn f47_a_database_that_had_a_superuser_gets_no_first_one() {
    let app = App::with(|settings| settings.auto_create_first_superuser = true).await;
    let root = app.prepare("root", |user| user.superuser = Grants::of(Grant::Admin)).await;
    let _ = app.users.delete(&root.id, false).await.unwrap();
    app.sign_in(&app.browser(), seed::ADELE).await;
    assert!(!is_superuser(&app, seed::CONTOSO, seed::ADELE_ID).await);
}

#[tokio::test]
async fn f47_who_is_not_accepted_closes_nothing() {
    let app = App::with(|settings| settings.auto_create_first_superuser = true).await;
    app.sign_in(&app.browser(), seed::MEGAN).await;
    let megan = app.user(seed::CONTOSO, seed::MEGAN_GUEST_ID).await.unwrap();
    let mut update = UserUpdate::of(megan.id);
    update.is_active = Some(false);
    assert!(app.users.update(update).await.unwrap().into_user().is_some());
    app.sign_in(&app.browser(), seed::MEGAN).await;
    app.sign_in(&app.browser(), seed::ADELE).await;
    assert!(is_superuser(&app, seed::CONTOSO, seed::ADELE_ID).await);
}

#[tokio::test]
async fn f47_personal_accounts_and_members_elsewhere_do_not_count() {
    let app = App::of_tenant("common", |settings, _| {
        settings.allowed_tenants =
            vec![seed::CONTOSO.to_owned(), seed::FABRIKAM.to_owned(), seed::PERSONAL_ACCOUNTS.to_owned()];
        settings.personal_accounts = Some(Access::Allow);
        settings.auto_create_first_superuser = true;
    })
    .await;
    let browser = app.browser();
    app.sign_in(&browser, seed::PAT).await;
    assert_eq!(app.rights(&browser).await, "staff=false superuser=false backend=none");
    app.sign_in(&app.browser(), seed::DIEGO).await;
    assert!(is_superuser(&app, seed::FABRIKAM, seed::DIEGO_ID).await, "a member of a tenant that was listed");
}

/// Once it is known that there was one, a sign-in costs nothing more.
#[tokio::test]
async fn f47_graph_is_not_asked_for_it_for_ever() {
    let app = App::with(|settings| settings.auto_create_first_superuser = true).await;
    app.sign_in(&app.browser(), seed::ADELE).await;
    app.emulator.journal().clear();
    app.sign_in(&app.browser(), seed::ADELE).await;
    assert_eq!(app.asked(Endpoint::Me), 0);
}
