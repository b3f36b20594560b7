//! Times, names and keys.

use std::time::Duration;

use super::secret_keys;
use crate::{
    errors::{Check, Finding},
    settings::Settings,
};

pub(super) fn check(settings: &Settings) -> Vec<Finding> {
    let mut findings = secret_keys::check(settings);
    findings.extend(name(settings));
    findings.extend(tokens(settings));
    findings
}

const DAY: Duration = Duration::from_hours(24);

/// Each length of time within its limits.
pub(super) fn ages(settings: &Settings) -> Vec<Finding> {
    let limits = [
        ("timeout", settings.timeout, Duration::from_mins(1), DAY),
        ("session_cookie_age", settings.session_cookie_age, Duration::from_secs(1), 400 * DAY),
        ("session_idle_age", settings.idle_age(), Duration::from_secs(1), settings.session_cookie_age),
        ("http_timeout", settings.http_timeout, Duration::from_secs(1), Duration::from_mins(5)),
        ("graph_timeout", settings.graph_timeout, Duration::from_secs(1), Duration::from_mins(5)),
        ("clock_skew", settings.clock_skew, Duration::ZERO, Duration::from_mins(10)),
        ("key_grace", settings.key_grace, Duration::ZERO, DAY),
        ("user_check_interval", settings.user_check_interval, Duration::ZERO, DAY),
    ];
    let outside = limits.into_iter().filter(|(_, value, least, most)| value < least || value > most);
    outside
        .map(|(setting, value, least, most)| {
            let cause =
                format!("`{setting}` is {} s, expected {} to {} s.", value.as_secs(), least.as_secs(), most.as_secs());
            Finding::new(Check::AgeInvalid, Some(setting), cause)
        })
        .collect()
}

fn tokens(settings: &Settings) -> Option<Finding> {
    if settings.save_access_token {
        return None;
    }
    let asks = settings.scopes.iter().flatten().any(|scope| scope == "offline_access");
    let (check, setting, cause) = match (settings.session_ends_with_token, asks) {
        (true, _) => {
            (Check::TokensNotSaved, "session_ends_with_token", "Without `save_access_token` there is no token.")
        }
        (_, true) => (Check::OfflineAccess, "scopes", "A refresh token would be asked for and thrown away."),
        _ => return None,
    };
    Some(Finding::new(check, Some(setting), cause))
}

fn name(settings: &Settings) -> Option<Finding> {
    let name = settings.cookie_name();
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    let fits = !name.is_empty() && name.len() <= 32 && name.bytes().all(plain) && !name.starts_with("__");
    // What follows from a `prefix` that cannot be used was said of the prefix.
    let (whence, is_said) = match settings.name {
        Some(_) => ("`name` is", false),
        None => ("`name` is not set, and what follows from `prefix` is", name.is_empty()),
    };
    (!fits && !is_said).then(|| Finding::new(Check::NameInvalid, Some("name"), format!("{whence} {name:?}.")))
}
