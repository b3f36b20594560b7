use std::fmt;

use crate::{
    account::{AccountKey, AccountKind},
    graph::error::{GraphError, GraphErrorKind},
    guid::Guid,
    identity::Identity,
    json::{self, Object},
};

/// What is asked for, and nothing else.
pub(super) const FIELDS: &str = "id,userPrincipalName,mail,givenName,surname,displayName,preferredLanguage";

/// A user's profile in Graph. All of it can be changed by the user or an administrator of the tenant.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct GraphProfile {
    /// The object id; for a personal account 16 hexadecimal digits.
    pub id: String,
    /// `userPrincipalName`.
    pub user_principal_name: Option<String>,
    /// `mail`.
    pub mail: Option<String>,
    /// `givenName`.
    pub given_name: Option<String>,
    /// `surname`.
    pub surname: Option<String>,
    /// `displayName`.
    pub display_name: Option<String>,
    /// `preferredLanguage`, such as `en-US`.
    pub preferred_language: Option<String>,
}

impl GraphProfile {
    /// A profile with nothing but an id.
    #[must_use]
    pub fn new(id: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            user_principal_name: None,
            mail: None,
            given_name: None,
            surname: None,
            display_name: None,
            preferred_language: None,
        }
    }

    pub(super) fn parse(body: &[u8]) -> Result<Self, GraphError> {
        json::object(body)
            .and_then(|document| Self::read(&document))
            .map_err(|detail| GraphError::new(GraphErrorKind::Invalid, detail))
    }

    fn read(document: &Object) -> Result<Self, String> {
        let text = |name: &str| match document.get(name) {
            Some(value) if value.is_null() => Ok(None),
            _ => json::optional_str(document, name).map(|text| text.filter(|text| !text.is_empty()).map(str::to_owned)),
        };
        Ok(Self {
            id: json::required_str(document, "id")?.to_owned(),
            user_principal_name: text("userPrincipalName")?,
            mail: text("mail")?,
            given_name: text("givenName")?,
            surname: text("surname")?,
            display_name: text("displayName")?,
            preferred_language: text("preferredLanguage")?,
        })
    }

    /// Whether this is the profile of the one who signed in.
    #[must_use]
    pub fn belongs_to(&self, identity: &Identity) -> bool {
        self.is_account(identity.account())
    }

    /// The object id; for personal accounts Graph shows its last 16 digits without the zeros before them.
    pub(super) fn is_account(&self, account: &AccountKey) -> bool {
        if account.kind() != AccountKind::Entra {
            return false;
        }
        let Some(object) = Guid::read(account.subject()) else { return false };
        if Guid::read(&self.id) == Some(object) {
            return true;
        }
        Guid::PERSONAL_ACCOUNTS.is_written(account.tenant())
            && !self.id.is_empty()
            && self.id.len() <= 16
            && object.as_bytes()[..8] == [0; 8]
            && self.id.bytes().all(|b| b.is_ascii_hexdigit())
            && u64::from_str_radix(&self.id, 16).ok() == object.as_bytes()[8..].try_into().ok().map(u64::from_be_bytes)
    }
}

impl fmt::Debug for GraphProfile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GraphProfile").field("id", &self.id).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn profile(id: &str) -> GraphProfile {
        GraphProfile::parse(format!(r#"{{"id":"{id}","mail":null,"surname":""}}"#).as_bytes()).unwrap()
    }

    #[test]
    fn a_profile_is_its_accounts_or_nobodys() {
        let tenant = "8f1c1f6a-0000-4000-8000-000000000001";
        let personal = Guid::PERSONAL_ACCOUNTS.to_string();
        let work = AccountKey::new(AccountKind::Entra, tenant, "9f4880d8-80ba-4c40-97bc-f7a23c703084");
        let msa = AccountKey::new(AccountKind::Entra, personal.clone(), "00000000-0000-0000-40c0-3bac188d01d1");
        let zeros = AccountKey::new(AccountKind::Entra, personal, "00000000-0000-0000-0000-3bac188d01d1");
        for (id, account, belongs) in [
            ("9F4880D8-80ba-4c40-97bc-f7a23c703084", &work, true),
            ("9f4880d8-80ba-4c40-97bc-f7a23c703085", &work, false),
            ("97bcf7a23c703084", &work, false),
            ("", &work, false),
            ("40c03bac188d01d1", &msa, true),
            ("40C03BAC188D01D1", &msa, true),
            ("00000000-0000-0000-40c0-3bac188d01d1", &msa, true),
            ("40c03bac188d01d2", &msa, false),
            ("+40c03bac188d01", &msa, false),
            ("3bac188d01d1", &zeros, true),
            ("", &zeros, false),
        ] {
            assert_eq!(profile(id).is_account(account), belongs, "{id}");
        }
    }

    #[test]
    fn absent_null_and_empty_are_none_and_other_types_are_errors() {
        assert_eq!(profile("x").mail, None);
        assert_eq!(profile("x").surname, None);
        for text in [r#"{"id":1}"#, "{}", r#"{"id":"x","mail":["a"]}"#, "[]", "<html>"] {
            assert_eq!(GraphProfile::parse(text.as_bytes()).unwrap_err().kind(), GraphErrorKind::Invalid, "{text}");
        }
    }
}
