//! From an admitted person to a stored user.

use entra_oidc::{AccountKey, Identity};
use url::Url;

use crate::{
    admission::Admitted,
    context::Context,
    errors::RefusalKind,
    next_url::NextUrl,
    profile::Profile,
    refusal::Refusal,
    site::Site,
    users::{Change, Created, MicrosoftAccount, NewUser, User, UserLookup, UserUpdate},
};

/// An active user of ours for an admitted person: what a session may begin with.
pub(crate) struct Provisioned {
    identity: Identity,
    user: User,
    new: bool,
}

/// The user whom this account belongs to already.
///
/// # Errors
/// E320 when the store does not answer.
pub(crate) async fn known(context: &Context, identity: &Identity) -> Result<Option<User>, Refusal> {
    Ok(context.users.find(UserLookup::Account(identity.account().clone())).await?)
}

/// Finds or makes the user, brings him up to date (`renew`: with all that Microsoft sent), and looks whether he may enter.
///
/// # Errors
/// E314 for a stranger where `auto_create_users` is off, E315 for an inactive user, E320 from the store.
pub(crate) async fn provision(
    context: &Context,
    site: &Site,
    admitted: Admitted,
    known: Option<User>,
    renew: bool,
) -> Result<Provisioned, Refusal> {
    let (identity, profile) = admitted.into_parts();
    let (user, new) = match known {
        Some(user) => (user, false),
        None if !site.settings.auto_create_users => return Err(RefusalKind::UnknownUser.into()),
        None => match context.users.create(draft(context, &identity, &profile)).await? {
            Created::New(user) => (user, true),
            Created::Existing(user) => (user, false),
            Created::AddressTaken => return Err(RefusalKind::UnknownUser.into()),
        },
    };
    if !user.is_active {
        return Err(RefusalKind::UserInactive.into());
    }
    let user = if new { user } else { refresh(context, &user, profile, renew).await? };
    if !user.is_active {
        return Err(RefusalKind::UserInactive.into());
    }
    Ok(Provisioned { identity, user, new })
}

/// A new user as Microsoft describes him.
fn draft(context: &Context, identity: &Identity, profile: &Profile) -> NewUser {
    let key = identity.account();
    let mut account = MicrosoftAccount::new(key.clone());
    account.user_principal_name.clone_from(&profile.user_principal_name);
    account.locale.clone_from(&profile.locale);
    let now = context.clock.now();
    let mut user = NewUser::new(username(key, profile), now);
    user.account = Some(account);
    user.last_login = Some(now);
    user.email.clone_from(&profile.email);
    user.first_name = profile.first_name.clone().unwrap_or_default();
    user.last_name = profile.last_name.clone().unwrap_or_default();
    user.picture.clone_from(&profile.picture);
    user
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

/// The time of this login, and with `renew` what Microsoft sent; what it did not send stays.
async fn refresh(context: &Context, user: &User, profile: Profile, renew: bool) -> Result<User, Refusal> {
    let mut update = UserUpdate::of(user.id.clone());
    update.last_login = Some(context.clock.now());
    if renew {
        update.email = Change::sent(profile.email);
        update.first_name = profile.first_name;
        update.last_name = profile.last_name;
        update.user_principal_name = Change::sent(profile.user_principal_name);
        update.locale = Change::sent(profile.locale);
        update.picture = Change::sent(profile.picture);
    }
    let updated = context.users.update(update).await?;
    updated
        .into_user()
        .ok_or_else(|| Refusal::new(RefusalKind::UnknownUser, format!("user {} was deleted meanwhile", user.id)))
}

impl Provisioned {
    pub(crate) fn is_new(&self) -> bool {
        self.new
    }

    pub(crate) fn welcome(&self) -> String {
        format!("Signed in as {}.", self.user.full_name())
    }

    /// Where the user goes: a new one to `new_user_redirect_url`, if there is one.
    pub(crate) fn landing(&self, site: &Site, next: NextUrl) -> NextUrl {
        site.new_user_home.clone().filter(|_| self.new).unwrap_or(next)
    }

    pub(crate) fn into_parts(self) -> (Identity, User) {
        (self.identity, self.user)
    }
}
