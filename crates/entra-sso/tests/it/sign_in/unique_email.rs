//! F-48: an address is one user's only.

use entra_emulator::{Endpoint, Fault, User, seed};
use entra_sso::{
    oidc::{AccountKey, AccountKind},
    users::{MicrosoftAccount, NewUser},
};
use serde_json::json;

use crate::app::App;

async fn unique() -> App {
    App::with(|settings| settings.unique_email = true).await
}

fn address(email: &'static str) -> impl FnOnce(&mut NewUser) {
    move |user| user.email = Some(email.to_owned())
}

/// A user of this address with somebody else's account.
fn anothers(email: &'static str) -> impl FnOnce(&mut NewUser) {
    move |user| {
        user.email = Some(email.to_owned());
        user.account = Some(MicrosoftAccount::new(AccountKey::new(AccountKind::Entra, seed::CONTOSO, "somebody-else")));
    }
}

/// Who is signed in, and as whom.
async fn who_enters(app: &App, who: &str) -> String {
    let browser = app.browser();
    app.sign_in(&browser, who).await;
    app.who(&browser).await
}

#[tokio::test]
async fn f48_a_user_without_account_is_linked() {
    let app = unique().await;
    let prepared = app.prepare("prepared", address("Adele@Contoso.Example")).await;
    assert_eq!(who_enters(&app, seed::ADELE).await, "prepared");
    assert_eq!(app.user(seed::CONTOSO, seed::ADELE_ID).await.unwrap().id, prepared.id);
    assert_eq!(who_enters(&app, seed::ADELE).await, "prepared");
    assert_eq!(app.everybody().await.len(), 1);
}

#[tokio::test]
async fn i13_an_address_of_another_account_is_refused() {
    let app = unique().await;
    app.prepare("leaver", anothers(seed::ADELE)).await;
    assert_eq!(who_enters(&app, seed::ADELE).await, "nobody");
    assert_eq!(app.everybody().await.len(), 1);
    assert_eq!(app.user(seed::CONTOSO, seed::ADELE_ID).await, None);
}

#[tokio::test]
async fn i13_two_rows_that_differ_in_case_are_refused_and_not_linked() {
    let app = unique().await;
    app.prepare("one", address("adele@contoso.example")).await;
    app.prepare("other", address("ADELE@contoso.example")).await;
    assert_eq!(who_enters(&app, seed::ADELE).await, "nobody");
    let users = app.everybody().await;
    assert_eq!(users.len(), 2);
    assert!(users.iter().all(|user| user.account.is_none()));
}

/// Two trusted addresses, two prepared users: it is not clear which one.
#[tokio::test]
async fn i13_two_addresses_of_two_users_are_refused() {
    let app = unique().await;
    let mail = |user: &mut User| user.mail = Some("vance@contoso.example".to_owned());
    app.emulator.directory().change_user(seed::ADELE_ID, mail).unwrap();
    app.prepare("one", address("vance@contoso.example")).await;
    app.prepare("other", address(seed::ADELE)).await;
    assert_eq!(who_enters(&app, seed::ADELE).await, "nobody");
    assert!(app.everybody().await.iter().all(|user| user.account.is_none()));
}

#[tokio::test]
async fn i4_an_address_that_is_not_trusted_links_nobody_and_makes_nobody() {
    for edov in [None, Some(json!(0)), Some(json!(1))] {
        let app = App::of_tenant("organizations", |settings, _| {
            settings.allowed_tenants = vec![seed::CONTOSO.to_owned(), seed::FABRIKAM.to_owned()];
            settings.unique_email = true;
        })
        .await;
        let prepared = app.prepare("adele", address(seed::ADELE)).await;
        let word = match &edov {
            None => Fault::NoClaim("xms_edov".to_owned()),
            Some(value) => Fault::Claim("xms_edov".to_owned(), value.clone()),
        };
        app.emulator.faults().together([Fault::Claim("email".to_owned(), json!(seed::ADELE)), word]);
        let is_linked = edov == Some(json!(1));
        assert_eq!(who_enters(&app, seed::DIEGO).await, if is_linked { "adele" } else { "nobody" }, "{edov:?}");
        assert_eq!(app.everybody().await.len(), 1);
        let diego = app.user(seed::FABRIKAM, seed::DIEGO_ID).await;
        assert_eq!(diego.map(|user| user.id), is_linked.then_some(prepared.id), "{edov:?}");
    }
}

/// A blank address is nobody's, and so no match; who has none but his name is known by that.
#[tokio::test]
async fn f48_nobody_is_matched_on_blank() {
    let app = unique().await;
    app.prepare("blank", address("")).await;
    app.prepare("none", |_| {}).await;
    let blank = |user: &mut User| user.mail = Some(String::new());
    app.emulator.directory().change_user(seed::ADELE_ID, blank).unwrap();
    assert_eq!(who_enters(&app, seed::ADELE).await, "adele@contoso.example");
    assert_eq!(who_enters(&app, seed::ALEX).await, "alex@contoso.example");
    let alex = app.user(seed::CONTOSO, seed::ALEX_ID).await.unwrap();
    assert_eq!(alex.email.as_deref(), Some(seed::ALEX), "his name is his trusted address");
    assert_eq!(app.everybody().await.len(), 4);
}

/// A guest's address is not trusted, and so he has none.
#[tokio::test]
async fn f48_without_a_trusted_address_nobody_enters() {
    let app = unique().await;
    app.emulator.faults().always(Fault::NoClaim("xms_edov".to_owned()));
    assert_eq!(who_enters(&app, seed::MEGAN).await, "nobody");
    assert_eq!(app.everybody().await.len(), 0);
}

#[tokio::test]
async fn f48_a_renewed_address_never_takes_somebody_elses() {
    let app = App::with(|settings| {
        settings.unique_email = true;
        settings.always_update_user_data = true;
    })
    .await;
    app.sign_in(&app.browser(), seed::ADELE).await;
    app.prepare("boss", anothers("boss@contoso.example")).await;
    for (mail, expected) in [
        ("boss@contoso.example", seed::ADELE),
        ("BOSS@Contoso.Example", seed::ADELE),
        ("vance@contoso.example", "vance@contoso.example"),
    ] {
        let change = |user: &mut User| user.mail = Some(mail.to_owned());
        app.emulator.directory().change_user(seed::ADELE_ID, change).unwrap();
        assert_eq!(who_enters(&app, seed::ADELE).await, "adele@contoso.example", "{mail}");
        let adele = app.user(seed::CONTOSO, seed::ADELE_ID).await.unwrap();
        assert_eq!(adele.email.as_deref(), Some(expected), "{mail}");
    }
}

/// The address that only Graph knows may be somebody's.
#[tokio::test]
async fn f48_when_graph_is_away_nobody_new_enters() {
    let app = unique().await;
    app.emulator.faults().always(Fault::Status(Endpoint::Me, 503));
    let page = app.sign_in(&app.browser(), seed::ADELE).await;
    assert_eq!(page.status, 503, "{}", page.body);
    assert_eq!(app.everybody().await.len(), 0);
}
