//! Users as text and as JSON.

use entra_sso::{
    oidc::Timestamp,
    users::{Grant, Grants, User},
};
use serde_json::{Value, json};
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

/// What somebody chose, without characters that a terminal would obey.
pub(super) fn plain(text: &str) -> String {
    text.chars().filter(|letter| !letter.is_control()).collect()
}

/// `2026-11-21T10:00:00Z`
pub(super) fn date(moment: Timestamp) -> String {
    let date = OffsetDateTime::from_unix_timestamp(moment.unix()).ok().and_then(|date| date.format(&Rfc3339).ok());
    date.unwrap_or_else(|| moment.unix().to_string())
}

/// Everything about a user but his picture.
pub(super) fn user_json(user: &User) -> Value {
    let sources = |grants: Grants| grants.iter().map(Grant::as_str).collect::<Vec<_>>();
    json!({
        "id": user.id.as_str(),
        "username": user.username,
        "email": user.email,
        "first_name": user.first_name,
        "last_name": user.last_name,
        "is_active": user.is_active,
        "is_staff": user.is_staff(),
        "is_superuser": user.is_superuser(),
        "staff": sources(user.staff),
        "superuser": sources(user.superuser),
        "date_joined": date(user.date_joined),
        "last_login": user.last_login.map(date),
        "invitation": user.invitation,
        "account": user.account.as_ref().map(|account| json!({
            "kind": account.key.kind().as_str(),
            "tenant": account.key.tenant(),
            "subject": account.key.subject(),
            "user_principal_name": account.user_principal_name,
            "locale": account.locale,
            "has_picture": account.has_picture,
        })),
    })
}
