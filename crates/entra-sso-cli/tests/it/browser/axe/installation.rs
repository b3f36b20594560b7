//! The rules, installed once with npm, with the version and digest of `package-lock.json`.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, id},
    sync::OnceLock,
};

use crate::process::SCRATCH;

const MANIFEST: &str = include_str!("package.json");
const LOCK: &str = include_str!("package-lock.json");
/// Names the folder, so that another version has another.
const VERSION: &str = "4.14.1";

/// The folder of the package.
pub(super) fn installed() -> &'static Path {
    static PLACE: OnceLock<PathBuf> = OnceLock::new();
    PLACE.get_or_init(|| {
        assert!(MANIFEST.contains(VERSION) && LOCK.contains(VERSION), "the version is another than {VERSION}");
        let place = Path::new(SCRATCH).join(format!("axe-core-{VERSION}"));
        if !place.exists() {
            install(&Path::new(SCRATCH).join(format!("axe-core-{}", id())), &place);
        }
        place.join("node_modules/axe-core")
    })
}

/// Installs beside and moves into place, so that what is there is whole.
fn install(beside: &Path, place: &Path) {
    let _gone = fs::remove_dir_all(beside);
    fs::create_dir_all(beside).expect("the scratch directory can be written to");
    for (name, text) in [("package.json", MANIFEST), ("package-lock.json", LOCK)] {
        fs::write(beside.join(name), text).expect("the recipe can be written");
    }
    let npm = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"];
    let status = Command::new("npm").args(npm).current_dir(beside).status().expect("npm is installed");
    assert!(status.success(), "npm could not install the rules: {status}");
    // Another process may have been faster, with the same recipe.
    if fs::rename(beside, place).is_err() {
        assert!(place.exists(), "the rules could not be moved into place");
        fs::remove_dir_all(beside).expect("what is not needed goes");
    }
}
