//! `entra-sso users show`.

use entra_sso::users::{Grant, Grants, User, UserDirectory};

use super::{
    arguments::ShowArguments,
    find,
    text::{date, plain, user_json},
};
use crate::failure::Failure;

pub(super) async fn run(arguments: &ShowArguments, users: &impl UserDirectory) -> Result<(), Failure> {
    let user = find(&arguments.who.user, users).await?;
    if arguments.json {
        println!("{:#}", user_json(&user));
    } else {
        for (name, value) in facts(&user) {
            println!("{name:<16}{}", plain(&value));
        }
    }
    Ok(())
}

/// What is known, without what is not.
fn facts(user: &User) -> Vec<(&'static str, String)> {
    let account = user.account.as_ref();
    let held = |grants: Grants| (!grants.is_empty()).then(|| format!("yes, by {}", sources(grants)));
    let all = [
        ("id", Some(user.id.to_string())),
        ("username", Some(user.username.clone())),
        ("email", user.email.clone()),
        ("first name", Some(user.first_name.clone())),
        ("last name", Some(user.last_name.clone())),
        ("active", Some(if user.is_active { "yes" } else { "no" }.to_owned())),
        ("staff", held(user.staff)),
        ("superuser", held(user.superuser)),
        ("joined", Some(date(user.date_joined))),
        ("last here", user.last_login.map(date)),
        ("invitation", user.invitation.clone()),
        ("account", account.map(|of| format!("{} {}/{}", of.key.kind().as_str(), of.key.tenant(), of.key.subject()))),
        ("UPN", account.and_then(|of| of.user_principal_name.clone())),
        ("locale", account.and_then(|of| of.locale.clone())),
        ("picture", account.map(|of| if of.has_picture { "yes" } else { "no" }.to_owned())),
    ];
    all.into_iter().filter_map(|(name, value)| Some((name, value.filter(|value| !value.is_empty())?))).collect()
}

/// `list, admin`
pub(super) fn sources(grants: Grants) -> String {
    grants.iter().map(Grant::as_str).collect::<Vec<_>>().join(", ")
}
