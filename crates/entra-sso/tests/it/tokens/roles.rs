//! K9: what Microsoft takes away is gone with the next refresh.

use std::time::Duration;

use entra_emulator::{Endpoint, Fault, seed};

use super::{Visitor, refreshes, saving};
use crate::app::App;

/// Adele's role and her groups count; the role makes staff, a group makes a superuser.
async fn mapped() -> App {
    saving(|settings| {
        settings.role_map =
            vec![(seed::ROLE.to_owned(), "staff".to_owned()), (seed::ENGINEERING.to_owned(), "superuser".to_owned())];
        settings.scopes = Some(vec!["User.Read".to_owned()]);
    })
    .await
}

fn leave(app: &App, group: &str) {
    let leave = |directory: &mut entra_emulator::Directory| {
        directory.groups.iter_mut().filter(|each| each.id == group).for_each(|each| each.members.clear());
        Ok(())
    };
    app.emulator.directory().change(leave).unwrap();
}

#[tokio::test]
async fn k9_groups_roles_and_what_they_gave_are_taken_back() {
    let app = mapped().await;
    let adele = Visitor::adele(&app).await;
    let all = format!("{},{},{}", seed::ROLE, seed::ENGINEERING, seed::ALL_STAFF);
    assert_eq!(adele.text("/claims").await, format!("{all} claimed=1 staff=true superuser=true"));

    leave(&app, seed::ENGINEERING);
    let token = adele.token().await;
    app.advance(Duration::from_secs(3599 - 300));
    adele.token_after(&token).await;
    let without = format!("{},{}", seed::ROLE, seed::ALL_STAFF);
    assert_eq!(adele.text("/claims").await, format!("{without} claimed=1 staff=true superuser=false"));

    app.emulator.directory().change_app(seed::APP_ID, |app| app.role_assignments.clear()).unwrap();
    app.advance(Duration::from_secs(3599));
    adele.token().await;
    assert_eq!(adele.text("/claims").await, format!("{} claimed=0 staff=false superuser=false", seed::ALL_STAFF));
    let user = app.user(seed::CONTOSO, seed::ADELE_ID).await.unwrap();
    assert!(user.staff.is_empty() && user.superuser.is_empty(), "in the store, for all his sessions");
    assert_eq!(refreshes(&app), 2);
}

#[tokio::test]
async fn what_microsoft_gives_meanwhile_is_given() {
    let app = mapped().await;
    app.emulator.directory().change_app(seed::APP_ID, |app| app.role_assignments.clear()).unwrap();
    leave(&app, seed::ENGINEERING);
    let adele = Visitor::adele(&app).await;
    assert!(adele.text("/claims").await.ends_with("staff=false superuser=false"));
    let give = |app: &mut entra_emulator::App| *app = app.clone().role_for(seed::ROLE, seed::ADELE_ID);
    app.emulator.directory().change_app(seed::APP_ID, give).unwrap();
    app.advance(Duration::from_secs(3599));
    adele.token().await;
    assert!(adele.text("/claims").await.ends_with("claimed=1 staff=true superuser=false"));
}

#[tokio::test]
async fn i7_groups_that_cannot_be_read_are_groups_that_nobody_is_in() {
    let app = mapped().await;
    let adele = Visitor::adele(&app).await;
    app.emulator.faults().once(Fault::GroupOverage);
    app.emulator.faults().once(Fault::Status(Endpoint::MemberObjects, 503));
    app.advance(Duration::from_secs(3599));
    adele.token().await;
    assert_eq!(adele.text("/claims").await, format!("{} claimed=1 staff=true superuser=false", seed::ROLE));

    app.emulator.faults().once(Fault::GroupOverage);
    app.advance(Duration::from_secs(3599));
    adele.token().await;
    assert!(adele.text("/claims").await.ends_with("superuser=true"), "Graph told them");
}
