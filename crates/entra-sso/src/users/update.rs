//! A change of a user.

use entra_oidc::Timestamp;

use super::{
    change::Change,
    grants::GrantChange,
    user::{Picture, User, UserId},
};

/// What became of a [`UserStore::update`](super::UserStore::update).
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
#[expect(clippy::large_enum_variant, reason = "the user is the usual answer, and is not kept like this")]
pub enum Updated {
    /// The user as he is now.
    Yes(User),
    /// There is no such user.
    Gone,
    /// He is the last active superuser, and nothing was changed.
    LastSuperuser,
}

/// A change of a user. What is not named stays, so that a value that Microsoft did not send erases nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct UserUpdate {
    /// Whom to change.
    pub id: UserId,
    /// The address to show, lower-cased.
    pub email: Change<String>,
    /// A new first name.
    pub first_name: Option<String>,
    /// A new last name.
    pub last_name: Option<String>,
    /// Activates or deactivates.
    pub is_active: Option<bool>,
    /// Gives or takes staff.
    pub staff: GrantChange,
    /// Gives or takes superuser.
    pub superuser: GrantChange,
    /// Makes the user staff and superuser ([`Grant::First`](super::Grant::First)) if this store never had a superuser; it is
    /// asked and answered for ever in one step. Default `false`.
    pub first_superuser: bool,
    /// Changes nothing when no other active superuser would be there afterwards ([`Updated::LastSuperuser`]); one atomic
    /// step. Default `false`.
    pub keep_last_superuser: bool,
    /// The address stays when another user has the new one. Default `false`.
    pub unique_email: bool,
    /// The moment of a sign-in.
    pub last_login: Option<Timestamp>,
    /// The UPN of the account. Nothing happens when the user has no account.
    pub user_principal_name: Change<String>,
    /// The locale of the account. Nothing happens when the user has no account.
    pub locale: Change<String>,
    /// The picture. Nothing happens when the user has no account.
    pub picture: Change<Picture>,
}

impl Updated {
    /// The changed user, if he was changed.
    #[must_use]
    pub fn into_user(self) -> Option<User> {
        match self {
            Self::Yes(user) => Some(user),
            Self::Gone | Self::LastSuperuser => None,
        }
    }
}

impl UserUpdate {
    /// A change of this user that changes nothing yet.
    #[must_use]
    pub const fn of(id: UserId) -> Self {
        Self {
            id,
            email: Change::Keep,
            first_name: None,
            last_name: None,
            is_active: None,
            staff: GrantChange::NONE,
            superuser: GrantChange::NONE,
            first_superuser: false,
            keep_last_superuser: false,
            unique_email: false,
            last_login: None,
            user_principal_name: Change::Keep,
            locale: Change::Keep,
            picture: Change::Keep,
        }
    }

    /// Makes the changes to a user that a store holds in memory. Left to the store: the picture itself, and what depends
    /// on other users (`first_superuser`, `keep_last_superuser`, `unique_email`).
    pub fn apply_to(&self, user: &mut User) {
        set(&mut user.first_name, self.first_name.as_ref());
        set(&mut user.last_name, self.last_name.as_ref());
        set(&mut user.is_active, self.is_active.as_ref());
        user.staff = self.staff.apply_to(user.staff);
        user.superuser = self.superuser.apply_to(user.superuser);
        self.email.apply_to(&mut user.email);
        user.last_login = self.last_login.or(user.last_login);
        if let Some(account) = &mut user.account {
            self.user_principal_name.apply_to(&mut account.user_principal_name);
            self.locale.apply_to(&mut account.locale);
            account.has_picture = match self.picture {
                Change::Keep => account.has_picture,
                Change::Set(_) => true,
                Change::Clear => false,
            };
        }
    }
}

fn set<T: Clone>(field: &mut T, value: Option<&T>) {
    if let Some(value) = value {
        field.clone_from(value);
    }
}
