//! The admin as browsers and attackers meet it (F-69).

mod csrf;
mod hostile_names;
mod last_superuser;
mod list;
mod matrix;
mod mounting;
mod oneself;
mod picture;
mod preparing;
mod recheck;
mod sessions;

use std::sync::Arc;

use axum::{Router, body::Body, routing::get};
use entra_emulator::seed;
use entra_sso::{
    EntraSso, Settings, SignedIn,
    testing::TestUser,
    users::{MemoryUsers, User, UserDirectory as _, UserId, UserLookup, UserQuery, UserStore as _},
};
use http::{HeaderMap, HeaderValue, Request, StatusCode, header};
use http_body_util::BodyExt as _;
use tower::ServiceExt as _;

/// An application with an admin and its users.
pub(crate) struct Stand {
    pub(crate) sso: EntraSso,
    pub(crate) users: Arc<MemoryUsers>,
    pub(crate) router: Router,
}

/// What came back.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

/// The settings of an application whose Microsoft is never asked.
pub(crate) fn settings() -> Settings {
    let vars = [
        ("MICROSOFT_SSO_APPLICATION_ID", seed::APP_ID),
        ("MICROSOFT_SSO_CLIENT_SECRET", "not used here"),
        ("MICROSOFT_SSO_TENANT_ID", seed::CONTOSO),
        ("MICROSOFT_SSO_SECRET_KEYS", "9hlWjyvpsVJJ+tq6lRsUoHja9p73VLcf+OotuokFZak="),
    ];
    Settings::from_vars(vars).expect("settings")
}

pub(crate) fn application(sso: &EntraSso) -> Router {
    Router::new().route("/", get(home)).merge(sso.routes()).merge(sso.admin("/admin")).layer(sso.layer())
}

async fn home(user: Option<SignedIn>) -> String {
    user.map_or_else(
        || "nobody".to_owned(),
        |user| format!("{} {} {}", user.username(), user.is_staff(), user.is_superuser()),
    )
}

impl Stand {
    pub(crate) fn new() -> Stand {
        let users = Arc::new(MemoryUsers::new());
        let sso = EntraSso::builder(settings()).managed_users(users.clone()).build().expect("sound settings");
        Stand { router: application(&sso), sso, users }
    }

    /// Signs somebody in who is what `user` says.
    pub(crate) async fn sign_in(&self, user: TestUser) -> HeaderValue {
        user.cookie(&self.sso).await.expect("memory answers")
    }

    /// The user with this name.
    pub(crate) async fn user(&self, username: &str) -> User {
        let mut query = UserQuery::new();
        query.text = Some(username.to_owned());
        let page = self.users.search(query).await.expect("memory answers");
        page.users.into_iter().find(|user| user.username == username).expect("the user is there")
    }

    pub(crate) async fn by_id(&self, id: &UserId) -> Option<User> {
        self.users.find(UserLookup::Id(id.clone())).await.expect("memory answers")
    }

    pub(crate) async fn get(&self, path: &str, cookie: &HeaderValue) -> Answer {
        ask(&self.router, "GET", path, Some(cookie), "", &[]).await
    }

    /// A form as a browser sends it from our own page.
    pub(crate) async fn post(&self, path: &str, cookie: &HeaderValue, form: &str) -> Answer {
        ask(&self.router, "POST", path, Some(cookie), form, &OWN).await
    }

    /// The message that the next page tells after this answer.
    pub(crate) async fn told(&self, answer: &Answer, cookie: &HeaderValue) -> String {
        assert_eq!(answer.status, 303, "{}", answer.body);
        let set = answer.headers.get_all(header::SET_COOKIE).iter().find_map(|value| value.to_str().ok());
        let message = set.and_then(|set| set.split(';').next()).unwrap_or_default();
        let cookies = format!("{}; {message}", cookie.to_str().expect("ASCII"));
        let page = self.get(answer.location(), &HeaderValue::from_str(&cookies).expect("ASCII")).await;
        let (_, rest) =
            page.body.split_once("<p class=\"message ").unwrap_or_else(|| panic!("no message: {}", page.body));
        rest.split("</p>").next().expect("a paragraph ends").to_owned()
    }
}

/// What a browser says of a form on our own page.
pub(crate) const OWN: [(&str, &str); 2] = [("sec-fetch-site", "same-origin"), ("sec-fetch-mode", "navigate")];

pub(crate) async fn ask(
    router: &Router,
    method: &str,
    path: &str,
    cookie: Option<&HeaderValue>,
    form: &str,
    headers: &[(&str, &str)],
) -> Answer {
    let mut request = Request::builder().method(method).uri(path).header(header::HOST, "localhost:8000");
    if let Some(cookie) = cookie {
        request = request.header(header::COOKIE, cookie.clone());
    }
    if method == "POST" {
        request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    }
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let response = router.clone().oneshot(request.body(Body::from(form.to_owned())).unwrap()).await.unwrap();
    let (parts, body) = response.into_parts();
    let body = body.collect().await.unwrap().to_bytes();
    Answer { status: parts.status.as_u16(), headers: parts.headers, body: String::from_utf8_lossy(&body).into_owned() }
}

impl Answer {
    /// Where it leads, without the fragment.
    pub(crate) fn location(&self) -> &str {
        let location = self.headers.get(header::LOCATION).map_or("", |value| value.to_str().expect("ASCII"));
        location.trim_end_matches('#')
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().expect("ASCII"))
    }
}

#[tokio::test]
async fn the_pages_load_nothing_from_elsewhere_and_run_no_script() {
    let stand = Stand::new();
    let root = stand.sign_in(TestUser::new("root@contoso.example").superuser()).await;
    let id = stand.user("root@contoso.example").await.id;
    for path in [
        "/admin/",
        "/admin/prepare/",
        "/admin/findings/",
        &format!("/admin/users/{id}/"),
        &format!("/admin/users/{id}/delete"),
    ] {
        let page = stand.get(path, &root).await;
        assert_eq!(page.status, StatusCode::OK.as_u16(), "{path}");
        let policy = page.header("content-security-policy");
        assert!(policy.starts_with("default-src 'none'; style-src 'sha256-"), "{path}: {policy}");
        assert!(
            policy.contains("frame-ancestors 'none'") && policy.contains("form-action 'self';"),
            "{path}: {policy}"
        );
        assert_eq!(page.header("cache-control"), "no-store", "{path}");
        assert_eq!(page.header("x-content-type-options"), "nosniff", "{path}");
        assert!(
            !page.body.contains("<script") && !page.body.contains("http://") && !page.body.contains("https://"),
            "{path}"
        );
        assert!(page.body.contains("<html lang=\"en\">"), "{path}");
        for unsaid in ["done_", "ask_", "source_", "undefined", "{name}", "{count}"] {
            assert!(!page.body.contains(unsaid), "{path}: {unsaid}");
        }
    }
}

#[tokio::test]
async fn the_pages_speak_the_language_that_the_browser_asks_for() {
    let mut settings = settings();
    settings.languages = vec!["en".to_owned(), "de".to_owned()];
    let sso = EntraSso::builder(settings).managed_users(MemoryUsers::new()).build().expect("sound settings");
    let router = application(&sso);
    let root = TestUser::new("root@contoso.example").superuser().cookie(&sso).await.unwrap();
    for (accept, lang, text) in
        [("de-AT,en;q=0.5", "de", "Benutzer suchen"), ("en", "en", "Find a user"), ("it", "en", "Find a user")]
    {
        let page = ask(&router, "GET", "/admin/", Some(&root), "", &[("accept-language", accept)]).await;
        assert!(
            page.body.contains(&format!("<html lang=\"{lang}\">")) && page.body.contains(text),
            "{accept}: {}",
            page.body
        );
        assert_eq!((page.header("content-language"), page.header("vary")), (lang, "accept-language"));
    }
}
