//! How many sessions a user has beside the one he asks from.

use std::fmt;

use entra_oidc::Timestamp;

use super::{id::SessionId, sessions::Sessions};
use crate::{store_error::StoreError, users::UserId};

/// More than this are not looked at.
const MOST_COUNTED: usize = 20;

/// At least one: `3`, or `20+`.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(crate) struct Others {
    number: usize,
    and_more: bool,
}

impl Sessions {
    /// The other sessions of a user that are not over; none when there are none.
    pub(crate) async fn others_of_user(
        &self,
        user: &UserId,
        own: &SessionId,
        now: Timestamp,
    ) -> Result<Option<Others>, StoreError> {
        let mut keys = self.of_user(user).await?;
        keys.retain(|key| *key != own.key());
        let and_more = keys.len() > MOST_COUNTED;
        let mut number = 0;
        for key in keys.iter().take(MOST_COUNTED) {
            number += usize::from(self.stored(key, now).await?.is_some_and(|row| now < row.deadline()));
        }
        Ok((number > 0).then_some(Others { number, and_more }))
    }
}

impl fmt::Display for Others {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}{}", self.number, if self.and_more { "+" } else { "" })
    }
}
