//! The demo's pages: what they show, and the templates that show it.

use axum::response::{Html, IntoResponse, Response};
use entra_sso::{EntraSso, Message, Messages, SignedIn};
use http::StatusCode;
use minijinja::{Environment, context};
use serde::Serialize;

mod profile;

pub(super) use profile::Profile;

use super::{banner, which_microsoft::Microsoft};

/// Where staff look after users.
pub(super) const ADMIN: &str = "/admin/";

/// The lines on the home page; the whole application stands in `examples/hello`.
const CODE: &str = "let sso = EntraSso::from_env()?;

let app = Router::new()
    .route(\"/private\", get(private))
    .merge(sso.routes())
    .layer(sso.layer());

async fn private(user: SignedIn) -> String {
    format!(\"OK user={}\", user.username())
}";

/// What every page shows around its content.
#[derive(Serialize)]
pub(super) struct Frame {
    path: &'static str,
    visitor: Option<Visitor>,
    messages: Vec<Message>,
    sign_in_path: String,
    admin_path: &'static str,
}

/// The signed-in user, as the bar at the top and the portrait show him.
#[derive(Serialize)]
struct Visitor {
    name: String,
    username: String,
    initials: String,
    picture: bool,
    /// Whether the admin is open to the user.
    staff: bool,
    sign_out_form: String,
}

impl Frame {
    /// `path` marks the current page in the navigation.
    pub(super) fn new(sso: &EntraSso, path: &'static str, user: Option<&SignedIn>, messages: &Messages) -> Frame {
        Frame {
            path,
            visitor: user.map(|user| Visitor::new(sso, user)),
            messages: messages.iter().cloned().collect(),
            sign_in_path: sso.login_path(path),
            admin_path: ADMIN,
        }
    }
}

impl Visitor {
    fn new(sso: &EntraSso, user: &SignedIn) -> Visitor {
        Visitor {
            name: user.name(),
            username: user.username().to_owned(),
            initials: initials(&user.name()),
            picture: user.account().is_some_and(|account| account.has_picture),
            staff: user.user().is_staff(),
            sign_out_form: sso.sign_out_form(),
        }
    }
}

/// The first letters of the first and the last word.
fn initials(name: &str) -> String {
    let mut words = name.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty());
    let first = words.next().and_then(|word| word.chars().next());
    let last = words.next_back().and_then(|word| word.chars().next());
    first.into_iter().chain(last).flat_map(char::to_uppercase).collect()
}

/// The templates, parsed once.
pub(super) struct Pages {
    templates: Environment<'static>,
}

impl Pages {
    /// `description` is which Microsoft this is, for the foot of every page.
    pub(super) fn new(microsoft: Microsoft, description: String) -> Pages {
        let mut templates = Environment::new();
        for (name, source) in [
            ("layout.html", include_str!("pages/layout.html")),
            ("portrait.html", include_str!("pages/portrait.html")),
            ("home.html", include_str!("pages/home.html")),
            ("private.html", include_str!("pages/private.html")),
            ("profile.html", include_str!("pages/profile.html")),
            ("notice.html", include_str!("pages/notice.html")),
        ] {
            templates.add_template(name, source).expect("a template of this crate parses");
        }
        templates.add_global("banner", if microsoft == Microsoft::Emulator { banner::HTML } else { "" });
        templates.add_global("microsoft", description);
        Pages { templates }
    }

    pub(super) fn home(&self, frame: &Frame, button: &str, other_account_path: &str) -> Response {
        self.render(
            "home.html",
            context! { button, other_account_path, code => CODE.lines().collect::<Vec<_>>(), ..context(frame) },
        )
    }

    pub(super) fn private(&self, frame: &Frame, line: &str) -> Response {
        self.render("private.html", context! { line, ..context(frame) })
    }

    /// `edit_path` leads to where the authority lets its users edit their profile, if it does.
    pub(super) fn profile(&self, frame: &Frame, profile: &Profile, edit_path: Option<&str>) -> Response {
        let values = context! { ..context(frame), ..context(profile) };
        self.render("profile.html", context! { edit_path, ..values })
    }

    pub(super) fn not_found(&self, frame: &Frame) -> Response {
        let (heading, text) = ("There is no such page", "The address may be mistyped, or the page may have moved.");
        let page = self.render("notice.html", context! { eyebrow => "404", heading, text, ..context(frame) });
        (StatusCode::NOT_FOUND, page).into_response()
    }

    fn render(&self, name: &str, values: minijinja::Value) -> Response {
        match self.templates.get_template(name).and_then(|template| template.render(values)) {
            Ok(html) => Html(html).into_response(),
            Err(error) => {
                tracing::error!(template = name, %error, "a page could not be made");
                (StatusCode::INTERNAL_SERVER_ERROR, "this page could not be made; the log says why\n").into_response()
            }
        }
    }
}

fn context(values: &impl Serialize) -> minijinja::Value {
    minijinja::Value::from(minijinja::value::Serde(values))
}

#[cfg(test)]
mod tests {
    use super::initials;

    #[test]
    fn initials_are_at_most_two_letters() {
        for (name, expected) in [
            ("Adele Vance", "AV"),
            ("adele@contoso.example", "AE"),
            ("Ada Maria de Souza", "AS"),
            ("Élodie", "É"),
            ("  ", ""),
            ("", ""),
            ("李 雷", "李雷"),
        ] {
            assert_eq!(initials(name), expected, "{name:?}");
        }
    }
}
