//! Every statement about users, in one place; both databases take the same text. All values are bound, never written into it.
//!
//! `lower` changes ASCII letters only: in SQLite always, in PostgreSQL because the columns have the collation "C".

mod listing;

pub(super) use self::listing::{Listing, PROBE, listing};

/// The columns that make a user.
macro_rules! columns {
    () => {
        "id, username, email, first_name, last_name, is_active, staff, superuser, date_joined, last_login, invitation, \
         account_kind, account_tenant, account_subject, user_principal_name, locale, has_picture"
    };
}

macro_rules! select_user {
    ($where:literal) => {
        concat!("SELECT ", columns!(), " FROM entra_sso_user WHERE ", $where)
    };
}

/// Whether this update makes the first superuser that this database has had.
macro_rules! first {
    () => {
        "CASE WHEN $14 AND NOT EXISTS (SELECT 1 FROM entra_sso_meta WHERE key = 'had_superuser') \
         AND NOT EXISTS (SELECT 1 FROM entra_sso_user WHERE superuser <> 0) THEN 4 ELSE 0 END"
    };
}

/// Whether there is another active superuser than `$1`.
macro_rules! another_superuser {
    () => {
        "EXISTS (SELECT 1 FROM entra_sso_user other WHERE other.id <> $1 AND other.is_active AND other.superuser <> 0)"
    };
}

pub(super) use columns;

pub(super) const USER_BY_ID: &str = select_user!("id = $1");
pub(super) const USER_BY_ACCOUNT: &str =
    select_user!("account_kind = $1 AND account_tenant = $2 AND account_subject = $3");
/// Two rows are enough to know that the address is not one user's.
pub(super) const USERS_BY_ADDRESS: &str = select_user!("lower(email) = $1 LIMIT 2");
pub(super) const USER_BY_INVITATION: &str = select_user!("invitation = $1 AND account_kind IS NULL");

/// The wanted username, and those that begin with it and a hyphen, which `.` comes right after.
pub(super) const SIMILAR_USERNAMES: &str = "SELECT lower(username) AS username FROM entra_sso_user \
    WHERE lower(username) = $1 OR (lower(username) > $2 AND lower(username) < $3)";

pub(super) const INSERT_USER: &str = concat!(
    "INSERT INTO entra_sso_user (",
    columns!(),
    ", first_name_key, last_name_key) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, \
     $18, $19) RETURNING ",
    columns!()
);

/// The account must be nobody's, and the user without one.
pub(super) const LINK: &str = concat!(
    "UPDATE entra_sso_user SET account_kind = $2, account_tenant = $3, account_subject = $4, user_principal_name = $5, \
     locale = $6, has_picture = $7, invitation = NULL WHERE id = $1 AND account_kind IS NULL AND NOT EXISTS (SELECT 1 \
     FROM entra_sso_user other WHERE other.account_kind = $2 AND other.account_tenant = $3 AND other.account_subject = $4) \
     RETURNING ",
    columns!()
);

/// A bound NULL, or a false flag before a value, leaves the column as it is. `$1` the user; `$2` to `$5` whether the address
/// changes, whether only to one that nobody has, it in lower case, it; `$6` to `$9` the names and their keys; `$10` active; `$11` to
/// `$13` staff to take and to give, superuser to take; `$14` the first superuser; `$15` superuser to give; `$16` the moment of a
/// sign-in; `$17` to `$20` whether UPN and locale change, and to what; `$21` whether there is a picture; `$22` whether the last
/// active superuser stays one.
pub(super) const UPDATE_USER: &str = concat!(
    "UPDATE entra_sso_user SET email = CASE WHEN $2 AND NOT ($3 AND EXISTS (SELECT 1 FROM entra_sso_user other \
     WHERE lower(other.email) = $4 AND other.id <> $1)) THEN $5 ELSE email END, \
     first_name = coalesce($6, first_name), first_name_key = coalesce($7, first_name_key), \
     last_name = coalesce($8, last_name), last_name_key = coalesce($9, last_name_key), \
     is_active = coalesce($10, is_active), staff = (staff & ~$11) | $12 | ",
    first!(),
    ", superuser = (superuser & ~$13) | $15 | ",
    first!(),
    ", last_login = coalesce($16, last_login), \
     user_principal_name = CASE WHEN $17 AND account_kind IS NOT NULL THEN $18 ELSE user_principal_name END, \
     locale = CASE WHEN $19 AND account_kind IS NOT NULL THEN $20 ELSE locale END, \
     has_picture = CASE WHEN account_kind IS NULL THEN has_picture ELSE coalesce($21, has_picture) END \
     WHERE id = $1 AND NOT ($22 AND is_active AND superuser <> 0 \
     AND NOT (coalesce($10, is_active) AND ((superuser & ~$13) | $15) <> 0) AND NOT ",
    another_superuser!(),
    ") RETURNING ",
    columns!()
);

pub(super) const DELETE_USER: &str = concat!(
    "DELETE FROM entra_sso_user WHERE id = $1 AND NOT ($2 AND is_active AND superuser <> 0 AND NOT ",
    another_superuser!(),
    ") RETURNING id"
);

pub(super) const PUT_PICTURE: &str = "INSERT INTO entra_sso_picture (user_id, content_type, bytes) VALUES ($1, $2, $3) \
    ON CONFLICT (user_id) DO UPDATE SET content_type = excluded.content_type, bytes = excluded.bytes";
pub(super) const DELETE_PICTURE: &str = "DELETE FROM entra_sso_picture WHERE user_id = $1";
pub(super) const PICTURE: &str = "SELECT content_type, bytes FROM entra_sso_picture WHERE user_id = $1";
