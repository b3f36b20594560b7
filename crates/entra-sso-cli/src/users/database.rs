//! Which database, and whether it is one to work on.

use std::fs;

use entra_sso::settings::Settings;
use entra_sso_sqlx::{Database, OpenErrorKind};

use super::{UsersArguments, UsersCommand, away};
use crate::{environment::Environment, failure::Failure};

/// The mark of a database whose users the local Microsoft made up (X10).
pub(crate) const DEMO: &str = "emulator";

pub(super) async fn open(arguments: &UsersArguments, environment: &Environment) -> Result<Database, Failure> {
    let place = match &arguments.database {
        Some(place) => place.clone(),
        None => of_settings(environment)?,
    };
    must_be_there(&place, &arguments.command)?;
    let database = Database::open(&place).await.map_err(|error| match error.kind() {
        OpenErrorKind::Unknown => Failure::new(
            "--database (or the setting database_url): it is the URL of neither SQLite nor PostgreSQL; name a file, or \
             sqlite://…, postgres://… or postgresql://…",
        ),
        _ => Failure::new(error),
    })?;
    let mark = database.database_mark().await.map_err(away)?;
    if mark.as_deref() == Some(DEMO) && !arguments.demo_database {
        return Err(Failure::new(
            "--database: these are the demo's users, whom its local Microsoft made up; name the application's \
             database, or add --demo-database if it is the demo's that you mean",
        ));
    }
    Ok(database)
}

fn of_settings(environment: &Environment) -> Result<String, Failure> {
    let settings = Settings::from_vars(environment.vars())?;
    let url = settings.database_url.as_ref().map(|url| url.expose().to_owned());
    url.ok_or_else(|| {
        Failure::new(
            "which database? Name it with --database, or in the setting database_url (MICROSOFT_SSO_DATABASE_URL)",
        )
    })
}

/// A mistyped name makes no new file, unless a user is to be the first one in it.
fn must_be_there(place: &str, command: &UsersCommand) -> Result<(), Failure> {
    let file = place.strip_prefix("sqlite://").or_else(|| place.strip_prefix("sqlite:"));
    let file = file.map_or(place, |rest| rest.split('?').next().unwrap_or(rest));
    let is_other = matches!(command, UsersCommand::Add(_)) || file.contains('%') || file.contains("://");
    if is_other || fs::exists(file).unwrap_or(true) {
        return Ok(());
    }
    Err(Failure::new(format_args!("--database {file}: there is no such file; name the one that the application uses")))
}
