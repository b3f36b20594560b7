//! `entra-sso users`: what the admin does, in the terminal.

mod add;
mod arguments;
mod change;
mod database;
mod list;
mod show;
mod text;

use std::process::ExitCode;

use entra_sso::{
    StoreError,
    users::{User, UserDirectory, UserId, UserLookup, UserQuery},
};

pub(crate) use self::arguments::UsersArguments;
use self::arguments::UsersCommand;
#[cfg(feature = "demo")]
pub(crate) use self::database::DEMO;
use crate::{environment::Environment, failure::Failure};

pub(crate) async fn run(arguments: &UsersArguments, environment: &Environment) -> Result<ExitCode, Failure> {
    let users = database::open(arguments, environment).await?;
    let done = perform(&arguments.command, &users).await;
    users.close().await;
    done
}

async fn perform(command: &UsersCommand, users: &impl UserDirectory) -> Result<ExitCode, Failure> {
    match command {
        UsersCommand::Add(arguments) => add::run(arguments, users).await,
        UsersCommand::List(arguments) => list::run(arguments, users).await,
        UsersCommand::Show(arguments) => show::run(arguments, users).await,
        UsersCommand::Promote(arguments) => change::promote(arguments, users).await,
        UsersCommand::Demote(arguments) => change::demote(arguments, users).await,
        UsersCommand::Activate(who) => change::activate(&who.user, true, users).await,
        UsersCommand::Deactivate(who) => change::activate(&who.user, false, users).await,
        UsersCommand::Delete(arguments) => change::delete(arguments, users).await,
    }?;
    Ok(ExitCode::SUCCESS)
}

/// The user with this id or username.
async fn find(name: &str, users: &impl UserDirectory) -> Result<User, Failure> {
    if let Some(user) = users.find(UserLookup::Id(UserId::new(name))).await.map_err(away)? {
        return Ok(user);
    }
    let mut query = UserQuery::new();
    query.text = Some(name.to_owned());
    query.limit = 500;
    loop {
        let page = users.search(query.clone()).await.map_err(away)?;
        if let Some(user) = page.users.into_iter().find(|user| user.username.eq_ignore_ascii_case(name)) {
            return Ok(user);
        }
        let Some(next) = page.next else { break };
        query.after = Some(next);
    }
    Err(Failure::new(format_args!("there is no user {name}; `entra-sso users list` shows ids and usernames")))
}

/// What a database says when it is gone in the middle. Its own words name no value and no password.
#[expect(clippy::needless_pass_by_value, reason = "it takes the place of the error")]
fn away(error: StoreError) -> Failure {
    let cause = std::error::Error::source(&error).map(ToString::to_string).unwrap_or_default();
    Failure::new(format_args!("--database: {error} ({cause}); try again when it is"))
}
