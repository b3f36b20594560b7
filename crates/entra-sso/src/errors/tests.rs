use super::*;

#[test]
fn codes_are_unique_sorted_and_in_their_ranges() {
    let entries = register();
    assert!(entries.len() > 60, "{}", entries.len());
    for pair in entries.windows(2) {
        assert!(pair[0].code < pair[1].code, "{} and {}", pair[0].code, pair[1].code);
    }
    let number = |entry: &ErrorEntry| -> u32 { entry.code[1..].parse().unwrap() };
    for kind in RefusalKind::ALL {
        assert!((300..400).contains(&number(kind.entry())), "{kind:?}");
        assert!(kind.status().is_client_error() || kind.status().is_server_error(), "{kind:?}");
    }
    for kind in SsoErrorKind::ALL {
        assert!((150..200).contains(&number(kind.entry())), "{kind:?}");
    }
}

#[test]
fn every_entry_has_a_text_for_the_page_and_a_cure_for_the_log() {
    for entry in register() {
        assert!(entry.public.ends_with('.') && entry.public.len() > 10, "{}", entry.code);
        assert!(entry.remedy.ends_with('.') && entry.remedy.len() > 10, "{}: {}", entry.code, entry.remedy);
        // What the public reads names no setting, no protocol term and no provider text.
        for secretive in ["`", "_", "https://", "AADSTS", "state", "cookie_", "token", "MICROSOFT_"] {
            assert!(!entry.public.contains(secretive), "{} says {secretive:?}: {}", entry.code, entry.public);
        }
    }
}

/// F-63: who is refused does not learn whether an account exists.
#[test]
fn f63_unknown_inactive_and_foreign_look_the_same() {
    let text = |kind: RefusalKind| (kind.entry().public, kind.status());
    assert_eq!(text(RefusalKind::UnknownUser), text(RefusalKind::UserInactive));
    assert_eq!(text(RefusalKind::UnknownUser), text(RefusalKind::DomainDenied));
    assert_eq!(text(RefusalKind::UnknownUser), text(RefusalKind::AddressMissing));
    assert_eq!(text(RefusalKind::UnknownUser), text(RefusalKind::AddressTaken));
}

#[test]
fn check_ids_are_unique_and_tell_their_severity() {
    let entries = check_entries();
    for pair in entries.windows(2) {
        assert!(pair[0].id < pair[1].id, "{} and {}", pair[0].id, pair[1].id);
    }
    for entry in entries {
        let letter = entry.id.strip_prefix("sso.").and_then(|rest| rest.chars().next());
        let expected = if entry.severity == Severity::Error { 'E' } else { 'W' };
        assert_eq!(letter, Some(expected), "{}", entry.id);
        assert!(entry.meaning.ends_with('.') && entry.remedy.ends_with('.'), "{}", entry.id);
    }
}

#[test]
fn a_refused_start_prints_code_cause_and_cure_in_debug_too() {
    let findings = vec![
        Finding::new(Check::AuthorityMissing, Some("tenant_id"), "Neither is set."),
        Finding::new(Check::MemoryUsers, None, "In memory.").cured_by("Give a store."),
    ];
    let error = SsoError::refused(findings);
    let text = error.to_string();
    assert_eq!(text, format!("{error:?}"), "`?` in main prints Debug");
    for part in [
        "E150 SettingsRefused: 2 problems",
        "sso.E030 (error): Neither is set.",
        "cure: Set `tenant_id`",
        "`common`",
        "sso.W061 (warning)",
        "cure: Give a store.",
    ] {
        assert!(text.contains(part), "{part:?} is not in:\n{text}");
    }
    assert_eq!((error.code(), error.findings().len()), ("E150", 2));
}

#[test]
fn the_protocols_configuration_errors_keep_their_text_and_source() {
    let below = entra_oidc::Tenant::parse("../evil").unwrap_err();
    let error = SsoError::from(below.clone());
    assert_eq!(error.code(), "E151");
    assert!(error.to_string().contains(&below.to_string()), "{error}");
    assert!(std::error::Error::source(&error).is_some());
}

#[test]
fn docs_errors_md_is_what_the_code_prints() {
    let committed = include_str!("../../../../docs/errors.md");
    assert!(
        committed == markdown(),
        "docs/errors.md is out of date: write it again with `cargo run -- docs errors > docs/errors.md`"
    );
    for code in register().iter().map(|entry| entry.code).chain(check_entries().iter().map(|entry| entry.id)) {
        assert!(committed.contains(code), "{code} is not documented");
    }
}
