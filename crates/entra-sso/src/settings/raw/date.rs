//! A day, as `2027-06-30`.

use entra_oidc::Timestamp;

use super::{Problem, Raw, expected, kind_of, quoted};

impl Raw {
    /// The beginning of a day, in UTC.
    pub(in super::super) fn date(self) -> Result<Timestamp, Problem> {
        let text = match self {
            Raw::Toml(toml::Value::Datetime(date)) => date.to_string(),
            Raw::Toml(toml::Value::String(text)) | Raw::Text(text) => text,
            Raw::Toml(other) => return Err(expected("a day such as 2027-06-30", kind_of(&other))),
        };
        if text.trim().is_empty() {
            return Err(Problem::Empty(super::OR_REMOVE_IT));
        }
        day(text.trim()).ok_or_else(|| expected("a day such as 2027-06-30", quoted(&text)))
    }
}

fn day(text: &str) -> Option<Timestamp> {
    let digits = |range: std::ops::Range<usize>| {
        let part = text.get(range)?;
        part.bytes().all(|byte| byte.is_ascii_digit()).then(|| part.parse::<i64>().ok())?
    };
    let hyphens = text.len() == 10 && text.get(4..5) == Some("-") && text.get(7..8) == Some("-");
    let (year, month, day) = (digits(0..4)?, digits(5..7)?, digits(8..10)?);
    let fits = hyphens && year >= 1970 && (1..=12).contains(&month) && (1..=length_of(month, year)).contains(&day);
    fits.then(|| Timestamp::from_unix(days_since_1970(year, month, day) * 86_400))
}

fn length_of(month: i64, year: i64) -> i64 {
    match month {
        2 if is_leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

const fn is_leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

fn days_since_1970(year: i64, month: i64, day: i64) -> i64 {
    let before = year - 1;
    let leap_days = before / 4 - before / 100 + before / 400 - (1969 / 4 - 1969 / 100 + 1969 / 400);
    let months: i64 = (1..month).map(|month| length_of(month, year)).sum();
    (year - 1970) * 365 + leap_days + months + day - 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_counted_as_the_calendar_does() {
        for (text, expected) in [
            ("1970-01-01", Some(0)),
            ("2000-02-29", Some(951_782_400)),
            ("2026-11-21", Some(1_795_219_200)),
            ("2100-03-01", Some(4_107_542_400)),
            ("9999-12-31", Some(253_402_214_400)),
            ("2027-02-29", None),
            ("2100-02-29", None),
            ("2027-04-31", None),
            ("2027-13-01", None),
            ("2027-00-01", None),
            ("2027-01-00", None),
            ("1969-12-31", None),
            ("2027-1-1", None),
            ("2027/01/01", None),
            ("+027-01-01", None),
            ("2027-01-01T00:00:00Z", None),
            ("30.06.2027", None),
            ("٢٠٢٧-٠١-٠١", None),
            ("", None),
        ] {
            assert_eq!(day(text).map(Timestamp::unix), expected, "{text}");
        }
    }
}
