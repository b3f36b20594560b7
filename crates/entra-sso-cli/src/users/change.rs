//! `entra-sso users promote`, `demote`, `activate`, `deactivate`, `delete`.

use entra_sso::users::{Deleted, Grant, GrantChange, Grants, Updated, User, UserDirectory, UserUpdate};

use super::{
    arguments::{DeleteArguments, PermissionArguments},
    away, find,
    show::sources,
    text::plain,
};
use crate::failure::Failure;

/// What can be taken away here; lists and roles give theirs again at the next sign-in.
const OURS: [Grant; 3] = [Grant::Admin, Grant::First, Grant::Application];

pub(super) async fn promote(arguments: &PermissionArguments, users: &impl UserDirectory) -> Result<(), Failure> {
    let given = |is_given| if is_given { GrantChange::set(Grant::Admin, true) } else { GrantChange::NONE };
    let changed = change(&arguments.who.user, users, |update| {
        update.staff = given(arguments.staff);
        update.superuser = given(arguments.superuser);
    });
    tell(&changed.await?, permissions(arguments), "now");
    Ok(())
}

pub(super) async fn demote(arguments: &PermissionArguments, users: &impl UserDirectory) -> Result<(), Failure> {
    let ours = || OURS.into_iter().fold(GrantChange::NONE, |change, grant| change.and(grant, false));
    let taken = |is_taken| if is_taken { ours() } else { GrantChange::NONE };
    let changed = change(&arguments.who.user, users, |update| {
        update.staff = taken(arguments.staff);
        update.superuser = taken(arguments.superuser);
        update.keep_last_superuser = true;
    });
    let user = changed.await?;
    let asked = [(arguments.staff, "staff", user.staff), (arguments.superuser, "superuser", user.superuser)];
    if let Some((_, name, left)) = asked.into_iter().find(|(is_asked, _, left)| *is_asked && !left.is_empty()) {
        return Err(still(&user, name, left));
    }
    tell(&user, permissions(arguments), "no longer");
    if user.is_superuser() && arguments.staff {
        println!("a superuser, who may do what staff does");
    }
    Ok(())
}

pub(super) async fn activate(name: &str, is_active: bool, users: &impl UserDirectory) -> Result<(), Failure> {
    let changed = change(name, users, |update| {
        update.is_active = Some(is_active);
        update.keep_last_superuser = !is_active;
    });
    tell(&changed.await?, "active", if is_active { "now" } else { "no longer" });
    Ok(())
}

pub(super) async fn delete(arguments: &DeleteArguments, users: &impl UserDirectory) -> Result<(), Failure> {
    let user = find(&arguments.who.user, users).await?;
    if !arguments.yes {
        return Err(Failure::new(format_args!(
            "{} ({}) would be deleted for ever; say it again with --yes, or use `deactivate`",
            user.username, user.id
        )));
    }
    match users.delete(&user.id, true).await.map_err(away)? {
        Deleted::Yes => println!("{} is deleted", plain(&user.username)),
        Deleted::Gone => return Err(gone(&user)),
        Deleted::LastSuperuser => return Err(last(&user)),
    }
    Ok(())
}

async fn change(
    name: &str,
    users: &impl UserDirectory,
    how: impl FnOnce(&mut UserUpdate) + Send,
) -> Result<User, Failure> {
    let user = find(name, users).await?;
    let mut update = UserUpdate::of(user.id.clone());
    how(&mut update);
    match users.update(update).await.map_err(away)? {
        Updated::Yes(user) => Ok(user),
        Updated::Gone => Err(gone(&user)),
        Updated::LastSuperuser => Err(last(&user)),
    }
}

const fn permissions(arguments: &PermissionArguments) -> &'static str {
    match (arguments.staff, arguments.superuser) {
        (true, true) => "staff and superuser",
        (false, true) => "superuser",
        _ => "staff",
    }
}

fn tell(user: &User, what: &str, since: &str) {
    println!("{} is {since} {what}", plain(&user.username));
}

fn still(user: &User, what: &str, left: Grants) -> Failure {
    Failure::new(format_args!(
        "{} is still {what}, by {}: take it away in staff_list, superuser_list or role_map, or at Microsoft, and he loses it at \
         his next sign-in",
        user.username,
        sources(left)
    ))
}

fn last(user: &User) -> Failure {
    Failure::new(format_args!(
        "{} is the last active superuser and stays one; make somebody else superuser first: `entra-sso users promote \
         --superuser ID|USERNAME`",
        user.username
    ))
}

fn gone(user: &User) -> Failure {
    Failure::new(format_args!("{} was deleted in this moment by somebody else", user.username))
}
