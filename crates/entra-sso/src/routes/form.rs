//! Whether a body says of itself that it is a form.

use http::{HeaderMap, header};

/// Exactly one `Content-Type`, and it is `application/x-www-form-urlencoded`, whatever its parameters.
pub(super) fn is_form(headers: &HeaderMap) -> bool {
    let mut types = headers.get_all(header::CONTENT_TYPE).iter();
    let (Some(only), None) = (types.next(), types.next()) else { return false };
    let essence = only.to_str().unwrap_or("").split(';').next().unwrap_or("");
    essence.trim().eq_ignore_ascii_case("application/x-www-form-urlencoded")
}
