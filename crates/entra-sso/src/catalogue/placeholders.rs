//! `{name}` in a text, and the value in its place.

/// The names in their order. A brace without a partner is text.
pub(super) fn names(text: &str) -> Vec<&str> {
    pieces(text).filter_map(|(_, name)| name).collect()
}

/// The text with each `{name}` replaced. One that has no value stays as it is. Values are not looked into.
pub(super) fn fill(text: &str, values: &[(&str, &str)]) -> String {
    let mut filled = String::with_capacity(text.len());
    for (before, name) in pieces(text) {
        filled.push_str(before);
        let Some(name) = name else { continue };
        match values.iter().find(|(known, _)| *known == name) {
            Some((_, value)) => filled.push_str(value),
            None => filled.extend(["{", name, "}"]),
        }
    }
    filled
}

/// Text, and the placeholder behind it.
fn pieces(text: &str) -> impl Iterator<Item = (&str, Option<&str>)> {
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let here = rest.take()?;
        let mut from = 0;
        while let Some(open) = here[from..].find('{').map(|at| from + at) {
            let inside = &here[open + 1..];
            let end = inside.find(|letter: char| !letter.is_ascii_lowercase() && letter != '_').unwrap_or(inside.len());
            if end > 0 && inside[end..].starts_with('}') {
                rest = Some(&inside[end + 1..]);
                return Some((&here[..open], Some(&inside[..end])));
            }
            from = open + 1;
        }
        Some((here, None))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_name_is_replaced_once() {
        for (text, expected) in [
            ("Signed in as {name}.", "Signed in as {id}."),
            ("{name}{id}", "{id}7"),
            ("{{name}}", "{{id}}"),
            ("{unknown} {", "{unknown} {"),
            ("{} {Name} {name", "{} {Name} {name"),
            ("ä{name}ä", "ä{id}ä"),
            ("", ""),
        ] {
            assert_eq!(fill(text, &[("name", "{id}"), ("id", "7")]), expected, "{text}");
        }
    }

    #[test]
    fn names_are_found() {
        assert_eq!(names("{a} and {b_c}, {} {D} { e}"), ["a", "b_c"]);
        assert!(names("none").is_empty());
    }
}
