//! Names of an older database, in lower case. SQLite's own `lower` leaves letters outside ASCII as they are.

use sqlx::{Row as _, SqliteConnection};

use crate::users::name_key;

const OLDER: &str = "SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE name = 'entra_sso_microsoft_account')";
/// Those with a letter outside ASCII, which takes more than one byte.
const ODD_NAMES: &str = "SELECT id, first_name, last_name FROM entra_sso_user \
    WHERE length(first_name || last_name) <> length(CAST(first_name || last_name AS BLOB))";
const SET_KEYS: &str = "UPDATE entra_sso_user SET first_name_key = $2, last_name_key = $3 WHERE id = $1";

/// Whether the tables are those of before the second migration, which makes keys of names.
pub(super) async fn are_without_keys(connection: &mut SqliteConnection) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar(OLDER).fetch_one(connection).await
}

/// Makes the keys that the migration could not make.
pub(super) async fn make_keys(connection: &mut SqliteConnection) -> Result<(), sqlx::Error> {
    for row in sqlx::query(ODD_NAMES).fetch_all(&mut *connection).await? {
        let lower = |column| row.try_get(column).map(|name: String| name_key(&name));
        let id: String = row.try_get("id")?;
        let set = sqlx::query(SET_KEYS).bind(id).bind(lower("first_name")?).bind(lower("last_name")?);
        set.execute(&mut *connection).await?;
    }
    Ok(())
}
