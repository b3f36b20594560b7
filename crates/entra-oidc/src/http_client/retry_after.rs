use std::time::Duration;

use http::{HeaderMap, header::RETRY_AFTER};

/// How long an answer asks to wait: seconds, which Graph also writes with a fraction ("2.128"). At most an hour is
/// believed.
pub(crate) fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    headers.get(RETRY_AFTER).and_then(|value| seconds(value.to_str().ok()?))
}

fn seconds(text: &str) -> Option<Duration> {
    let seconds: f64 = text.trim().parse().ok()?;
    if seconds.is_nan() || seconds < 0.0 {
        return None;
    }
    Duration::try_from_secs_f64(seconds.min(3600.0)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn retry_after_may_have_a_fraction() {
        for (text, expected) in [
            ("2", Some(Duration::from_secs(2))),
            ("2.128", Some(Duration::from_millis(2128))),
            ("1e300", Some(Duration::from_hours(1))),
            ("inf", Some(Duration::from_hours(1))),
            ("-1", None),
            ("NaN", None),
            ("soon", None),
            ("", None),
        ] {
            assert_eq!(seconds(text), expected, "{text}");
        }
    }
}
