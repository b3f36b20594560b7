//! From what a user reads out to the line, and from there to Microsoft: references, attempts, names of requests.

use std::collections::BTreeSet;

use super::{
    notes::Fields,
    tour::{self, CANARY},
};

#[test]
fn f81_each_request_at_our_own_routes_has_a_span_with_an_id_of_its_own() {
    let (_, notes) = tour::gone();
    let mut ids = BTreeSet::new();
    for request in &notes.requests {
        let id = &request["id"];
        assert!(id.len() == 32 && id.bytes().all(|byte| byte.is_ascii_hexdigit()), "a stranger names nothing: {id}");
        assert!(ids.insert(id), "{id} twice");
        assert!(request["path"].starts_with("/microsoft_sso") && !request["path"].contains('?'), "{request:?}");
        assert!(!request["path"].contains(CANARY), "{request:?}");
    }
    assert!(ids.len() > 50, "{} requests", ids.len());
}

#[test]
fn f81_a_sign_in_has_one_name_at_both_ends() {
    let (_, notes) = tour::gone();
    let mut ends = 0;
    for event in notes.audit().filter(|event| event.field("event") == "sign_in") {
        let (_, callback) = event.spans.iter().find(|(name, _)| *name == "request").expect("at a callback");
        let is_its = |request: &&Fields| request.get("attempt") == callback.get("attempt");
        let paths: Vec<_> = notes.requests.iter().filter(is_its).map(|request| request["path"].as_str()).collect();
        // It began at a login, or once more at a callback that could not be finished.
        assert!(paths.len() >= 2 && paths.iter().any(|path| path.contains("/callback")), "{callback:?}: {paths:?}");
        ends += usize::from(paths.iter().any(|path| path.contains("/login")));
    }
    assert!(ends >= 10, "{ends} sign-ins began at a login");
}

#[test]
fn f81_a_reference_leads_to_its_line_its_event_and_its_request() {
    let (seen, notes) = tour::gone();
    let denied: Vec<_> = notes.audit().filter(|line| line.field("event") == "denied").collect();
    assert!(denied.len() > 30, "{} refusals", denied.len());
    for event in &denied {
        let reference = event.field("reference");
        let lines = notes.lines.iter().filter(|line| line.target != "entra_sso::audit");
        assert_eq!(lines.filter(|line| line.field("reference") == reference).count(), 1, "{reference}");
        for (_, fields) in event.spans.iter().filter(|(name, _)| *name == "request") {
            assert_eq!(fields["reference"], reference);
        }
    }
    let shown = |reference: &str| seen.pages.iter().any(|page| page.contains(reference));
    assert!(denied.iter().filter(|event| shown(event.field("reference"))).count() > 20, "pages show references");
}

/// What Microsoft's support asks for.
#[test]
fn f81_a_refusal_of_microsofts_names_the_request() {
    let (seen, notes) = tour::gone();
    let names: BTreeSet<&String> = seen.request_names.iter().collect();
    assert!(names.len() == seen.request_names.len() && names.len() > 20, "each request has a name of its own");
    let mut told = BTreeSet::new();
    for line in notes.lines.iter().filter(|line| !line.field("reference").is_empty()) {
        if let Some((_, rest)) = line.field("message").split_once("client-request-id ") {
            let name = rest[..36].to_owned();
            assert!(names.contains(&name), "{line:?}");
            told.insert(name);
        }
    }
    assert!(told.len() >= 2, "{told:?}: Microsoft refused more than once");
}
