//! The profile page: who the user is, how long the session lasts, what Microsoft signed.

use std::time::Duration;

use entra_sso::{
    SignedIn,
    oidc::{AccountKind, Timestamp},
};
use serde::Serialize;
use serde_json::Value;
use time::{OffsetDateTime, format_description::well_known::Rfc3339, macros::format_description};

use crate::demo::claim_meanings;

#[derive(Serialize)]
pub(crate) struct Profile {
    badges: Vec<String>,
    groups: [Group; 2],
    claims: Vec<Claim>,
}

#[derive(Serialize)]
struct Group {
    heading: &'static str,
    facts: Vec<Fact>,
}

#[derive(Serialize)]
struct Fact {
    name: &'static str,
    value: Option<String>,
    /// The same moment for a machine.
    machine: Option<String>,
    note: Option<String>,
}

#[derive(Serialize)]
struct Claim {
    name: String,
    value: String,
    meaning: &'static str,
}

impl Profile {
    /// `idle_age` is how long a session may go unused.
    pub(crate) fn new(user: &SignedIn, idle_age: Duration, now: Timestamp) -> Profile {
        Profile {
            badges: badges(user),
            groups: [
                Group { heading: "Account", facts: account(user, now) },
                Group { heading: "Session", facts: session(user, idle_age, now) },
            ],
            claims: claims(user),
        }
    }
}

/// What the user may do here, and which roles the tenant gave him in this application.
fn badges(user: &SignedIn) -> Vec<String> {
    let record = user.user();
    let kinds = [(record.is_superuser(), "Superuser"), (record.is_staff(), "Staff")];
    let kinds = kinds.into_iter().filter(|(is, _)| *is).map(|(_, badge)| badge.to_owned());
    let roles = user.claims().get("roles").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
    kinds.chain(roles.map(str::to_owned)).collect()
}

fn account(user: &SignedIn, now: Timestamp) -> Vec<Fact> {
    let record = user.user();
    let account = user.account();
    vec![
        Fact::text("First name", Some(&record.first_name)),
        Fact::text("Last name", Some(&record.last_name)),
        Fact::text("E-mail", user.email()),
        Fact::text("Principal name", account.and_then(|account| account.user_principal_name.as_deref())),
        Fact::text("Language", account.and_then(|account| account.locale.as_deref())),
        Fact::text(tenant_name(account.map(|account| account.key.kind())), account.map(|account| account.key.tenant())),
        Fact::text("Account id", account.map(|account| account.key.subject())),
        Fact::moment("Known since", record.date_joined, now),
    ]
}

fn tenant_name(kind: Option<AccountKind>) -> &'static str {
    if kind == Some(AccountKind::OpenId) { "Issuer" } else { "Tenant" }
}

fn session(user: &SignedIn, idle_age: Duration, now: Timestamp) -> Vec<Fact> {
    let facts = user.session();
    vec![
        Fact::moment("Signed in", facts.started_at, now),
        Fact::moment("Ends", facts.absolute_deadline, now),
        Fact::text("Idle limit", Some(&length(idle_age))),
        Fact::text("Authority", Some(&facts.authority)),
        Fact::text("Kept in", Some("the server; the browser holds only a random name for it")),
    ]
}

fn claims(user: &SignedIn) -> Vec<Claim> {
    let mut claims: Vec<Claim> = user
        .claims()
        .iter()
        .map(|(name, value)| Claim { name: name.clone(), value: shown(name, value), meaning: claim_meanings::of(name) })
        .collect();
    claims.sort_by(|one, other| one.name.cmp(&other.name));
    claims
}

/// A list takes a line for each entry, a moment is also said in words.
fn shown(name: &str, value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(entries) => entries.iter().map(|entry| shown(name, entry)).collect::<Vec<_>>().join("\n"),
        Value::Number(number) if matches!(name, "auth_time" | "exp" | "iat" | "nbf") => {
            number.as_i64().and_then(date).map_or_else(|| number.to_string(), |date| format!("{number} ({date})"))
        }
        other => other.to_string(),
    }
}

impl Fact {
    fn text(name: &'static str, value: Option<&str>) -> Fact {
        Fact { name, value: value.filter(|value| !value.is_empty()).map(str::to_owned), machine: None, note: None }
    }

    fn moment(name: &'static str, moment: Timestamp, now: Timestamp) -> Fact {
        Fact { name, value: date(moment.unix()), machine: rfc3339(moment.unix()), note: Some(distance(moment, now)) }
    }
}

fn date(unix: i64) -> Option<String> {
    let format = format_description!("[day padding:none] [month repr:long] [year], [hour]:[minute]:[second] UTC");
    OffsetDateTime::from_unix_timestamp(unix).ok()?.format(format).ok()
}

fn rfc3339(unix: i64) -> Option<String> {
    OffsetDateTime::from_unix_timestamp(unix).ok()?.format(&Rfc3339).ok()
}

/// How far away a moment is.
fn distance(moment: Timestamp, now: Timestamp) -> String {
    const MINUTE: Duration = Duration::from_mins(1);
    match (moment.since(now), now.since(moment)) {
        (ahead, _) if ahead >= MINUTE => format!("in {}", length(ahead)),
        (_, past) if past >= MINUTE => format!("{} ago", length(past)),
        _ => "now".to_owned(),
    }
}

/// A length of time in its largest unit.
fn length(time: Duration) -> String {
    let (amount, unit) = match time.as_secs() {
        seconds @ 0..60 => (seconds, "second"),
        seconds @ 60..3600 => (seconds / 60, "minute"),
        seconds @ 3600..86_400 => (seconds / 3600, "hour"),
        seconds => (seconds / 86_400, "day"),
    };
    let plural = if amount == 1 { "" } else { "s" };
    format!("{amount} {unit}{plural}")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn distances() {
        let at = Timestamp::from_unix;
        for (moment, expected) in [
            (1_000_000, "now"),
            (1_000_059, "now"),
            (999_941, "now"),
            (1_000_060, "in 1 minute"),
            (1_003_599, "in 59 minutes"),
            (1_003_600, "in 1 hour"),
            (1_172_800, "in 2 days"),
            (999_880, "2 minutes ago"),
        ] {
            assert_eq!(distance(at(moment), at(1_000_000)), expected, "{moment}");
        }
    }

    #[test]
    fn values_are_readable() {
        assert_eq!(shown("groups", &json!(["a", "b"])), "a\nb");
        assert_eq!(shown("exp", &json!(0)), "0 (1 January 1970, 00:00:00 UTC)");
        assert_eq!(shown("exp", &json!(1.0e300)), "1e+300");
        assert_eq!(shown("ver", &json!("2.0")), "2.0");
        assert_eq!(shown("acct", &json!(0)), "0");
    }
}
