//! F-68: everything is protected but for what is said to be public.

use axum::{Router, extract::Path, routing::get};
use entra_sso::{EntraSso, require, testing::TestUser};

use super::{FETCH, PAGE, ask, cookie, sso};

/// A shop that serves every path there is.
fn application(sso: &EntraSso) -> Router {
    Router::new()
        .route("/", get(|| async { "public" }))
        .route("/about", get(|| async { "public" }).post(|| async { "public" }))
        .route("/assets/{*file}", get(|| async { "public" }))
        .route("/admin", get(|| async { "private" }))
        .route(
            "/{tenant}/{page}",
            get(|Path((tenant, page)): Path<(String, String)>| async move { format!("private {tenant} {page}") }),
        )
        .merge(sso.routes())
        .fallback(|| async { "private" })
        .layer(require::signed_in().except(["/", "/about", "/assets/*"]))
        .layer(sso.layer())
}

#[tokio::test]
async fn f68_public_routes_are_for_everybody_and_the_rest_is_not() {
    let sso = sso();
    let router = application(&sso);
    for path in ["/", "/?x=1", "/about", "/about?next=/admin", "/assets/app.js", "/assets/a/b%20c.png?v=1"] {
        for headers in [PAGE, FETCH] {
            let answer = ask(&router, "GET", path, &[headers]).await;
            assert_eq!((answer.status, answer.body.as_str()), (200, "public"), "{path}");
        }
    }
    assert_eq!(ask(&router, "POST", "/about", &[]).await.status, 200, "a public path is public in every method");
    for path in ["/admin", "/nothing/here", "/x", "/assets", "/About"] {
        for method in ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW"] {
            let answer = ask(&router, method, path, &[FETCH]).await;
            assert_eq!(answer.status, 401, "{method} {path}");
            assert!(!answer.body.contains("private"), "{method} {path}");
        }
        let page = ask(&router, "GET", path, &[PAGE]).await;
        assert!(page.status == 303 && page.header("location").starts_with("/microsoft_sso/login/?next="), "{path}");
        let upgrade = [("upgrade", "websocket"), ("connection", "upgrade")];
        assert_eq!(ask(&router, "GET", path, &upgrade).await.status, 401, "{path}");
    }
    let cookie = cookie(&sso, TestUser::new("adele@contoso.example")).await;
    for path in ["/admin", "/nothing/here", "/x"] {
        let answer = ask(&router, "GET", path, &[("cookie", &cookie)]).await;
        assert_eq!((answer.status, answer.header("cache-control")), (200, "no-store"), "{path}");
    }
}

#[tokio::test]
async fn our_own_routes_are_always_open() {
    let router = application(&sso());
    let page = ask(&router, "GET", "/microsoft_sso/", &[PAGE]).await;
    assert_eq!(page.status, 200);
    assert_eq!(ask(&router, "GET", "/microsoft_sso/me", &[FETCH]).await.status, 401, "its own answer");
    assert_eq!(ask(&router, "GET", "/microsoft_sso/../admin", &[FETCH]).await.status, 401);
}

/// Whatever the router makes of a path: if a guard let it through, the answer is the public one.
#[tokio::test]
async fn g7_no_form_of_a_path_reaches_a_private_handler() {
    let router = application(&sso());
    let forms = [
        "/assets/../admin",
        "/assets/%2e%2e/admin",
        "/assets/..%2fadmin",
        "/assets%2fapp.js",
        "/%61ssets/app.js",
        "/%61bout",
        "/assets;x/app.js",
        "/about;x/page",
        "//about",
        "/assets//app.js",
        "/about/",
        "/about.",
        "/about%20",
        "/about%00",
        "/./about",
        "/assets/%c0%af",
        "/assets/%5c..%5cadmin",
        "/ASSETS/app.js",
        "/assets/./x",
        "/admin",
        "/admin/",
        "http://localhost/admin",
        "http://localhost/assets/../admin",
        "/microsoft_sso;/x",
        "/microsoft%5fsso/login",
    ];
    for form in forms {
        let answer = ask(&router, "GET", form, &[FETCH]).await;
        assert!(!answer.body.contains("private"), "{form}: {} {}", answer.status, answer.body);
        assert_eq!(answer.status, 401, "{form}");
    }
}

#[tokio::test]
async fn paths_are_those_that_the_browser_sees_under_a_nested_router() {
    let sso = sso();
    let inner = Router::new()
        .route("/open", get(|| async { "public" }))
        .route("/closed", get(|| async { "private" }))
        .layer(require::signed_in().except(["/portal/open", "/closed"]));
    let router = Router::new().nest("/portal", inner).layer(sso.layer());
    assert_eq!(ask(&router, "GET", "/portal/open", &[]).await.body, "public");
    assert_eq!(ask(&router, "GET", "/portal/closed", &[FETCH]).await.status, 401);
}

#[tokio::test]
async fn exceptions_go_with_any_guard() {
    let sso = sso();
    let router = Router::new()
        .route("/open", get(|| async { "public" }))
        .route("/closed", get(|| async { "private" }))
        .layer(require::staff().except(["/open"]))
        .layer(sso.layer());
    let cookie = cookie(&sso, TestUser::new("adele@contoso.example")).await;
    assert_eq!(ask(&router, "GET", "/open", &[]).await.status, 200);
    assert_eq!(ask(&router, "GET", "/closed", &[("cookie", &cookie)]).await.status, 403);
}
