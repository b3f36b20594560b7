use base64::engine::general_purpose::{STANDARD as WITH_PADDING, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD};
use http::HeaderValue;

use super::*;

const NBF: &str = r#"{"access_token":{"nbf":{"essential":true,"value":"1604106651"}}}"#;

fn of(headers: &[String]) -> Option<String> {
    let mut map = HeaderMap::new();
    for header in headers {
        map.append(WWW_AUTHENTICATE, HeaderValue::from_str(header).unwrap());
    }
    ClaimsChallenge::of(&map).map(|challenge| challenge.as_json().to_owned())
}

fn bearer(claims: &str) -> String {
    let authorize = "https://login.microsoftonline.com/common/oauth2/authorize";
    format!(
        r#"Bearer realm="", authorization_uri="{authorize}", error="insufficient_claims", client_id="00000003", claims="{claims}""#
    )
}

#[test]
fn every_form_of_base64_is_read() {
    // Bytes that are different in the two alphabets.
    let odd = r#"{"access_token":{"x":{"value":"~~~???>>>ÿ"}}}"#;
    for json in [NBF, odd, "{}"] {
        for encoded in [
            WITH_PADDING.encode(json),
            STANDARD_NO_PAD.encode(json),
            URL_SAFE.encode(json),
            URL_SAFE_NO_PAD.encode(json),
        ] {
            assert_eq!(of(&[bearer(&encoded)]).as_deref(), Some(json), "{encoded}");
        }
    }
}

#[test]
fn it_is_found_among_headers_and_challenges() {
    let encoded = WITH_PADDING.encode(NBF);
    for headers in [
        vec!["Basic realm=\"x\"".to_owned(), bearer(&encoded)],
        vec![format!("Negotiate, {}", bearer(&encoded))],
        vec![format!("Negotiate abc/def==, {}", bearer(&encoded))],
        vec![format!("PoP nonce=\"eyJ0\", {}, Basic realm=\"a, b\"", bearer(&encoded))],
        vec![format!("bearer ERROR = insufficient_claims , Claims=\"{encoded}\"")],
        vec![format!(r#"Bearer realm="a \" Bearer", error="insufficient_claims", claims="{encoded}""#)],
        vec![bearer("%%%"), bearer(&encoded)],
    ] {
        assert_eq!(of(&headers).as_deref(), Some(NBF), "{headers:?}");
    }
}

#[test]
fn anything_else_is_no_challenge() {
    let encoded = WITH_PADDING.encode(NBF);
    let long = WITH_PADDING.encode(format!("{{\"a\":\"{}\"}}", "x".repeat(LIMIT)));
    for headers in [
        vec![],
        vec![String::new()],
        vec!["Bearer".to_owned()],
        vec![format!("Bearer claims=\"{encoded}\"")],
        vec![format!("Bearer error=\"invalid_token\", claims=\"{encoded}\"")],
        vec![format!("Basic error=\"insufficient_claims\", claims=\"{encoded}\"")],
        vec![format!("Bearer error=\"insufficient_claims\", Basic claims=\"{encoded}\"")],
        vec![format!("Bearer error=\"insufficient_claims\", claims=\"{encoded}\", claims=\"{encoded}\"")],
        vec![format!("Bearer error=\"insufficient_claims\", claims=\"{encoded}")],
        vec![bearer("")],
        vec![bearer("!")],
        vec![bearer(&WITH_PADDING.encode("[]"))],
        vec![bearer(&WITH_PADDING.encode("null"))],
        vec![bearer(&WITH_PADDING.encode("{\"a\":1,\"a\":2}"))],
        vec![bearer(&WITH_PADDING.encode(format!("{{\"a\":{}1{}}}", "[".repeat(40), "]".repeat(40))))],
        vec![bearer(&WITH_PADDING.encode(b"{\"a\":\"\xff\"}"))],
        vec![bearer(&long)],
        vec![format!("Bearer x=\"{}\", error=\"insufficient_claims\", claims=\"{encoded}\"", "y".repeat(4 * LIMIT))],
    ] {
        assert_eq!(of(&headers), None, "{headers:?}");
    }
    let many: Vec<String> = (0..HEADERS).map(|_| "Basic".to_owned()).chain([bearer(&encoded)]).collect();
    assert_eq!(of(&many), None, "no more than {HEADERS} headers are looked at");
}

#[test]
fn white_space_goes_and_debug_shows_nothing() {
    let challenge = ClaimsChallenge::from_json("{ \"id_token\":\n\t{ \"acrs\": { \"value\": \"c1\" } } }").unwrap();
    assert_eq!(challenge.as_json(), r#"{"id_token":{"acrs":{"value":"c1"}}}"#);
    assert!(!format!("{challenge:?}").contains("acrs"));
}
