//! S8: PKCE at both ends.

use entra_emulator::{Browser, Emulator, EmulatorClock, seed};

use crate::flow::{Ask, CHALLENGE, NOW, TokenAsk, VERIFIER, start, told};

#[tokio::test]
async fn s8_challenges() {
    let emulator = start().await;
    let ask = Ask::new(&emulator);
    let of = |length: usize| "a".repeat(length);
    let rows: Vec<(&str, Ask, Option<&str>)> = vec![
        ("43 characters", ask.clone().set("code_challenge", &of(43)), None),
        ("128 characters", ask.clone().set("code_challenge", &of(128)), None),
        ("42 characters", ask.clone().set("code_challenge", &of(42)), Some("50147")),
        ("129 characters", ask.clone().set("code_challenge", &of(129)), Some("50147")),
        ("padding", ask.clone().set("code_challenge", &format!("{}=", of(43))), Some("501491")),
        ("plain", ask.clone().set("code_challenge_method", "plain"), None),
        ("no method means plain", ask.clone().without("code_challenge_method"), None),
        ("unknown method", ask.clone().set("code_challenge_method", "S512"), Some("501491")),
        ("method in lower case", ask.clone().set("code_challenge_method", "s256"), Some("501491")),
        ("method without challenge", ask.clone().without("code_challenge"), Some("501491")),
        ("neither", ask.clone().without("code_challenge").without("code_challenge_method"), None),
    ];
    for (what, ask, number) in rows {
        let told = told(&ask.answered_to(&Browser::new(), seed::ADELE).await);
        match number {
            None => assert!(told.contains_key("code"), "{what}: {told:?}"),
            Some(number) => {
                assert!(told["error_description"].starts_with(&format!("AADSTS{number}:")), "{what}: {told:?}");
            }
        }
    }
}

#[tokio::test]
async fn s8_verifiers() {
    let emulator = start().await;
    let hashed = Ask::new(&emulator);
    let plain = hashed.clone().set("code_challenge", VERIFIER).set("code_challenge_method", "plain");
    let unnamed = hashed.clone().set("code_challenge", VERIFIER).without("code_challenge_method");
    let none = hashed.clone().without("code_challenge").without("code_challenge_method");
    let other = "a".repeat(43);
    let rows: [(&str, &Ask, Option<&str>, &str); 11] = [
        ("right", &hashed, Some(VERIFIER), "200 - null"),
        ("wrong", &hashed, Some(&other), "400 invalid_grant 501481"),
        ("missing", &hashed, None, "400 invalid_grant 501481"),
        ("the challenge itself", &hashed, Some(CHALLENGE), "400 invalid_grant 501481"),
        ("too short", &hashed, Some("short"), "400 invalid_request 501491"),
        ("bad alphabet", &hashed, Some("dBjftJeZ4CVP+mB92K27uhbUJU1p1r/wW1gFWFOEjXk"), "400 invalid_request 501491"),
        ("plain, right", &plain, Some(VERIFIER), "200 - null"),
        ("plain, wrong", &plain, Some(&other), "400 invalid_grant 501481"),
        ("no method, right", &unnamed, Some(VERIFIER), "200 - null"),
        ("verifier without challenge (downgrade)", &none, Some(VERIFIER), "400 invalid_grant 501481"),
        ("neither", &none, None, "200 - null"),
    ];
    for (what, ask, verifier, expected) in rows {
        let code = ask.code(seed::ADELE).await;
        let request = TokenAsk::code(&emulator, &code).without("code_verifier");
        let request = verifier.map_or(request.clone(), |verifier| request.set("code_verifier", verifier));
        assert_eq!(request.send().await.summary(), expected, "{what}");
    }
}

#[tokio::test]
async fn s8_a_wrong_verifier_burns_no_code() {
    let emulator = start().await;
    let code = Ask::new(&emulator).code(seed::ADELE).await;
    let request = TokenAsk::code(&emulator, &code);
    assert_eq!(request.clone().set("code_verifier", &"a".repeat(43)).send().await.status, 400);
    assert_eq!(request.send().await.status, 200);
}

#[tokio::test]
async fn s8_strict_mode_wants_a_hashed_challenge() {
    let builder = Emulator::builder().clock(EmulatorClock::at(NOW)).strict_pkce(true);
    let emulator = builder.start().await.expect("a start");
    let ask = Ask::new(&emulator);
    let none = ask.clone().without("code_challenge").without("code_challenge_method");
    assert!(told(&none.answered_to(&Browser::new(), seed::ADELE).await)["error_description"].contains("AADSTS900144"));
    let plain = ask.clone().without("code_challenge_method");
    assert!(told(&plain.answered_to(&Browser::new(), seed::ADELE).await)["error_description"].contains("AADSTS501491"));
    assert!(told(&ask.answered_to(&Browser::new(), seed::ADELE).await).contains_key("code"));
}
