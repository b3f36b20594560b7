use entra_emulator::{App, Directory, Emulator, EmulatorClock, TenantKind, seed};
use serde_json::{Value, json};

use crate::flow::{NOW, claims, get_json, header, start};

use super::{RESET, SUSI, ask, redeem, refresh, refusal, tokens};

#[tokio::test]
async fn openid_alone_brings_an_id_token_and_no_access_token() {
    let emulator = start().await;
    let answer = tokens(&emulator, &ask(&emulator), seed::ROBIN).await;
    let mut names: Vec<&str> = answer.body.as_object().expect("members").keys().map(String::as_str).collect();
    names.sort_unstable();
    let expected = [
        "id_token",
        "id_token_expires_in",
        "not_before",
        "profile_info",
        "refresh_token",
        "refresh_token_expires_in",
        "scope",
        "token_type",
    ];
    assert_eq!(names, expected);
    assert_eq!(answer.body["id_token_expires_in"], "3600");
    assert_eq!(answer.body["not_before"], NOW.to_string());
    assert_eq!(answer.body["scope"], "");
    let expected = json!({
        "ver": "1.0",
        "iss": format!("https://contosob2c.b2clogin.com/{}/v2.0/", seed::B2C_TENANT),
        "sub": seed::ROBIN_ID,
        "oid": seed::ROBIN_ID,
        "aud": seed::B2C_APP_ID,
        "iat": NOW,
        "nbf": NOW,
        "exp": NOW + 3600,
        "auth_time": NOW,
        "tfp": "B2C_1_susi",
        "name": "Robin Reyes",
        "given_name": "Robin",
        "family_name": "Reyes",
        "emails": ["robin@mail.example"],
        "nonce": "the-nonce",
    });
    assert_eq!(answer.id_token(), expected);
}

#[tokio::test]
async fn the_token_is_signed_by_the_key_of_the_user_flows_list() {
    let emulator = start().await;
    let answer = tokens(&emulator, &ask(&emulator), seed::ROBIN).await;
    let (_, keys) = get_json(format!("{}{SUSI}/discovery/v2.0/keys", emulator.url())).await;
    let key = &keys["keys"][0];
    let header = header(answer.text("id_token"));
    assert_eq!(header, json!({ "typ": "JWT", "alg": "RS256", "kid": key["kid"] }));
    let part = |name: &str| key[name].as_str().expect("a text").to_owned();
    let key = jsonwebtoken::DecodingKey::from_rsa_components(&part("n"), &part("e")).expect("a key");
    let mut rules = jsonwebtoken::Validation::new(jsonwebtoken::Algorithm::RS256);
    rules.set_audience(&[seed::B2C_APP_ID]);
    rules.validate_exp = false;
    jsonwebtoken::decode::<Value>(answer.text("id_token"), &key, &rules).expect("a true signature");
}

#[tokio::test]
async fn its_own_client_id_as_a_scope_brings_an_access_token_and_at_hash() {
    let emulator = start().await;
    let own = format!("openid offline_access {}", seed::B2C_APP_ID);
    let answer = tokens(&emulator, &ask(&emulator).set("scope", &own), seed::ROBIN).await;
    let access = claims(answer.text("access_token"));
    assert_eq!((&access["aud"], &access["azp"]), (&json!(seed::B2C_APP_ID), &json!(seed::B2C_APP_ID)));
    assert_eq!(access["tfp"], "B2C_1_susi");
    assert!(access["scp"].is_null(), "{access}");
    assert_eq!(answer.body["expires_in"], "3600");
    assert_eq!(answer.body["expires_on"], (NOW + 3600).to_string());
    assert_eq!(answer.body["resource"], seed::B2C_APP_ID);
    assert!(answer.id_token()["at_hash"].is_string());
    let named = format!("https://{}/{}/orders.read", seed::B2C_DOMAIN, seed::B2C_APP_ID);
    let answer = tokens(&emulator, &ask(&emulator).set("scope", &named), seed::ROBIN).await;
    assert_eq!(claims(answer.text("access_token"))["scp"], "orders.read");
    assert!(answer.body["id_token"].is_null() && answer.body["refresh_token"].is_null());
}

#[tokio::test]
async fn a_social_account_names_its_provider() {
    let emulator = start().await;
    let token = tokens(&emulator, &ask(&emulator), seed::KIM).await.id_token();
    assert_eq!((&token["idp"], &token["emails"]), (&json!(seed::KIM_IDP), &json!([seed::KIM])));
}

#[tokio::test]
async fn every_form_of_the_path_is_the_same_user_flow() {
    let emulator = start().await;
    let code = ask(&emulator).code(seed::ROBIN).await;
    let guid = format!("tfp/{}/B2C_1_SUSI", seed::B2C_TENANT);
    let answer = redeem(&emulator, &guid, &code).send().await;
    assert_eq!(answer.status, 200, "{}", answer.body);
}

#[tokio::test]
async fn codes_and_refresh_tokens_belong_to_their_user_flow() {
    let emulator = start().await;
    let code = ask(&emulator).code(seed::ROBIN).await;
    let elsewhere = redeem(&emulator, RESET, &code).send().await;
    assert_eq!((elsewhere.status, refusal(&elsewhere)), (400, ("invalid_grant", "AADB2C90088")));
    let answer = redeem(&emulator, SUSI, &code).send().await;
    let token = answer.text("refresh_token");
    let elsewhere = refresh(&emulator, RESET, token).send().await;
    assert_eq!(refusal(&elsewhere), ("invalid_grant", "AADB2C90088"));
    let again = refresh(&emulator, SUSI, token).send().await;
    assert_eq!(again.id_token()["tfp"], "B2C_1_susi");
    assert!(again.id_token()["nonce"].is_null());
}

#[tokio::test]
async fn refusals_have_b2cs_numbers() {
    let emulator = start().await;
    let code = ask(&emulator).code(seed::ROBIN).await;
    let cases = [
        (redeem(&emulator, SUSI, &code).set("client_secret", "wrong"), ("invalid_client", "AADB2C90081")),
        (redeem(&emulator, SUSI, &code).without("client_secret"), ("invalid_request", "AADB2C90079")),
        (redeem(&emulator, SUSI, &code).set("grant_type", "password"), ("unsupported_grant_type", "AADB2C90086")),
        (redeem(&emulator, SUSI, &code).set("code_verifier", &"v".repeat(43)), ("invalid_grant", "AADB2C90182")),
        (redeem(&emulator, SUSI, "nonsense"), ("invalid_grant", "AADB2C90085")),
        (redeem(&emulator, SUSI, &code).set("client_id", seed::APP_ID), ("invalid_client", "AADB2C90081")),
    ];
    for (ask, expected) in cases {
        let answer = ask.send().await;
        assert_eq!((answer.status, refusal(&answer)), (400, expected), "{}", answer.body);
        let description = answer.text("error_description");
        assert!(description.contains("\r\nCorrelation ID: ") && description.ends_with("Z\r\n"), "{description:?}");
        assert_eq!(answer.body.as_object().expect("members").len(), 2, "{}", answer.body);
    }
}

#[tokio::test]
async fn grants_expire() {
    let clock = EmulatorClock::at(NOW);
    let emulator = Emulator::builder().clock(clock.clone()).start().await.expect("it starts");
    let answer = tokens(&emulator, &ask(&emulator), seed::ROBIN).await;
    let code = ask(&emulator).code(seed::ROBIN).await;
    clock.set(NOW + 601);
    assert_eq!(refusal(&redeem(&emulator, SUSI, &code).send().await), ("invalid_grant", "AADB2C90080"));
    clock.set(NOW + 14 * 24 * 3600);
    let old = refresh(&emulator, SUSI, answer.text("refresh_token")).send().await;
    assert_eq!(refusal(&old), ("invalid_grant", "AADB2C90080"));
}

#[tokio::test]
async fn a_user_flow_can_be_configured_for_acr_and_tid() {
    let mut directory = Directory::default();
    let tenant = directory.tenants.iter_mut().find(|tenant| tenant.id == seed::B2C_TENANT).expect("seeded");
    let TenantKind::B2c(b2c) = &mut tenant.kind else { panic!("a B2C tenant") };
    b2c.user_flows[0].tenant_claim = true;
    b2c.user_flows[0].policy_claim = entra_emulator::PolicyClaim::Acr;
    let emulator = Emulator::builder().directory(directory).start().await.expect("it starts");
    let token = tokens(&emulator, &ask(&emulator), seed::ROBIN).await.id_token();
    assert_eq!((&token["acr"], &token["tid"]), (&json!("B2C_1_susi"), &json!(seed::B2C_TENANT)));
    assert!(token["tfp"].is_null());
}

#[tokio::test]
async fn applications_of_other_tenants_do_not_exist_here() {
    let emulator = start().await;
    let page =
        entra_emulator::Browser::new().get(ask(&emulator).set("client_id", seed::APP_ID).url()).await.expect("a page");
    assert_eq!(page.emulator_page().as_deref(), Some("error"));
    assert_eq!(page.aadb2c(), Some(90018), "{}", page.body);
    let disable = |app: &mut App| app.enabled = false;
    emulator.directory().change_app(seed::B2C_APP_ID, disable).expect("a change");
    let page = entra_emulator::Browser::new().get(ask(&emulator).url()).await.expect("a page");
    assert_eq!(page.aadb2c(), Some(90092));
}
