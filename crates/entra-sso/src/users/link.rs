//! An account for a user who has none.

use super::user::{MicrosoftAccount, Picture, User, UserId};

/// An account for a user who has none.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Link {
    /// Whose it becomes.
    pub user: UserId,
    /// The Microsoft account. Its `has_picture` is ignored: `picture` says it.
    pub account: MicrosoftAccount,
    /// The picture.
    pub picture: Option<Picture>,
}

/// What became of a [`UserStore::link`](super::UserStore::link).
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
#[expect(clippy::large_enum_variant, reason = "the user is the usual answer, and is not kept like this")]
pub enum Linked {
    /// The user has the account now.
    Yes(User),
    /// The user has an account, or the account has a user.
    Taken,
    /// There is no such user.
    Gone,
}

impl Link {
    /// This account for this user, without a picture.
    #[must_use]
    pub const fn new(user: UserId, account: MicrosoftAccount) -> Self {
        Self { user, account, picture: None }
    }
}
