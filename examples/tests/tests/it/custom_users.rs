//! The club with a table of its own.

use custom_users::{Members, app, sso};
use entra_emulator::{Browser, Endpoint, Fault, seed};
use entra_sso::testing;

use crate::place::{Place, file};

async fn members(name: &str) -> Members {
    Members::open(file(name).to_str().unwrap()).await.unwrap()
}

async fn club(name: &str, toml: &str) -> Place {
    let mut place = Place::free().await;
    let members = members(name).await;
    let sso = sso(place.settings(toml), &members).unwrap();
    place.serve(app(&sso, members.clone()));
    place
}

#[tokio::test(flavor = "multi_thread")]
async fn the_table_keeps_what_a_store_promises() {
    testing::user_store_contract(members("contract.db").await).await;
}

#[tokio::test]
async fn a_club_whose_graph_is_away_opens_its_door() {
    let place = club("away.db", "profile_source = \"claims\"").await;
    place.emulator.faults().always(Fault::Status(Endpoint::Me, 503));
    let card = place.open_as(&Browser::new(), "/card", seed::ADELE).await;
    assert_eq!(&*card.body, "No. 1\nAdele Vance\nborn unknown\n");
}
