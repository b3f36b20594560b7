use std::{fmt, sync::Arc};

use crate::{
    error::{ConfigError, ConfigErrorKind},
    guid::Guid,
};

/// The most an id may be, in bytes.
const LIMIT: usize = 256;

/// The application's id at its authority. Microsoft's are GUIDs; another provider may give any text. Cheap to clone.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct ClientId {
    text: Arc<str>,
    guid: Option<Guid>,
}

impl ClientId {
    /// Reads an id of 1 to 256 visible ASCII characters, letter for letter.
    ///
    /// # Errors
    /// [`ConfigErrorKind::ClientId`] for anything else.
    pub fn parse(text: &str) -> Result<Self, ConfigError> {
        if text.is_empty() || text.len() > LIMIT || !text.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(ConfigError::new(
                ConfigErrorKind::ClientId,
                format!("the id is empty, over {LIMIT} characters, or has others than visible ASCII"),
            ));
        }
        Ok(Self { text: text.into(), guid: Guid::read(text) })
    }

    /// The id as it is sent.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The GUID, when it is one.
    #[must_use]
    pub const fn guid(&self) -> Option<Guid> {
        self.guid
    }
}

impl From<Guid> for ClientId {
    fn from(guid: Guid) -> Self {
        Self { text: guid.to_string().into(), guid: Some(guid) }
    }
}

impl fmt::Display for ClientId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl fmt::Debug for ClientId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_visible_text_is_an_id_and_a_guid_is_known_as_one() {
        for (text, is_guid) in [
            ("9188040d-6c67-4c5b-b112-36a304b66dad", true),
            ("9188040D-6C67-4C5B-B112-36A304B66DAD", true),
            ("app://web+1", false),
            ("a", false),
        ] {
            let id = ClientId::parse(text).unwrap();
            assert_eq!((id.as_str(), id.guid().is_some()), (text, is_guid));
        }
        for text in ["", "a b", "é", "a\n", &"a".repeat(257)] {
            assert_eq!(ClientId::parse(text).unwrap_err().kind(), ConfigErrorKind::ClientId, "{text:?}");
        }
        assert_eq!(ClientId::from(Guid::PERSONAL_ACCOUNTS).as_str(), "9188040d-6c67-4c5b-b112-36a304b66dad");
    }
}
