use std::fmt;

use entra_oidc::Guid;

/// A role or a group as an operator names it: `Admin`, `{group's object id}`, each with `{tenant}/` in front or without.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Named {
    /// Whose administrator gives it; none is the pinned tenant's.
    pub(crate) tenant: Option<Guid>,
    pub(crate) principal: Principal,
}

/// What an administrator gives to somebody.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Principal {
    /// An app role, by its value.
    Role(String),
    /// A group, by its object id.
    Group(Guid),
}

impl Named {
    /// Reads a name: a GUID is a group, anything else a role. None for what no role can be called.
    pub(crate) fn parse(text: &str) -> Option<Named> {
        let (tenant, name) = Named::split(text);
        let principal = match Guid::parse(name) {
            Ok(group) => Principal::Group(group),
            Err(_) if is_role(name) => Principal::Role(name.to_owned()),
            Err(_) => return None,
        };
        Some(Named { tenant, principal })
    }

    /// The tenant in front, when there is one, and the name. A role may have a slash in it.
    pub(crate) fn split(text: &str) -> (Option<Guid>, &str) {
        let parts = text.split_once('/').and_then(|(tenant, name)| Some((Guid::parse(tenant).ok()?, name)));
        parts.map_or((None, text), |(tenant, name)| (Some(tenant), name))
    }
}

/// The value of an app role has no blanks and at most 120 characters
/// (<https://learn.microsoft.com/entra/identity-platform/howto-add-app-roles-in-apps>).
fn is_role(name: &str) -> bool {
    (1..=120).contains(&name.chars().count()) && !name.chars().any(|c| c.is_whitespace() || c.is_control())
}

/// As the operator wrote it, a GUID in lower case.
impl fmt::Display for Named {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(tenant) = self.tenant {
            write!(out, "{tenant}/")?;
        }
        match &self.principal {
            Principal::Role(role) => out.write_str(role),
            Principal::Group(group) => fmt::Display::fmt(group, out),
        }
    }
}
