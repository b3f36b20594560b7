//! F-68: the rule for requests that change something, for an application's own routes.

use axum::{
    Router,
    routing::{any, get},
};
use entra_sso::require;

use super::{ask, sso};

type Case<'a> = (&'a str, &'a [(&'a str, &'a str)], u16);

#[tokio::test]
async fn f68_a_change_comes_from_our_own_pages() {
    let sso = sso();
    let router = Router::new()
        .route("/form", any(|| async { "done" }))
        .route("/hooks/github", any(|| async { "done" }))
        .route("/feed", get(|| async { "feed" }))
        .merge(sso.routes())
        .layer(require::same_origin().except(["/hooks/*"]))
        .layer(sso.layer());
    let own = ("sec-fetch-site", "same-origin");
    let cases: &[Case<'_>] = &[
        ("POST", &[own], 200),
        ("POST", &[("origin", "http://localhost")], 200),
        ("DELETE", &[own], 200),
        ("GET", &[("sec-fetch-site", "cross-site")], 200),
        ("HEAD", &[], 200),
        ("OPTIONS", &[("origin", "https://evil.test")], 200),
        ("POST", &[], 403),
        ("PUT", &[], 403),
        ("PATCH", &[], 403),
        ("DELETE", &[], 403),
        ("BREW", &[], 403),
        ("POST", &[("sec-fetch-site", "same-site")], 403),
        ("POST", &[("sec-fetch-site", "cross-site"), ("origin", "http://localhost")], 403),
        ("POST", &[("sec-fetch-site", "none")], 403),
        ("POST", &[("origin", "null")], 403),
        ("POST", &[("origin", "https://localhost")], 403),
        ("POST", &[("origin", "http://localhost.evil.test")], 403),
        ("POST", &[own, own], 403),
        // G12: an upgrade stays open, whatever its method.
        ("GET", &[("upgrade", "websocket")], 403),
        ("GET", &[("upgrade", "websocket"), ("origin", "https://evil.test")], 403),
        ("GET", &[("upgrade", "websocket"), ("origin", "http://localhost")], 200),
        ("GET", &[("upgrade", "websocket"), own], 200),
    ];
    for (method, headers, status) in cases {
        let answer = ask(&router, method, "/form", headers).await;
        assert_eq!(answer.status, *status, "{method} {headers:?}: {}", answer.body);
        if *status == 403 && *method != "HEAD" {
            assert_eq!(answer.code(), "E322", "{method} {headers:?}");
        }
        let hook = ask(&router, method, "/hooks/github", headers).await;
        assert_eq!(hook.status, 200, "an exception: {method} {headers:?}");
    }
    assert_eq!(ask(&router, "POST", "/hooks/../form", &[]).await.status, 403);
    assert_eq!(ask(&router, "POST", "/feed", &[own]).await.status, 405, "passed, and judged by the router");
}
