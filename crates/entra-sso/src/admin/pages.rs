//! The templates of the admin, and the headers that each of its pages carries.

use axum::response::Response;
use http::{HeaderValue, StatusCode};
use minijinja::{Environment, UndefinedBehavior, Value, context, value::Serde};
use serde::Serialize;

use super::texts::Texts;
use crate::{message::Message, pages};

const STYLE: &str = concat!(include_str!("../pages/style.css"), include_str!("pages/style.css"));

/// What each page shows around its content.
pub(super) struct Frame {
    pub(super) here: &'static str,
    pub(super) actor: String,
    pub(super) superuser: bool,
    pub(super) messages: Vec<Message>,
    pub(super) list: String,
    pub(super) prepare: String,
    pub(super) findings: String,
    pub(super) own: String,
    pub(super) home: String,
    pub(super) sign_out: String,
}

/// The templates, parsed once.
pub(super) struct AdminPages {
    templates: Environment<'static>,
    content_security_policy: HeaderValue,
}

impl AdminPages {
    pub(super) fn new() -> AdminPages {
        let mut templates = Environment::new();
        // A text that is missing fails a test.
        templates.set_undefined_behavior(UndefinedBehavior::SemiStrict);
        for (name, source) in [
            ("layout.html", include_str!("pages/layout.html")),
            ("marks.html", include_str!("pages/marks.html")),
            ("list.html", include_str!("pages/list.html")),
            ("user.html", include_str!("pages/user.html")),
            ("confirm.html", include_str!("pages/confirm.html")),
            ("prepare.html", include_str!("pages/prepare.html")),
            ("findings.html", include_str!("pages/findings.html")),
        ] {
            templates.add_template(name, source).expect("a template of this crate parses");
        }
        templates.add_global("style", STYLE);
        AdminPages { templates, content_security_policy: pages::policy_of_style(STYLE) }
    }

    /// The page in its frame.
    pub(super) fn render(
        &self,
        frame: Frame,
        texts: &Texts,
        status: StatusCode,
        template: &str,
        values: impl Serialize,
    ) -> Response {
        let links = context! {
            list => frame.list, prepare => frame.prepare, findings => frame.findings,
            own => frame.own, home => frame.home, sign_out => frame.sign_out,
        };
        let frame = context! {
            here => frame.here, actor => frame.actor, superuser => frame.superuser,
            messages => Value::from(Serde(frame.messages)), links,
            lang => texts.catalogue().language(), text => texts.function(),
        };
        let values = context! { ..Value::from(Serde(values)), ..frame };
        let html = self.templates.get_template(template).and_then(|template| template.render(values));
        let html = html.expect("a template of this crate renders");
        pages::html(status, self.content_security_policy.clone(), html)
    }
}
