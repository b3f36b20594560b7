use std::time::Duration;

use entra_emulator::{Emulator, Endpoint, Fault, User, seed};
use serde_json::{Value, json};

use super::{get, post};
use crate::flow::{Ask, TokenAsk, client, start, tokens};

async fn token(emulator: &Emulator, scope: &str, name: &str) -> String {
    let segment = if name == seed::PAT { "consumers" } else { seed::CONTOSO };
    let ask = Ask::new(emulator).set("scope", scope).at(segment);
    tokens(emulator, &ask, name).await.text("access_token").to_owned()
}

#[tokio::test]
async fn default_properties() {
    let emulator = start().await;
    let token = token(&emulator, "openid User.Read", seed::ADELE).await;
    let expected = json!({
        "@odata.context": format!("{}graph/v1.0/$metadata#users/$entity", emulator.url()),
        "businessPhones": [],
        "displayName": "Adele Vance",
        "givenName": "Adele",
        "jobTitle": "Retail Manager",
        "mail": seed::ADELE,
        "mobilePhone": "+1 425 555 0109",
        "officeLocation": "18/2111",
        "preferredLanguage": "en-US",
        "surname": "Vance",
        "userPrincipalName": seed::ADELE,
        "id": seed::ADELE_ID,
    });
    assert_eq!(get(&emulator, &token, "v1.0/me").await, (200, expected));
}

#[tokio::test]
async fn selected_properties() {
    let emulator = start().await;
    let adele = token(&emulator, "User.Read", seed::ADELE).await;
    let (_, body) = get(&emulator, &adele, "v1.0/me?$select=id,birthday,userType").await;
    assert_eq!(body.as_object().map(serde_json::Map::len), Some(4));
    assert_eq!((&body["birthday"], &body["userType"]), (&json!("1988-04-01T00:00:00Z"), &json!("Member")));
    let megan = token(&emulator, "User.Read", seed::MEGAN).await;
    let (_, body) = get(&emulator, &megan, "v1.0/me?$select=userType,creationType,userPrincipalName").await;
    assert_eq!((&body["userType"], &body["creationType"]), (&json!("Guest"), &json!("Invitation")));
    assert_eq!(body["userPrincipalName"], seed::MEGAN_GUEST_UPN);
    let (status, body) = get(&emulator, &adele, "v1.0/me?$select=shoeSize").await;
    assert_eq!((status, &body["error"]["code"]), (400, &json!("BadRequest")));
}

#[tokio::test]
async fn tokens_are_checked() {
    let emulator = start().await;
    let good = token(&emulator, "openid User.Read", seed::ADELE).await;
    let own_api = token(&emulator, &format!("api://{}/read", seed::APP_ID), seed::ADELE).await;
    for (what, bad) in [("nonsense", "nonsense"), ("another audience", own_api.as_str())] {
        let (status, body) = get(&emulator, bad, "v1.0/me").await;
        assert_eq!((status, &body["error"]["code"]), (401, &json!("InvalidAuthenticationToken")), "{what}");
        let inner = &body["error"]["innerError"];
        assert_eq!(inner["date"], "2027-01-15T08:00:00");
        assert!(inner["request-id"].is_string() && inner["client-request-id"].is_string());
    }
    let bare = client().get(format!("{}graph/v1.0/me", emulator.url())).send().await.expect("an answer");
    assert_eq!(bare.status(), 401);
    assert!(bare.headers().contains_key("www-authenticate"));
    emulator.clock().advance(Duration::from_secs(3598));
    assert_eq!(get(&emulator, &good, "v1.0/me").await.0, 200);
    emulator.clock().advance(Duration::from_secs(1));
    assert_eq!(get(&emulator, &good, "v1.0/me").await.0, 401, "expired");
}

#[tokio::test]
async fn permissions() {
    let emulator = start().await;
    let fabrikam = format!("v1.0/users/{}", seed::DIEGO_ID);
    let alex = format!("v1.0/users/{}", seed::ALEX_ID);
    let own = format!("v1.0/users/{}", seed::ADELE_ID);
    let birthday = format!("{alex}?$select=birthday");
    let by_name = format!("v1.0/users/{}", seed::ALEX);
    let rows: [(&str, &str, u16); 17] = [
        ("openid profile email", "v1.0/me", 403),
        ("User.Read", "v1.0/me", 200),
        ("User.ReadBasic.All", "v1.0/me", 200),
        ("User.Read", &own, 200),
        ("User.Read", &alex, 403),
        ("User.ReadBasic.All", &alex, 200),
        ("User.ReadBasic.All", &by_name, 200),
        ("User.ReadBasic.All", &fabrikam, 404),
        ("User.Read", "v1.0/planets", 400),
        ("User.Read", "v1.0/me?$select=birthday", 200),
        ("User.Read.All", "v1.0/me?$select=birthday", 200),
        ("User.ReadBasic.All", "v1.0/me?$select=birthday", 403),
        ("User.ReadBasic.All", &birthday, 403),
        ("User.Read.All", &birthday, 200),
        ("User.Read", "v1.0/me/memberOf", 200),
        ("User.ReadBasic.All", "v1.0/me/memberOf", 403),
        ("User.ReadBasic.All", "v1.0/me/getMemberObjects", 403),
    ];
    for (scope, path, expected) in rows {
        let token = token(&emulator, scope, seed::ADELE).await;
        let (status, body) = get(&emulator, &token, path).await;
        assert_eq!(status, expected, "{scope} {path}: {body}");
    }
    let pat = token(&emulator, "User.ReadBasic.All", seed::PAT).await;
    assert_eq!(get(&emulator, &pat, "v1.0/me").await.0, 403, "not for personal accounts");
    let pat = token(&emulator, "User.Read", seed::PAT).await;
    assert_eq!(get(&emulator, &pat, "v1.0/me").await.0, 200);
    let denied = get(&emulator, &token(&emulator, "openid", seed::ADELE).await, "v1.0/me").await.1;
    assert_eq!(denied["error"]["code"], "Authorization_RequestDenied");
}

#[tokio::test]
async fn an_application_by_itself() {
    let emulator = start().await;
    let answer = TokenAsk::app(&emulator, "https://graph.microsoft.com/.default").send().await;
    let token = answer.text("access_token");
    assert_eq!(get(&emulator, token, "v1.0/me").await.0, 400, "nobody is signed in");
    let (status, body) = get(&emulator, token, &format!("v1.0/users/{}", seed::ADELE_ID)).await;
    assert_eq!((status, &body["id"]), (200, &json!(seed::ADELE_ID)));
    assert_eq!(
        get(&emulator, token, "v1.0/users/nobody@contoso.example").await.1["error"]["code"],
        "Request_ResourceNotFound"
    );
}

#[tokio::test]
async fn groups() {
    let emulator = start().await;
    let adele = token(&emulator, "User.Read", seed::ADELE).await;
    let body = json!({ "securityEnabledOnly": true });
    let (status, answer) = post(&emulator, &adele, "v1.0/me/getMemberObjects", &body).await;
    assert_eq!((status, &answer["value"]), (200, &json!([seed::ENGINEERING, seed::ALL_STAFF])));
    let context = answer["@odata.context"].as_str().expect("text");
    assert!(context.ends_with("#Collection(Edm.String)"), "{context}");
    assert_eq!(post(&emulator, &adele, "v1.0/me/getMemberObjects", &json!({})).await.0, 400);
    assert_eq!(get(&emulator, &adele, "v1.0/me/memberOf").await.1["value"][0]["displayName"], "Engineering");
    let pat = token(&emulator, "User.Read", seed::PAT).await;
    assert_eq!(post(&emulator, &pat, "v1.0/me/getMemberObjects", &body).await.0, 400, "not for personal accounts");
}

#[tokio::test]
async fn groups_come_page_by_page() {
    let emulator = start().await;
    let adele = token(&emulator, "User.Read", seed::ADELE).await;
    let (mut path, mut pages) = (Some("v1.0/me/memberOf?$top=1".to_owned()), Vec::new());
    while let Some(at) = path {
        let (status, body) = get(&emulator, &adele, &at).await;
        assert_eq!((status, body["value"].as_array().map(Vec::len)), (200, Some(1)), "{at}: {body}");
        pages.push(body["value"][0]["displayName"].clone());
        let link = body["@odata.nextLink"].as_str();
        path = link.map(|link| link.strip_prefix(&format!("{}graph/", emulator.url())).expect("of Graph").to_owned());
    }
    assert_eq!(pages, ["Engineering", "All staff"]);
    for wrong in ["$top=0", "$top=1000", "$top=few", "$skiptoken=x"] {
        assert_eq!(get(&emulator, &adele, &format!("v1.0/me/memberOf?{wrong}")).await.0, 400, "{wrong}");
    }
}

#[tokio::test]
async fn userinfo() {
    let emulator = start().await;
    let answer = tokens(&emulator, &Ask::new(&emulator), seed::ADELE).await;
    let expected = json!({
        "sub": answer.id_token()["sub"],
        "name": "Adele Vance",
        "family_name": "Vance",
        "given_name": "Adele",
        "picture": format!("{}graph/v1.0/me/photo/$value", emulator.url()),
        "email": seed::ADELE,
    });
    let token = answer.text("access_token");
    assert_eq!(get(&emulator, token, "oidc/userinfo").await, (200, expected.clone()));
    assert_eq!(post(&emulator, token, "oidc/userinfo", &Value::Null).await, (200, expected));
    let without = self::token(&emulator, "User.Read", seed::ADELE).await;
    assert_eq!(get(&emulator, &without, "oidc/userinfo").await.0, 403, "needs openid");
}

#[tokio::test]
async fn t17_another_user() {
    let emulator = start().await;
    let answer = tokens(&emulator, &Ask::new(&emulator), seed::ADELE).await;
    let token = answer.text("access_token");
    emulator.faults().once(Fault::OtherUser);
    assert_ne!(get(&emulator, token, "v1.0/me").await.1["id"], seed::ADELE_ID);
    emulator.faults().once(Fault::OtherUser);
    assert_ne!(get(&emulator, token, "oidc/userinfo").await.1["sub"], answer.id_token()["sub"]);
    assert_eq!(get(&emulator, token, "v1.0/me").await.1["id"], seed::ADELE_ID);
}

#[tokio::test]
async fn throttling_and_challenges() {
    let emulator = start().await;
    let token = token(&emulator, "User.Read", seed::ADELE).await;
    let me = || client().get(format!("{}graph/v1.0/me", emulator.url())).bearer_auth(&token).send();
    emulator.faults().once(Fault::Throttled(Endpoint::Me, Some("2.128".to_owned())));
    let throttled = me().await.expect("an answer");
    assert_eq!(throttled.status(), 429);
    assert_eq!(throttled.headers()["retry-after"], "2.128");
    emulator.faults().once(Fault::Throttled(Endpoint::Me, None));
    assert!(!me().await.expect("an answer").headers().contains_key("retry-after"));
    emulator.faults().once(Fault::ClaimsChallenge(Endpoint::Me, r#"{"access_token":{}}"#.to_owned()));
    let challenged = me().await.expect("an answer");
    assert_eq!(challenged.status(), 401);
    let header = challenged.headers()["www-authenticate"].to_str().expect("text").to_owned();
    assert!(header.contains(r#"error="insufficient_claims", claims="eyJhY2Nlc3NfdG9rZW4iOnt9fQ==""#), "{header}");
}

#[tokio::test]
async fn changes_of_the_directory_are_seen_at_once() {
    let emulator = start().await;
    let token = token(&emulator, "User.Read User.ReadBasic.All", seed::ADELE).await;
    let id = "1a2b3c4d-0009-4000-8000-000000000003";
    let path = format!("v1.0/users/{id}");
    assert_eq!(get(&emulator, &token, &path).await.0, 404);
    emulator.directory().add_user(User::member(id, seed::CONTOSO, "nia@contoso.example", "Nia Ray")).expect("added");
    assert_eq!(get(&emulator, &token, &path).await.1["surname"], "Ray");
    emulator.directory().remove_user(seed::ADELE).expect("removed");
    assert_eq!(get(&emulator, &token, "v1.0/me").await.0, 401);
}

#[tokio::test]
async fn of_others_only_names_and_mail_address_with_basic_profiles() {
    let emulator = start().await;
    let adele = format!("v1.0/users/{}", seed::ADELE_ID);
    emulator.directory().change_user(seed::ALEX, |alex| alex.job_title = Some("Nurse".to_owned())).expect("Alex");
    for (scope, title) in [("User.ReadBasic.All", Value::Null), ("User.Read.All", json!("Retail Manager"))] {
        let token = token(&emulator, scope, seed::ALEX).await;
        let (_, body) = get(&emulator, &token, &adele).await;
        assert_eq!((&body["displayName"], &body["mail"]), (&json!("Adele Vance"), &json!(seed::ADELE)), "{scope}");
        assert_eq!((&body["jobTitle"], &body["id"]), (&title, &json!(seed::ADELE_ID)), "{scope}");
        assert_eq!(get(&emulator, &token, "v1.0/me").await.1["jobTitle"], "Nurse", "{scope}: one's own");
    }
}

/// What a directory can hold and nobody expects.
#[tokio::test]
async fn odd_values() {
    let emulator = start().await;
    let (long, tag) = ("Ö".repeat(300), "de-DE-1996-x-contoso-headquarters-1");
    emulator
        .directory()
        .change_user(seed::ALEX, |alex| {
            alex.given_name = Some(String::new());
            alex.surname = Some(long.clone());
            alex.mail = Some("  ".to_owned());
            alex.display_name = None;
            alex.preferred_language = Some(tag.to_owned());
        })
        .expect("Alex");
    assert_eq!(tag.len(), 35);
    let alex = token(&emulator, "User.Read", seed::ALEX).await;
    let (status, body) = get(&emulator, &alex, "v1.0/me").await;
    let expected = [
        ("givenName", json!("")),
        ("surname", json!(long)),
        ("mail", json!("  ")),
        ("displayName", Value::Null),
        ("preferredLanguage", json!(tag)),
    ];
    assert_eq!(status, 200);
    for (name, value) in expected {
        assert_eq!(body[name], value, "{name}");
    }
    emulator.faults().once(Fault::Member(Endpoint::Me, "surname".to_owned(), None));
    assert_eq!(get(&emulator, &alex, "v1.0/me").await.1.get("surname"), None, "not sent at all");
}
