//! K7: what may not be a key.

use entra_oidc::{Secret, random_bytes};

use super::{super::*, KEY, ids, with};

fn found(keys: &[&str]) -> Vec<Finding> {
    let mut settings = with("");
    settings.secret_keys = keys.iter().map(|key| Secret::new(*key)).collect();
    check(&settings)
}

#[test]
fn k7_weak_keys_stop_the_start() {
    let long_text = "a-long-text-that-somebody-typed-by-hand-and-calls-a-key";
    for key in [
        "",
        "changeme",
        "secret",
        "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
        // 16 bytes in hexadecimal, 24 in base64.
        "9f86d081884c7d659a2feaa0c55ad015",
        "nUUKSbmyMgWcm0VdcgLDyjEJHf3mYVpL",
        // 31 bytes.
        "3fJkq0Zt5xYw8LmNcPrSvUaBdEgHiKoQ1T2u4V6yXQ",
        "0000000000000000000000000000000000000000000000000000000000000000",
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
        "//////////////////////////////////////////8=",
        // The bytes 0 to 31.
        "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
        "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f",
        // A text in base64, and two that look like base64.
        "VGhlIHF1aWNrIGJyb3duIGZveCBqdW1wcyBvdmVyIHRoZSBsYXp5IGRvZw==",
        "thequickbrownfoxjumpsoverthelazydogandagains",
        "correcthorsebatterystaplecorrecthorsebattery",
        long_text,
        "django-insecure-x0)4e&l9$!h2v^3b8=zq7@w1m5(j6k+r_t*y%u#p-s",
        "your-secret-key-here-your-secret-key-here-12",
        "ThisIsAnExampleKeyThatStandsInADocument01234",
        "PasswordPasswordPasswordPassword1234567890AB",
    ] {
        let findings = found(&[key]);
        assert_eq!(ids(&findings), ["sso.E060"], "K7: {key:?}\n{findings:#?}");
        assert!(key.len() < 10 || !findings[0].to_string().contains(key), "Z1: {key:?}");
    }
}

/// Keys as the usual commands print them are fine, always.
#[test]
fn k7_random_keys_are_accepted_in_every_spelling() {
    use base64::{
        Engine as _,
        engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD},
    };
    for _ in 0..500 {
        let bytes = random_bytes::<32>();
        let hex = bytes.iter().fold(String::new(), |hex, byte| format!("{hex}{byte:02x}"));
        for key in [
            STANDARD.encode(bytes),
            STANDARD_NO_PAD.encode(bytes),
            URL_SAFE.encode(bytes),
            URL_SAFE_NO_PAD.encode(bytes),
            hex.to_uppercase(),
            hex,
        ] {
            assert_eq!(found(&[&key]), [], "{key}");
        }
    }
    let longer = STANDARD.encode(random_bytes::<64>());
    assert_eq!(found(&[KEY, &longer]), []);
}

#[test]
fn k7_every_key_is_judged_and_none_stands_there_twice() {
    assert_eq!(ids(&found(&[KEY, "changeme"])), ["sso.E060"]);
    assert_eq!(ids(&found(&["changeme", "secret"])), ["sso.E060", "sso.E060"]);
    let twice = found(&[KEY, KEY]);
    assert_eq!(ids(&twice), ["sso.E060"]);
    assert!(twice[0].cause.contains("Key 2 of 2") && twice[0].cause.contains("twice"), "{}", twice[0]);
}

#[test]
fn f84_no_key_is_a_warning_for_one_process_and_an_error_for_more() {
    let mut settings = with("");
    settings.secret_keys.clear();
    assert_eq!(ids(&check(&settings)), ["sso.W060"]);
    settings.replicas = Some(1);
    assert_eq!(ids(&check(&settings)), ["sso.W060"]);
    settings.replicas = Some(2);
    assert_eq!(ids(&check(&settings)), ["sso.E061"]);
}
