//! `entra-sso users add`.

use entra_sso::{
    oidc::{AccountKey, AccountKind, Clock, Guid},
    users::{Created, Grant, Grants, MicrosoftAccount, NewUser, UserDirectory},
};

use super::{arguments::AddArguments, away, text::plain};
use crate::failure::Failure;

pub(super) async fn run(arguments: &AddArguments, users: &impl UserDirectory) -> Result<(), Failure> {
    let new = prepared(arguments)?;
    let is_invited = new.invitation.is_some();
    match users.create(new).await.map_err(away)? {
        Created::New(user) if is_invited && user.invitation.is_none() => {
            // The store gives an invitation to one user only, and says so in this way.
            let _ = users.delete(&user.id, false).await.map_err(away)?;
            Err(Failure::new(
                "--upn: somebody is prepared with this name already; `entra-sso users list --only without-account`",
            ))
        }
        Created::New(user) => {
            println!("added {} ({})", plain(&user.username), user.id);
            Ok(())
        }
        Created::Existing(user) => Err(Failure::new(format_args!(
            "--account: this account is {} ({}) already; `entra-sso users show {}`",
            user.username, user.id, user.id
        ))),
        Created::AddressTaken => Err(Failure::new("--email: somebody has this address already")),
    }
}

fn prepared(arguments: &AddArguments) -> Result<NewUser, Failure> {
    let email = arguments.email.as_deref().map(|email| address("--email", email)).transpose()?;
    let upn = arguments.upn.as_deref().map(|upn| address("--upn", upn)).transpose()?;
    let key = arguments.account.as_deref().map(account).transpose()?;
    let of_account = key.as_ref().map(|key| format!("{}@{}", key.subject(), key.tenant()));
    let username = upn.clone().or_else(|| email.clone()).or(of_account);
    let mut new = NewUser::new(username.unwrap_or_default(), Clock::system().now());
    new.invitation = upn;
    new.email = email;
    arguments.first_name.trim().clone_into(&mut new.first_name);
    arguments.last_name.trim().clone_into(&mut new.last_name);
    let given = |is_given| if is_given { Grants::of(Grant::Admin) } else { Grants::NONE };
    new.staff = given(arguments.staff);
    new.superuser = given(arguments.superuser);
    new.account = key.map(MicrosoftAccount::new);
    Ok(new)
}

/// `tenant/object-id`, as tokens write them.
fn account(text: &str) -> Result<AccountKey, Failure> {
    let guid = |part: &str| Guid::parse(part).map(|guid| guid.to_string()).ok();
    let parts = text.trim().split_once('/').and_then(|(tenant, object)| Some((guid(tenant)?, guid(object)?)));
    let (tenant, object) = parts.ok_or_else(|| {
        Failure::new(format_args!(
            "--account {text}: expected TENANT/OBJECT-ID, two GUIDs; Entra's page of the user shows the object id"
        ))
    })?;
    Ok(AccountKey::new(AccountKind::Entra, tenant, object))
}

/// In lower case. It is compared with what Microsoft sends; what is no address would never be met.
fn address(flag: &str, text: &str) -> Result<String, Failure> {
    let text = text.trim();
    let is_address = text.split_once('@').is_some_and(|(name, domain)| {
        !name.is_empty() && domain.contains('.') && !domain.contains('@') && !domain.ends_with('.')
    });
    if is_address && text.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Ok(text.to_ascii_lowercase());
    }
    Err(Failure::new(format_args!("{flag} {text}: expected an address such as adele@contoso.example")))
}
