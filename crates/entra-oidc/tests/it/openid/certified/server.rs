//! The provider: installed once with npm, with the versions and digests of `package-lock.json`, and started with node.

use std::{
    fs,
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, ChildStdout, Command, Stdio},
    sync::OnceLock,
};

use aws_lc_rs::digest::{SHA256, digest};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::{Value, json};

use super::{super::keys::ours, listener::Listener};
use crate::signer::encoded;

const MANIFEST: &str = include_str!("../package.json");
const LOCK: &str = include_str!("../package-lock.json");
const SCRIPT: &str = include_str!("../provider.mjs");

pub(super) const REDIRECT_URI: &str = "https://app.contoso.example/sso/callback/";
/// What a form, a header and a careless server could each get wrong.
pub(super) const SECRET: &str = "s3cret~+/%&= :x";

/// An application as the provider knows it.
pub(super) struct App {
    pub(super) id: &'static str,
    pub(super) algorithm: &'static str,
    pub(super) method: &'static str,
}

pub(super) const APPS: [App; 4] = [
    App { id: "app://web+1", algorithm: "RS256", method: "client_secret_basic" },
    App { id: "urn:contoso:web/2", algorithm: "PS256", method: "client_secret_post" },
    App { id: "3", algorithm: "ES256", method: "client_secret_post" },
    App { id: "with-a-certificate", algorithm: "RS256", method: "private_key_jwt" },
];

/// A provider of its own on loopback. It ends when this is dropped.
pub(super) struct CertifiedProvider {
    process: Child,
    _output: BufReader<ChildStdout>,
    issuer: String,
}

impl CertifiedProvider {
    /// Starts one that knows our key, our applications, and where they listen.
    pub(super) fn start(listener: &Listener) -> Self {
        let apps: Vec<Value> =
            APPS.iter().map(|app| json!({ "id": app.id, "algorithm": app.algorithm, "method": app.method })).collect();
        let given = json!({
            "signing_key": STANDARD.encode(ours().rsa_pkcs8()),
            "client_secret": SECRET,
            "redirect_uri": REDIRECT_URI,
            "post_logout_redirect_uri": listener.url("/signed-out").as_str(),
            "backchannel_logout_uri": listener.url("/back-channel").as_str(),
            "clients": apps,
        });
        let mut process = Command::new("node")
            .arg("provider.mjs")
            .arg(given.to_string())
            .current_dir(installed())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("node runs the provider");
        let mut output = BufReader::new(process.stdout.take().unwrap());
        let mut line = String::new();
        output.read_line(&mut line).unwrap();
        let started: Value = serde_json::from_str(&line).expect("the provider says where it is");
        Self { process, _output: output, issuer: started["issuer"].as_str().unwrap().to_owned() }
    }

    pub(super) fn issuer(&self) -> &str {
        &self.issuer
    }
}

impl Drop for CertifiedProvider {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The folder that the provider is installed in. What is there already has the digests of the same lock.
fn installed() -> &'static Path {
    static PLACE: OnceLock<PathBuf> = OnceLock::new();
    PLACE.get_or_init(|| {
        let recipe = digest(&SHA256, [MANIFEST, LOCK, SCRIPT].concat().as_bytes());
        let shelf = Path::new(env!("CARGO_TARGET_TMPDIR"));
        let place = shelf.join(format!("certified-provider-{}", &encoded(recipe)[..16]));
        if !place.exists() {
            install(&shelf.join(format!("certified-provider-{}", std::process::id())), &place);
        }
        place
    })
}

/// Installs beside and moves into place, so that what is there is whole.
fn install(beside: &Path, place: &Path) {
    let _ = fs::remove_dir_all(beside);
    fs::create_dir_all(beside).unwrap();
    for (name, text) in [("package.json", MANIFEST), ("package-lock.json", LOCK), ("provider.mjs", SCRIPT)] {
        fs::write(beside.join(name), text).unwrap();
    }
    let status = Command::new("npm")
        .args(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"])
        .current_dir(beside)
        .status()
        .expect("npm is installed");
    assert!(status.success(), "npm could not install the provider: {status}");
    // Another process may have been faster, with the same recipe.
    if fs::rename(beside, place).is_err() {
        assert!(place.exists(), "the provider could not be moved into place");
        fs::remove_dir_all(beside).unwrap();
    }
}
