//! The claims of a token.

use serde::Serialize;
use serde_json::{Map, Value, json};

/// `iat` and `nbf` lie this many seconds before the moment of issue; a user flow's do not.
pub(super) const BACKDATED: i64 = 300;

/// Claims by name; each stands there once.
#[derive(Default)]
pub(super) struct Claims(Map<String, Value>);

impl Claims {
    pub(super) fn put(&mut self, name: &str, value: impl Serialize) {
        self.0.insert(name.to_owned(), json!(value));
    }

    pub(super) fn put_some(&mut self, name: &str, value: Option<impl Serialize>) {
        if let Some(value) = value {
            self.put(name, value);
        }
    }

    pub(super) fn remove(&mut self, name: &str) {
        self.0.remove(name);
    }

    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name)?.as_str()
    }

    /// The payload to sign.
    pub(super) fn payload(self) -> String {
        Value::Object(self.0).to_string()
    }
}
