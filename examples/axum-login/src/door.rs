//! Between Microsoft and the staff.

use entra_sso::{AuthenticationBackend, HookError, SigningIn, users::User};

use crate::staff::Staff;

/// Lets in who is of the staff.
#[derive(Clone, Debug)]
pub struct Door {
    staff: Staff,
}

impl Door {
    /// For these people.
    #[must_use]
    pub fn of(staff: &Staff) -> Self {
        Self { staff: staff.clone() }
    }
}

impl AuthenticationBackend for Door {
    fn name(&self) -> &'static str {
        "staff"
    }

    async fn authenticate(&self, user: User, _: &SigningIn<'_>) -> Result<User, HookError> {
        let employee = self.staff.employee(&user);
        if employee.has_left {
            return Err(HookError::denied("You do not work here any more. Thank you for everything."));
        }
        Ok(user)
    }
}
