//! The workspace's pages say what is there.

use std::{fs, path::PathBuf};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// What stands between backticks.
fn quoted(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}

#[test]
fn every_path_in_the_architecture_page_exists() {
    let page = read("ARCHITECTURE.md");
    let paths: Vec<&str> = quoted(&page).filter(|text| text.starts_with("crates/")).collect();
    assert!(paths.len() > 30, "{} paths were found", paths.len());
    for path in paths {
        let path = path.trim_end_matches('/');
        let exists = root().join(path).exists() || root().join(format!("{path}.rs")).exists();
        assert!(exists, "ARCHITECTURE.md names {path}");
    }
}

#[test]
fn every_local_link_leads_somewhere() {
    let mut pages = 0;
    for folder in ["", "docs"].map(|folder| root().join(folder)) {
        let files = fs::read_dir(&folder).expect("a folder").flatten().map(|entry| entry.path());
        for page in files.filter(|path| path.extension().is_some_and(|extension| extension == "md")) {
            let text = fs::read_to_string(&page).expect("UTF-8");
            for link in text.split("](").skip(1).filter_map(|rest| rest.split([')', '#']).next()) {
                let is_there = link.starts_with("https://") || folder.join(link).exists();
                assert!(is_there, "{} links to {link}", page.display());
            }
            pages += 1;
        }
    }
    assert!(pages >= 18, "{pages} pages");
}

#[test]
fn the_readme_shows_the_example_as_it_is() {
    let readme = read("README.md");
    let shown = readme.split("```rust\n").nth(1).and_then(|rest| rest.split("```").next()).expect("a block of Rust");
    let example = read("examples/hello/src/main.rs");
    let code = example.lines().filter(|line| !line.starts_with("//!")).collect::<Vec<_>>().join("\n");
    assert_eq!(shown.trim(), code.trim());
    assert!(example.lines().count() <= 30, "the whole application fits into 30 lines");
}

/// Each block of TOML in the pages is read as it stands.
#[test]
fn the_settings_in_the_pages_exist() {
    let mut blocks = 0;
    let pages = ["authorities", "callback", "operations", "pages", "register", "sites", "users"];
    for page in pages.map(|page| format!("docs/{page}.md")) {
        for block in read(&page).split("```toml\n").skip(1).filter_map(|rest| rest.split("```").next()) {
            let settings = entra_sso::settings::Sources::new().toml(block).read();
            for finding in settings.err().iter().flat_map(entra_sso::SsoError::findings) {
                // Its secrets are elsewhere.
                assert_eq!(finding.id, "sso.E015", "{page}:\n{block}\n{finding}");
            }
            blocks += 1;
        }
    }
    assert!(blocks >= 2, "{blocks} blocks were found");
}
