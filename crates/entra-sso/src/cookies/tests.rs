use http::header;

use super::*;

const HTTPS: CookieScheme = CookieScheme::Https;
const HTTP: CookieScheme = CookieScheme::LoopbackHttp;
const NOW: Timestamp = Timestamp::from_unix(1_800_000_000);
const TEN_MINUTES: Duration = Duration::from_mins(10);

fn cookies(scheme: CookieScheme) -> Cookies {
    Cookies::new("microsoft_sso", scheme, ResponseMode::Query)
}

/// Where the answer comes as a POST.
fn posted(scheme: CookieScheme) -> Cookies {
    Cookies::new("microsoft_sso", scheme, ResponseMode::FormPost)
}

fn received(lines: &[&str]) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for line in lines {
        headers.append(header::COOKIE, HeaderValue::from_bytes(line.as_bytes()).expect("a header"));
    }
    headers
}

fn id() -> SessionId {
    SessionId::parse(&"A".repeat(43)).expect("an id")
}

fn attempt(began: i64) -> AttemptId {
    AttemptId::parse(&format!("{began:010x}0123456789ab")).expect("an id")
}

fn text(header: &HeaderValue) -> &str {
    header.to_str().expect("visible ASCII")
}

/// K3: each `Set-Cookie`, letter by letter.
#[test]
fn k3_what_a_browser_is_given() {
    let (secure, plain) = (cookies(HTTPS), cookies(HTTP));
    let (attempt, seed) = (attempt(NOW.unix()), Seed::from_bytes([0; 32]));
    let hour = Duration::from_hours(1);
    for (header, expected) in [
        (
            secure.set_session(&id(), hour),
            format!(
                "__Host-microsoft_sso_session={}; HttpOnly; SameSite=Lax; Secure; Path=/; Max-Age=3600",
                "A".repeat(43)
            ),
        ),
        (
            plain.set_session(&id(), hour),
            format!("microsoft_sso_session={}; HttpOnly; SameSite=Lax; Path=/; Max-Age=3600", "A".repeat(43)),
        ),
        (
            secure.set_seed(&attempt, &seed, TEN_MINUTES),
            format!(
                "__Host-microsoft_sso_attempt_006b49d2000123456789ab={}; HttpOnly; SameSite=Lax; Secure; Path=/; Max-Age=600",
                "A".repeat(43)
            ),
        ),
        (
            plain.set_seed(&attempt, &seed, TEN_MINUTES),
            format!(
                "microsoft_sso_attempt_006b49d2000123456789ab={}; HttpOnly; SameSite=Lax; Path=/; Max-Age=600",
                "A".repeat(43)
            ),
        ),
        (
            secure.set_flash("AbC-_"),
            "__Host-microsoft_sso_messages=AbC-_; HttpOnly; SameSite=Lax; Secure; Path=/; Max-Age=600".to_owned(),
        ),
        (
            plain.set_flash("AbC-_"),
            "microsoft_sso_messages=AbC-_; HttpOnly; SameSite=Lax; Path=/; Max-Age=600".to_owned(),
        ),
    ] {
        assert_eq!(text(&header), expected);
        assert!(header.is_sensitive(), "{expected}");
    }
}

/// S11: a seed that has to come along with a POST from another site; everything else stays as it is.
#[test]
fn s11_k3_what_a_browser_is_given_where_the_answer_is_posted() {
    let (attempt, seed) = (attempt(NOW.unix()), Seed::from_bytes([0; 32]));
    for (scheme, prefix) in [(HTTPS, "__Host-"), (HTTP, "")] {
        let (posted, queried) = (posted(scheme), cookies(scheme));
        let expected = format!(
            "{prefix}microsoft_sso_attempt_006b49d2000123456789ab={}; HttpOnly; SameSite=None; Secure; Path=/; Max-Age=600",
            "A".repeat(43)
        );
        assert_eq!(text(&posted.set_seed(&attempt, &seed, TEN_MINUTES)), expected);
        assert_eq!(posted.set_session(&id(), TEN_MINUTES), queried.set_session(&id(), TEN_MINUTES));
        assert_eq!(posted.clear_session(), queried.clear_session());
        assert_eq!(posted.set_flash("A"), queried.set_flash("A"));
        assert_eq!(posted.clear_flash(), queried.clear_flash());
    }
}

/// K2: cleared with the attributes it was set with.
#[test]
fn k2_what_is_cleared_has_the_same_attributes() {
    for cookies in [cookies(HTTPS), cookies(HTTP), posted(HTTPS), posted(HTTP)] {
        let (attempt, seed) = (attempt(NOW.unix()), Seed::random());
        for (set, clear) in [
            (cookies.set_session(&id(), TEN_MINUTES), cookies.clear_session()),
            (cookies.set_seed(&attempt, &seed, TEN_MINUTES), cookies.clear_seed(&attempt)),
            (cookies.set_flash("A"), cookies.clear_flash()),
        ] {
            let parts = |header: &HeaderValue| -> (String, Vec<String>) {
                let (name, rest) = text(header).split_once('=').expect("a name");
                let timed = |part: &&str| !part.starts_with("Max-Age") && !part.starts_with("Expires");
                (name.to_owned(), rest.split("; ").skip(1).filter(timed).map(str::to_owned).collect())
            };
            assert_eq!(parts(&set), parts(&clear));
            assert!(text(&clear).contains("=; "), "the value is empty: {}", text(&clear));
            assert!(text(&clear).contains("Max-Age=0; Expires=Thu, 01 Jan 1970 00:00:00 GMT"), "{}", text(&clear));
        }
    }
}

#[test]
fn a_browser_brings_back_what_it_was_given() {
    for scheme in [HTTPS, HTTP] {
        let cookies = cookies(scheme);
        let (attempt, seed) = (attempt(NOW.unix()), Seed::random());
        let given = [
            cookies.set_session(&id(), TEN_MINUTES),
            cookies.set_seed(&attempt, &seed, TEN_MINUTES),
            cookies.set_flash("AbC-_"),
        ];
        let pairs: Vec<_> = given.iter().map(|header| text(header).split(';').next().expect("a pair")).collect();
        // HTTP/1 sends one header, HTTP/2 may send several.
        for headers in [received(&[&pairs.join("; ")]), received(&pairs)] {
            assert_eq!(cookies.session(&headers), Some(id()));
            assert_eq!(cookies.seed(&headers, &attempt).map(|seed| seed.digest()), Some(seed.digest()));
            assert_eq!(cookies.flash(&headers), Some("AbC-_"));
            assert_eq!(cookies.attempts(&headers), std::slice::from_ref(&attempt));
        }
    }
}

/// K3, S15: over https a cookie without the prefix is somebody else's, and the other way round.
#[test]
fn s15_the_names_of_one_scheme_are_not_read_on_the_other() {
    let value = "A".repeat(43);
    for (scheme, name, expected) in [
        (HTTPS, "__Host-microsoft_sso_session", true),
        (HTTPS, "microsoft_sso_session", false),
        (HTTPS, "__Secure-microsoft_sso_session", false),
        (HTTPS, "__host-microsoft_sso_session", false),
        (HTTPS, "__Host-Microsoft_SSO_session", false),
        (HTTPS, "__Host-microsoft_sso_session2", false),
        (HTTPS, "__Host-other_session", false),
        (HTTP, "microsoft_sso_session", true),
        (HTTP, "__Host-microsoft_sso_session", false),
    ] {
        let headers = received(&[&format!("{name}={value}")]);
        assert_eq!(cookies(scheme).session(&headers).is_some(), expected, "{scheme:?} {name}");
    }
    let attempt = attempt(NOW.unix());
    let tossed = received(&[&format!("microsoft_sso_attempt_{attempt}={value}")]);
    assert!(cookies(HTTPS).seed(&tossed, &attempt).is_none());
    assert!(cookies(HTTPS).attempts(&tossed).is_empty());
    assert!(cookies(HTTP).seed(&tossed, &attempt).is_some());
}

#[test]
fn s15_k5_a_name_that_comes_twice_counts_as_absent() {
    let cookies = cookies(HTTPS);
    let (mine, theirs) = ("A".repeat(43), SessionId::random().to_text());
    let name = "__Host-microsoft_sso_session";
    for lines in [
        vec![format!("{name}={mine}; {name}={}", theirs.expose())],
        vec![format!("{name}={}; {name}={mine}", theirs.expose())],
        vec![format!("{name}={mine}"), format!("{name}={mine}")],
        vec![format!("{name}={mine}; {name}=")],
    ] {
        let lines: Vec<_> = lines.iter().map(String::as_str).collect();
        assert_eq!(cookies.session(&received(&lines)), None, "{lines:?}");
    }
}

#[test]
fn s1_another_attempts_seed_is_not_this_ones() {
    let cookies = cookies(HTTPS);
    let (mine, other) = (attempt(NOW.unix()), attempt(NOW.unix() + 1));
    let headers = received(&[&format!("__Host-microsoft_sso_attempt_{other}={}", "A".repeat(43))]);
    assert!(cookies.seed(&headers, &mine).is_none());
    assert!(cookies.seed(&headers, &other).is_some());
    assert!(cookies.seed(&HeaderMap::new(), &mine).is_none(), "S6: no cookie at all");
}

#[test]
fn k5_crafted_cookie_headers() {
    let cookies = cookies(HTTPS);
    let good = format!("__Host-microsoft_sso_session={}", "A".repeat(43));
    let many = |count: usize| vec!["c=v; "; count].concat();
    for (what, line, expected) in [
        ("alone", good.clone(), true),
        ("junk around it", format!(";;; ; =; a; =b; {good};;; x=y=z;"), true),
        ("white space around it", format!("a=b;   {good}  ;c=d"), true),
        ("an equals sign before it", format!("=; {good}"), true),
        ("99 others before it", format!("{}{good}", many(99)), true),
        ("1000 others before it", format!("{}{good}", many(1_000)), true),
        ("99999 others before it", format!("{}{good}", many(99_999)), false),
        ("a name of 8 KiB beside it", format!("{}=v; {good}", "n".repeat(8_192)), true),
        ("a value of 16 KiB beside it", format!("a={}; {good}", "v".repeat(16_384)), false),
        ("quoted", good.replace("=A", "=\"A") + "\"", false),
        ("percent-encoded", good.replace("=A", "=%41"), false),
        ("letters outside ASCII beside it", format!("\u{e9}=v; {good}"), true),
        ("empty value", "__Host-microsoft_sso_session=".to_owned(), false),
        ("no value", "__Host-microsoft_sso_session".to_owned(), false),
        ("comma instead of semicolon", format!("a=b, {good}"), false),
        ("too long", format!("{good}A"), false),
        ("an attribute of a cookie", format!("a=b; Path=/; {good}; HttpOnly"), true),
        ("K6: a foreign token", "__Host-microsoft_sso_session=eyJhbGciOiJub25lIn0.e30.".to_owned(), false),
    ] {
        assert_eq!(cookies.session(&received(&[&line])), expected.then(id), "{what}");
    }
    let long = "v".repeat(9_000);
    let split = [format!("a={long}"), format!("b={long}"), good];
    let split: Vec<_> = split.iter().map(String::as_str).collect();
    assert_eq!(cookies.session(&received(&split)), None, "16 KiB over several headers");
}

#[test]
fn k5_the_quotes_around_a_flash_are_not_its_content() {
    let headers = received(&["__Host-microsoft_sso_messages=Ab%20c"]);
    assert_eq!(cookies(HTTPS).flash(&headers), Some("Ab%20c"), "nothing is decoded");
}

#[test]
fn s12_at_most_twenty_attempts_wait_and_the_oldest_goes_first() {
    let cookies = cookies(HTTPS);
    let line = |began: &[i64]| {
        let pairs: Vec<_> = began
            .iter()
            .map(|began| format!("__Host-microsoft_sso_attempt_{}={}", attempt(*began), "A".repeat(43)))
            .collect();
        received(&[&pairs.join("; ")])
    };
    let began = |seconds: std::ops::Range<i64>| seconds.map(|s| NOW.unix() - 500 + s).collect::<Vec<_>>();
    for (waiting, cleared) in [(0, 0), (1, 0), (19, 0), (20, 1), (21, 2), (40, 21)] {
        let mut waiting = began(0..waiting);
        waiting.reverse();
        let clear = cookies.make_room(&line(&waiting), TEN_MINUTES, NOW);
        let expected: Vec<_> = began(0..cleared).into_iter().map(|began| cookies.clear_seed(&attempt(began))).collect();
        assert_eq!(clear, expected, "{} wait", waiting.len());
    }
    let (over, future, fine) = (NOW.unix() - 600, NOW.unix() + 61, NOW.unix() - 599);
    let clear = cookies.make_room(&line(&[fine, future, over]), TEN_MINUTES, NOW);
    assert_eq!(clear, [cookies.clear_seed(&attempt(over)), cookies.clear_seed(&attempt(future))]);
}

#[test]
fn k5_names_that_are_no_attempts_are_passed_over() {
    let headers = received(&[&[
        "__Host-microsoft_sso_attempt_=x",
        "__Host-microsoft_sso_attempt_zz=x",
        "__Host-microsoft_sso_attempt_006B49D200ffffffffffff=x",
        "__Host-microsoft_sso_attempt_006b49d200ffffffffffff0=x",
        "__Host-microsoft_sso_attempt_006b49d200ffffffffffff=x",
    ]
    .join("; ")]);
    let attempts: Vec<_> = cookies(HTTPS).attempts(&headers).iter().map(ToString::to_string).collect();
    assert_eq!(attempts, ["006b49d200ffffffffffff"]);
}
