use std::collections::BTreeMap;

use url::Url;

use super::*;

mod table;

use self::table::{ACCEPTED, REFUSED};

const PREFIX: &str = "/microsoft_sso";
const SITE: &str = "https://app.example";

#[test]
fn r_the_table_is_large_enough_and_has_every_case() {
    let mut cases: BTreeMap<&str, usize> = BTreeMap::new();
    for id in REFUSED.iter().map(|(id, _)| *id).chain(ACCEPTED.iter().map(|(id, _, _)| *id)) {
        *cases.entry(id).or_default() += 1;
    }
    assert!(cases.values().sum::<usize>() >= 200, "{cases:?}");
    for id in ["R1", "R2", "R4", "R7", "F-61"] {
        assert!(cases[id] >= 10, "{id}: {cases:?}");
    }
    let mut urls: Vec<&str> =
        REFUSED.iter().map(|(_, raw)| *raw).chain(ACCEPTED.iter().map(|(_, raw, _)| *raw)).collect();
    urls.sort_unstable();
    urls.dedup();
    assert_eq!(urls.len(), REFUSED.len() + ACCEPTED.len(), "a row stands there twice");
}

#[test]
fn r1_r2_r4_f61_what_leads_elsewhere_is_refused() {
    for (id, raw) in REFUSED {
        assert_eq!(NextUrl::parse(raw, PREFIX), None, "{id}: {raw:?}");
    }
}

#[test]
fn f61_r7_what_stays_here_is_accepted_and_carries_its_own_fragment() {
    for (id, raw, expected) in ACCEPTED {
        let next = NextUrl::parse(raw, PREFIX).unwrap_or_else(|| panic!("{id}: {raw:?} was refused"));
        assert_eq!(next.as_str(), *expected, "{id}: {raw:?}");
        let location = next.location();
        assert!(location.contains('#'), "{id}: {raw:?}");
        assert!(location.starts_with(expected), "{id}: {raw:?}");
        assert!(location.bytes().all(|byte| byte.is_ascii_graphic()), "{id}: {location:?}");
    }
}

/// The parser that follows the same standard as the browsers is the oracle.
#[test]
fn r1_a_browser_resolves_every_accepted_row_to_this_site() {
    for base in
        ["https://app.example/", "https://app.example/microsoft_sso/callback/?code=1#held", "https://app.example/a/b/c"]
    {
        let base = Url::parse(base).unwrap();
        for (id, raw, _) in ACCEPTED {
            let next = NextUrl::parse(raw, PREFIX).unwrap();
            let there = base.join(&next.location()).unwrap();
            assert_eq!(there.origin().ascii_serialization(), SITE, "{id}: {raw:?}");
            let path = next.as_str().split(['?', '#']).next().unwrap();
            assert_eq!(there.path(), path, "{id}: a browser would go elsewhere for {raw:?}");
            assert_ne!(there.fragment(), Some("held"), "R7: {raw:?}");
        }
    }
}

/// The table of refusals holds real attacks: a browser would leave the site, or change the path, for a good part of them.
#[test]
fn r1_many_refused_rows_leave_the_site_in_a_browser() {
    let base = Url::parse("https://app.example/microsoft_sso/callback/").unwrap();
    let leaves = |raw: &str| base.join(raw).map_or(true, |there| there.origin().ascii_serialization() != SITE);
    let leaving = REFUSED.iter().filter(|(_, raw)| leaves(raw)).count();
    assert!(leaving >= 60, "{leaving}");
}

#[test]
fn f61_at_most_one_kibibyte_before_and_after_encoding() {
    let path = |length: usize| format!("/{}", "a".repeat(length - 1));
    assert!(NextUrl::parse(&path(1024), PREFIX).is_some());
    assert!(NextUrl::parse(&path(1025), PREFIX).is_none());
    let with_umlauts = |count: usize| format!("/?q={}", "ä".repeat(count));
    assert!(NextUrl::parse(&with_umlauts(170), PREFIX).is_some());
    assert!(NextUrl::parse(&with_umlauts(171), PREFIX).is_none());
}

#[test]
fn f61_our_own_routes_are_not_a_place_to_go_under_any_prefix() {
    for (prefix, raw, accepted) in [
        ("/microsoft_sso", "/microsoft_ssox", true),
        ("/microsoft_sso", "/x/microsoft_sso/login/", true),
        ("/portal/microsoft_sso", "/portal/", true),
        ("/portal/microsoft_sso", "/portal/microsoft_sso", false),
        ("/portal/microsoft_sso", "/portal//microsoft_sso/login/", false),
        ("/portal/microsoft_sso", "/portal%2Fmicrosoft_sso/login/", false),
        ("/portal/microsoft_sso", "/microsoft_sso/login/", true),
        ("/a", "/a/b", false),
        ("/a", "/A/b", false),
        ("/a", "/b?next=/a", true),
        ("/a", "/b#/a", true),
    ] {
        assert_eq!(NextUrl::parse(raw, prefix).is_some(), accepted, "{prefix} {raw}");
    }
}

#[test]
fn settings_may_lead_to_our_own_pages() {
    assert_eq!(site_path("/microsoft_sso/").as_deref(), Some("/microsoft_sso/"));
    for (_, raw) in REFUSED {
        let is_ours = site_path(raw).is_some();
        assert!(!is_ours || raw.to_ascii_lowercase().contains("sso"), "{raw:?}");
    }
}

#[test]
fn it_travels_as_text_and_is_judged_again() {
    let next = NextUrl::parse("/a?b=c#d", PREFIX).unwrap();
    let travelled = serde_json::to_string(&next).unwrap();
    assert_eq!(travelled, r#""/a?b=c#d""#);
    let back: String = serde_json::from_str(&travelled).unwrap();
    assert_eq!(NextUrl::parse(&back, PREFIX), Some(next));
}

/// Every text of up to four pieces from an alphabet of trouble: what is accepted stays on the site.
#[test]
fn r1_r4_no_combination_of_troublesome_pieces_leaves_the_site() {
    const PIECES: &[&str] = &[
        "/",
        "\\",
        ".",
        "..",
        "%2e",
        "%2f",
        "%5c",
        "%09",
        "\t",
        "\n",
        "@",
        ":",
        "evil.example",
        "a",
        "?",
        "#",
        ";",
        "%25",
        "microsoft_sso",
    ];
    let base = Url::parse("https://app.example/microsoft_sso/callback/").unwrap();
    let mut texts = vec![String::new()];
    let mut accepted = 0;
    for _ in 0..4 {
        texts = texts.iter().flat_map(|text| PIECES.iter().map(move |piece| format!("{text}{piece}"))).collect();
        for text in &texts {
            let Some(next) = NextUrl::parse(text, PREFIX) else { continue };
            accepted += 1;
            let there = base.join(&next.location()).unwrap();
            assert_eq!(there.origin().ascii_serialization(), SITE, "{text:?}");
            let first = there.path().split('/').nth(1).unwrap();
            assert!(!matches!(first, "" | "microsoft_sso") || there.path() == "/", "{text:?} leads to {there}");
        }
    }
    assert!(accepted > 1000, "{accepted}");
}
