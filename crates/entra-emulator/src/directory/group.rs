//! A group.

use serde::Serialize;

/// A security group.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Group {
    /// Object id, a GUID.
    pub id: String,
    /// The GUID of its tenant.
    pub tenant: String,
    /// Its name.
    pub name: String,
    /// Object ids of its direct members.
    pub members: Vec<String>,
}

impl Group {
    /// A group without members.
    #[must_use]
    pub fn new(id: &str, tenant_id: &str, name: &str) -> Self {
        Self {
            id: id.to_ascii_lowercase(),
            tenant: tenant_id.to_ascii_lowercase(),
            name: name.to_owned(),
            members: Vec::new(),
        }
    }

    /// With this member.
    #[must_use]
    pub fn member(mut self, user_id: &str) -> Self {
        self.members.push(user_id.to_ascii_lowercase());
        self
    }
}
