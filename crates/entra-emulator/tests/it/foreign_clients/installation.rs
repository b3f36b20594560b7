//! The clients, installed once into the build's temporary folder.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

const REQUIREMENTS: &str = include_str!("requirements.txt");
const PACKAGE: &str = include_str!("package.json");
const PACKAGE_LOCK: &str = include_str!("package-lock.json");
const SCRIPTS: [(&str, &str); 9] = [
    ("led_here.py", include_str!("led_here.py")),
    ("person.py", include_str!("person.py")),
    ("msal_python.py", include_str!("msal_python.py")),
    ("azure_identity.py", include_str!("azure_identity.py")),
    ("social_auth.py", include_str!("social_auth.py")),
    ("led_here.mjs", include_str!("led_here.mjs")),
    ("person.mjs", include_str!("person.mjs")),
    ("enter_code.mjs", include_str!("enter_code.mjs")),
    ("msal_node.mjs", include_str!("msal_node.mjs")),
];

/// The folder with both languages' packages and our scripts. Node comes as a Python package: Debian's is too old.
pub(super) fn installation() -> &'static Path {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    FOLDER.get_or_init(|| {
        let pinned = digest(&SHA256, [REQUIREMENTS, PACKAGE_LOCK].concat().as_bytes());
        let name = URL_SAFE_NO_PAD.encode(&pinned.as_ref()[..9]);
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("foreign-clients-{name}"));
        let marker = folder.join("installed");
        if !marker.exists() {
            install(&folder);
            fs::write(marker, "").expect("a marker");
        }
        for (name, text) in SCRIPTS {
            fs::write(folder.join(name), text).expect("a script");
        }
        folder
    })
}

/// What runs a script.
pub(super) fn interpreter(script: &str) -> PathBuf {
    let is_python = Path::new(script).extension().is_some_and(|extension| extension == "py");
    installation().join("venv/bin").join(if is_python { "python" } else { "node" })
}

/// What is left of an installation that did not come to its end goes first.
fn install(folder: &Path) {
    if folder.exists() {
        fs::remove_dir_all(folder).expect("the rest of an installation goes");
    }
    fs::create_dir_all(folder).expect("a folder");
    for (name, text) in
        [("requirements.txt", REQUIREMENTS), ("package.json", PACKAGE), ("package-lock.json", PACKAGE_LOCK)]
    {
        fs::write(folder.join(name), text).expect("a list of packages");
    }
    run(Command::new("python3").args(["-m", "venv", "venv"]).current_dir(folder));
    let pip = ["-m", "pip", "install", "--quiet", "--no-deps", "--only-binary", ":all:", "-r", "requirements.txt"];
    run(Command::new(folder.join("venv/bin/python")).args(pip).current_dir(folder));
    let npm = ["ci", "--ignore-scripts", "--no-audit", "--no-fund"];
    run(Command::new(folder.join("venv/bin/npm")).args(npm).current_dir(folder));
}

fn run(command: &mut Command) {
    let output = command.output().unwrap_or_else(|error| panic!("{command:?} does not start: {error}"));
    let text = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?} failed: {text}");
}
