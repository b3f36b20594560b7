use serde_json::json;

use super::*;

fn answer(status: u16, content_type: &str, body: impl Into<Vec<u8>>) -> Response<Bytes> {
    Response::builder().status(status).header(CONTENT_TYPE, content_type).body(Bytes::from(body.into())).unwrap()
}

fn judge(response: &Response<Bytes>) -> Result<UserInfo, SignInErrorKind> {
    user_info(response, "adele").map_err(|error| error.kind())
}

#[test]
fn claims_of_the_same_subject_are_read() {
    let body = json!({ "sub": "adele", "name": "Adele Vance", "email": "a@contoso.example", "email_verified": true });
    for content_type in ["application/json", "application/json; charset=utf-8", "Application/JSON"] {
        let info = judge(&answer(200, content_type, body.to_string())).unwrap();
        assert_eq!((info.subject(), info.name()), ("adele", Some("Adele Vance")), "{content_type}");
        assert_eq!((info.email(), info.email_verified()), (Some("a@contoso.example"), true));
        assert_eq!(info.iter().count(), 4);
    }
    for (value, verified) in [(json!("true"), true), (json!("false"), false), (json!(1), false), (json!(null), false)] {
        let body = json!({ "sub": "adele", "email_verified": value }).to_string();
        assert_eq!(judge(&answer(200, "application/json", body)).unwrap().email_verified(), verified, "{value}");
    }
}

#[test]
fn t17_another_subject_and_other_bodies_are_refused() {
    let json_body = |body: &str| answer(200, "application/json", body);
    let long = json!({ "sub": "adele", "x": "x".repeat(LIMIT) }).to_string();
    for (name, response, expected) in [
        ("another sub", json_body(r#"{"sub":"eve"}"#), SignInErrorKind::UserInfoSubject),
        ("sub in another case", json_body(r#"{"sub":"Adele"}"#), SignInErrorKind::UserInfoSubject),
        ("sub with a blank", json_body(r#"{"sub":"adele "}"#), SignInErrorKind::UserInfoSubject),
        ("sub empty", json_body(r#"{"sub":""}"#), SignInErrorKind::UserInfoSubject),
        ("sub missing", json_body(r#"{"name":"Adele"}"#), SignInErrorKind::UserInfoInvalid),
        ("sub of another type", json_body(r#"{"sub":["adele"]}"#), SignInErrorKind::UserInfoInvalid),
        ("sub null", json_body(r#"{"sub":null}"#), SignInErrorKind::UserInfoInvalid),
        ("sub twice", json_body(r#"{"sub":"eve","sub":"adele"}"#), SignInErrorKind::UserInfoInvalid),
        ("an array", json_body(r#"[{"sub":"adele"}]"#), SignInErrorKind::UserInfoInvalid),
        ("a string", json_body(r#""adele""#), SignInErrorKind::UserInfoInvalid),
        ("nothing", json_body(""), SignInErrorKind::UserInfoInvalid),
        ("a JWT", answer(200, "application/jwt", "e30.e30.e30"), SignInErrorKind::UserInfoInvalid),
        ("a JWT called JSON", json_body("e30.e30.e30"), SignInErrorKind::UserInfoInvalid),
        ("HTML", answer(200, "text/html", r#"{"sub":"adele"}"#), SignInErrorKind::UserInfoInvalid),
        ("no type", answer(200, "", r#"{"sub":"adele"}"#), SignInErrorKind::UserInfoInvalid),
        ("too large", json_body(&long), SignInErrorKind::UserInfoInvalid),
        ("401", answer(401, "application/json", r#"{"sub":"adele"}"#), SignInErrorKind::UserInfoUnavailable),
        ("a redirect", answer(302, "application/json", r#"{"sub":"adele"}"#), SignInErrorKind::UserInfoUnavailable),
        ("500", answer(500, "text/html", ""), SignInErrorKind::UserInfoUnavailable),
    ] {
        assert_eq!(judge(&response).map(|_| ()), Err(expected), "T17: {name}");
    }
}

#[test]
fn z1_the_token_is_sensitive_and_debug_shows_names_only() {
    let url = Url::parse("https://idp.example/userinfo").unwrap();
    let request = user_info_request(&url, &Secret::new("canary")).unwrap();
    assert!(request.headers()[AUTHORIZATION].is_sensitive());
    assert!(user_info_request(&url, &Secret::new("a\nb")).is_err());
    let info = judge(&answer(200, "application/json", r#"{"sub":"adele"}"#)).unwrap();
    assert_eq!(format!("{info:?}"), r#"{"sub"}"#);
}
