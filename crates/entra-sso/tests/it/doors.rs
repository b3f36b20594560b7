//! The routes and guards as programs and browsers meet them.

use axum::{Router, body::Body, routing::get};
use entra_emulator::{Browser, seed};
use entra_sso::{EntraSso, Settings, SignedIn, require, testing::TestUser};
use http::{Request, StatusCode, header};
use http_body_util::BodyExt as _;
use tower::ServiceExt as _;

use crate::app::{App, application};

/// An `EntraSso` whose Microsoft is never asked.
fn offline(change: impl FnOnce(&mut Settings)) -> EntraSso {
    let vars = [
        ("MICROSOFT_SSO_APPLICATION_ID", seed::APP_ID),
        ("MICROSOFT_SSO_CLIENT_SECRET", "not used here"),
        ("MICROSOFT_SSO_TENANT_ID", seed::CONTOSO),
    ];
    let mut settings = Settings::from_vars(vars).expect("settings");
    change(&mut settings);
    EntraSso::builder(settings).build().expect("sound settings")
}

type Headers = &'static [(&'static str, &'static str)];

struct Answer {
    status: StatusCode,
    location: String,
    headers: http::HeaderMap,
    body: String,
}

async fn ask(router: &Router, request: http::request::Builder) -> Answer {
    let request = request.header(header::HOST, "localhost:8000").body(Body::empty()).unwrap();
    let response = router.clone().oneshot(request).await.unwrap();
    let (parts, body) = response.into_parts();
    let body = body.collect().await.unwrap().to_bytes();
    let location =
        parts.headers.get(header::LOCATION).map(|value| value.to_str().unwrap().to_owned()).unwrap_or_default();
    Answer { status: parts.status, location, headers: parts.headers, body: String::from_utf8_lossy(&body).into_owned() }
}

#[tokio::test]
async fn f68_a_browser_is_sent_and_a_program_is_told() {
    let router = application(&offline(|_| {}));
    let login = "/microsoft_sso/login/?next=%2Fguarded%3Fa%3D1%26b%3D2#";
    let cases: &[(&str, &str, Headers, u16, &str)] = &[
        ("a browser", "GET", &[("sec-fetch-mode", "navigate"), ("accept", "text/html")], 303, login),
        ("curl", "GET", &[("accept", "*/*")], 303, login),
        ("no accept", "GET", &[], 303, login),
        ("fetch", "GET", &[("sec-fetch-mode", "cors"), ("accept", "*/*")], 401, ""),
        ("an API client", "GET", &[("accept", "application/json")], 401, ""),
        ("a form", "POST", &[("accept", "text/html"), ("sec-fetch-mode", "navigate")], 401, ""),
        ("a websocket", "GET", &[("upgrade", "websocket"), ("connection", "upgrade")], 401, ""),
        ("htmx", "GET", &[("hx-request", "true"), ("sec-fetch-mode", "cors")], 401, ""),
    ];
    for (name, method, headers, status, location) in cases {
        let mut request = Request::builder().method(*method).uri("/guarded?a=1&b=2");
        for (header, value) in *headers {
            request = request.header(*header, *value);
        }
        let answer = ask(&router, request).await;
        assert_eq!((answer.status.as_u16(), answer.location.as_str()), (*status, *location), "{name}");
        if *status == 401 {
            assert!(answer.body.contains("\"login_url\":\"/microsoft_sso/login/"), "{name}: {}", answer.body);
            assert!(answer.body.contains("E330"), "{name}");
        }
        assert_eq!(answer.headers.contains_key("hx-redirect"), *name == "htmx");
    }
}

#[tokio::test]
async fn a_guard_has_the_first_word() {
    let sso = offline(|_| {});
    let json =
        Router::new().route("/", get(|| async { "" })).route_layer(require::signed_in().or_json()).layer(sso.layer());
    assert_eq!(ask(&json, Request::get("/").header("accept", "text/html")).await.status, 401);
    let page =
        Router::new().route("/", get(|| async { "" })).route_layer(require::signed_in().or_page()).layer(sso.layer());
    assert_eq!(ask(&page, Request::get("/").header("accept", "application/json")).await.status, 303);
}

#[tokio::test]
async fn without_the_layer_a_guard_is_a_500_and_option_too() {
    let guarded = Router::new().route("/", get(|| async { "" })).route_layer(require::signed_in());
    assert_eq!(ask(&guarded, Request::get("/")).await.status, 500);
    let extracted: Router = Router::new().route("/", get(|_: Option<SignedIn>| async { "" }));
    assert_eq!(ask(&extracted, Request::get("/")).await.status, 500);
}

#[tokio::test]
async fn the_layer_twice_is_the_layer_once() {
    let sso = offline(|_| {});
    let router = application(&sso).layer(sso.layer());
    let cookie = TestUser::new("adele@contoso.example").cookie(&sso).await.unwrap();
    assert_eq!(
        ask(&router, Request::get("/private").header(header::COOKIE, cookie)).await.body,
        "OK user=adele@contoso.example"
    );
}

#[tokio::test]
async fn k13_a_session_of_one_application_is_nobody_at_another() {
    let (one, other) = (offline(|_| {}), offline(|settings| settings.tenant_id = Some(seed::FABRIKAM.to_owned())));
    let cookie = TestUser::new("adele@contoso.example").cookie(&one).await.unwrap();
    let request = || Request::get("/").header(header::COOKIE, cookie.clone());
    assert_eq!(ask(&application(&one), request()).await.body, "adele@contoso.example");
    assert_eq!(ask(&application(&other), request()).await.body, "nobody");
}

#[tokio::test]
async fn k3_a_session_counts_at_our_own_address_only() {
    let sso = offline(|_| {});
    let router = application(&sso);
    let cookie = TestUser::new("adele@contoso.example").cookie(&sso).await.unwrap();
    let ask = async |host: &'static str, with_cookie: bool| {
        let mut request = Request::get("/").header(header::HOST, host);
        if with_cookie {
            request = request.header(header::COOKIE, cookie.clone());
        }
        router.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap().status().as_u16()
    };
    assert_eq!(ask("localhost:8000", true).await, 200);
    assert_eq!(ask("app.example.com", true).await, 400, "another name, over plain http");
    assert_eq!(ask("10.0.0.7:8000", false).await, 200, "a health check brings no cookie and is nobody");
}

#[tokio::test]
async fn signed_in_answers_are_not_stored_and_others_are_left_alone() {
    let sso = offline(|_| {});
    let router = application(&sso);
    let cookie = TestUser::new("adele@contoso.example").cookie(&sso).await.unwrap();
    let with = |path| Request::get(path).header(header::COOKIE, cookie.clone());
    assert_eq!(ask(&router, with("/private")).await.headers[header::CACHE_CONTROL], "no-store");
    assert!(
        !ask(&router, with("/static")).await.headers.contains_key(header::CACHE_CONTROL),
        "nobody asked who is there"
    );
    assert!(!ask(&router, with("/private")).await.headers.contains_key(header::SET_COOKIE), "nothing changed");
}

#[tokio::test]
async fn f30_routes_stand_with_and_without_the_slash_and_nested() {
    let plain = application(&offline(|_| {}));
    for path in ["/microsoft_sso", "/microsoft_sso/", "/microsoft_sso/logout", "/microsoft_sso/logout/"] {
        assert_eq!(ask(&plain, Request::get(path)).await.status, 200, "{path}");
    }
    assert_eq!(ask(&plain, Request::get("/microsoft_sso/me")).await.status, 303);
    assert_eq!(ask(&plain, Request::get("/microsoft_sso/me").header("accept", "application/json")).await.status, 401);
    assert_eq!(ask(&plain, Request::get("/microsoft_sso/callback")).await.status, 303, "told on the login page");

    let sso = offline(|settings| settings.prefix = "/portal/sso".to_owned());
    let nested = Router::new().nest("/portal", sso.routes_under("/portal")).layer(sso.layer());
    assert_eq!(ask(&nested, Request::get("/portal/sso/")).await.status, 200);

    let wrong = offline(|_| {});
    let nested = Router::new().nest("/portal", wrong.routes()).layer(wrong.layer());
    let answer = ask(&nested, Request::get("/portal/microsoft_sso/")).await;
    assert_eq!(answer.status, 500, "the redirect URI would lead elsewhere");
    assert!(answer.body.contains("E324"), "{}", answer.body);
}

#[tokio::test]
async fn disabled_there_are_no_routes() {
    let sso = offline(|settings| settings.enabled = false);
    assert_eq!(ask(&application(&sso), Request::get("/microsoft_sso/login/")).await.status, 404);
}

#[tokio::test]
async fn r3_a_foreign_host_is_refused_before_anything_is_built_from_it() {
    let router = application(&offline(|_| {}));
    for host in ["evil.test", "localhost.evil.test", "localhost@evil.test", "localhost:80:80", "[::1", ""] {
        let request = Request::get("/microsoft_sso/login/").header(header::HOST, host).body(Body::empty()).unwrap();
        let response = router.clone().oneshot(request).await.unwrap();
        assert_eq!(response.status(), 400, "{host:?}");
    }
}

#[tokio::test]
async fn our_pages_load_nothing_and_are_not_framed() {
    let router = application(&offline(|_| {}));
    for path in ["/microsoft_sso/", "/microsoft_sso/logout/", "/microsoft_sso/callback/?code=a&code=b"] {
        let answer = ask(&router, Request::get(path).header("accept", "text/html")).await;
        let policy = answer.headers["content-security-policy"].to_str().unwrap();
        assert!(policy.starts_with("default-src 'none'; style-src 'sha256-"), "{path}: {policy}");
        assert!(policy.contains("frame-ancestors 'none'"), "{path}");
        assert_eq!(answer.headers["referrer-policy"], "no-referrer", "Z3: {path}");
        assert_eq!(answer.headers["cache-control"], "no-store", "{path}");
        assert_eq!(answer.headers["x-content-type-options"], "nosniff", "{path}");
        assert!(!answer.body.contains("src=\"http") && !answer.body.contains("<script"), "{path}");
        assert!(answer.body.contains("<html lang=\"en\">"), "{path}");
    }
}

#[tokio::test]
async fn x3_x4_odd_requests_are_survived() {
    let app = App::start().await;
    let cases: &[(&str, &str, u16)] = &[
        ("/microsoft_sso/login/?next=%", "", 303),
        ("/microsoft_sso/login/?next=//evil.test", "", 303),
        ("/microsoft_sso/login/?next[]=1&next[]=2", "", 303),
        ("/microsoft_sso/login/?%ff=%fe", "", 303),
        ("/microsoft_sso/?next=javascript:alert(1)", "", 200),
        ("/microsoft_sso/me", "Basic ====", 303),
        ("/microsoft_sso/me", "Bearer \u{1}", 303),
    ];
    for (path, authorization, status) in cases {
        let mut client = Browser::new();
        if !authorization.is_empty() && !authorization.contains('\u{1}') {
            client = client.header("authorization", authorization);
        }
        let page = client.get_once(app.at(path)).await.unwrap();
        assert_eq!(page.status, *status, "{path} {authorization}");
        assert!(!page.body.contains("evil.test") && !page.body.contains("javascript:"), "{path}");
    }
    let page = app.browser().post_form(app.at("/microsoft_sso/logout/"), &[]).await.unwrap();
    assert_eq!(page.status, 200, "X4: an empty POST");
}

/// There is no door for a token: a session begins with a code.
#[tokio::test]
async fn t12_z4_a_token_in_a_header_or_an_address_is_nobody() {
    let app = App::start().await;
    let token = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhIn0.c2ln";
    let bearer = Browser::new().header("authorization", &format!("Bearer {token}")).plain();
    for path in ["/microsoft_sso/me", &format!("/microsoft_sso/me?access_token={token}&id_token={token}")] {
        for browser in [&bearer, &Browser::new()] {
            let page = browser.get_once(app.at(path)).await.unwrap();
            assert_eq!(page.status, 303, "{path}");
            assert!(page.location().is_some_and(|location| location.path().ends_with("/login/")), "{path}");
        }
    }
}
