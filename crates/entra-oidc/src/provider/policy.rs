use std::{
    fmt,
    hash::{Hash, Hasher},
    str::FromStr,
};

use crate::error::{ConfigError, ConfigErrorKind};

/// A user flow or custom policy of Azure AD B2C, such as `B2C_1_sign_in`. The same in any case, as B2C itself takes it;
/// shown as it was written.
#[derive(Clone, Debug)]
pub struct Policy(String);

impl Policy {
    /// Reads a name that begins with `b2c_`, in any case, and has letters, digits, `_` and `-`; at most 64 characters.
    ///
    /// # Errors
    /// [`ConfigErrorKind::Policy`] for anything else, without the text: nothing of it gets into an address.
    pub fn parse(text: &str) -> Result<Self, ConfigError> {
        let prefix = text.get(..4).is_some_and(|prefix| prefix.eq_ignore_ascii_case("b2c_"));
        let fits = text.len() <= 64 && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'));
        if prefix && text.len() > 4 && fits {
            return Ok(Self(text.to_owned()));
        }
        Err(ConfigError::new(
            ConfigErrorKind::Policy,
            "expected `b2c_` and then letters, digits, `_` or `-`, at most 64 characters",
        ))
    }

    /// The name as it was written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether `name` is this policy, in any case.
    #[must_use]
    pub fn is(&self, name: &str) -> bool {
        self.0.eq_ignore_ascii_case(name)
    }
}

impl PartialEq for Policy {
    fn eq(&self, other: &Self) -> bool {
        self.is(&other.0)
    }
}

impl Eq for Policy {}

impl Hash for Policy {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.to_ascii_lowercase().hash(state);
    }
}

impl fmt::Display for Policy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for Policy {
    type Err = ConfigError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn j2_a_policy_begins_with_b2c_and_has_nothing_of_an_address() {
        let long = format!("b2c_1_{}", "x".repeat(58));
        for text in ["B2C_1_susi", "b2c_1a_signup-signin", "B2c_x", &long] {
            assert_eq!(Policy::parse(text).unwrap().as_str(), text);
        }
        let longer = format!("{long}x");
        for text in [
            "",
            "susi",
            "b2c",
            "b2c_",
            "b2c-1",
            "B2C_1/susi",
            "B2C_1_susi/../x",
            "B2C_1?p=x",
            "B2C_1#x",
            "B2C_1%2fx",
            "B2C_1 susi",
            "B2C_1_süsi",
            "éb2c_1",
            " B2C_1_susi",
            "B2C_1_susi\n",
            "B2C_1;x",
            "B2C_1@x",
            "B2C_1.x",
            &longer,
        ] {
            let error = Policy::parse(text).unwrap_err();
            assert_eq!(error.kind(), ConfigErrorKind::Policy, "{text:?}");
            assert!(text.len() < 5 || !error.to_string().contains(text), "{text:?}");
        }
    }

    #[test]
    fn case_does_not_count() {
        let policy = Policy::parse("B2C_1_Susi").unwrap();
        assert_eq!(policy, Policy::parse("b2c_1_sUSI").unwrap());
        assert!(policy.is("B2C_1_SUSI"));
        assert!(!policy.is("B2C_1_susi2"));
    }
}
