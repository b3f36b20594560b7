//! F-46: staff and superusers by lists, at every sign-in.

use entra_emulator::{Endpoint, Fault, seed};
use entra_sso::users::{Grant, GrantChange, Grants, UserStore as _, UserUpdate};
use serde_json::json;

use crate::app::App;

fn list(entries: &[&str]) -> Vec<String> {
    entries.iter().map(|entry| (*entry).to_owned()).collect()
}

#[tokio::test]
async fn f46_a_list_names_people_by_account_or_trusted_address() {
    let full = format!("{}/{}", seed::CONTOSO, seed::ADELE_ID);
    let foreign = format!("{}/{}", seed::FABRIKAM, seed::ADELE_ID);
    let cases: &[(&[&str], &[&str], &str)] = &[
        (&[], &[], "staff=false superuser=false backend=none"),
        (&[&full], &[], "staff=true superuser=false backend=none"),
        (&[], &[seed::ADELE_ID], "staff=true superuser=true backend=none"),
        (&[], &["Adele@Contoso.Example"], "staff=true superuser=true backend=none"),
        (&["*"], &[], "staff=true superuser=false backend=none"),
        (&[&foreign, seed::ALEX_ID, "alex@contoso.example"], &[&foreign], "staff=false superuser=false backend=none"),
    ];
    for (staff, superusers, expected) in cases {
        let app = App::with(|settings| {
            settings.staff_list = list(staff);
            settings.superuser_list = list(superusers);
        })
        .await;
        let browser = app.browser();
        app.sign_in(&browser, seed::ADELE).await;
        assert_eq!(app.rights(&browser).await, *expected, "{staff:?} {superusers:?}");
    }
}

/// What a list gave it takes back; what anything else gave stays, also while the list names him.
#[tokio::test]
async fn f46_each_source_takes_back_its_own() {
    let app = App::with(|settings| {
        settings.staff_list = list(&["adele@contoso.example"]);
        settings.superuser_list = list(&["adele@contoso.example"]);
    })
    .await;
    let first = app.browser();
    app.sign_in(&first, seed::ADELE).await;
    let adele = app.user(seed::CONTOSO, seed::ADELE_ID).await.unwrap();
    assert_eq!((adele.staff, adele.superuser), (Grants::of(Grant::List), Grants::of(Grant::List)));

    let mut promoted = UserUpdate::of(adele.id.clone());
    promoted.staff = GrantChange::set(Grant::Admin, true);
    assert!(app.users.update(promoted).await.unwrap().into_user().is_some());
    app.emulator
        .directory()
        .change_user(seed::ADELE_ID, |user| {
            user.mail = Some("adele.vance@contoso.example".to_owned());
            user.upn = "adele.vance@contoso.example".to_owned();
        })
        .unwrap();
    let second = app.browser();
    app.sign_in(&second, "adele.vance@contoso.example").await;
    let adele = app.user(seed::CONTOSO, seed::ADELE_ID).await.unwrap();
    assert_eq!((adele.staff, adele.superuser), (Grants::of(Grant::Admin), Grants::NONE));
    assert_eq!(app.rights(&second).await, "staff=true superuser=false backend=none");
    let elsewhere = app.rights(&first).await;
    assert_eq!(elsewhere, "staff=true superuser=false backend=none", "F-55: in sessions that are there, too, at once");
}

/// Graph is asked where it could tell more than the token, and nowhere else.
#[tokio::test]
async fn f46_graph_is_asked_for_addresses_of_members_only() {
    let cases: &[(&[&str], &str, usize)] = &[
        (&["graph@contoso.example"], seed::ADELE, 1),
        (&["graph@contoso.example"], seed::MEGAN, 0),
        (&[seed::ADELE_ID], seed::ADELE, 0),
        (&["*", "graph@contoso.example"], seed::ADELE, 0),
        (&[], seed::ADELE, 0),
    ];
    for (staff, who, expected) in cases {
        let app = App::with(|settings| settings.staff_list = list(staff)).await;
        app.emulator.directory().change_app(seed::APP_ID, |app| app.optional_claims.clear()).unwrap();
        let change = |user: &mut entra_emulator::User| user.mail = Some("graph@contoso.example".to_owned());
        app.emulator.directory().change_user(seed::ADELE_ID, change).unwrap();
        app.sign_in(&app.browser(), who).await;
        app.emulator.journal().clear();
        let browser = app.browser();
        app.sign_in(&browser, who).await;
        assert_eq!((app.asked(Endpoint::Me), app.asked(Endpoint::Photo)), (*expected, 0), "{staff:?} {who}");
        let is_staff = staff.contains(&"*") || (*who == seed::ADELE && !staff.is_empty());
        assert!(app.rights(&browser).await.starts_with(&format!("staff={is_staff}")), "{staff:?} {who}");
    }
}

/// Without Graph's answer an address that only Graph knows is no address: fail closed, and the sign-in goes on.
#[tokio::test]
async fn f46_when_graph_is_away_what_it_vouched_for_is_withdrawn() {
    let app = App::with(|settings| {
        settings.superuser_list = list(&["boss@headquarters.example"]);
        settings.staff_list = list(&[seed::ADELE_ID]);
    })
    .await;
    let mail = |user: &mut entra_emulator::User| user.mail = Some("boss@headquarters.example".to_owned());
    app.emulator.directory().change_app(seed::APP_ID, |app| app.optional_claims.clear()).unwrap();
    app.emulator.directory().change_user(seed::ADELE_ID, mail).unwrap();
    let browser = app.browser();
    app.sign_in(&browser, seed::ADELE).await;
    assert_eq!(app.rights(&browser).await, "staff=true superuser=true backend=none");
    app.emulator.faults().always(Fault::Status(Endpoint::Me, 503));
    let browser = app.browser();
    app.sign_in(&browser, seed::ADELE).await;
    assert_eq!(app.rights(&browser).await, "staff=true superuser=false backend=none");
    app.emulator.faults().clear();
    let browser = app.browser();
    app.sign_in(&browser, seed::ADELE).await;
    assert_eq!(app.rights(&browser).await, "staff=true superuser=true backend=none");
}

/// I10 with lists: a foreign administrator writes the address of our superuser into his own user.
#[tokio::test]
async fn i10_a_foreign_administrator_puts_nobody_on_a_list() {
    let app = App::of_tenant("organizations", |settings, _| {
        settings.allow_any_tenant = true;
        settings.allowable_domains = Some(list(&["*"]));
        settings.superuser_list = list(&["adele@contoso.example", &format!("{}/{}", seed::CONTOSO, seed::ADELE_ID)]);
        settings.trusted_email_tenants = list(&[seed::CONTOSO]);
    })
    .await;
    let mail = |user: &mut entra_emulator::User| user.mail = Some(seed::ADELE.to_owned());
    app.emulator.directory().change_user(seed::DIEGO_ID, mail).unwrap();
    let lies = ["email", "upn", "preferred_username", "unique_name"]
        .map(|name| Fault::Claim(name.to_owned(), json!(seed::ADELE)));
    let oid = Fault::Claim("oid".to_owned(), json!(seed::ADELE_ID));
    let no_word = Fault::NoClaim("xms_edov".to_owned());
    app.emulator.faults().together(lies.into_iter().chain([oid, no_word]));
    let browser = app.browser();
    app.sign_in(&browser, seed::DIEGO).await;
    assert_eq!(app.rights(&browser).await, "staff=false superuser=false backend=none");
    let browser = app.browser();
    app.sign_in(&browser, seed::ADELE).await;
    assert_eq!(app.rights(&browser).await, "staff=true superuser=true backend=none", "the list works at all");
}
