//! `docs/threat-model.md` names every case that we know of, and tests that are there.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

/// The letter of each family, and how many cases it has.
const FAMILIES: [(char, usize); 10] =
    [('T', 24), ('S', 19), ('R', 7), ('K', 15), ('I', 13), ('L', 5), ('J', 7), ('X', 11), ('Z', 6), ('G', 15)];

/// What stands in place of tests where there are none.
const NO_TEST: [&str; 4] = ["by type", "by tool", "not defended", "later"];

/// The names of the tests of each source, by its path.
type Tests = BTreeMap<String, BTreeSet<String>>;

#[test]
fn every_case_has_one_row() {
    let page = page();
    let mut listed = BTreeMap::new();
    for (id, _) in rows(&page) {
        *listed.entry(id.to_owned()).or_insert(0) += 1;
    }
    let known = FAMILIES.iter().flat_map(|(letter, count)| (1..=*count).map(move |number| format!("{letter}{number}")));
    assert_eq!(listed, known.map(|id| (id, 1)).collect());
}

/// In the last cell of a row, the tests of a file stand behind its path, and nothing else does.
#[test]
fn every_test_on_the_page_is_there() {
    let (page, sources) = (page(), sources());
    let mut named = 0;
    for (id, row) in rows(&page) {
        let cell = row.trim_end_matches(" |").rsplit(" | ").next().unwrap_or_default();
        if NO_TEST.contains(&cell) {
            continue;
        }
        for of_a_file in cell.split("<br>") {
            let mut words = of_a_file.split(' ').map(|word| word.trim_matches('`'));
            let path = words.next().unwrap_or_default();
            let there = sources.get(path).unwrap_or_else(|| panic!("{id}: {path} is no source"));
            let tests: Vec<&str> = words.collect();
            assert!(!tests.is_empty(), "{id}: no test of {path} is named");
            for test in tests {
                assert!(there.contains(test), "{id}: there is no test `{test}` in {path}{}", elsewhere(test, &sources));
                named += 1;
            }
        }
    }
    assert!(named > 150, "{named} tests were found");
}

/// Where a test has gone.
fn elsewhere(test: &str, sources: &Tests) -> String {
    let place = sources.iter().find(|(_, tests)| tests.contains(test));
    place.map(|(path, _)| format!("; it is in {path}")).unwrap_or_default()
}

#[test]
fn every_file_and_every_case_that_the_page_speaks_of_is_there() {
    let page = page();
    for path in page.split('`').skip(1).step_by(2).filter(|text| text.starts_with("crates/")) {
        assert!(root().join(path).exists(), "{path}");
    }
    let known: BTreeSet<&str> = rows(&page).iter().map(|(id, _)| *id).collect();
    let against = page.split("## Against whom").nth(1).and_then(|rest| rest.split("\n## ").next()).expect("attackers");
    for row in against.lines().filter_map(|line| line.strip_prefix("| ")).skip(1) {
        let cases = row.trim_end_matches(" |").rsplit(" | ").next().unwrap_or_default();
        for case in cases.split(", ") {
            assert!(known.contains(case), "{row}: {case} has no row");
        }
    }
}

/// A case that a test speaks of is one that the page knows, and one that has tests says so.
#[test]
fn every_case_in_the_name_of_a_test_is_on_the_page() {
    let page = page();
    let rows = rows(&page);
    let mut spoken_of = BTreeSet::new();
    for test in sources().values().flatten() {
        for case in cases_of(test) {
            let row = rows.iter().find(|(id, _)| *id == case);
            let (_, row) = row.unwrap_or_else(|| panic!("{test}: the page knows nothing of {case}"));
            assert!(!row.ends_with("| not defended |") && !row.ends_with("| later |"), "{case} has the test {test}");
            spoken_of.insert(case);
        }
    }
    assert!(spoken_of.len() > 90, "tests speak of {} cases", spoken_of.len());
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn page() -> String {
    fs::read_to_string(root().join("docs/threat-model.md")).expect("the page")
}

/// The rows of the cases: id, and everything after it.
fn rows(page: &str) -> Vec<(&str, &str)> {
    let rows = page.lines().filter_map(|line| line.strip_prefix("| ")?.split_once(" | "));
    rows.filter(|(id, _)| is_id(id)).collect()
}

/// `s1_s18_a_state_…` speaks of S1 and S18, `f65_k13_…` of a feature and of K13. Other letters are no families (`v1_…`).
fn cases_of(test: &str) -> Vec<String> {
    let ids = test.split('_').map(str::to_uppercase).take_while(|part| is_id(part) || is_feature(part));
    ids.filter(|id| is_id(id)).collect()
}

fn is_id(text: &str) -> bool {
    let is_family = |letter: &str| FAMILIES.iter().any(|(family, _)| letter.starts_with(*family));
    text.split_at_checked(1).is_some_and(|(letter, number)| is_family(letter) && is_number(number))
}

fn is_feature(text: &str) -> bool {
    text.strip_prefix('F').is_some_and(is_number)
}

fn is_number(text: &str) -> bool {
    (1..=2).contains(&text.len()) && text.bytes().all(|digit| digit.is_ascii_digit())
}

fn sources() -> Tests {
    let mut found = Tests::new();
    for folder in ["crates", "examples", "benches"] {
        sources_below(&root(), Path::new(folder), &mut found);
    }
    found
}

fn sources_below(root: &Path, folder: &Path, found: &mut Tests) {
    for entry in fs::read_dir(root.join(folder)).expect("a folder").flatten() {
        let path = folder.join(entry.file_name());
        if entry.path().is_dir() {
            if entry.file_name() != "target" {
                sources_below(root, &path, found);
            }
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = fs::read_to_string(root.join(&path)).expect("UTF-8");
            found.insert(path.to_str().expect("UTF-8").to_owned(), tests_of(&text));
        }
    }
}

/// The functions behind `#[test]` or `#[tokio::test]`.
fn tests_of(source: &str) -> BTreeSet<String> {
    let mut tests = BTreeSet::new();
    let mut is_test = false;
    for line in source.lines().map(str::trim_start) {
        if line.starts_with("#[test]") || line.starts_with("#[tokio::test") {
            is_test = true;
        } else if let Some((_, name)) = line.split_once("fn ").filter(|_| !line.starts_with("//")) {
            if is_test {
                tests.extend(name.split('(').next().map(str::to_owned));
            }
            is_test = false;
        }
    }
    tests
}
