//! The opaque `login_hint` claim, and the name that it stands for.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// The claim for a sign-in name; applications pass it as `login_hint` and `logout_hint`.
pub(crate) fn hint_of(name: &str) -> String {
    format!("O.{}", URL_SAFE_NO_PAD.encode(name))
}

/// The sign-in name that a hint stands for: the claim, or a name as it is.
pub(crate) fn account_of_hint(hint: &str) -> String {
    let opaque = hint.strip_prefix("O.").and_then(|encoded| URL_SAFE_NO_PAD.decode(encoded).ok());
    opaque.and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_else(|| hint.to_owned())
}
