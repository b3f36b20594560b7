use entra_oidc::{Aadsts, Blame};

use super::*;

/// Whoever adds a text, or a code to the register, adds the German beside it.
#[test]
fn german_is_complete_and_has_nothing_else() {
    let german = Catalogue::german();
    let missing: Vec<&str> = german.missing().collect();
    assert!(missing.is_empty(), "add to crates/entra-sso/src/catalogue/de.toml: {missing:?}");
    let faults: Vec<String> = german.texts.iter().filter_map(|(name, text)| fault(name, text)).collect();
    assert!(faults.is_empty(), "{faults:?}");
}

#[test]
fn both_languages_have_the_same_placeholders() {
    for (name, german) in &Catalogue::german().texts {
        let sorted = |text| {
            let mut names = placeholders::names(text);
            names.sort_unstable();
            names
        };
        assert_eq!(sorted(german), sorted(&ENGLISH.texts[name]), "{name}");
    }
}

/// F-83: whoever can act reads what Microsoft means; what the operator has to do is in the log.
#[test]
fn f83_each_number_that_a_user_or_an_administrator_acts_on_has_a_text() {
    for row in Aadsts::all() {
        let told = matches!(row.who, Blame::User | Blame::TenantAdministrator);
        assert_eq!(ENGLISH.number(row.number).is_some(), told, "AADSTS{}", row.number);
    }
}

#[test]
fn every_code_of_the_register_has_a_text() {
    for entry in register() {
        assert_eq!(ENGLISH.error(entry), entry.public);
        assert_ne!(Catalogue::german().error(entry), entry.public, "{}", entry.code);
    }
}

#[test]
fn what_is_wrong_in_a_catalogue_is_said_at_once() {
    let cases: &[(&str, &str, &[&str])] = &[
        ("fr", "sign_inn = \"Connexion\"\nE999 = \"x\"", &["`sign_inn`", "`E999`"]),
        ("fr", "welcome = \"Bonjour {nom}\"", &["`welcome` has `{nom}`"]),
        ("fr", "sign_in = \" \"", &["`sign_in` is empty"]),
        ("fr", "sign_in = 3", &["`sign_in` is no text but a integer"]),
        ("fr", "sign_in = \"x\"\nsign_in = \"y\"", &["duplicate key", "line 2"]),
        ("fr", "\n\nsign_in", &["line 3"]),
        ("f r", "", &["no language tag"]),
        ("<script>", "", &["no language tag"]),
    ];
    for (language, toml, parts) in cases {
        let error = Catalogue::from_toml(language, toml).unwrap_err();
        let text = error.to_string();
        assert!(text.contains("sso.E113"), "{text}");
        for part in *parts {
            assert!(text.contains(part), "{part:?} is not in:\n{text}");
        }
    }
}

#[test]
fn what_is_missing_is_told_in_english() {
    let french = Catalogue::from_toml("fr", "sign_in = \"Connexion\"").unwrap();
    assert_eq!(french.text("sign_in", &[]), "Connexion");
    assert_eq!(french.text("welcome", &[("name", "Adele")]), "Signed in as Adele.");
    assert!(french.missing().any(|name| name == "E310") && !french.missing().any(|name| name == "sign_in"));
    assert!(french.find("no_such_text", &[]).is_none());
}
