//! Z1: what is secret stands in no log line, span, metric, audit event or page, whatever happens.

use tracing::Level;

use super::tour;

#[test]
fn z1_nothing_secret_is_told_in_any_way() {
    let (seen, notes) = tour::gone();
    for kind in ["code", "state", "code_verifier", "refresh_token", "access_token", "id_token", "authorization"] {
        assert!(seen.secrets.iter().filter(|(name, _)| name == kind).count() > 2, "no {kind} was seen");
    }
    for cookie in ["microsoft_sso_session", "microsoft_sso_attempt_"] {
        assert!(seen.secrets.iter().any(|(name, _)| name.starts_with(cookie)), "no {cookie} was seen");
    }
    assert!(notes.log.contains("entra_sso::audit") && notes.log.contains("TRACE"), "every level is listened to");
    for (name, secret) in &seen.secrets {
        assert!(secret.len() >= 16, "{name} is long enough to be looked for: {}", secret.len());
        assert!(!notes.log.contains(secret), "{name} stands in the log");
        assert!(!notes.metrics.contains(secret), "{name} stands in the metrics");
        for page in &seen.pages {
            assert!(!page.contains(secret), "{name} stands on a page: {page}");
        }
        let of_lines = notes.lines.iter().flat_map(|line| line.fields.values());
        for told in of_lines.chain(notes.requests.iter().flat_map(|request| request.values())) {
            assert!(!told.contains(secret), "{name} stands in a line or a span");
        }
    }
    for form in ["eyJ", "code_verifier=", "client_secret=", "Bearer "] {
        assert!(!notes.log.contains(form), "a token, verifier or secret stands in the log: {form}");
    }
}

#[test]
fn z1_nobody_is_named_at_info_and_above() {
    let (_, notes) = tour::gone();
    let ours =
        notes.lines.iter().filter(|line| line.target.starts_with("entra_sso") || line.target.starts_with("entra_oidc"));
    let mut lines = 0;
    for line in ours.filter(|line| line.level <= Level::INFO) {
        let spans = line.spans.iter().flat_map(|(_, fields)| fields.values());
        for told in line.fields.values().chain(spans) {
            for name in ["@contoso", "Adele", "Vance", "Alex", "boss", "Pia", "pia"] {
                assert!(!told.contains(name), "{name}: {line:?}");
            }
        }
        lines += 1;
    }
    assert!(lines > 50, "{lines} lines");
}
