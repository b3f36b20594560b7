//! The statements of lists. Two ways lead to a page of the users who match a text: where few match, they are fetched through the
//! indexes of the four columns and sorted; where many do, the list is walked in its order, and the page is soon full.

use entra_sso::users::UserFilter;

use super::columns;

/// The statements for one filter, whose condition is written out in each, because an index of a part of the users is used only
/// where that part is named.
pub(in crate::users) struct Listing {
    /// How many there are.
    pub(in crate::users) count: &'static str,
    /// `$1` after whom, `$2` how many.
    pub(in crate::users) page: &'static str,
    /// How many match a rare text.
    pub(in crate::users) count_of_few: &'static str,
    /// A page of those who match a rare text: `$5` after whom, `$6` how many.
    pub(in crate::users) page_of_few: &'static str,
    /// A page of those who match a common text: `$1` after whom, `$2` how many, `$3` to `$6` lengths and beginnings.
    pub(in crate::users) page_of_many: &'static str,
}

/// Who matches: `$1` and `$2` the bounds of usernames and addresses, `$3` and `$4` those of names.
macro_rules! matches {
    ($column:literal, $all:literal) => {
        concat!(
            "SELECT id AS ",
            $column,
            " FROM entra_sso_user WHERE lower(username) >= $1 AND lower(username) < $2 ",
            $all,
            " SELECT id FROM entra_sso_user WHERE lower(email) >= $1 AND lower(email) < $2 ",
            $all,
            " SELECT id FROM entra_sso_user WHERE first_name_key >= $3 AND first_name_key < $4 ",
            $all,
            " SELECT id FROM entra_sso_user WHERE last_name_key >= $3 AND last_name_key < $4"
        )
    };
}

/// Whether more match than `$5`: at most one more is counted. Who matches twice is counted twice.
pub(in crate::users) const PROBE: &str =
    concat!("SELECT count(*) AS count FROM (", matches!("matched", "UNION ALL"), " LIMIT $5 + 1) AS probe");

macro_rules! listing {
    ($filter:literal) => {
        Listing {
            count: concat!("SELECT count(*) AS count FROM entra_sso_user WHERE ", $filter),
            page: concat!(
                "SELECT ",
                columns!(),
                " FROM entra_sso_user WHERE ",
                $filter,
                " AND lower(username) > $1 ORDER BY lower(username) LIMIT $2"
            ),
            // A CROSS JOIN has an order in SQLite: first those who match, then their rows.
            count_of_few: concat!(
                "SELECT count(*) AS count FROM (",
                matches!("matched", "UNION"),
                ") AS few CROSS JOIN entra_sso_user WHERE id = matched AND ",
                $filter
            ),
            page_of_few: concat!(
                "SELECT ",
                columns!(),
                " FROM (",
                matches!("matched", "UNION"),
                ") AS few CROSS JOIN entra_sso_user WHERE id = matched AND ",
                $filter,
                " AND lower(username) > $5 ORDER BY lower(username) LIMIT $6"
            ),
            page_of_many: concat!(
                "SELECT ",
                columns!(),
                " FROM entra_sso_user WHERE ",
                $filter,
                " AND lower(username) > $1 AND (substr(lower(username), 1, CAST($3 AS integer)) = $4 \
                 OR substr(lower(email), 1, CAST($3 AS integer)) = $4 \
                 OR substr(first_name_key, 1, CAST($5 AS integer)) = $6 \
                 OR substr(last_name_key, 1, CAST($5 AS integer)) = $6) ORDER BY lower(username) LIMIT $2"
            ),
        }
    };
}

static EVERYBODY: Listing = listing!("TRUE");
static STAFF: Listing = listing!("(staff | superuser) <> 0");
static SUPERUSERS: Listing = listing!("superuser <> 0");
static INACTIVE: Listing = listing!("NOT is_active");
static WITHOUT_ACCOUNT: Listing = listing!("account_kind IS NULL");

/// The statements for a filter; none when this version does not know it.
pub(in crate::users) fn listing(only: Option<UserFilter>) -> Option<&'static Listing> {
    match only {
        None => Some(&EVERYBODY),
        Some(UserFilter::Staff) => Some(&STAFF),
        Some(UserFilter::Superusers) => Some(&SUPERUSERS),
        Some(UserFilter::Inactive) => Some(&INACTIVE),
        Some(UserFilter::WithoutAccount) => Some(&WITHOUT_ACCOUNT),
        Some(_) => None,
    }
}
