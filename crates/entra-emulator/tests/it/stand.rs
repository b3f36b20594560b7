//! The environment for each kind of authority, and whom `auto_sign_in("first")` takes there.

use std::collections::BTreeMap;

use entra_emulator::{Browser, Emulator, Stand, seed};

use crate::flow::{Ask, get_json, told};

async fn of(stand: Stand) -> (Emulator, BTreeMap<&'static str, String>) {
    let builder = Emulator::builder().cloud(stand.cloud()).auto_sign_in("first");
    let emulator = builder.start().await.expect("it starts");
    let variables = emulator.env_of(stand);
    let map: BTreeMap<_, _> = variables.iter().cloned().collect();
    assert_eq!(map.len(), variables.len(), "each name once");
    (emulator, map)
}

#[tokio::test]
async fn each_names_its_own_application_and_place() {
    for stand in Stand::ALL {
        let (emulator, variables) = of(stand).await;
        assert_eq!(variables["AZURE_CLIENT_ID"], stand.app(), "{stand:?}");
        let app = emulator.directory().app(stand.app()).expect("seeded");
        assert_eq!(variables["AZURE_CLIENT_SECRET"], app.secrets[0].value, "{stand:?}");
        let url = emulator.url().to_string();
        let places = ["AZURE_AUTHORITY_HOST", "MICROSOFT_SSO_AUTHORITY_HOST", "MICROSOFT_SSO_AUTHORITY"];
        let named: Vec<&str> = places.into_iter().filter(|name| variables.get(*name) == Some(&url)).collect();
        assert_eq!(named.len(), 1, "{stand:?}: {named:?}");
    }
}

#[tokio::test]
async fn what_is_special_is_said() {
    let expected = [
        (Stand::V1, "MICROSOFT_SSO_ENDPOINT_VERSION", "v1"),
        (Stand::B2c, "MICROSOFT_SSO_B2C_TENANT_NAME", seed::B2C_NAME),
        (Stand::B2c, "MICROSOFT_SSO_B2C_POLICY", seed::B2C_SIGN_IN_POLICY),
        (Stand::B2c, "MICROSOFT_SSO_RESET_PASSWORD_POLICY", seed::B2C_RESET_POLICY),
        (Stand::B2c, "MICROSOFT_SSO_EDIT_PROFILE_POLICY", seed::B2C_EDIT_POLICY),
        (Stand::External, "MICROSOFT_SSO_TENANT_ID", seed::EXTERNAL_TENANT),
        (Stand::Personal, "AZURE_TENANT_ID", "consumers"),
        (Stand::Personal, "MICROSOFT_SSO_PERSONAL_ACCOUNTS", "allow"),
        (Stand::Government, "MICROSOFT_SSO_CLOUD", "usgovernment"),
    ];
    for (stand, name, value) in expected {
        let (_emulator, variables) = of(stand).await;
        assert_eq!(variables.get(name).map(String::as_str), Some(value), "{stand:?}");
    }
}

#[tokio::test]
async fn the_first_account_that_may_signs_in_by_itself() {
    let b2c = format!("{}/b2c_1_susi", seed::B2C_DOMAIN);
    let places = [
        (Stand::V2, seed::CONTOSO),
        (Stand::B2c, b2c.as_str()),
        (Stand::External, seed::EXTERNAL_DOMAIN),
        (Stand::Personal, "consumers"),
        (Stand::Government, seed::CONTOSO),
    ];
    for (stand, segment) in places {
        let (emulator, _) = of(stand).await;
        let ask = Ask::new(&emulator).at(segment).set("client_id", stand.app()).set("scope", "openid profile");
        let page = Browser::new().get_once(ask.url()).await.expect("an answer");
        assert!(told(&page).contains_key("code"), "{stand:?}");
    }
    let (emulator, _) = of(Stand::V2).await;
    let disable = |user: &mut entra_emulator::User| user.enabled = false;
    emulator.directory().change_user(seed::ADELE, disable).expect("a change");
    let ask = Ask::new(&emulator).set("client_info", "1");
    let page = Browser::new().get_once(ask.url()).await.expect("an answer");
    let info = told(&page)["client_info"].clone();
    let decoded = crate::flow::claims(&format!(".{info}."));
    assert_eq!(decoded["uid"], seed::ALEX_ID, "not the one that is disabled");
    let (status, _) = get_json(format!("{}common/v2.0/.well-known/openid-configuration", emulator.url())).await;
    assert_eq!(status, 200);
}

#[tokio::test]
async fn a_name_that_nobody_has_still_stops_the_start() {
    let refused = Emulator::builder().auto_sign_in("firstborn").start().await;
    assert!(refused.is_err());
}

#[tokio::test]
async fn the_pages_of_user_flows_are_shown_all_the_same() {
    let (emulator, _) = of(Stand::B2c).await;
    for (flow, page) in [("b2c_1_reset", "reset-password"), ("b2c_1_edit", "edit-profile")] {
        let ask = Ask::new(&emulator).at(&format!("{}/{flow}", seed::B2C_DOMAIN));
        let ask = ask.set("client_id", seed::B2C_APP_ID).set("scope", "openid");
        let shown = Browser::new().get(ask.url()).await.expect("a page");
        assert_eq!(shown.emulator_page().as_deref(), Some(page));
    }
}
