//! One application, each kind of Microsoft: who the user is, and what is asked of whom (F-13, F-15, F-17, F-18).

use entra_emulator::{Emulator, Endpoint, seed};
use entra_sso::{
    Settings,
    oidc::{AccountKey, AccountKind},
    settings::Access,
    users::{User as OurUser, UserLookup, UserStore as _},
};

use crate::app::App;

/// A resource that is not Graph: the application itself.
const OWN_API: &str = "api://6c1d5a90-2e4b-4d8f-b3a6-7e5f4d3c2b1a";

/// The v1 endpoints of Contoso; a resource of its own means that no token is for Graph.
async fn v1(resource: Option<&str>, change: impl FnOnce(&mut Settings)) -> App {
    let vars = |emulator: &Emulator| {
        let mut vars = emulator.env();
        vars.push(("MICROSOFT_SSO_ENDPOINT_VERSION", "v1".to_owned()));
        vars.extend(resource.map(|resource| ("MICROSOFT_SSO_RESOURCE", resource.to_owned())));
        vars
    };
    App::of(vars, "", |settings, _| change(settings)).await
}

/// The External ID tenant, whose host is the emulator's.
async fn external(change: impl FnOnce(&mut Settings)) -> App {
    let vars = |emulator: &Emulator| {
        vec![
            ("MICROSOFT_SSO_APPLICATION_ID", seed::EXTERNAL_APP_ID.to_owned()),
            ("MICROSOFT_SSO_CLIENT_SECRET", seed::EXTERNAL_APP_SECRET.to_owned()),
            ("MICROSOFT_SSO_AUTHORITY", emulator.url().to_string()),
            ("MICROSOFT_SSO_TENANT_ID", seed::EXTERNAL_TENANT.to_owned()),
        ]
    };
    App::of(vars, "", |settings, _| change(settings)).await
}

async fn account(app: &App, kind: AccountKind, tenant: &str, subject: &str) -> Option<OurUser> {
    app.users.find(UserLookup::Account(AccountKey::new(kind, tenant, subject))).await.expect("memory answers")
}

#[tokio::test]
async fn f13_i12_v1_is_the_same_user_as_v2() {
    let app = v1(None, |_| {}).await;
    assert_eq!(app.sign_in(&app.browser(), seed::ADELE).await.body, "OK user=adele@contoso.example");
    let user = app.user(seed::CONTOSO, seed::ADELE_ID).await.expect("the account key of v2");
    assert_eq!(user.full_name(), "Adele Vance");
    assert_eq!((app.asked(Endpoint::Me), app.asked(Endpoint::Photo)), (1, 1), "the token is for Graph");
}

#[tokio::test]
async fn f13_a_token_for_another_resource_leaves_graph_alone() {
    let app = v1(Some(OWN_API), |settings| settings.always_update_user_data = true).await;
    for who in [seed::ADELE, seed::ALEX] {
        assert_eq!(app.sign_in(&app.browser(), who).await.body, format!("OK user={who}"), "from the claims");
    }
    assert_eq!((app.asked(Endpoint::Me), app.asked(Endpoint::Photo)), (0, 0));
}

#[tokio::test]
async fn f18_a_v1_guest_is_a_guest() {
    for (guests, enters) in [(Access::Allow, true), (Access::Deny, false)] {
        for resource in [None, Some(OWN_API)] {
            let app = v1(resource, |settings| settings.guests = guests).await;
            let browser = app.browser();
            app.sign_in(&browser, seed::MEGAN).await;
            assert_eq!(app.who(&browser).await != "nobody", enters, "{guests:?} {resource:?}");
            assert_eq!(app.user(seed::CONTOSO, seed::MEGAN_GUEST_ID).await.is_some(), enters);
        }
    }
}

#[tokio::test]
async fn f45_a_v1_guests_address_is_not_trusted() {
    for resource in [None, Some(OWN_API)] {
        let app = v1(resource, |settings| {
            settings.allowable_domains = Some(vec!["contoso.example".to_owned()]);
        })
        .await;
        let browser = app.browser();
        app.sign_in(&browser, seed::MEGAN).await;
        assert_eq!(app.who(&browser).await, "nobody");
        assert_eq!(app.sign_in(&app.browser(), seed::ADELE).await.body, "OK user=adele@contoso.example");
    }
}

#[tokio::test]
async fn f17_a_customer_of_external_id_signs_in() {
    let app = external(|_| {}).await;
    let page = app.sign_in(&app.browser(), seed::SAM).await;
    assert!(page.body.starts_with("OK user="), "{} {}", page.status, page.body);
    let sam = account(&app, AccountKind::Entra, seed::EXTERNAL_TENANT, seed::SAM_ID).await.expect("keyed as Entra is");
    assert_eq!(sam.full_name(), "Sam Oduya");
}

#[tokio::test]
async fn i12_two_policies_are_one_user() {
    let app = App::of_b2c(|_| {}).await;
    app.sign_in(&app.browser(), seed::ROBIN).await;
    let first = account(&app, AccountKind::B2c, seed::B2C_TENANT, seed::ROBIN_ID).await.expect("whatever the policy");
    assert_eq!(first.account.unwrap().key.tenant(), seed::B2C_TENANT, "no policy in the key");
}

#[tokio::test]
async fn f45_who_signs_himself_up_is_no_member_whose_address_the_tenant_vouches_for() {
    for (trusted, enters) in [(vec![], false), (vec![seed::EXTERNAL_TENANT.to_owned()], true)] {
        let app = external(|settings| {
            settings.allowable_domains = Some(vec!["mail.example".to_owned()]);
            settings.trusted_email_tenants.clone_from(&trusted);
        })
        .await;
        let browser = app.browser();
        app.sign_in(&browser, seed::SAM).await;
        assert_eq!(app.who(&browser).await != "nobody", enters, "{trusted:?}");
    }
}
