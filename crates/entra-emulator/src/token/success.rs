//! The token endpoint's success body.

use serde_json::{Map, Value, json};

use crate::faults::Fault;
use crate::scope::Resource;
use crate::version::Version;

use super::access_token::LIFE;
use super::claims::BACKDATED;
use super::grant::Grant;

/// The members of a success body; lifetimes are numbers.
pub(super) struct Tokens(pub(super) Map<String, Value>);

impl Tokens {
    /// A body without any token.
    pub(super) fn empty() -> Self {
        Self(Map::new()).with("token_type", "Bearer")
    }

    /// An access token and nothing else. v1 says more of it, and its numbers are strings.
    pub(super) fn new(grant: &Grant<'_>, access_token: String, resource: &Resource) -> Self {
        let tokens = Self::empty().with("expires_in", LIFE).with("ext_expires_in", LIFE);
        let tokens = tokens.with("access_token", access_token);
        if grant.version == Version::V2 {
            return tokens;
        }
        let (now, cloud) = (grant.call.now(), grant.call.service.cloud);
        let tokens = tokens.with("expires_on", now + LIFE).with("not_before", now - BACKDATED);
        tokens.with("resource", resource.identifier(cloud)).with_numbers_as_strings()
    }

    pub(super) fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.0.insert(name.to_owned(), value.into());
        self
    }

    pub(super) fn with_some(self, name: &str, value: Option<impl Into<Value>>) -> Self {
        match value {
            Some(value) => self.with(name, value),
            None => self,
        }
    }

    /// Every number becomes a string, as some of Microsoft's endpoints send them.
    pub(super) fn with_numbers_as_strings(mut self) -> Self {
        for value in self.0.values_mut().filter(|value| value.is_number()) {
            *value = json!(value.to_string());
        }
        self
    }

    /// The body, spoiled.
    pub(super) fn body(self, faults: &[Fault]) -> Value {
        let as_strings = faults.contains(&Fault::NumbersAsStrings);
        let Self(mut body) = if as_strings { self.with_numbers_as_strings() } else { self };
        for fault in faults {
            if let Fault::NoTokenMember(name) = fault {
                body.remove(name);
            }
        }
        Value::Object(body)
    }
}
