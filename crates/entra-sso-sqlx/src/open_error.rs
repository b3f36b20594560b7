//! Why a database cannot be used.

use std::{error::Error, fmt};

use sqlx::migrate::MigrateError;

/// A database cannot be used. The text names it, what is wrong, and the cure, and never a password; `Debug` shows the same, and
/// the cause, since that is what a `main` that ends with this error prints.
pub struct OpenError {
    kind: OpenErrorKind,
    database: String,
    source: Box<dyn Error + Send + Sync>,
}

/// Why a database cannot be used.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum OpenErrorKind {
    /// SQLite: the file cannot be opened or made: its directory is missing, it is a directory, or permission is.
    CannotOpen,
    /// SQLite: the file can be read but not written.
    ReadOnly,
    /// SQLite: the file is something else than a database, or is damaged.
    NotADatabase,
    /// PostgreSQL: the URL cannot be read.
    BadUrl,
    /// PostgreSQL: nobody answers at this host and port, or not over TLS as it was asked for.
    Unreachable,
    /// PostgreSQL: the server does not let this user in, or has no such database.
    Refused,
    /// PostgreSQL: this user may not make tables there, or the server is a copy that is only read.
    NotAllowed,
    /// The address is that of another kind of database.
    Unknown,
    /// The cargo feature of this kind of database is off.
    NotBuiltIn,
    /// Another version of this crate has changed the tables.
    Newer,
    /// Another process has kept the database locked for more than five seconds.
    Busy,
    /// Anything else; the source says what.
    Other,
}

impl OpenError {
    /// Why the database cannot be used.
    #[must_use]
    pub fn kind(&self) -> OpenErrorKind {
        self.kind
    }

    /// Which part of the URL it is stays unsaid, since it may be a piece of a password.
    #[cfg(feature = "postgres")]
    pub(crate) fn bad_url() -> Self {
        let (kind, database) = (OpenErrorKind::BadUrl, "of the URL".to_owned());
        Self { kind, database, source: "the URL cannot be read".into() }
    }

    /// The URL of another database can hold a password, too.
    pub(crate) fn unknown() -> Self {
        let (kind, database) = (OpenErrorKind::Unknown, "of the URL".to_owned());
        Self { kind, database, source: "the scheme is not known".into() }
    }

    #[cfg(not(all(feature = "sqlite", feature = "postgres")))]
    pub(crate) fn not_built_in() -> Self {
        let (kind, database) = (OpenErrorKind::NotBuiltIn, "of the URL".to_owned());
        Self { kind, database, source: "the feature is off".into() }
    }

    /// `of_cause` tells the kinds of errors of one database.
    pub(crate) fn new(
        database: &str,
        error: impl Into<MigrateError>,
        of_cause: impl FnOnce(&sqlx::Error) -> OpenErrorKind,
    ) -> Self {
        let error = error.into();
        let kind = match &error {
            MigrateError::VersionMissing(_) | MigrateError::VersionMismatch(_) => OpenErrorKind::Newer,
            MigrateError::Execute(cause) | MigrateError::ExecuteMigration(cause, _) => of_cause(cause),
            _ => OpenErrorKind::Other,
        };
        Self { kind, database: database.to_owned(), source: error.into() }
    }
}

impl OpenErrorKind {
    const fn text(self) -> &'static str {
        match self {
            Self::CannotOpen => {
                "cannot be opened or made; its directory must exist, and this user must be allowed to write there"
            }
            Self::ReadOnly => "cannot be written; this user must be allowed to write to it and to its directory",
            Self::NotADatabase => "is not an SQLite database, or is damaged; name another file, or restore a copy",
            Self::BadUrl => {
                "cannot be found; write postgres://USER:PASSWORD@HOST:PORT/DATABASE, with %xx for odd letters"
            }
            Self::Unreachable => "does not answer; start the server, or correct host, port and sslmode",
            Self::Refused => "is refused; correct user, password and the database's name, or make them on the server",
            Self::NotAllowed => {
                "cannot be given tables; GRANT CREATE ON SCHEMA to this user, and name the primary server and no copy"
            }
            Self::Unknown => {
                "is neither SQLite nor PostgreSQL; name a file, or write sqlite://…, postgres://… or postgresql://…"
            }
            Self::NotBuiltIn => "is of a kind that was not built in; turn on entra-sso-sqlx's feature of its name",
            Self::Newer => "was written by another version of this program; use that version, or name another database",
            Self::Busy => "is locked by another process; end that process, or name another database",
            Self::Other => "cannot be used",
        }
    }
}

impl fmt::Display for OpenError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "the database {} {}", self.database, self.kind.text())
    }
}

impl fmt::Debug for OpenError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{self} ({:?}: {})", self.kind, self.source)
    }
}

impl Error for OpenError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&*self.source)
    }
}
