//! A user who was prepared and waits for his account.

use super::arrival::Arrival;
use crate::{
    errors::RefusalKind,
    refusal::Refusal,
    users::{TrustedAddress, User, UserLookup},
};

/// The user without an account whom this account may have: by an invitation, or with `unique_email` by address. Only a member
/// of the pinned tenant claims an invitation, by his user principal name; never by an e-mail address.
///
/// # Errors
/// E315 for one who is not active; E313, E343 and E344 with `unique_email`; E320 from the store.
pub(super) async fn find(arrival: &Arrival<'_>) -> Result<Option<User>, Refusal> {
    let found = match invited(arrival).await? {
        Some(user) => Some(user),
        None if arrival.context.settings.unique_email => with_address(arrival).await?,
        None => None,
    };
    match found {
        Some(user) if !user.is_active => Err(RefusalKind::UserInactive.into()),
        found => Ok(found),
    }
}

async fn invited(arrival: &Arrival<'_>) -> Result<Option<User>, Refusal> {
    // The tenant of the site in hand: a name is its own wherever it is shown.
    let standing = arrival.standing_here();
    let Some(name) = standing.user_principal_name else { return Ok(None) };
    Ok(arrival.context.users.find(UserLookup::Invitation(name)).await?)
}

/// The one user who has any of the trusted addresses (I4, I13). Whoever has another account is not given away, and what is not
/// clear is refused.
async fn with_address(arrival: &Arrival<'_>) -> Result<Option<User>, Refusal> {
    if let Some(missing) = &arrival.admitted.profile().missing {
        return Err(Refusal::new(RefusalKind::ProfileIncomplete, missing));
    }
    if arrival.standing.addresses.is_empty() {
        return Err(RefusalKind::AddressMissing.into());
    }
    let mut found: Option<User> = None;
    for address in &arrival.standing.addresses {
        let Some(user) = by_address(arrival, address).await? else { continue };
        if found.as_ref().is_some_and(|other| other.id != user.id) {
            return Err(Refusal::new(RefusalKind::AddressTaken, "the account's addresses belong to several users"));
        }
        found = Some(user);
    }
    Ok(found)
}

async fn by_address(arrival: &Arrival<'_>, address: &TrustedAddress) -> Result<Option<User>, Refusal> {
    let user = arrival.context.users.find(UserLookup::Address(address.clone())).await?;
    let own = arrival.admitted.identity().account();
    // One with our own account was made by another sign-in of the same person just now: the link will say so.
    match user.as_ref().and_then(|user| user.account.as_ref()) {
        Some(account) if account.key != *own => {
            Err(Refusal::new(RefusalKind::AddressTaken, "the user with this address has another account"))
        }
        _ => Ok(user),
    }
}
