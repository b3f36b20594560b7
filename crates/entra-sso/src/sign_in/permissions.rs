//! What the rules about people give and take at this sign-in.

use super::arrival::Arrival;
use crate::{
    people::Judged,
    users::{Grant, UserUpdate, person_list::Person},
};

/// The same update, with the permissions of lists and roles, and the question whether this is the first superuser. What a rule
/// does not give it takes back; what anything else gave stays.
pub(super) fn add_to(mut update: UserUpdate, arrival: &Arrival<'_>) -> UserUpdate {
    let Judged { by_lists, by_roles, may_be_first } =
        arrival.context.people.judge(&arrival.who(), &arrival.standing, arrival.roles);
    update.staff = update.staff.and(Grant::List, by_lists.staff);
    update.superuser = update.superuser.and(Grant::List, by_lists.superuser);
    update.staff = update.staff.and(Grant::Role, by_roles.staff);
    update.superuser = update.superuser.and(Grant::Role, by_roles.superuser);
    update.first_superuser = may_be_first;
    if arrival.admitted.profile().missing.is_some() && arrival.context.people.has_addresses() {
        tracing::warn!("without Graph's answer only the token's addresses are on `staff_list` and `superuser_list`");
    }
    update
}

/// Staff by the list that the site has of its own: in this session, and not in the user's row.
pub(super) fn is_site_staff(arrival: &Arrival<'_>) -> bool {
    let standing = arrival.standing_here();
    arrival.site.staff.names(&Person {
        account: arrival.admitted.identity().account(),
        pinned_tenant: standing.pinned_tenant,
        addresses: &standing.addresses,
    })
}
