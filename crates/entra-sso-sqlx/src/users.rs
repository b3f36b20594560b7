//! What both stores promise, and what else both tell of their database.

/// Under which key the mark stands.
pub(crate) const MARK: &str = "mark";

/// The traits of [`entra_sso::users`], and facts about the database, for a type with a `store`.
macro_rules! user_store {
    ($users:ty) => {
        impl $users {
            /// Whose users these are, if anybody said so: a word that a program has set to know its own databases again.
            ///
            /// # Errors
            /// When the database cannot be read.
            pub async fn database_mark(&self) -> Result<Option<String>, entra_sso::StoreError> {
                self.store.meta($crate::users::MARK).await
            }

            /// Marks the database, whatever is in it.
            ///
            /// # Errors
            /// When the database cannot be written.
            pub async fn set_mark(&self, mark: &str) -> Result<(), entra_sso::StoreError> {
                self.store.set_meta($crate::users::MARK, mark).await
            }

            /// Marks the database if it is new: without users, and without a mark. Gives the mark that stands afterwards, so that
            /// of two programs which claim a new database at the same time both learn whose it is.
            ///
            /// # Errors
            /// When the database cannot be written.
            pub async fn claim_mark(&self, mark: &str) -> Result<Option<String>, entra_sso::StoreError> {
                self.store.claim_meta($crate::users::MARK, mark).await
            }

            /// Whether there is no user.
            ///
            /// # Errors
            /// When the database cannot be read.
            pub async fn is_empty(&self) -> Result<bool, entra_sso::StoreError> {
                self.store.is_empty().await
            }

            /// A fact about the database, under a name of the caller's choice.
            ///
            /// # Errors
            /// When the database cannot be read.
            pub async fn meta(&self, key: &str) -> Result<Option<String>, entra_sso::StoreError> {
                self.store.meta(key).await
            }

            /// Writes a fact about the database, in place of an earlier one.
            ///
            /// # Errors
            /// When the database cannot be written.
            pub async fn set_meta(&self, key: &str, value: &str) -> Result<(), entra_sso::StoreError> {
                self.store.set_meta(key, value).await
            }
        }

        impl entra_sso::users::UserStore for $users {
            async fn find(
                &self,
                lookup: entra_sso::users::UserLookup,
            ) -> Result<Option<entra_sso::users::User>, entra_sso::StoreError> {
                self.store.find(lookup).await
            }

            async fn create(
                &self,
                user: entra_sso::users::NewUser,
            ) -> Result<entra_sso::users::Created, entra_sso::StoreError> {
                self.store.create(user).await
            }

            async fn link(
                &self,
                link: entra_sso::users::Link,
            ) -> Result<entra_sso::users::Linked, entra_sso::StoreError> {
                self.store.link(link).await
            }

            async fn update(
                &self,
                update: entra_sso::users::UserUpdate,
            ) -> Result<entra_sso::users::Updated, entra_sso::StoreError> {
                self.store.update(update).await
            }

            async fn picture(
                &self,
                user: &entra_sso::users::UserId,
            ) -> Result<Option<entra_sso::users::Picture>, entra_sso::StoreError> {
                self.store.picture(user).await
            }
        }

        impl entra_sso::users::UserDirectory for $users {
            async fn search(
                &self,
                query: entra_sso::users::UserQuery,
            ) -> Result<entra_sso::users::UserPage, entra_sso::StoreError> {
                self.store.search(query).await
            }

            async fn delete(
                &self,
                user: &entra_sso::users::UserId,
                keep_last_superuser: bool,
            ) -> Result<entra_sso::users::Deleted, entra_sso::StoreError> {
                self.store.delete(user, keep_last_superuser).await
            }
        }

        impl std::fmt::Debug for $users {
            fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                out.debug_struct(stringify!($users)).finish_non_exhaustive()
            }
        }
    };
}

pub(crate) use user_store;
