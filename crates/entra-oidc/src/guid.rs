use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::error::{ConfigError, ConfigErrorKind, clean};

/// A GUID: tenant, application, user. Read from the form with hyphens only, in any case; shown in lower case.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Guid(Uuid);

impl Guid {
    /// The tenant that all personal Microsoft accounts belong to.
    pub const PERSONAL_ACCOUNTS: Self = Self(Uuid::from_u128(0x9188_040d_6c67_4c5b_b112_36a3_04b6_6dad));

    /// Reads 36 characters: 8-4-4-4-12 hexadecimal digits.
    ///
    /// # Errors
    /// [`ConfigErrorKind::Guid`] for anything else, also for braces, `urn:uuid:` and the form without hyphens.
    pub fn parse(text: &str) -> Result<Self, ConfigError> {
        Self::read(text)
            .ok_or_else(|| ConfigError::new(ConfigErrorKind::Guid, format!("`{}` is not a GUID", clean(text, 60))))
    }

    /// As [`Guid::parse`], for judges that have their own error.
    pub(crate) fn read(text: &str) -> Option<Self> {
        (text.len() == 36).then(|| Uuid::try_parse(text).ok())?.map(Self)
    }

    /// The 16 bytes, as written.
    pub(crate) const fn as_bytes(&self) -> &[u8; 16] {
        self.0.as_bytes()
    }

    /// Whether `text` is this GUID in lower case with hyphens, letter for letter.
    pub(crate) fn is_written(&self, text: &str) -> bool {
        self.0.as_hyphenated().encode_lower(&mut Uuid::encode_buffer()) == text
    }
}

impl fmt::Display for Guid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self.0.as_hyphenated(), f)
    }
}

impl fmt::Debug for Guid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Guid {
    type Err = ConfigError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

impl TryFrom<String> for Guid {
    type Error = ConfigError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text)
    }
}

impl From<Guid> for String {
    fn from(guid: Guid) -> Self {
        guid.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_form_with_hyphens_is_read() {
        let shown = "9188040d-6c67-4c5b-b112-36a304b66dad";
        assert_eq!(Guid::PERSONAL_ACCOUNTS.to_string(), shown);
        assert_eq!(Guid::parse(&shown.to_uppercase()).unwrap(), Guid::PERSONAL_ACCOUNTS);
        for other in [
            "9188040d6c674c5bb11236a304b66dad",
            "{9188040d-6c67-4c5b-b112-36a304b66dad}",
            "urn:uuid:9188040d-6c67-4c5b-b112-36a304b66dad",
            "9188040d-6c67-4c5b-b112-36a304b66da",
            "9188040d-6c67-4c5b-b112-36a304b66dag",
            " 9188040d-6c67-4c5b-b112-36a304b66dad",
            "9188040d6c-67-4c5b-b112-36a304b66dad",
            "",
        ] {
            assert!(Guid::parse(other).is_err(), "{other}");
        }
    }

    #[test]
    fn is_written_is_exact() {
        assert!(Guid::PERSONAL_ACCOUNTS.is_written("9188040d-6c67-4c5b-b112-36a304b66dad"));
        assert!(!Guid::PERSONAL_ACCOUNTS.is_written("9188040D-6c67-4c5b-b112-36a304b66dad"));
    }
}
