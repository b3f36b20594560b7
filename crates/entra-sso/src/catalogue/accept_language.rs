//! What `Accept-Language` asks for (RFC 9110 section 12.5.4).

/// A language range, and how much it is wanted: 0 (not at all) to 1000.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Wanted<'a> {
    pub(super) range: &'a str,
    pub(super) weight: u16,
}

/// No browser sends more; what lies beyond is not read.
const MOST: usize = 32;
const LONGEST: usize = 1024;

/// The ranges, the most wanted first; of equals the one that was named first. What cannot be read is left out.
pub(super) fn ranges(header: &str) -> Vec<Wanted<'_>> {
    let header = header.get(..LONGEST).unwrap_or(header);
    let mut wanted: Vec<Wanted<'_>> = header.split(',').take(MOST).filter_map(one).collect();
    wanted.sort_by_key(|wanted| std::cmp::Reverse(wanted.weight));
    wanted
}

fn one(text: &str) -> Option<Wanted<'_>> {
    let (range, weight) = match text.split_once(';') {
        Some((range, parameter)) => (range, weight(parameter)?),
        None => (text, 1000),
    };
    let range = range.trim_matches([' ', '\t']);
    let is_range = range.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'*');
    (!range.is_empty() && is_range).then_some(Wanted { range, weight })
}

/// `q=` and 0 to 1 with at most three decimals (section 12.4.2), in thousandths.
fn weight(parameter: &str) -> Option<u16> {
    let value = parameter.trim_matches([' ', '\t']).strip_prefix(['q', 'Q'])?.strip_prefix('=')?;
    let (whole, decimals) = value.split_once('.').unwrap_or((value, ""));
    if decimals.len() > 3 || !decimals.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let thousandths: u16 = format!("{decimals:0<3}").parse().ok()?;
    match whole {
        "0" => Some(thousandths),
        "1" if thousandths == 0 => Some(1000),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_come_by_weight_and_then_by_place() {
        let cases: &[(&str, &[(&str, u16)])] = &[
            ("de", &[("de", 1000)]),
            ("de-AT, de;q=0.9, en;q=0.8", &[("de-AT", 1000), ("de", 900), ("en", 800)]),
            ("en;q=0.8,de", &[("de", 1000), ("en", 800)]),
            ("fr;q=0.5, it;q=0.5", &[("fr", 500), ("it", 500)]),
            ("de ; q=0.123 ,\ten;Q=1.000", &[("en", 1000), ("de", 123)]),
            ("de;q=0, *;q=0.001", &[("*", 1), ("de", 0)]),
            ("de;q=1.001, en;q=2, fr;q=0.1234, it;q=-1, es;q=x, pt;level=1, nl;q", &[]),
            ("", &[]),
            (",,  ,", &[]),
            ("<script>, d\u{e9}, de/at", &[]),
        ];
        for (header, expected) in cases {
            let got: Vec<_> = ranges(header).into_iter().map(|wanted| (wanted.range, wanted.weight)).collect();
            assert_eq!(got, *expected, "{header:?}");
        }
    }

    /// Whoever sends a megabyte has a kilobyte read.
    #[test]
    fn what_is_read_is_bounded() {
        assert_eq!(ranges(&"de,".repeat(400_000)).len(), MOST);
        assert!(ranges(&"x".repeat(1 << 20)).len() <= 1);
        assert_eq!(ranges(&format!("en,{}", "ä".repeat(600)))[0].range, "en");
    }
}
