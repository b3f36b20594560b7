//! X9: nothing below the floors of `deny.toml` is locked. `cargo deny` says the same, where it is installed.

use std::path::Path;

#[test]
fn x9_no_locked_version_is_below_its_floor() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let read = |name: &str| std::fs::read_to_string(root.join(name)).unwrap_or_else(|error| panic!("{name}: {error}"));
    let lock: toml::Table = read("Cargo.lock").parse().expect("TOML");
    let deny: toml::Table = read("deny.toml").parse().expect("TOML");
    let locked: Vec<(&str, &str)> = lock["package"]
        .as_array()
        .expect("packages")
        .iter()
        .map(|package| (package["name"].as_str().expect("a name"), package["version"].as_str().expect("a version")))
        .collect();
    let mut floors = 0;
    for banned in deny["bans"]["deny"].as_array().expect("a list") {
        let banned = banned["crate"].as_str().expect("a name");
        let (name, floor) = banned.split_once(":<").unwrap_or((banned, ""));
        floors += usize::from(!floor.is_empty());
        for (_, version) in locked.iter().filter(|(locked, _)| *locked == name) {
            assert!(!floor.is_empty() && numbers(version) >= numbers(floor), "X9: {name} {version}, banned: {banned}");
        }
    }
    assert!(floors >= 6, "X9: {floors} floors");
}

/// `1.2.3` as numbers; what follows `-` or `+` does not count.
fn numbers(version: &str) -> Vec<u64> {
    let plain = version.split(['-', '+']).next().unwrap_or_default();
    plain.split('.').map(|part| part.parse().expect("a number")).collect()
}
