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

pub(super) async fn add(request: Request, next: Next) -> Response {
    let response = next.run(request).await;
    if !is_html(response.headers()) {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let Ok(page) = to_bytes(body, LONGEST_PAGE).await else { return Response::from_parts(parts, Body::empty()) };
    let page = with_banner(&String::from_utf8_lossy(&page));
    parts.headers.remove(header::CONTENT_LENGTH);
    allow_own_style(&mut parts.headers);
    Response::from_parts(parts, Body::from(page))
}

fn is_html(headers: &HeaderMap) -> bool {
    headers.get(header::CONTENT_TYPE).is_some_and(|value| value.as_bytes().starts_with(b"text/html"))
}

/// Above a page that begins with a bar at its top, as the admin's do; over one whose content stands in the middle.
fn with_banner(page: &str) -> String {
    let banner = if page.contains("<header") { HTML } else { &HTML.replacen("demo-banner", "demo-banner over", 1) };
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
        let page = with_banner("<html><head><title>x</title></head><body><main></main></body></html>");
        let (head, body) = page.split_once("<body>").unwrap();
        assert!(head.contains("href=\"/assets/banner.css\""), "{head}");
        assert!(body.trim_start().starts_with("<aside class=\"demo-banner over\""), "{body}");
    }

    #[test]
    fn a_bar_at_the_top_stands_below_it() {
        let page = with_banner("<html><head></head><body><header></header><main></main></body></html>");
        assert!(page.contains("<aside class=\"demo-banner\""), "{page}");
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
