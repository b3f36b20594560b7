use super::*;

fn judge(status: u16, body: &str) -> Result<TokenResponse, SignInError> {
    token_response(StatusCode::from_u16(status).unwrap(), body.as_bytes(), Timestamp::from_unix(1_000))
}

fn kind(status: u16, body: &str) -> SignInErrorKind {
    match judge(status, body) {
        Ok(_) => panic!("accepted: {body}"),
        Err(error) => error.kind(),
    }
}

#[test]
fn a_full_answer_is_read() {
    let answer = judge(
        200,
        r#"{"token_type":"Bearer","scope":"openid User.Read","expires_in":3599,"ext_expires_in":3599,"refresh_in":1800,
            "access_token":"at","refresh_token":"rt","id_token":"a.b.c","client_info":"x"}"#,
    )
    .unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(answer.tokens.access_token().map(Secret::expose), Some("at"));
    assert_eq!(answer.tokens.refresh_token().map(Secret::expose), Some("rt"));
    assert_eq!(answer.tokens.scope(), Some("openid User.Read"));
    assert_eq!(answer.tokens.expires_at(), Timestamp::from_unix(4_599));
    assert_eq!(answer.tokens.refresh_at(), Some(Timestamp::from_unix(2_800)));
    assert_eq!(answer.id_token.as_ref().map(Secret::expose), Some("a.b.c"));
}

#[test]
fn numbers_may_be_strings_and_scope_may_be_missing() {
    let answer = judge(200, r#"{"token_type":"bearer","expires_in":"3600","access_token":"at"}"#)
        .unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(answer.tokens.expires_at(), Timestamp::from_unix(4_600));
    assert_eq!(answer.tokens.scope(), None);
    assert!(answer.id_token.is_none());
}

#[test]
fn v1_and_b2c_say_in_other_ways_when_it_is_over() {
    for (members, expected) in [
        (r#""expires_in":"3600","expires_on":"5000","not_before":"900","resource":"x""#, 4_600),
        (r#""expires_on":"5000""#, 5_000),
        (r#""expires_on":5000,"not_before":1000"#, 5_000),
        (r#""expires_on":"10""#, 1_000),
        (r#""expires_on":"99999999999999999999""#, 0),
        (r#""expires_on":9223372036854775807"#, 31_537_000),
        (r#""id_token_expires_in":"600""#, 1_600),
        (r#""id_token_expires_in":600,"refresh_token_expires_in":1209600"#, 1_600),
        (r#""ext_expires_in":0"#, 1_000),
    ] {
        let body = format!(r#"{{"token_type":"Bearer","access_token":"at",{members}}}"#);
        match judge(200, &body) {
            Ok(answer) => assert_eq!(answer.tokens.expires_at(), Timestamp::from_unix(expected), "{members}"),
            Err(error) => assert_eq!((error.kind(), expected), (SignInErrorKind::TokenResponseInvalid, 0), "{members}"),
        }
    }
}

#[test]
fn an_id_token_may_come_alone_and_nothing_may_not() {
    let answer = judge(200, r#"{"token_type":"Bearer","id_token":"a.b.c","id_token_expires_in":"3600"}"#);
    let answer = answer.unwrap_or_else(|error| panic!("{error}"));
    assert!(answer.tokens.access_token().is_none() && answer.id_token.is_some());
    assert_eq!(kind(200, r#"{"token_type":"Bearer","refresh_token":"rt"}"#), SignInErrorKind::TokenResponseInvalid);
}

#[test]
fn what_is_not_a_token_response_is_refused() {
    for (status, body) in [
        (200, ""),
        (200, "<html>sign in</html>"),
        (200, "[]"),
        (200, "{}"),
        (200, r#"{"token_type":"Bearer"}"#),
        (200, r#"{"access_token":"at"}"#),
        (200, r#"{"token_type":"mac","access_token":"at"}"#),
        (200, r#"{"token_type":"Bearer","access_token":""}"#),
        (200, r#"{"token_type":"Bearer","access_token":1}"#),
        (200, r#"{"token_type":"Bearer","access_token":"at","refresh_token":null}"#),
        (200, r#"{"token_type":"Bearer","access_token":"at","expires_in":-1}"#),
        (200, r#"{"token_type":"Bearer","access_token":"at","expires_in":1.5}"#),
        (200, r#"{"token_type":"Bearer","access_token":"at","expires_in":"soon"}"#),
        (200, r#"{"token_type":"Bearer","access_token":"at","expires_in":true}"#),
        (200, r#"{"token_type":"Bearer","access_token":"at","access_token":"other"}"#),
        (200, r#"{"token_type":"Bearer","access_token":"at","id_token":["a.b.c"]}"#),
        (302, r#"{"token_type":"Bearer","access_token":"at"}"#),
        (201, r#"{"token_type":"Bearer","access_token":"at"}"#),
        (400, "<html>bad</html>"),
        (400, r#"{"error":7}"#),
    ] {
        assert_eq!(kind(status, body), SignInErrorKind::TokenResponseInvalid, "{status} {body}");
    }
    let huge = format!(r#"{{"token_type":"Bearer","access_token":"{}"}}"#, "a".repeat(LIMIT));
    assert_eq!(kind(200, &huge), SignInErrorKind::TokenResponseInvalid);
}

#[test]
fn errors_are_sorted_by_their_words_and_not_by_their_numbers() {
    use SignInErrorKind as Kind;
    for (status, body, expected) in [
        (
            401,
            r#"{"error":"invalid_client","error_description":"AADSTS7000215: Invalid client secret"}"#,
            Kind::TokenEndpointRefused,
        ),
        (400, r#"{"error":"unauthorized_client"}"#, Kind::TokenEndpointRefused),
        (400, r#"{"error":"invalid_resource"}"#, Kind::TokenEndpointRefused),
        (
            400,
            r#"{"error":"invalid_grant","error_description":"AADSTS7000215: a number of another error"}"#,
            Kind::GrantRefused,
        ),
        (400, r#"{"error":"invalid_grant","suberror":"bad_token"}"#, Kind::GrantRefused),
        (400, r#"{"error":"invalid_grant","suberror":"consent_required"}"#, Kind::ConsentRequired),
        (400, r#"{"error":"invalid_grant","suberror":"basic_action"}"#, Kind::InteractionRequired),
        (400, r#"{"error":"invalid_grant","claims":"{\"access_token\":{}}"}"#, Kind::InteractionRequired),
        (400, r#"{"error":"interaction_required"}"#, Kind::InteractionRequired),
        (503, r#"{"error":"temporarily_unavailable"}"#, Kind::MicrosoftUnavailable),
        (503, "<html>busy</html>", Kind::MicrosoftUnavailable),
        (429, "", Kind::MicrosoftUnavailable),
        (500, r#"{"error":"anything"}"#, Kind::MicrosoftUnavailable),
    ] {
        assert_eq!(kind(status, body), expected, "{status} {body}");
    }
}

#[test]
fn s13_what_microsoft_says_is_kept_clean() {
    let body = format!(
        r#"{{"error":"invalid_grant","error_description":"AADSTS54005: used\r\nTrace ID: x<script>{}","error_codes":[54005],
            "timestamp":"2026-08-13 21:24:29Z","trace_id":"t\r\n1","correlation_id":"c","suberror":"bad_token"}}"#,
        "y".repeat(10_000)
    );
    let Err(error) = judge(400, &body) else { panic!("accepted") };
    let microsoft = error.microsoft().unwrap();
    assert_eq!(error.aadsts(), Some(54_005));
    assert_eq!(microsoft.trace_id.as_deref(), Some("t  1"));
    assert_eq!(microsoft.status, Some(400));
    let text = error.to_string();
    assert!(text.starts_with("E232 GrantRefused: "), "{text}");
    assert!(text.len() < 1_000 && !text.contains(['\r', '\n']), "{text}");
}

#[test]
fn the_number_comes_from_error_codes_when_the_text_has_none() {
    let Err(error) = judge(400, r#"{"error":"invalid_grant","error_codes":[70008]}"#) else { panic!("accepted") };
    assert_eq!(error.aadsts(), Some(70_008));
}
