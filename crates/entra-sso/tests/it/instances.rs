//! F-64: two `EntraSso` in one application, on the same stores and with the same keys.

use std::sync::Arc;

use axum::{Router, body::Body, routing::get};
use bytes::Bytes;
use entra_sso::{
    EntraSso, Messages, Settings, SignedIn, session::MemorySessions, testing::TestUser, users::MemoryUsers,
};
use http::{Request, Response, header};
use http_body_util::BodyExt as _;
use tower::ServiceExt as _;

const KEY: &str = "PGZ6p1hKYs0u9W4oQvXq2e7nTfLd8RbJmC3yAiUx5EM=";

struct Two {
    main: EntraSso,
    admin: EntraSso,
    router: Router,
}

/// The application at `/`, its administration with rules of its own at `/admin`.
fn two(of_admin: &str) -> Two {
    let (users, sessions) = (Arc::new(MemoryUsers::new()), Arc::new(MemorySessions::new()));
    let build = |toml: &str| {
        let text = format!(
            "application_id = '11111111-2222-3333-4444-555555555555'\nclient_secret = 'x8Q~sound'\n\
             tenant_id = '99999999-8888-7777-6666-555555555555'\nsecret_keys = ['{KEY}']\n{toml}"
        );
        let builder = EntraSso::builder(Settings::from_toml(&text).expect("settings"));
        builder.users(users.clone()).sessions(sessions.clone()).build().expect("sound settings")
    };
    let (main, admin) = (build(""), build(&format!("prefix = '/admin/sso'\n{of_admin}")));
    let inner = Router::new()
        .route("/", get(who))
        .route("/messages", get(messages))
        .merge(admin.routes_under("/admin"))
        .layer(admin.layer());
    let router =
        Router::new().route("/", get(who)).merge(main.routes()).nest("/admin", inner).fallback(who).layer(main.layer());
    Two { main, admin, router }
}

async fn who(user: Option<SignedIn>) -> String {
    user.map_or_else(|| "nobody".to_owned(), |user| user.username().to_owned())
}

async fn messages(messages: Messages) -> String {
    messages.iter().count().to_string()
}

impl Two {
    async fn send(&self, request: http::request::Builder, cookies: &str) -> Response<Bytes> {
        let request = request.header("host", "localhost").header(header::COOKIE, cookies);
        let answer = self.router.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
        let (parts, body) = answer.into_parts();
        Response::from_parts(parts, body.collect().await.unwrap().to_bytes())
    }

    async fn at(&self, path: &str, cookies: &str) -> String {
        String::from_utf8(self.send(Request::get(path), cookies).await.into_body().to_vec()).unwrap()
    }

    async fn cookie(&self, of: &EntraSso) -> String {
        let cookie = TestUser::new("adele@contoso.example").cookie(of).await.unwrap();
        cookie.to_str().unwrap().to_owned()
    }
}

fn value(cookie: &str) -> &str {
    cookie.split_once('=').unwrap().1
}

#[tokio::test]
async fn f64_k13_a_session_of_one_is_nobody_at_the_other() {
    let two = two("");
    let (main, admin) = (two.cookie(&two.main).await, two.cookie(&two.admin).await);
    assert!(main.starts_with("microsoft_sso_session=") && admin.starts_with("admin_sso_session="), "{main} {admin}");
    for (path, cookies, expected) in [
        ("/", &main, "adele@contoso.example"),
        ("/", &admin, "nobody"),
        ("/admin", &admin, "adele@contoso.example"),
        ("/admin", &main, "nobody"),
        // The id of one, under the name of the other's cookie.
        ("/admin", &format!("admin_sso_session={}", value(&main)), "nobody"),
        ("/", &format!("microsoft_sso_session={}", value(&admin)), "nobody"),
        ("/admin", &format!("{main}; {admin}"), "adele@contoso.example"),
        ("/", &format!("{main}; {admin}"), "adele@contoso.example"),
    ] {
        assert_eq!(two.at(path, cookies).await, expected, "{path}");
    }
}

#[tokio::test]
async fn k13_no_spelling_of_the_path_makes_a_session_the_other_ones() {
    let two = two("");
    let (main, admin) = (two.cookie(&two.main).await, two.cookie(&two.admin).await);
    for path in
        ["//admin", "/%61dmin", "/%2561dmin", "/./admin", "/x/../admin", "/admin;x", "/ADMIN", "/admin//", "/admin/"]
    {
        // What is not the administration's to the router is the application's, which knows its own sessions alone.
        assert_eq!(two.at(path, &main).await, "adele@contoso.example", "{path}");
        assert_eq!(two.at(path, &admin).await, "nobody", "{path}");
        for cookie in ["admin_sso_session", "microsoft_sso_session"] {
            assert_eq!(two.at(path, &format!("{cookie}={}", value(&admin))).await, "nobody", "{path}");
        }
    }
}

#[tokio::test]
async fn f64_k13_one_name_for_both_makes_them_no_more_alike() {
    let two = two("name = 'microsoft_sso'");
    let (main, admin) = (two.cookie(&two.main).await, two.cookie(&two.admin).await);
    assert_eq!(
        (two.at("/", &main).await.as_str(), two.at("/admin", &main).await.as_str()),
        ("adele@contoso.example", "nobody")
    );
    assert_eq!(
        (two.at("/", &admin).await.as_str(), two.at("/admin", &admin).await.as_str()),
        ("nobody", "adele@contoso.example")
    );
}

#[tokio::test]
async fn f64_a_sign_out_at_one_leaves_the_other() {
    let two = two("");
    let both = format!("{}; {}", two.cookie(&two.main).await, two.cookie(&two.admin).await);
    let out = Request::post("/admin/sso/logout/").header("sec-fetch-site", "same-origin");
    let answer = two.send(out, &both).await;
    let cleared: Vec<_> = answer.headers().get_all("set-cookie").iter().map(|set| set.to_str().unwrap()).collect();
    assert!(cleared.iter().all(|set| set.starts_with("admin_sso_")), "{cleared:?}");
    assert_eq!(
        (two.at("/admin", &both).await.as_str(), two.at("/", &both).await.as_str()),
        ("nobody", "adele@contoso.example")
    );
}

#[tokio::test]
async fn f64_messages_of_one_wait_for_the_other_in_vain() {
    let two = two("");
    // A callback with a state that nobody sealed leaves a message behind.
    let answer =
        two.send(Request::get("/microsoft_sso/callback/?code=x&state=y").header("accept", "text/html"), "").await;
    let set: Vec<_> = answer.headers().get_all("set-cookie").iter().map(|set| set.to_str().unwrap()).collect();
    let message = set.iter().find(|set| set.starts_with("microsoft_sso_messages=")).expect("a message");
    let pair = message.split(';').next().unwrap();
    assert_eq!(two.at("/admin/messages", pair).await, "0");
    assert!(two.at("/microsoft_sso/", pair).await.contains("could not be recognised"), "{pair}");
}

#[tokio::test]
async fn f64_one_that_is_not_enabled_has_no_routes() {
    let two = two("enabled = false");
    for path in ["/admin/sso/", "/admin/sso/login/", "/admin/sso/callback/", "/admin/sso/me"] {
        assert_eq!(two.at(path, "").await, "nobody", "{path} is the fallback's");
    }
    assert!(two.at("/microsoft_sso/", "").await.contains("Sign in with Microsoft"));
}
