//! From an admitted person to the stored user of his account: known, prepared and linked now, or new.

use entra_oidc::{AccountKey, Identity};
use url::Url;

use super::{arrival::Arrival, prepared};
use crate::{
    audit,
    context::Context,
    errors::RefusalKind,
    profile::Profile,
    refusal::Refusal,
    users::{Created, Link, Linked, MicrosoftAccount, NewUser, Picture, User, UserLookup},
};

/// How the user of an account came to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Origin {
    /// The account signed in before.
    Known,
    /// He was prepared, and has the account from now on.
    Linked,
    /// Nobody knew him.
    New,
}

/// The account's own user, active or not.
pub(super) struct Found {
    pub(super) user: User,
    pub(super) origin: Origin,
}

/// The user whom this account belongs to already.
///
/// # Errors
/// E320 when the store does not answer.
pub(super) async fn known(context: &Context, identity: &Identity) -> Result<Option<User>, Refusal> {
    Ok(context.users.find(UserLookup::Account(identity.account().clone())).await?)
}

/// Finds or makes the user. The store decides every race, and who loses one looks again.
///
/// # Errors
/// E314 for a stranger where `auto_create_users` is off, E343 and E344 with `unique_email`, E320 from the store.
pub(super) async fn find_or_create(arrival: &Arrival<'_>, known: Option<User>) -> Result<Found, Refusal> {
    const TRIES: usize = 4;
    let mut found = known;
    for _ in 0..TRIES {
        if let Some(user) = found {
            return Ok(Found { user, origin: Origin::Known });
        }
        let Some(prepared) = prepared::find(arrival).await? else {
            return create(arrival).await;
        };
        if let Linked::Yes(user) = arrival.context.users.link(link(arrival, prepared)).await? {
            audit::user_linked(&user.id, arrival.admitted.identity().account());
            return Ok(Found { user, origin: Origin::Linked });
        }
        found = self::known(arrival.context, arrival.admitted.identity()).await?;
    }
    Err(RefusalKind::SignInContended.into())
}

fn link(arrival: &Arrival<'_>, prepared: User) -> Link {
    let mut link = Link::new(prepared.id, account(arrival));
    link.picture = picture(arrival);
    link
}

async fn create(arrival: &Arrival<'_>) -> Result<Found, Refusal> {
    if !arrival.site.settings.auto_create_users {
        return Err(match &arrival.admitted.profile().missing {
            // He may have been invited by the name that did not come.
            Some(missing) => Refusal::new(RefusalKind::ProfileIncomplete, missing),
            None => RefusalKind::UnknownUser.into(),
        });
    }
    let mut user = draft(arrival);
    arrival.hooks.pre_create(&mut user).await?;
    // A hook sets what it likes but whose account it is, and what must be unique.
    let picture = user.picture.take().filter(|_| arrival.context.settings.save_basic_microsoft_info);
    let mut own = account(arrival);
    if let Some(changed) = user.account.take().filter(|_| arrival.context.settings.save_basic_microsoft_info) {
        own = MicrosoftAccount { key: own.key, ..changed };
    }
    (user.account, user.picture, user.invitation) = (Some(own), picture, None);
    user.unique_email = arrival.context.settings.unique_email;
    if user.unique_email && user.email.is_none() {
        return Err(RefusalKind::AddressMissing.into());
    }
    match arrival.context.users.create(user).await? {
        Created::New(user) => {
            audit::user_created(&user.id, arrival.admitted.identity().account());
            Ok(Found { user, origin: Origin::New })
        }
        Created::Existing(user) => Ok(Found { user, origin: Origin::Known }),
        Created::AddressTaken => Err(Refusal::new(RefusalKind::AddressTaken, "somebody else has the address")),
    }
}

/// A new user as Microsoft describes him.
fn draft(arrival: &Arrival<'_>) -> NewUser {
    let profile = arrival.admitted.profile();
    let name = username(arrival.admitted.identity().account(), profile);
    let mut user = NewUser::new(name, arrival.context.clock.now());
    user.account = Some(account(arrival));
    user.email = email(arrival);
    user.first_name = profile.first_name.clone().unwrap_or_default();
    user.last_name = profile.last_name.clone().unwrap_or_default();
    user.picture = picture(arrival);
    user
}

/// The account, with as much of it as `save_basic_microsoft_info` keeps.
fn account(arrival: &Arrival<'_>) -> MicrosoftAccount {
    let mut account = MicrosoftAccount::new(arrival.admitted.identity().account().clone());
    if arrival.context.settings.save_basic_microsoft_info {
        let profile = arrival.admitted.profile();
        account.user_principal_name.clone_from(&profile.user_principal_name);
        account.locale.clone_from(&profile.locale);
    }
    account
}

fn picture(arrival: &Arrival<'_>) -> Option<Picture> {
    let picture = arrival.admitted.profile().picture.clone();
    picture.filter(|_| arrival.context.settings.save_basic_microsoft_info)
}

/// The address to show. Where addresses are unique, one that is not trusted would keep its owner out: then the one to show if
/// it is trusted, or else the most telling one.
pub(super) fn email(arrival: &Arrival<'_>) -> Option<String> {
    let shown = arrival.admitted.profile().email.clone();
    if !arrival.context.settings.unique_email {
        return shown;
    }
    let trusted = || arrival.standing.addresses.iter().map(ToString::to_string);
    shown.filter(|shown| trusted().any(|address| address == *shown)).or_else(|| trusted().next())
}

/// For showing: the UPN, else the preferred user name, else the e-mail, else `{oid}@{tid}` or `{sub}@{issuer's host}`; in
/// lower case.
fn username(key: &AccountKey, profile: &Profile) -> String {
    let names = [&profile.user_principal_name, &profile.preferred_username, &profile.email];
    let name = names.into_iter().find_map(Option::as_deref);
    name.map_or_else(|| format!("{}@{}", key.subject(), home(key)), str::to_lowercase)
}

/// The tenant; of an issuer that is an address, its host.
fn home(key: &AccountKey) -> String {
    let issuer = Url::parse(key.tenant()).ok();
    issuer.as_ref().and_then(Url::host_str).unwrap_or(key.tenant()).to_owned()
}
