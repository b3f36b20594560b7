use entra_emulator::{Emulator, seed};

use crate::flow::{get_json, header, start};

use super::{SUSI, ask, tokens};

async fn kids(emulator: &Emulator, tenant: &str) -> Vec<String> {
    let (_, body) = get_json(format!("{}{tenant}/discovery/v2.0/keys", emulator.url())).await;
    let keys = body["keys"].as_array().expect("keys");
    keys.iter().map(|key| key["kid"].as_str().expect("a text").to_owned()).collect()
}

async fn signing(emulator: &Emulator) -> String {
    let answer = tokens(emulator, &ask(emulator), seed::ROBIN).await;
    header(answer.text("id_token"))["kid"].as_str().expect("a text").to_owned()
}

#[tokio::test]
async fn they_rotate_are_replaced_and_flap_like_others() {
    let emulator = start().await;
    let before = kids(&emulator, SUSI).await;
    assert_eq!(signing(&emulator).await, before[0]);
    emulator.keys().rotate();
    assert_eq!(signing(&emulator).await, before[1], "it was in the list before");
    let rotated = kids(&emulator, SUSI).await;
    assert!(rotated.starts_with(&before) && rotated.len() == 3);
    emulator.keys().retire();
    assert_eq!(kids(&emulator, SUSI).await, rotated[1..]);
    emulator.keys().replace();
    let replaced = kids(&emulator, SUSI).await;
    assert!(!replaced.iter().any(|kid| rotated.contains(kid)));
    assert_eq!(signing(&emulator).await, replaced[0]);
    emulator.keys().flap();
    assert_eq!(kids(&emulator, SUSI).await, replaced[1..]);
    assert_eq!(kids(&emulator, SUSI).await, replaced);
}

#[tokio::test]
async fn an_external_id_tenants_own_keys_rotate_too() {
    let emulator = start().await;
    let own =
        |kids: Vec<String>, work: &[String]| kids.into_iter().filter(|kid| !work.contains(kid)).collect::<Vec<_>>();
    let work = kids(&emulator, seed::CONTOSO).await;
    let before = own(kids(&emulator, seed::EXTERNAL_TENANT).await, &work);
    emulator.keys().replace();
    let work = kids(&emulator, seed::CONTOSO).await;
    let after = own(kids(&emulator, seed::EXTERNAL_TENANT).await, &work);
    assert!(before.len() == 2 && after.len() == 2 && !after.iter().any(|kid| before.contains(kid)));
}
