//! The names in a written directory, resolved.

use toml::Spanned;

use crate::directory::Directory;
use crate::directory::error::DirectoryError;
use crate::directory::user::User;

/// Resolves the names of one table to the ids of those read before.
pub(super) struct Reader<'a> {
    pub(super) text: &'a str,
    pub(super) directory: Directory,
}

impl Reader<'_> {
    pub(super) fn tenant(&self, name: &Spanned<String>) -> Result<String, DirectoryError> {
        let found = self.directory.tenant(name.as_ref()).map(|tenant| tenant.id.clone());
        found.ok_or_else(|| self.at(name.span().start, format!("tenant: no tenant {:?}", name.as_ref())))
    }

    /// A user of one tenant, by object id, UPN or sign-in name.
    pub(super) fn user_id(&self, tenant: &str, name: &Spanned<String>, key: &str) -> Result<String, DirectoryError> {
        let text: &str = name.as_ref();
        let named = |user: &&User| {
            user.id == text || user.upn.eq_ignore_ascii_case(text) || user.signs_in_as().eq_ignore_ascii_case(text)
        };
        let found = self.directory.users.iter().filter(|user| user.tenant == tenant).find(named);
        let found = found.map(|user| user.id.clone());
        found.ok_or_else(|| self.at(name.span().start, format!("{key}: no user {text:?} in this tenant")))
    }

    /// A user or a group, by object id or name, in any tenant.
    pub(super) fn principal(&self, name: &Spanned<String>, key: &str) -> Result<String, DirectoryError> {
        let text: &str = name.as_ref();
        let mut groups = self.directory.groups.iter();
        let group = groups.find(|group| group.id == text || group.name == text).map(|group| group.id.clone());
        let found = group.or_else(|| self.directory.user(text).map(|user| user.id.clone()));
        found.ok_or_else(|| self.at(name.span().start, format!("{key}: no user or group {text:?}")))
    }

    pub(super) fn at(&self, start: usize, message: String) -> DirectoryError {
        DirectoryError::Text { line: line_of(self.text, start), message }
    }
}

/// The line of a byte, from 1.
pub(super) fn line_of(text: &str, start: usize) -> usize {
    text.bytes().take(start).filter(|byte| *byte == b'\n').count() + 1
}
