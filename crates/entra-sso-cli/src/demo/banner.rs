//! The strip on every page that says: this is not Microsoft.
//!
//! Our own pages have it in their layout. The pages of `entra-sso` know nothing of the demo, so it is put into them on
//! their way out.

use axum::{
    body::{Body, to_bytes},
    extract::Request,
    middleware::Next,
    response::Response,
};
use http::{HeaderMap, HeaderValue, header};

pub(super) const HTML: &str = include_str!("pages/banner.html");
pub(super) const STYLE_PATH: &str = "/assets/banner.css";
pub(super) const STYLE: &str = include_str!("assets/banner.css");

/// More than any page of `entra-sso`.
const LONGEST_PAGE: usize = 1024 * 1024;

/// Over a page of `entra-sso`, whose content stands in the middle.
pub(super) async fn add_over(request: Request, next: Next) -> Response {
    add(next.run(request).await, &HTML.replacen("demo-banner", "demo-banner over", 1)).await
}

/// Above a page that begins at its top.
pub(super) async fn add_above(request: Request, next: Next) -> Response {
    add(next.run(request).await, HTML).await
}

async fn add(response: Response, banner: &str) -> Response {
    if !is_html(response.headers()) {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let Ok(page) = to_bytes(body, LONGEST_PAGE).await else { return Response::from_parts(parts, Body::empty()) };
    let page = with_banner(&String::from_utf8_lossy(&page), banner);
    parts.headers.remove(header::CONTENT_LENGTH);
    allow_own_style(&mut parts.headers);
    Response::from_parts(parts, Body::from(page))
}

fn is_html(headers: &HeaderMap) -> bool {
    headers.get(header::CONTENT_TYPE).is_some_and(|value| value.as_bytes().starts_with(b"text/html"))
}

fn with_banner(page: &str, banner: &str) -> String {
    page.replacen("</head>", &format!("<link rel=\"stylesheet\" href=\"{STYLE_PATH}\">\n</head>"), 1).replacen(
        "<body>",
        &format!("<body>\n{banner}"),
        1,
    )
}

/// The page names its own style by hash; the banner's comes from this origin.
fn allow_own_style(headers: &mut HeaderMap) {
    let Some(policy) = headers.get(header::CONTENT_SECURITY_POLICY).and_then(|value| value.to_str().ok()) else {
        return;
    };
    let policy = policy.replacen("style-src ", "style-src 'self' ", 1);
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_gets_the_banner_first_and_its_style() {
        let page = with_banner("<html><head><title>x</title></head><body><main></main></body></html>", HTML);
        let (head, body) = page.split_once("<body>").unwrap();
        assert!(head.contains("href=\"/assets/banner.css\""), "{head}");
        assert!(body.trim_start().starts_with("<aside class=\"demo-banner\""), "{body}");
    }

    #[test]
    fn the_policy_of_a_page_is_widened_by_our_own_style_only() {
        let mut headers = HeaderMap::new();
        headers.insert(
            header::CONTENT_SECURITY_POLICY,
            HeaderValue::from_static("default-src 'none'; style-src 'sha256-x'"),
        );
        allow_own_style(&mut headers);
        assert_eq!(headers[header::CONTENT_SECURITY_POLICY], "default-src 'none'; style-src 'self' 'sha256-x'");
    }
}
