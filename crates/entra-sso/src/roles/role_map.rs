use super::{Named, Roles};

/// The setting `role_map`: what a role or a group gives here.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct RoleMap(Vec<(Named, Permissions)>);

/// What somebody may do here. A superuser is staff as well.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Permissions {
    pub(crate) staff: bool,
    pub(crate) superuser: bool,
}

impl RoleMap {
    pub(crate) fn new(entries: Vec<(Named, Permissions)>) -> RoleMap {
        RoleMap(entries)
    }

    /// Everything that these roles and groups give together.
    pub(crate) fn gives(&self, roles: &Roles) -> Permissions {
        let held = self.0.iter().filter(|(named, _)| roles.has(named));
        held.fold(Permissions::default(), |all, (_, given)| all.and(*given))
    }

    pub(crate) fn entries(&self) -> impl Iterator<Item = &Named> {
        self.0.iter().map(|(named, _)| named)
    }
}

impl Permissions {
    /// The word of a setting: `staff` or `superuser`.
    pub(crate) fn parse(word: &str) -> Option<Permissions> {
        match word {
            "staff" => Some(Permissions { staff: true, superuser: false }),
            "superuser" => Some(Permissions { staff: true, superuser: true }),
            _ => None,
        }
    }

    /// These and those.
    pub(crate) fn and(self, other: Permissions) -> Permissions {
        Permissions { staff: self.staff || other.staff, superuser: self.superuser || other.superuser }
    }
}
