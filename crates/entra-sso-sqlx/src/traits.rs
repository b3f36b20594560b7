//! What every store promises, and what else it tells of its database.

/// The traits of [`entra_sso::users`] and [`entra_sso::session`], and facts about the database, for a type whose `$ask` leads to
/// the tables: `ask!(self, users, find(lookup))`.
macro_rules! store {
    ($store:ty, $ask:ident) => {
        impl $store {
            /// Whose users these are, if anybody said so: a word that a program has set to know its own databases again.
            ///
            /// # Errors
            /// When the database cannot be read.
            pub async fn database_mark(&self) -> Result<Option<String>, entra_sso::StoreError> {
                $ask!(self, facts, read($crate::facts::MARK))
            }

            /// Marks the database, whatever is in it.
            ///
            /// # Errors
            /// When the database cannot be written.
            pub async fn set_mark(&self, mark: &str) -> Result<(), entra_sso::StoreError> {
                $ask!(self, facts, write($crate::facts::MARK, mark))
            }

            /// Marks the database if it is new: without users, and without a mark. Gives the mark that stands afterwards, so that
            /// of two programs which claim a new database at the same time both learn whose it is.
            ///
            /// # Errors
            /// When the database cannot be written.
            pub async fn claim_mark(&self, mark: &str) -> Result<Option<String>, entra_sso::StoreError> {
                $ask!(self, facts, claim($crate::facts::MARK, mark))
            }

            /// Whether there is no user.
            ///
            /// # Errors
            /// When the database cannot be read.
            pub async fn is_empty(&self) -> Result<bool, entra_sso::StoreError> {
                $ask!(self, facts, is_without_users())
            }

            /// A fact about the database, under a name of the caller's choice.
            ///
            /// # Errors
            /// When the database cannot be read.
            pub async fn meta(&self, key: &str) -> Result<Option<String>, entra_sso::StoreError> {
                $ask!(self, facts, read(key))
            }

            /// Writes a fact about the database, in place of an earlier one.
            ///
            /// # Errors
            /// When the database cannot be written.
            pub async fn set_meta(&self, key: &str, value: &str) -> Result<(), entra_sso::StoreError> {
                $ask!(self, facts, write(key, value))
            }
        }

        impl entra_sso::users::UserStore for $store {
            async fn find(
                &self,
                lookup: entra_sso::users::UserLookup,
            ) -> Result<Option<entra_sso::users::User>, entra_sso::StoreError> {
                $ask!(self, users, find(lookup))
            }

            async fn create(
                &self,
                user: entra_sso::users::NewUser,
            ) -> Result<entra_sso::users::Created, entra_sso::StoreError> {
                $ask!(self, users, create(user))
            }

            async fn link(
                &self,
                link: entra_sso::users::Link,
            ) -> Result<entra_sso::users::Linked, entra_sso::StoreError> {
                $ask!(self, users, link(link))
            }

            async fn update(
                &self,
                update: entra_sso::users::UserUpdate,
            ) -> Result<entra_sso::users::Updated, entra_sso::StoreError> {
                $ask!(self, users, update(update))
            }

            async fn picture(
                &self,
                user: &entra_sso::users::UserId,
            ) -> Result<Option<entra_sso::users::Picture>, entra_sso::StoreError> {
                $ask!(self, users, picture(user))
            }
        }

        impl entra_sso::users::UserDirectory for $store {
            async fn search(
                &self,
                query: entra_sso::users::UserQuery,
            ) -> Result<entra_sso::users::UserPage, entra_sso::StoreError> {
                $ask!(self, users, search(query))
            }

            async fn delete(
                &self,
                user: &entra_sso::users::UserId,
                keep_last_superuser: bool,
            ) -> Result<entra_sso::users::Deleted, entra_sso::StoreError> {
                $ask!(self, users, delete(user, keep_last_superuser))
            }
        }

        impl entra_sso::session::SessionStore for $store {
            async fn create(
                &self,
                key: entra_sso::session::SessionKey,
                session: entra_sso::session::StoredSession,
            ) -> Result<(), entra_sso::StoreError> {
                $ask!(self, sessions, create(key, session))
            }

            async fn load(
                &self,
                key: &entra_sso::session::SessionKey,
            ) -> Result<Option<entra_sso::session::StoredSession>, entra_sso::StoreError> {
                $ask!(self, sessions, load(key))
            }

            async fn replace(
                &self,
                key: &entra_sso::session::SessionKey,
                seen: u64,
                update: entra_sso::session::SessionUpdate,
            ) -> Result<entra_sso::session::Replaced, entra_sso::StoreError> {
                $ask!(self, sessions, replace(key, seen, update))
            }

            async fn delete(&self, keys: &[entra_sso::session::SessionKey]) -> Result<u64, entra_sso::StoreError> {
                $ask!(self, sessions, delete(keys))
            }

            async fn find(
                &self,
                query: entra_sso::session::SessionQuery,
            ) -> Result<Vec<entra_sso::session::SessionKey>, entra_sso::StoreError> {
                $ask!(self, sessions, find(query))
            }
        }

        impl entra_sso::session::UsedStates for $store {
            async fn mark(
                &self,
                state: [u8; 32],
                until: entra_sso::oidc::Timestamp,
            ) -> Result<entra_sso::session::Mark, entra_sso::StoreError> {
                $ask!(self, sessions, mark(state, until))
            }

            async fn forget(&self, state: [u8; 32]) -> Result<(), entra_sso::StoreError> {
                $ask!(self, sessions, forget(state))
            }
        }

        impl std::fmt::Debug for $store {
            fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                out.debug_struct(stringify!($store)).finish_non_exhaustive()
            }
        }
    };
}

/// Asks the tables of a type with a `store` for one database.
macro_rules! ask_one {
    ($this:expr, $tables:ident, $method:ident($($argument:expr),*)) => {
        $this.store.in_time($this.store.$tables.$method($($argument),*)).await
    };
}

pub(crate) use {ask_one, store};
