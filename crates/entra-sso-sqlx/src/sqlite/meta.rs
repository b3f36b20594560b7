//! Facts about the database itself.

use entra_sso::StoreError;

use super::{queries, users::SqliteUsers};

/// Under which key the mark stands.
const MARK: &str = "mark";

impl SqliteUsers {
    /// Whose users these are, if anybody said so: a word that a program has set to know its own databases again.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn database_mark(&self) -> Result<Option<String>, StoreError> {
        self.meta(MARK).await
    }

    /// Marks the database, whatever is in it.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn set_mark(&self, mark: &str) -> Result<(), StoreError> {
        self.set_meta(MARK, mark).await
    }

    /// Marks the database if it is new: without users, and without a mark. Gives the mark that stands afterwards, so that of two
    /// programs which claim a new database at the same time both learn whose it is.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn claim_mark(&self, mark: &str) -> Result<Option<String>, StoreError> {
        sqlx::query(queries::CLAIM_META).bind(MARK).bind(mark).execute(&self.pool).await.map_err(StoreError::new)?;
        self.database_mark().await
    }

    /// Whether there is no user.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn is_empty(&self) -> Result<bool, StoreError> {
        let has_users: bool =
            sqlx::query_scalar(queries::HAS_USERS).fetch_one(&self.pool).await.map_err(StoreError::new)?;
        Ok(!has_users)
    }

    /// A fact about the database, under a name of the caller's choice.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn meta(&self, key: &str) -> Result<Option<String>, StoreError> {
        sqlx::query_scalar(queries::META).bind(key).fetch_optional(&self.pool).await.map_err(StoreError::new)
    }

    /// Writes a fact about the database, in place of an earlier one.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn set_meta(&self, key: &str, value: &str) -> Result<(), StoreError> {
        sqlx::query(queries::SET_META).bind(key).bind(value).execute(&self.pool).await.map_err(StoreError::new)?;
        Ok(())
    }
}
