//! What the browser brings back: S7, S9, S10, S13, bounds, and the order of the checks.

use entra_oidc::{
    Authority, AuthorizationResponse, Cloud, Expected, Metadata, PendingSignIn, ResponseMode, Seed,
    SignInErrorKind as Kind, State, Tenant, Timestamp,
};

use crate::{
    microsoft::{common, metadata, redirect_uri, tenant},
    signer::{OTHER_TENANT, PERSONAL, TENANT, issuer},
};

const START: Timestamp = Timestamp::from_unix(1_790_000_000);
const STATE: &str = "the-state-that-was-sealed";

fn pending() -> PendingSignIn {
    PendingSignIn::resume(Seed::from_bytes([7; 32]), State::new(STATE).unwrap(), Expected::new(redirect_uri(), START))
}

fn check(authority: &Authority, query: &str, now: Timestamp) -> Result<Option<String>, Kind> {
    AuthorizationResponse::from_query(query)
        .and_then(|response| response.check(&pending(), authority, &published(authority, false), now))
        .map(|code| code.session_state().map(str::to_owned))
        .map_err(|error| error.kind())
}

/// What the authority publishes, with or without the promise of RFC 9207.
fn published(authority: &Authority, answers_with_issuer: bool) -> Metadata {
    let mut document = metadata(&authority.tenant().unwrap().to_string());
    document["authorization_response_iss_parameter_supported"] = answers_with_issuer.into();
    authority.accept_metadata(document.to_string().as_bytes()).unwrap()
}

fn outcome(query: &str) -> Result<(), Kind> {
    check(&tenant(), query, START).map(|_| ())
}

#[test]
fn an_answer_gives_its_code_once_everything_agrees() {
    let query = format!("code=0.AAA.-_~&state={STATE}&session_state=5f7c&client_info=x&unknown=y");
    assert_eq!(check(&tenant(), &query, START), Ok(Some("5f7c".to_owned())));
    let form = AuthorizationResponse::from_form(query.as_bytes()).unwrap();
    assert_eq!(form.state(), Some(STATE));
    assert!(!form.is_error());
    assert!(form.has_code());
    let long = format!("state={STATE}&code={}", "c".repeat(60_000));
    assert_eq!(outcome(&long), Ok(()), "codes are long");
}

#[test]
fn x1_an_answer_has_a_code_when_there_is_one_to_redeem() {
    for (query, expected) in [
        ("state=s&code=c", true),
        ("state=s", false),
        ("state=s&code=", false),
        ("state=s&error=access_denied", false),
        ("state=s&error=access_denied&code=c", false),
        ("state=s&error=&code=c", false),
    ] {
        assert_eq!(AuthorizationResponse::from_query(query).unwrap().has_code(), expected, "{query}");
    }
}

#[test]
fn the_checks_come_in_their_order() {
    let late = START.plus(std::time::Duration::from_secs(1));
    let evil = "iss=https://evil.test";
    for (name, query, now, expected) in [
        ("no state before everything", format!("error=access_denied&{evil}"), late, Kind::StateMissing),
        ("state before issuer", format!("state=other&{evil}&error=access_denied"), late, Kind::StateMismatch),
        ("deadline before issuer", format!("state={STATE}&{evil}&error=access_denied"), late, Kind::AttemptExpired),
        ("issuer before error", format!("state={STATE}&{evil}&error=access_denied"), START, Kind::IssuerMismatch),
        ("deadline before code", format!("state={STATE}&code=c"), late, Kind::AttemptExpired),
        ("error before code", format!("state={STATE}&error=access_denied&code=c"), START, Kind::Cancelled),
        ("code last", format!("state={STATE}"), START, Kind::CodeMissing),
    ] {
        assert_eq!(check(&tenant(), &query, now).map(|_| ()), Err(expected), "{name}");
    }
    assert_eq!(outcome(&format!("state={STATE}&code=c")), Ok(()), "the deadline itself is in time");
}

#[test]
fn states_are_compared_whole() {
    for state in ["", "the-state-that-was-seale", "the-state-that-was-sealed0", "THE-STATE-THAT-WAS-SEALED", "%00"] {
        let refused = outcome(&format!("code=c&state={state}")).unwrap_err();
        assert!(matches!(refused, Kind::StateMismatch | Kind::StateMissing | Kind::ResponseMalformed), "{state}");
    }
}

#[test]
fn s7_an_issuer_that_is_there_must_be_ours() {
    let organizations = Authority::entra(Cloud::Public, Tenant::Organizations);
    for (name, authority, iss, accepted) in [
        ("ours", tenant(), issuer(TENANT), true),
        ("another tenant", tenant(), issuer(OTHER_TENANT), false),
        ("a slash", tenant(), format!("{}/", issuer(TENANT)), false),
        ("another host", tenant(), "https://evil.test".to_owned(), false),
        ("empty counts as absent", tenant(), String::new(), true),
        ("any tenant at common", common(), issuer(OTHER_TENANT), true),
        ("personal accounts at common", common(), issuer(PERSONAL), true),
        ("personal accounts at organizations", organizations, issuer(PERSONAL), false),
        ("the template", common(), issuer("{tenantid}"), false),
    ] {
        let outcome = check(&authority, &format!("code=c&state={STATE}&iss={iss}"), START).map(|_| ());
        assert_eq!(outcome, if accepted { Ok(()) } else { Err(Kind::IssuerMismatch) }, "S7: {name}");
    }
    assert_eq!(
        outcome(&format!("code=c&state={STATE}&iss={0}&iss={0}", issuer(TENANT))),
        Err(Kind::DuplicateParameter),
        "S7: twice"
    );
}

#[test]
fn s7_an_issuer_that_was_promised_must_be_there() {
    let kind = |query: &str| {
        let response = AuthorizationResponse::from_query(query).unwrap();
        response.check(&pending(), &tenant(), &published(&tenant(), true), START).map(|_| ()).map_err(|e| e.kind())
    };
    let ours = issuer(TENANT);
    assert_eq!(kind(&format!("code=c&state={STATE}&iss={ours}")), Ok(()));
    assert_eq!(kind(&format!("code=c&state={STATE}")), Err(Kind::IssuerMismatch), "none");
    assert_eq!(kind(&format!("code=c&state={STATE}&iss=")), Err(Kind::IssuerMismatch), "an empty one");
    assert_eq!(kind(&format!("error=access_denied&state={STATE}")), Err(Kind::IssuerMismatch), "an error without");
}

#[test]
fn s9_tokens_do_not_come_this_way() {
    for name in ["id_token", "access_token", "refresh_token", "response"] {
        assert_eq!(outcome(&format!("code=c&state={STATE}&{name}=x")), Err(Kind::UnexpectedParameter), "S9: {name}");
        assert_eq!(outcome(&format!("{name}=")), Err(Kind::UnexpectedParameter), "S9: {name} empty and alone");
    }
    assert_eq!(outcome(&format!("code=c&state={STATE}&id%5ftoken=x")), Err(Kind::UnexpectedParameter), "S9: escaped");
}

#[test]
fn s9_the_answer_comes_the_way_it_was_asked_for() {
    let text = format!("code=c&state={STATE}");
    let query = || AuthorizationResponse::from_query(&text).unwrap();
    let form = || AuthorizationResponse::from_form(text.as_bytes()).unwrap();
    for (asked, response, expected) in [
        (ResponseMode::Query, query(), Ok(())),
        (ResponseMode::Query, form(), Err(Kind::ResponseMode)),
        (ResponseMode::FormPost, form(), Ok(())),
        (ResponseMode::FormPost, query(), Err(Kind::ResponseMode)),
    ] {
        let mut awaited = Expected::new(redirect_uri(), START);
        awaited.response_mode = asked;
        let pending = PendingSignIn::resume(Seed::from_bytes([7; 32]), State::new(STATE).unwrap(), awaited);
        let outcome = response.check(&pending, &tenant(), &published(&tenant(), false), START);
        assert_eq!(outcome.map(|_| ()).map_err(|error| error.kind()), expected, "S9: {asked:?}");
    }
}

#[test]
fn an_attempt_that_was_sealed_before_there_were_modes_awaits_a_query() {
    let old = r#"{"redirect_uri":"https://app.contoso.example/callback/","deadline":1790000000}"#;
    let awaited: Expected = serde_json::from_str(old).unwrap();
    assert_eq!(awaited.response_mode, ResponseMode::Query);
    assert_eq!(serde_json::to_string(&awaited).unwrap(), old, "and is sealed as before");
    let mut form = awaited;
    form.response_mode = ResponseMode::FormPost;
    let sealed = serde_json::to_string(&form).unwrap();
    assert!(sealed.contains(r#""response_mode":"form_post""#), "{sealed}");
    assert_eq!(serde_json::from_str::<Expected>(&sealed).unwrap(), form);
}

#[test]
fn s10_nothing_stands_there_twice() {
    for query in [
        format!("code=a&code=b&state={STATE}"),
        format!("code=a&code=a&state={STATE}"),
        format!("code=a&state={STATE}&state={STATE}"),
        format!("code=a&state={STATE}&st%61te=evil"),
        format!("code=a&state={STATE}&error=x&error=y"),
        format!("code=a&state={STATE}&session_state=x&session_state=y"),
        format!("code=a&state={STATE}&unknown=x&unknown=y"),
    ] {
        assert_eq!(outcome(&query), Err(Kind::DuplicateParameter), "S10: {query}");
    }
}

#[test]
fn answers_are_bounded_and_plain() {
    let large = format!("state={STATE}&code={}", "c".repeat(64 * 1024));
    assert_eq!(outcome(&large), Err(Kind::ResponseTooLarge));
    assert_eq!(
        AuthorizationResponse::from_form(large.as_bytes()).err().map(|error| error.kind()),
        Some(Kind::ResponseTooLarge)
    );
    for (query, expected) in [
        (format!("code=a%0d%0ab&state={STATE}"), Kind::ResponseMalformed),
        (format!("code=a%00&state={STATE}"), Kind::ResponseMalformed),
        (format!("code=%ff%fe&state={STATE}"), Kind::ResponseMalformed),
        (format!("code=a+b&state={STATE}"), Kind::ResponseMalformed),
        (format!("code=%c3%a9&state={STATE}"), Kind::ResponseMalformed),
        (format!("code=c&state={STATE}&session_state=a%0ab"), Kind::ResponseMalformed),
        (format!("code=&state={STATE}"), Kind::CodeMissing),
        (String::new(), Kind::StateMissing),
        ("&&&===".to_owned(), Kind::StateMissing),
        ("code".to_owned(), Kind::StateMissing),
        ("%".to_owned(), Kind::StateMissing),
    ] {
        assert_eq!(outcome(&query), Err(expected), "X4: {query}");
    }
    assert!(AuthorizationResponse::from_form(&[0xff; 100]).is_ok_and(|response| response.state().is_none()));
}

#[test]
fn s13_errors_are_sorted_and_their_texts_cleaned() {
    for (query, expected) in [
        ("error=access_denied", Kind::Cancelled),
        ("error=access_denied&error_subcode=cancel", Kind::Cancelled),
        ("error=server_error&error_subcode=cancel", Kind::Cancelled),
        ("error=access_denied&error_description=AADSTS65004%3a+declined", Kind::Cancelled),
        ("error=access_denied&error_description=AADSTS50105%3a+not+assigned", Kind::MicrosoftRefused),
        ("error=access_denied&error_description=AADB2C90091%3a+The+user+has+cancelled.", Kind::Cancelled),
        ("error=access_denied&error_description=AADB2C90118%3a+forgotten", Kind::PasswordForgotten),
        ("error=access_denied&error_description=AADB2C90129%3a+revoked", Kind::MicrosoftRefused),
        ("error=access_denied&error_description=see+AADB2C90118", Kind::Cancelled),
        ("error=server_error&error_description=AADB2C90118", Kind::MicrosoftUnavailable),
        ("error=invalid_request&error_description=AADB2C90006%3a+redirect", Kind::RequestRefused),
        ("error=consent_required", Kind::ConsentRequired),
        ("error=interaction_required", Kind::InteractionRequired),
        ("error=interaction_required&suberror=consent_required", Kind::ConsentRequired),
        ("error=login_required&error_description=AADSTS50058", Kind::InteractionRequired),
        ("error=temporarily_unavailable", Kind::MicrosoftUnavailable),
        ("error=server_error", Kind::MicrosoftUnavailable),
        ("error=invalid_request", Kind::RequestRefused),
        ("error=unauthorized_client", Kind::RequestRefused),
        ("error=", Kind::MicrosoftRefused),
        ("error=%3cscript%3e", Kind::MicrosoftRefused),
    ] {
        assert_eq!(outcome(&format!("state={STATE}&{query}")), Err(expected), "S13: {query}");
    }
    assert_eq!(outcome("error=access_denied"), Err(Kind::StateMissing), "S13: an error without a state is nobody's");

    let hostile = format!(
        "state={STATE}&error=access_denied%0d%0aX&error_description=AADSTS53003%0d%0aSet-Cookie:+a=b{}&claims=%7b%7d&trace_id=t",
        "%3cb%3e".repeat(2000)
    );
    let response = AuthorizationResponse::from_query(&hostile).unwrap();
    assert!(response.is_error());
    let error = response.check(&pending(), &tenant(), &published(&tenant(), false), START).unwrap_err();
    assert_eq!((error.aadsts(), error.claims()), (Some(53_003), Some("{}")));
    assert_eq!(error.microsoft().and_then(|microsoft| microsoft.trace_id.as_deref()), Some("t"));
    for text in [error.to_string(), format!("{error:?}")] {
        assert!(text.chars().count() < 900 && !text.contains(['\r', '\n']), "S13: {text}");
    }
}

#[test]
fn z1_debug_shows_no_code_and_no_state() {
    let response =
        AuthorizationResponse::from_query(&format!("code=canary-code&state={STATE}&session_state=canary")).unwrap();
    let shown = format!("{response:?}");
    assert!(!shown.contains("canary") && !shown.contains(STATE), "{shown}");
    let code = response.check(&pending(), &tenant(), &published(&tenant(), false), START).unwrap();
    assert_eq!(format!("{code:?}"), "AuthorizationCode(…)");
}
