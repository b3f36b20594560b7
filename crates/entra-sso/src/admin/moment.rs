//! A moment as a page shows it: UTC, the same in every language.

use entra_oidc::Timestamp;
use serde::Serialize;

/// `2026-11-21 09:34 UTC`, and the same for machines.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Moment {
    machine: String,
    shown: String,
}

impl Moment {
    pub(super) fn of(moment: Timestamp) -> Moment {
        let (days, seconds) = (moment.unix().div_euclid(86_400), moment.unix().rem_euclid(86_400));
        let (year, month, day) = civil(days);
        let (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
        let date = format!("{year:04}-{month:02}-{day:02}");
        Moment {
            machine: format!("{date}T{hour:02}:{minute:02}:{second:02}Z"),
            shown: format!("{date} {hour:02}:{minute:02} UTC"),
        }
    }
}

/// Year, month and day of a day since 1970-01-01, in the Gregorian calendar. Counted in eras of 400 years that begin in
/// March, so that a leap day is the last day of its year.
fn civil(days: i64) -> (i64, i64, i64) {
    let days = days.saturating_add(719_468);
    let (era, day_of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    (year_of_era + era * 400 + i64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_those_of_the_calendar() {
        for (unix, machine, shown) in [
            (0, "1970-01-01T00:00:00Z", "1970-01-01 00:00 UTC"),
            (-1, "1969-12-31T23:59:59Z", "1969-12-31 23:59 UTC"),
            (951_782_400, "2000-02-29T00:00:00Z", "2000-02-29 00:00 UTC"),
            (951_868_800, "2000-03-01T00:00:00Z", "2000-03-01 00:00 UTC"),
            (1_795_262_400, "2026-11-21T12:00:00Z", "2026-11-21 12:00 UTC"),
            (1_798_761_599, "2026-12-31T23:59:59Z", "2026-12-31 23:59 UTC"),
            (4_107_542_400, "2100-03-01T00:00:00Z", "2100-03-01 00:00 UTC"),
        ] {
            let expected = Moment { machine: machine.to_owned(), shown: shown.to_owned() };
            assert_eq!(Moment::of(Timestamp::from_unix(unix)), expected, "{unix}");
        }
        let _far = (Moment::of(Timestamp::from_unix(i64::MAX)), Moment::of(Timestamp::from_unix(i64::MIN)));
    }
}
