//! The register of error codes, as one list.

use crate::{
    error::{ConfigErrorKind, ErrorEntry, SignInErrorKind},
    graph::GraphErrorKind,
};

/// Every code of this crate, in order: E100–E149 configuration, E200–E299 protocol.
pub fn register() -> impl Iterator<Item = &'static ErrorEntry> {
    let config = ConfigErrorKind::ALL.iter().map(|kind| kind.entry());
    let sign_in = SignInErrorKind::ALL.iter().map(|kind| kind.entry());
    let graph = GraphErrorKind::ALL.iter().map(|kind| kind.entry());
    let mut entries: Vec<_> = config.chain(sign_in).chain(graph).collect();
    entries.sort_by_key(|entry| entry.code);
    entries.into_iter()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn codes_and_names_are_unique_and_in_their_range() {
        let mut seen = HashSet::new();
        for entry in register() {
            assert!(seen.insert(entry.code), "{} stands there twice", entry.code);
            assert!(seen.insert(entry.name), "{} stands there twice", entry.name);
            let number: u32 = entry.code.strip_prefix('E').and_then(|digits| digits.parse().ok()).unwrap();
            assert!((100..150).contains(&number) || (200..300).contains(&number), "{}", entry.code);
            assert!(entry.public.ends_with('.') && entry.remedy.ends_with('.'), "{}", entry.code);
        }
        assert!(seen.len() > 80);
    }
}
