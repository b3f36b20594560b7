//! Every statement about sessions and marks. Both databases take the same text, but for the one that sweeps.

/// How many sessions one statement ends.
pub(super) const AT_A_TIME: usize = 16;

macro_rules! columns {
    () => {
        "version, user_id, authority, sid, subject, started_at, idle_deadline, absolute_deadline, rechecks, body"
    };
}

pub(super) const INSERT: &str = concat!(
    "INSERT INTO entra_sso_session (key, ",
    columns!(),
    ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"
);
pub(super) const LOAD: &str = concat!("SELECT ", columns!(), " FROM entra_sso_session WHERE key = $1");
pub(super) const VERSION: &str = "SELECT version FROM entra_sso_session WHERE key = $1";

pub(super) const REPLACE: &str =
    "UPDATE entra_sso_session SET version = $3, body = $4 WHERE key = $1 AND version = $2 RETURNING key";
pub(super) const TOUCH: &str = "UPDATE entra_sso_session SET idle_deadline = $2 WHERE key = $1 RETURNING key";
pub(super) const RECHECK: &str = "UPDATE entra_sso_session SET rechecks = rechecks + 1 WHERE key = $1 RETURNING key";

pub(super) const DELETE: &str = "DELETE FROM entra_sso_session WHERE key = $1 RETURNING key";
/// A list with fewer keys names its last one several times.
pub(super) const DELETE_SOME: &str = "DELETE FROM entra_sso_session WHERE key IN \
    ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16) RETURNING key";

pub(super) const OF_USER: &str = "SELECT key FROM entra_sso_session WHERE user_id = $1";
pub(super) const OF_SID: &str = "SELECT key FROM entra_sso_session WHERE authority = $1 AND sid = $2";
pub(super) const OF_SUBJECT: &str = "SELECT key FROM entra_sso_session WHERE authority = $1 AND subject = $2";
pub(super) const EXPIRED: &str = "SELECT key FROM entra_sso_session WHERE deadline < $1 ORDER BY deadline LIMIT 1000";

/// Of all that come at the same time the database lets one insert. A mark whose deadline is over stays one until it is swept.
pub(super) const MARK: &str =
    "INSERT INTO entra_sso_used_state (hash, until) VALUES ($1, $2) ON CONFLICT (hash) DO NOTHING RETURNING hash";
pub(super) const FORGET: &str = "DELETE FROM entra_sso_used_state WHERE hash = $1";

/// Takes sessions that ended before `$1` away, `$2` at a time.
macro_rules! sweep_sessions {
    ($locking:literal) => {
        concat!(
            "DELETE FROM entra_sso_session WHERE key IN (SELECT key FROM entra_sso_session WHERE deadline < $1 \
             ORDER BY deadline LIMIT $2 ",
            $locking,
            ") RETURNING key"
        )
    };
}

/// Takes marks that ended before `$1` away, `$2` at a time.
macro_rules! sweep_marks {
    ($locking:literal) => {
        concat!(
            "DELETE FROM entra_sso_used_state WHERE hash IN (SELECT hash FROM entra_sso_used_state WHERE until < $1 \
             ORDER BY until LIMIT $2 ",
            $locking,
            ") RETURNING hash"
        )
    };
}

pub(crate) use {sweep_marks, sweep_sessions};
