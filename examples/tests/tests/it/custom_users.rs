//! The club with a table of its own.

use custom_users::{Members, app, sso};
use entra_emulator::{Browser, Endpoint, Fault, seed};
use entra_sso::{
    oidc::{AccountKey, AccountKind},
    testing,
    users::{UserLookup, UserStore as _},
};

use crate::place::{Place, file};

async fn members(name: &str) -> Members {
    Members::open(file(name).to_str().unwrap()).await.unwrap()
}

async fn club(name: &str, toml: &str) -> (Place, Members) {
    let mut place = Place::free().await;
    let members = members(name).await;
    let sso = sso(place.settings(toml), &members).unwrap();
    place.serve(app(&sso, members.clone()));
    (place, members)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_table_keeps_what_a_store_promises() {
    testing::user_store_contract(members("contract.db").await).await;
}

#[tokio::test]
async fn a_new_member_gets_a_card_with_his_birthday() {
    let (place, members) = club("new.db", "").await;
    let browser = Browser::new();
    let card = place.open_as(&browser, "/card", seed::ADELE).await;
    assert_eq!((card.status, &*card.body), (200, "No. 1\nAdele Vance\nborn 1988-04-01\n"));
    let card = place.open_as(&Browser::new(), "/card", seed::ALEX).await;
    assert_eq!(&*card.body, "No. 2\nAlex Wilber\nborn unknown\n", "Graph knows no birthday of his");
    let key = AccountKey::new(AccountKind::Entra, seed::CONTOSO, seed::ADELE_ID);
    let adele = members.find(UserLookup::Account(key)).await.unwrap().unwrap();
    assert_eq!((adele.username.as_str(), adele.email.as_deref()), (seed::ADELE, Some(seed::ADELE)));
}

#[tokio::test]
async fn a_club_whose_graph_is_away_opens_its_door() {
    let (place, _) = club("away.db", "profile_source = \"claims\"").await;
    place.emulator.faults().always(Fault::Status(Endpoint::Me, 503));
    let card = place.open_as(&Browser::new(), "/card", seed::ADELE).await;
    assert_eq!(&*card.body, "No. 1\nAdele Vance\nborn unknown\n");
}

#[tokio::test]
async fn a_member_of_old_is_found_by_his_address_once() {
    let (place, members) = club("old.db", "unique_email = true").await;
    let old = members.enter_by_hand("adele", "Adele@Contoso.example").await.unwrap();
    let card = place.open_as(&Browser::new(), "/card", seed::ADELE).await;
    assert_eq!(&*card.body, "No. 1\nAdele Vance\nborn 1988-04-01\n");
    let adele = members.find(UserLookup::Id(old)).await.unwrap().unwrap();
    assert_eq!(adele.username, "adele", "the nickname stays");
    assert_eq!(adele.account.unwrap().key.subject(), seed::ADELE_ID);
}
