//! The demo's file of users, and the mark that keeps the emulator's users apart from real ones.
//!
//! The accounts of the local Microsoft can be anyone's. A file that has ever held them carries a mark that says so to whoever
//! opens it. The emulator only writes where the mark is, and a real Microsoft never does. A file is looked at before its
//! tables are made, so that a refused one stays as it is.

use std::{
    fs,
    path::{Path, PathBuf, absolute},
};

use entra_sso_sqlx::SqliteStore;
use sqlx::{Connection, SqliteConnection, sqlite::SqliteConnectOptions};

use crate::{environment::Environment, failure::Failure, unguessable::unguessable, users::DEMO};

pub(super) struct Database {
    path: PathBuf,
    temporary: Option<TemporaryDirectory>,
    /// What the file says about itself from now on.
    mark: Option<&'static str>,
}

/// What a file says about itself.
enum Contents {
    Nothing,
    EmulatorUsers,
    Others,
}

impl Database {
    /// Opens `path` for accounts that are made up: a new file is marked, one without the mark is refused.
    pub(super) async fn for_emulator(path: Option<PathBuf>, environment: &Environment) -> Result<Database, Failure> {
        let mut database = Database::at(path, environment)?;
        let mut connection = database.connect().await?;
        if matches!(contents(&mut connection).await.map_err(|error| database.unusable(&error))?, Contents::Others) {
            return Err(Failure::new(format_args!(
                "--database {}: this file was not made by the demo with its local Microsoft, whose accounts are made \
                 up; choose a new file, or leave the flag out",
                database.path.display()
            )));
        }
        database.mark = Some(DEMO);
        connection.close().await.map_err(|error| database.unusable(&error))?;
        Ok(database)
    }

    /// Opens `path` for accounts that Microsoft vouches for: one with the mark is refused.
    pub(super) async fn for_real_microsoft(
        path: Option<PathBuf>,
        environment: &Environment,
    ) -> Result<Database, Failure> {
        let database = Database::at(path, environment)?;
        let mut connection = database.connect().await?;
        if matches!(
            contents(&mut connection).await.map_err(|error| database.unusable(&error))?,
            Contents::EmulatorUsers
        ) {
            return Err(Failure::new(format_args!(
                "--database {}: this file holds accounts that the local Microsoft made up, and the environment names \
                 another one; choose a new file",
                database.path.display()
            )));
        }
        connection.close().await.map_err(|error| database.unusable(&error))?;
        Ok(database)
    }

    /// The users in it.
    pub(super) async fn users(&self) -> Result<SqliteStore, Failure> {
        let Some(path) = self.path.to_str() else {
            return Err(Failure::new(format_args!("--database {}: the path is not valid UTF-8", self.path.display())));
        };
        let users = SqliteStore::open(path).await.map_err(|error| self.unusable(&error))?;
        if let Some(mark) = self.mark {
            users.set_mark(mark).await.map_err(|error| self.unusable(&error))?;
        }
        Ok(users)
    }

    /// For the greeting.
    pub(super) fn description(&self) -> String {
        let path = self.path.display();
        if self.temporary.is_some() { format!("{path} (removed at the end)") } else { path.to_string() }
    }

    fn at(path: Option<PathBuf>, environment: &Environment) -> Result<Database, Failure> {
        if let Some(path) = path {
            // Absolute, so that no path is taken for a URL or for ":memory:".
            let path =
                absolute(&path).map_err(|error| Failure::new(format_args!("--database: {error}; name a file")))?;
            return Ok(Database { path, temporary: None, mark: None });
        }
        let directory = TemporaryDirectory::new(&environment.temporary_directory())?;
        Ok(Database { path: directory.0.join("users.sqlite"), temporary: Some(directory), mark: None })
    }

    async fn connect(&self) -> Result<SqliteConnection, Failure> {
        let options = SqliteConnectOptions::new().filename(&self.path).create_if_missing(true);
        SqliteConnection::connect_with(&options).await.map_err(|error| self.unusable(&error))
    }

    fn unusable(&self, error: &dyn std::error::Error) -> Failure {
        let mut text = error.to_string();
        let mut source = error.source();
        while let Some(cause) = source {
            text = cause.to_string();
            source = cause.source();
        }
        Failure::new(format_args!(
            "--database {}: cannot be used as a SQLite file ({text}); name a file in a directory that this user can write to, \
             or leave the flag out",
            self.path.display()
        ))
    }
}

const TABLES: &str = "SELECT name FROM sqlite_schema";
/// Under which key `SqliteStore` keeps the mark.
const MARK: &str = "SELECT value FROM entra_sso_meta WHERE key = 'mark'";
/// The mark of the first demos was a table.
const FIRST_MARK: &str = "entra_sso_demo_users_of_the_local_emulator";

async fn contents(connection: &mut SqliteConnection) -> Result<Contents, sqlx::Error> {
    let names: Vec<String> = sqlx::query_scalar(TABLES).fetch_all(&mut *connection).await?;
    let has = |table: &str| names.iter().any(|name| name == table);
    if names.is_empty() {
        return Ok(Contents::Nothing);
    }
    let mark: Option<String> =
        if has("entra_sso_meta") { sqlx::query_scalar(MARK).fetch_optional(connection).await? } else { None };
    let is_ours = mark.as_deref() == Some(DEMO) || has(FIRST_MARK);
    Ok(if is_ours { Contents::EmulatorUsers } else { Contents::Others })
}

/// A directory that only this user can open, and that goes with this value.
struct TemporaryDirectory(PathBuf);

impl TemporaryDirectory {
    fn new(parent: &Path) -> Result<TemporaryDirectory, Failure> {
        use std::os::unix::fs::DirBuilderExt as _;

        let path = parent.join(format!("entra-sso-demo-{}", unguessable()));
        fs::DirBuilder::new().mode(0o700).create(&path).map_err(|error| {
            Failure::new(format_args!(
                "cannot make {}: {error}; name a writable file with --database, or a writable directory with TMPDIR",
                path.display()
            ))
        })?;
        Ok(TemporaryDirectory(path))
    }
}

impl Drop for TemporaryDirectory {
    fn drop(&mut self) {
        if let Err(error) = fs::remove_dir_all(&self.0) {
            tracing::warn!(path = %self.0.display(), %error, "the demo's temporary directory could not be removed");
        }
    }
}
