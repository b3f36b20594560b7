//! What a form says: a few short fields, each at most once.

use axum::{
    body::Bytes,
    extract::{FromRequest as _, Request},
};
use url::form_urlencoded;

use crate::{errors::RefusalKind, refusal::Refusal};

/// The longest that a field may be, in bytes.
pub(super) const LONGEST_FIELD: usize = 320;

/// The fields of a posted form.
#[derive(Default)]
pub(super) struct Form(Vec<(String, String)>);

impl Form {
    /// One field, as if it had been sent.
    pub(super) fn of(name: &str, value: String) -> Form {
        Form(vec![(name.to_owned(), value)])
    }

    /// # Errors
    /// E332 for a body that is too large, E379 for a field that comes twice, is too long or has control characters in it.
    pub(super) async fn read(request: Request) -> Result<Form, Refusal> {
        let body = Bytes::from_request(request, &()).await;
        let body = body.map_err(|error| Refusal::new(RefusalKind::RequestTooLarge, error.to_string()))?;
        let mut fields: Vec<(String, String)> = Vec::new();
        for (name, value) in form_urlencoded::parse(&body).into_owned() {
            let is_again = fields.iter().any(|(known, _)| *known == name);
            if is_again || value.len() > LONGEST_FIELD || value.chars().any(char::is_control) {
                return Err(Refusal::new(RefusalKind::AdminFormRefused, "a field comes twice, or its value is odd"));
            }
            fields.push((name, value));
        }
        Ok(Form(fields))
    }

    /// The field's value without white space around it; empty when it was not sent.
    pub(super) fn value(&self, name: &str) -> &str {
        self.0.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value.trim())
    }

    /// A field that the form does not have asks for what was not offered.
    ///
    /// # Errors
    /// E379.
    pub(super) fn only(&self, offered: &[&str]) -> Result<(), Refusal> {
        if self.0.iter().all(|(name, _)| offered.contains(&name.as_str())) {
            return Ok(());
        }
        Err(Refusal::new(RefusalKind::AdminFormRefused, format!("expected the fields {offered:?} and no others")))
    }
}
