//! What can be done to a user, one name for path, text and audit.

use crate::users::{Grant, GrantChange, UserId, UserUpdate};

/// What can be done to a user on his page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Action {
    Activate,
    Deactivate,
    GiveStaff,
    TakeStaff,
    GiveSuperuser,
    TakeSuperuser,
    EndSession,
    EndSessions,
    Delete,
}

/// The sources that only this admin can take away: nothing gives them again at a sign-in.
pub(super) const TAKEN_HERE: [Grant; 3] = [Grant::Admin, Grant::First, Grant::Application];

impl Action {
    const ALL: [Action; 9] = [
        Action::Activate,
        Action::Deactivate,
        Action::GiveStaff,
        Action::TakeStaff,
        Action::GiveSuperuser,
        Action::TakeSuperuser,
        Action::EndSession,
        Action::EndSessions,
        Action::Delete,
    ];

    /// The name in the path, in the texts and in the audit.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Action::Activate => "activate",
            Action::Deactivate => "deactivate",
            Action::GiveStaff => "give_staff",
            Action::TakeStaff => "take_staff",
            Action::GiveSuperuser => "give_superuser",
            Action::TakeSuperuser => "take_superuser",
            Action::EndSession => "end_session",
            Action::EndSessions => "end_sessions",
            Action::Delete => "delete",
        }
    }

    /// The action with this name.
    pub(super) fn parse(name: &str) -> Option<Action> {
        Action::ALL.into_iter().find(|action| action.name() == name)
    }

    /// Whether it only ends sessions, which staff may do.
    pub(super) const fn ends_sessions(self) -> bool {
        matches!(self, Action::EndSession | Action::EndSessions)
    }

    /// Whether it is asked before it is done: what cannot be undone, and what locks the one out who does it.
    pub(super) const fn is_asked_first(self, to_oneself: bool) -> bool {
        match self {
            Action::Delete => true,
            Action::Deactivate | Action::TakeStaff | Action::TakeSuperuser => to_oneself,
            _ => false,
        }
    }

    /// Whether the page asks in earnest.
    pub(super) const fn is_grave(self) -> bool {
        matches!(self, Action::Delete | Action::Deactivate)
    }

    /// The change of the user record; none when it is no such change.
    pub(super) fn update(self, user: &UserId) -> Option<UserUpdate> {
        let mut update = UserUpdate::of(user.clone());
        match self {
            Action::Activate => update.is_active = Some(true),
            Action::Deactivate => update.is_active = Some(false),
            Action::GiveStaff => update.staff = GrantChange::set(Grant::Admin, true),
            Action::TakeStaff => update.staff = taken_here(),
            Action::GiveSuperuser => update.superuser = GrantChange::set(Grant::Admin, true),
            Action::TakeSuperuser => update.superuser = taken_here(),
            Action::EndSession | Action::EndSessions | Action::Delete => return None,
        }
        update.keep_last_superuser = matches!(self, Action::Deactivate | Action::TakeSuperuser);
        Some(update)
    }
}

fn taken_here() -> GrantChange {
    TAKEN_HERE.into_iter().fold(GrantChange::NONE, |change, grant| change.and(grant, false))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_leads_back_to_its_action() {
        for action in Action::ALL {
            assert_eq!(Action::parse(action.name()), Some(action));
        }
        assert_eq!(Action::parse(""), None);
        assert_eq!(Action::parse("Delete"), None);
    }

    #[test]
    fn lists_and_roles_are_taken_where_they_come_from() {
        use crate::users::Grants;

        let update = Action::TakeSuperuser.update(&UserId::new("1")).expect("a change");
        assert_eq!(update.superuser.apply_to(Grants::ALL), Grants::of(Grant::List).with(Grant::Role));
        assert!(update.keep_last_superuser);
    }
}
