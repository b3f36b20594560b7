//! The demo application, made with the public API of `entra-sso` only.

use std::sync::Arc;

use axum::{
    Router,
    body::Bytes,
    extract::State,
    middleware,
    response::{IntoResponse, Response},
    routing::get,
};
use entra_sso::{EntraSso, Messages, SignedIn, oidc::Clock};
use http::{HeaderMap, StatusCode, header};

use super::{
    banner, headers,
    pages::{ADMIN, Frame, Pages, Profile},
    which_microsoft::Microsoft,
};

#[derive(Clone)]
pub(super) struct Application {
    sso: EntraSso,
    microsoft: Microsoft,
    pages: Arc<Pages>,
    clock: Clock,
    style: Bytes,
}

impl Application {
    pub(super) fn new(sso: EntraSso, microsoft: Microsoft, description: String) -> Application {
        let style = [banner::STYLE, EntraSso::button_style(), include_str!("assets/demo.css")].concat();
        let pages = Arc::new(Pages::new(microsoft, description));
        Application { sso, microsoft, pages, clock: Clock::system(), style: style.into() }
    }

    pub(super) fn router(self) -> Router {
        let sso = self.sso.clone();
        let pages = sso.routes().merge(sso.admin(ADMIN));
        let routes = match self.microsoft {
            Microsoft::Emulator => pages.layer(middleware::from_fn(banner::add)),
            Microsoft::Real => pages,
        };
        Router::new()
            .route("/", get(home))
            .route("/private", get(private))
            .route("/profile", get(profile))
            .route("/profile/picture", get(picture))
            .route("/assets/demo.css", get(style))
            .route(banner::STYLE_PATH, get(|| async { asset("text/css; charset=utf-8", banner::STYLE) }))
            .route("/assets/icon.svg", get(|| async { asset("image/svg+xml", ICON) }))
            .merge(routes)
            .fallback(not_found)
            .layer(sso.layer())
            .layer(middleware::from_fn_with_state(headers::policy(&sso), headers::add))
            .with_state(self)
    }
}

async fn home(State(application): State<Application>, user: Option<SignedIn>, messages: Messages) -> Response {
    let Application { sso, pages, .. } = application;
    let frame = Frame::new(&sso, "/", user.as_ref(), &messages);
    pages.home(&frame, &sso.button("/"), &format!("{}&prompt=select_account", sso.login_path("/")))
}

/// One line of text for a program, a page for a browser.
async fn private(
    State(application): State<Application>,
    user: SignedIn,
    headers: HeaderMap,
    messages: Messages,
) -> Response {
    let Application { sso, pages, .. } = application;
    let line = format!("OK user={}", user.username());
    if !asks_for_html(&headers) {
        return line.into_response();
    }
    pages.private(&Frame::new(&sso, "/private", Some(&user), &messages), &line)
}

async fn profile(State(application): State<Application>, user: SignedIn, messages: Messages) -> Response {
    let Application { sso, pages, clock, .. } = application;
    let settings = sso.settings();
    let idle_age = settings.session_idle_age.unwrap_or(settings.session_cookie_age);
    let frame = Frame::new(&sso, "/profile", Some(&user), &messages);
    let edit_path = sso.edit_profile_path("/profile");
    pages.profile(&frame, &Profile::new(&user, idle_age, clock.now()), edit_path.as_deref())
}

async fn picture(user: SignedIn) -> Response {
    match user.picture().await {
        Ok(Some(picture)) => ([(header::CONTENT_TYPE, picture.content_type)], picture.bytes).into_response(),
        Ok(None) => StatusCode::NOT_FOUND.into_response(),
        Err(error) => {
            tracing::error!(%error, "a picture could not be read");
            StatusCode::SERVICE_UNAVAILABLE.into_response()
        }
    }
}

async fn not_found(State(application): State<Application>, user: Option<SignedIn>) -> Response {
    let Application { sso, pages, .. } = application;
    // The messages wait for a page that was meant.
    pages.not_found(&Frame::new(&sso, "", user.as_ref(), &Messages::default()))
}

const ICON: &str = include_str!("assets/icon.svg");

async fn style(State(application): State<Application>) -> Response {
    asset("text/css; charset=utf-8", application.style)
}

fn asset(content_type: &'static str, bytes: impl IntoResponse) -> Response {
    let headers = [(header::CONTENT_TYPE, content_type), (header::CACHE_CONTROL, "public, max-age=300")];
    (headers, bytes).into_response()
}

/// Whether `text/html` is named in `Accept`, and not with a weight of zero.
fn asks_for_html(headers: &HeaderMap) -> bool {
    headers
        .get_all(header::ACCEPT)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|range| {
            let mut parts = range.split(';').map(str::trim);
            let is_html = parts.next().is_some_and(|media| media.eq_ignore_ascii_case("text/html"));
            is_html && !parts.any(is_zero_weight)
        })
}

fn is_zero_weight(parameter: &str) -> bool {
    parameter
        .split_once('=')
        .is_some_and(|(name, value)| name.trim().eq_ignore_ascii_case("q") && value.trim().parse() == Ok(0.0_f32))
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    #[test]
    fn a_page_is_for_who_asks_for_one() {
        for (accept, expected) in [
            ("text/html", true),
            ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", true),
            ("application/json, TEXT/HTML ; q=0.1", true),
            ("text/html;level=1", true),
            ("*/*", false),
            ("text/*", false),
            ("text/plain", false),
            ("text/html;q=0", false),
            ("text/html; q=0.000", false),
            ("text/htmlx", false),
            ("", false),
        ] {
            let headers = HeaderMap::from_iter([(header::ACCEPT, HeaderValue::from_static(accept))]);
            assert_eq!(asks_for_html(&headers), expected, "{accept}");
        }
        assert!(!asks_for_html(&HeaderMap::new()));
    }
}
