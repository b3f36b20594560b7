//! Who may do what to whom, judged.

use super::action::Action;
use crate::{errors::RefusalKind, refusal::Refusal, users::User};

/// The actor may do this to this user. Nothing else makes one, and doing it uses it up.
pub(super) struct Permit {
    action: Action,
    target: User,
}

impl Permit {
    /// `actor` is staff, freshly read. Staff may end sessions of who is no superuser; superusers may do everything.
    ///
    /// # Errors
    /// E376.
    pub(super) fn judge(actor: &User, action: Action, target: User) -> Result<Permit, Refusal> {
        let may = actor.is_superuser() || action.ends_sessions() && !target.is_superuser();
        if may {
            return Ok(Permit { action, target });
        }
        let detail = format!("user {} is no superuser and asked to {} user {}", actor.id, action.name(), target.id);
        Err(Refusal::new(RefusalKind::AdminSuperusersOnly, detail))
    }

    pub(super) fn target(&self) -> &User {
        &self.target
    }

    pub(super) fn action(&self) -> Action {
        self.action
    }
}

#[cfg(test)]
mod tests {
    use entra_oidc::Timestamp;

    use super::*;
    use crate::users::{Grant, Grants, UserId};

    fn user(staff: bool, superuser: bool) -> User {
        let mut user = User::new(UserId::new("1"), "adele", Timestamp::from_unix(0));
        user.staff = if staff { Grants::of(Grant::List) } else { Grants::NONE };
        user.superuser = if superuser { Grants::of(Grant::Role) } else { Grants::NONE };
        user
    }

    #[test]
    fn f69_staff_ends_sessions_of_others_than_superusers_and_superusers_do_everything() {
        let (staff, superuser, nobody) = (user(true, false), user(false, true), user(false, false));
        for (actor, action, target, expected) in [
            (&staff, Action::EndSession, &nobody, true),
            (&staff, Action::EndSessions, &staff, true),
            (&staff, Action::EndSessions, &superuser, false),
            (&staff, Action::EndSession, &superuser, false),
            (&staff, Action::Activate, &nobody, false),
            (&staff, Action::GiveSuperuser, &staff, false),
            (&staff, Action::Delete, &nobody, false),
            (&superuser, Action::EndSessions, &superuser, true),
            (&superuser, Action::GiveSuperuser, &nobody, true),
            (&superuser, Action::Delete, &superuser, true),
        ] {
            assert_eq!(Permit::judge(actor, action, target.clone()).is_ok(), expected, "{action:?}");
        }
    }
}
