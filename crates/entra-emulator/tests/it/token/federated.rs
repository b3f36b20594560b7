//! Federated identity credentials: another issuer's token as client assertion.

use entra_emulator::{Cloud, DirectoryError, Emulator, Endpoint, FederatedCredential, seed};
use serde_json::{Value, json};

use super::assertion::with_assertion;
use crate::flow::{Ask, NOW, TokenAsk, claims, get_json, header, start, tokens};
use crate::signer::Signer;

const SCOPE: &str = "https://graph.microsoft.com/.default";
const AUDIENCE: &str = "api://AzureADTokenExchange";

async fn judged(emulator: &Emulator, assertion: &str) -> String {
    with_assertion(&TokenAsk::app(emulator, SCOPE), assertion).send().await.summary()
}

#[tokio::test]
async fn the_seeded_workload_is_the_seeded_application() {
    let emulator = start().await;
    let token = emulator.workload_token(seed::WORKLOAD_SUBJECT, AUDIENCE);
    assert_eq!(judged(&emulator, &token).await, "200 - null");
    let code = Ask::new(&emulator).code(seed::ADELE).await;
    let answer = with_assertion(&TokenAsk::code(&emulator, &code), &token).send().await;
    assert_eq!((answer.status, &answer.id_token()["aud"]), (200, &json!(seed::APP_ID)));
}

#[tokio::test]
async fn the_workload_issuer_publishes_what_kubernetes_does() {
    let emulator = start().await;
    let issuer = emulator.workload_issuer();
    let (status, document) = get_json(format!("{issuer}/.well-known/openid-configuration")).await;
    assert_eq!((status, document["issuer"].as_str()), (200, Some(issuer.as_str())));
    let (_, keys) = get_json(document["jwks_uri"].as_str().expect("an address")).await;
    let token = emulator.workload_token("system:serviceaccount:shop:worker", "anybody");
    assert_eq!(keys["keys"][0]["kid"], header(&token)["kid"]);
    let mut claims = claims(&token);
    assert_eq!((&claims["exp"], &claims["iat"]), (&json!(NOW + 3600), &json!(NOW)));
    claims["jti"] = Value::Null;
    claims["kubernetes.io"]["serviceaccount"]["uid"] = Value::Null;
    assert_eq!(
        claims,
        json!({
            "aud": ["anybody"], "iss": issuer, "sub": "system:serviceaccount:shop:worker", "jti": null,
            "nbf": NOW, "iat": NOW, "exp": NOW + 3600,
            "kubernetes.io": { "namespace": "shop", "serviceaccount": { "name": "worker", "uid": null } },
        })
    );
    assert_eq!(emulator.journal().count(Endpoint::Workload), 2);
}

#[tokio::test]
async fn issuer_subject_and_audience_are_compared_exactly() {
    let emulator = start().await;
    let subject = seed::WORKLOAD_SUBJECT;
    let rows = [
        ("another subject", emulator.workload_token("system:serviceaccount:portal:job", AUDIENCE), "700213"),
        ("another case of the subject", emulator.workload_token(&subject.to_uppercase(), AUDIENCE), "7002138"),
        ("another audience", emulator.workload_token(subject, "https://kubernetes.default.svc"), "700212"),
        ("another case of the audience", emulator.workload_token(subject, &AUDIENCE.to_lowercase()), "700212"),
    ];
    for (what, token, number) in rows {
        assert_eq!(judged(&emulator, &token).await, format!("401 invalid_client {number}"), "{what}");
    }
}

/// An application that trusts a foreign issuer whose keys it was given.
async fn with_foreign_issuer() -> (Emulator, Signer) {
    let emulator = start().await;
    let signer = Signer::new(0, "actions");
    let credential = FederatedCredential::new("actions", "https://actions.example", "repo:one/two:ref:main", AUDIENCE);
    let credential = credential.jwks(&signer.jwks("the-key")).expect("keys");
    emulator.directory().add_federated_credential(seed::APP_ID, credential).expect("a credential");
    (emulator, signer)
}

fn foreign() -> (Value, Value) {
    let claims = json!({
        "iss": "https://actions.example", "sub": "repo:one/two:ref:main", "aud": AUDIENCE, "iat": NOW,
        "nbf": NOW, "exp": NOW + 300,
    });
    (json!({ "alg": "RS256", "typ": "JWT", "kid": "the-key" }), claims)
}

#[tokio::test]
async fn a_foreign_issuer_with_its_keys() {
    let (emulator, signer) = with_foreign_issuer().await;
    let (header, claims) = foreign();
    let claim = |name: &str, value: Value| {
        let mut claims = claims.clone();
        claims[name] = value;
        signer.sign(&header, &claims)
    };
    let head = |name: &str, value: Value| {
        let mut header = header.clone();
        header[name] = value;
        signer.sign(&header, &claims)
    };
    let rows = [
        ("right", signer.sign(&header, &claims), "200 - null"),
        ("a list of one audience", claim("aud", json!([AUDIENCE])), "200 - null"),
        ("two audiences", claim("aud", json!([AUDIENCE, "other"])), "401 invalid_client 700212"),
        ("no audience", claim("aud", Value::Null), "401 invalid_client 700212"),
        ("another issuer", claim("iss", json!("https://actions.example/")), "401 invalid_client 700211"),
        ("another case of the issuer", claim("iss", json!("https://Actions.example")), "401 invalid_client 700211"),
        ("PS256", head("alg", json!("PS256")), "401 invalid_client 50027"),
        ("none", head("alg", json!("none")), "401 invalid_client 50027"),
        ("another key id", head("kid", json!("another")), "401 invalid_client 700027"),
        ("no key id", head("kid", Value::Null), "401 invalid_client 700027"),
        ("another key", Signer::new(1, "x").sign(&header, &claims), "401 invalid_client 700027"),
        ("expired", claim("exp", json!(NOW - 300)), "401 invalid_client 700024"),
        ("not yet", claim("nbf", json!(NOW + 301)), "401 invalid_client 700024"),
        ("no end", claim("exp", Value::Null), "401 invalid_client 50027"),
        ("not a token", "a.b".to_owned(), "401 invalid_client 50027"),
    ];
    for (what, token, expected) in rows {
        assert_eq!(judged(&emulator, &token).await, expected, "{what}");
    }
}

#[tokio::test]
async fn only_the_first_hundred_keys_are_looked_at() {
    let emulator = start().await;
    let signer = Signer::new(0, "actions");
    let key = |kid: usize| {
        let list: Value = serde_json::from_str(&signer.jwks(&format!("key-{kid}"))).expect("JSON");
        list["keys"][0].clone()
    };
    let list = json!({ "keys": (0..101).map(key).collect::<Vec<_>>() }).to_string();
    let credential = FederatedCredential::new("actions", "https://actions.example", "repo:one/two:ref:main", AUDIENCE);
    let credential = credential.jwks(&list).expect("keys");
    emulator.directory().add_federated_credential(seed::APP_ID, credential).expect("a credential");
    let (mut header, claims) = foreign();
    for (kid, expected) in [("key-99", "200 - null"), ("key-100", "401 invalid_client 700027")] {
        header["kid"] = json!(kid);
        assert_eq!(judged(&emulator, &signer.sign(&header, &claims)).await, expected, "{kid}");
    }
}

#[tokio::test]
async fn user_flows_know_secrets_only() {
    let emulator = start().await;
    let credential = FederatedCredential::new("cluster", &emulator.workload_issuer(), seed::WORKLOAD_SUBJECT, AUDIENCE);
    emulator.directory().add_federated_credential(seed::B2C_APP_ID, credential).expect("a credential");
    let token = emulator.workload_token(seed::WORKLOAD_SUBJECT, AUDIENCE);
    let ask = with_assertion(&TokenAsk::code(&emulator, "anything"), &token).set("client_id", seed::B2C_APP_ID);
    let at = format!("{}/{}", seed::B2C_DOMAIN, seed::B2C_SIGN_IN_POLICY);
    let answer = ask.at(&emulator, &at).send().await;
    assert!(answer.text("error_description").starts_with("AADB2C90079: "), "{}", answer.body);
}

#[tokio::test]
async fn an_application_without_federated_credentials() {
    let emulator = start().await;
    let token = emulator.workload_token(seed::WORKLOAD_SUBJECT, AUDIENCE);
    let ask = with_assertion(&TokenAsk::app(&emulator, SCOPE), &token).set("client_id", seed::SINGLE_TENANT_APP_ID);
    assert_eq!(ask.send().await.summary(), "401 invalid_client 70025");
}

#[tokio::test]
async fn tokens_of_people_are_no_credentials() {
    let emulator = start().await;
    let ask = Ask::new(&emulator).set("scope", &format!("openid offline_access api://{}/access", seed::APP_ID));
    emulator
        .directory()
        .change_app(seed::APP_ID, |app| app.consented_scopes.push(format!("api://{}/access", seed::APP_ID)))
        .expect("a change");
    let token = tokens(&emulator, &ask, seed::ADELE).await.text("access_token").to_owned();
    assert_eq!(judged(&emulator, &token).await, "401 invalid_client 700229");
}

#[tokio::test]
async fn a_run_in_another_cloud_has_its_audience() {
    let rows = [
        (Cloud::Public, "api://AzureADTokenExchange"),
        (Cloud::UsGovernment, "api://AzureADTokenExchangeUSGov"),
        (Cloud::China, "api://AzureADTokenExchangeChina"),
    ];
    for (cloud, audience) in rows {
        let emulator = Emulator::builder().cloud(cloud).start().await.expect("a start");
        let token = emulator.workload_token(seed::WORKLOAD_SUBJECT, audience);
        let scope = format!("https://{}/.default", cloud.graph_host().expect("a Graph"));
        let answer = with_assertion(&TokenAsk::app(&emulator, &scope), &token).send().await;
        assert_eq!(answer.summary(), "200 - null", "{audience}");
    }
}

#[tokio::test]
async fn microsofts_rules_for_credentials() {
    let emulator = start().await;
    let directory = emulator.directory();
    let add = |name: &str, issuer: &str, subject: &str, audience: &str| {
        directory.add_federated_credential(seed::APP_ID, FederatedCredential::new(name, issuer, subject, audience))
    };
    let issuer = "https://issuer.example";
    let long = "x".repeat(601);
    let rows = [
        ("a short name", add("ab", issuer, "s", AUDIENCE)),
        ("a long name", add(&"n".repeat(121), issuer, "s", AUDIENCE)),
        ("a name with a space", add("my name", issuer, "s", AUDIENCE)),
        ("no subject", add("name", issuer, "", AUDIENCE)),
        ("a long subject", add("name", issuer, &long, AUDIENCE)),
        ("no audience", add("name", issuer, "s", "")),
        ("an issuer over http", add("name", "http://issuer.example", "s", AUDIENCE)),
        ("the name is taken", add("workload", issuer, "s", AUDIENCE)),
        ("issuer and subject are taken", add("name", &emulator.workload_issuer(), seed::WORKLOAD_SUBJECT, "other")),
    ];
    for (what, outcome) in rows {
        assert!(matches!(outcome, Err(DirectoryError::Value { .. })), "{what}");
    }
    for index in 2..20 {
        add(&format!("name-{index}"), issuer, &index.to_string(), AUDIENCE).expect("up to twenty");
    }
    assert!(add("name-20", issuer, "20", AUDIENCE).is_err(), "the 21st");
    let broken = FederatedCredential::new("abc", issuer, "s", AUDIENCE);
    assert!(broken.clone().jwks("[]").is_err());
    assert!(broken.jwks("{").is_err());
}
