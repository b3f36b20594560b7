//! The known name that is nearest to a mistyped one.

/// The nearest of `known` by edit distance, when it is near enough to be meant.
pub(super) fn nearest<'a>(typed: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let typed: Vec<char> = typed.chars().take(80).collect();
    let near_enough = (typed.len() / 3).max(2);
    known
        .map(|name| (distance(&typed, name), name))
        .filter(|(distance, _)| *distance <= near_enough)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name)
}

/// Levenshtein: insertions, deletions and replacements.
fn distance(typed: &[char], name: &str) -> usize {
    let mut row: Vec<usize> = (0..=typed.len()).collect();
    for (above, wanted) in name.chars().enumerate() {
        let mut diagonal = above;
        let mut left = above + 1;
        row[0] = left;
        for (cell, got) in row.iter_mut().skip(1).zip(typed) {
            let replaced = diagonal + usize::from(wanted != *got);
            diagonal = *cell;
            left = replaced.min(left + 1).min(diagonal + 1);
            *cell = left;
        }
    }
    row[typed.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances() {
        for (typed, name, expected) in [
            ("", "abc", 3),
            ("abc", "abc", 0),
            ("abd", "abc", 1),
            ("ab", "abc", 1),
            ("kitten", "sitting", 3),
            ("ba", "ab", 2),
        ] {
            assert_eq!(distance(&typed.chars().collect::<Vec<_>>(), name), expected, "{typed} {name}");
        }
    }

    #[test]
    fn the_nearest_is_found_and_the_far_is_not() {
        let known = ["tenant_id", "timeout", "text"];
        assert_eq!(nearest("tenent_id", known.into_iter()), Some("tenant_id"));
        assert_eq!(nearest("time_out", known.into_iter()), Some("timeout"));
        assert_eq!(nearest("staff_list", known.into_iter()), None);
    }
}
