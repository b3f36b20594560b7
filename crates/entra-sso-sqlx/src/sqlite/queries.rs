//! Every query, in one place. All values are bound, never written into the text.

/// Users with their accounts.
macro_rules! select_user {
    ($where:literal) => {
        concat!(
            "SELECT u.id, u.username, u.email, u.first_name, u.last_name, u.is_active, u.staff_grants, u.superuser_grants, \
             u.date_joined, u.last_login, u.invitation, a.kind, a.tenant, a.subject, a.user_principal_name, a.locale, \
             EXISTS (SELECT 1 FROM entra_sso_picture p WHERE p.user_id = u.id) AS has_picture \
             FROM entra_sso_user u LEFT JOIN entra_sso_microsoft_account a ON a.user_id = u.id ",
            $where
        )
    };
}

/// Takes the write lock at once, so that what is read inside is still true when it is acted upon.
pub(super) const BEGIN: &str = "BEGIN IMMEDIATE";
/// Write-ahead log: readers do not wait for a writer.
pub(super) const USE_WAL: &str = "PRAGMA journal_mode = WAL";

pub(super) const USER_BY_ID: &str = select_user!("WHERE u.id = ?1");
pub(super) const USER_BY_ACCOUNT: &str = select_user!("WHERE a.kind = ?1 AND a.tenant = ?2 AND a.subject = ?3");
/// Two rows are enough to know that the address is not one user's.
pub(super) const USERS_BY_ADDRESS: &str = select_user!("WHERE lower(u.email) = ?1 LIMIT 2");

pub(super) const USERNAME_IS_TAKEN: &str = "SELECT EXISTS (SELECT 1 FROM entra_sso_user WHERE username = ?1)";
pub(super) const INSERT_USER: &str = "INSERT INTO entra_sso_user (id, username, email, first_name, last_name, is_active, \
    is_staff, is_superuser, staff_grants, superuser_grants, date_joined, last_login, invitation) \
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, 0, 0, ?7, ?8, ?9, ?10, ?11)";
pub(super) const INSERT_ACCOUNT: &str = "INSERT INTO entra_sso_microsoft_account (user_id, kind, tenant, subject, \
    user_principal_name, locale) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";

pub(super) const UPDATE_USER: &str = "UPDATE entra_sso_user SET email = ?2, first_name = ?3, last_name = ?4, \
    is_active = ?5, staff_grants = ?6, superuser_grants = ?7, last_login = ?8, invitation = ?9 WHERE id = ?1";
pub(super) const UPDATE_ACCOUNT: &str = "UPDATE entra_sso_microsoft_account SET user_principal_name = ?2, locale = ?3 \
    WHERE user_id = ?1";
pub(super) const USER_BY_INVITATION: &str = select_user!("WHERE u.invitation = ?1 AND a.user_id IS NULL");
pub(super) const OTHERS_WITH_ADDRESS: &str =
    "SELECT EXISTS (SELECT 1 FROM entra_sso_user WHERE lower(email) = lower(?1) AND id <> ?2)";
pub(super) const OTHER_SUPERUSERS: &str =
    "SELECT EXISTS (SELECT 1 FROM entra_sso_user WHERE superuser_grants <> 0 AND is_active AND id <> ?1)";
pub(super) const DELETE_PICTURE: &str = "DELETE FROM entra_sso_picture WHERE user_id = ?1";

/// Only for a user with an account.
pub(super) const PUT_PICTURE: &str = "INSERT INTO entra_sso_picture (user_id, content_type, bytes) \
    SELECT user_id, ?2, ?3 FROM entra_sso_microsoft_account WHERE user_id = ?1 \
    ON CONFLICT (user_id) DO UPDATE SET content_type = excluded.content_type, bytes = excluded.bytes";
pub(super) const PICTURE: &str = "SELECT content_type, bytes FROM entra_sso_picture WHERE user_id = ?1";

pub(super) const META: &str = "SELECT value FROM entra_sso_meta WHERE key = ?1";
pub(super) const SET_META: &str = "INSERT INTO entra_sso_meta (key, value) VALUES (?1, ?2) \
    ON CONFLICT (key) DO UPDATE SET value = excluded.value";
/// Only where there is no user, and no value yet.
pub(super) const CLAIM_META: &str = "INSERT INTO entra_sso_meta (key, value) \
    SELECT ?1, ?2 WHERE NOT EXISTS (SELECT 1 FROM entra_sso_user) ON CONFLICT (key) DO NOTHING";
pub(super) const HAS_USERS: &str = "SELECT EXISTS (SELECT 1 FROM entra_sso_user)";
