//! Our own paths in the admin, as the browser sees them.

use std::fmt::Write as _;

use axum::extract::OriginalUri;
use http::request::Parts;

use super::action::Action;
use crate::users::UserId;

/// The path of the admin, with whatever the routers around it add.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Place(String);

impl Place {
    /// `path` is where the admin stands in its own router; the request knows what stands before that.
    pub(super) fn of(parts: &Parts, path: &str) -> Place {
        let inner = parts.uri.path();
        let original = parts.extensions.get::<OriginalUri>().map_or(inner, |original| original.0.path());
        // A nested router shows its own root as "/", also when the browser asked without it.
        let outer = original.strip_suffix(inner).or_else(|| (inner == "/").then_some(original));
        Place(format!("{}{path}", outer.unwrap_or_default().trim_end_matches('/')))
    }

    pub(super) fn list(&self) -> String {
        format!("{}/", self.0)
    }

    pub(super) fn prepare(&self) -> String {
        format!("{}/prepare/", self.0)
    }

    pub(super) fn findings(&self) -> String {
        format!("{}/findings/", self.0)
    }

    pub(super) fn user(&self, user: &UserId) -> String {
        format!("{}/users/{}/", self.0, segment(user.as_str()))
    }

    pub(super) fn picture(&self, user: &UserId) -> String {
        format!("{}picture", self.user(user))
    }

    pub(super) fn action(&self, user: &UserId, action: Action) -> String {
        format!("{}{}", self.user(user), action.name())
    }
}

/// A store's id as one segment of a path.
fn segment(id: &str) -> String {
    let mut segment = String::with_capacity(id.len());
    for byte in id.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'~') {
            segment.push(char::from(byte));
        } else {
            // Writing into a `String` cannot fail.
            let _ = write!(segment, "%{byte:02X}");
        }
    }
    segment
}

#[cfg(test)]
mod tests {
    use http::{Request, Uri};

    use super::*;

    fn parts(original: &str, inner: &str) -> Parts {
        let (mut parts, ()) = Request::builder().uri(inner).body(()).expect("a request").into_parts();
        parts.extensions.insert(OriginalUri(original.parse::<Uri>().expect("a path")));
        parts
    }

    #[test]
    fn links_follow_the_path_that_the_browser_sees() {
        for (original, inner, path, expected) in [
            ("/admin/", "/admin/", "/admin", "/admin/"),
            ("/admin", "/admin", "/admin", "/admin/"),
            ("/portal/admin/users/1/?q=a", "/admin/users/1/?q=a", "/admin", "/portal/admin/"),
            ("/portal", "/", "", "/portal/"),
            ("/portal/", "/", "", "/portal/"),
            ("/", "/", "", "/"),
        ] {
            assert_eq!(Place::of(&parts(original, inner), path).list(), expected, "{original} {inner}");
        }
    }

    #[test]
    fn an_id_is_one_segment_whatever_it_holds() {
        let place = Place("/admin".to_owned());
        assert_eq!(place.user(&UserId::new("a/../b ?#é")), "/admin/users/a%2F%2E%2E%2Fb%20%3F%23%C3%A9/");
        assert_eq!(place.action(&UserId::new("1"), Action::Delete), "/admin/users/1/delete");
    }
}
