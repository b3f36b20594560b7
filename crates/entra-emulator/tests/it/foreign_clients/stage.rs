//! An emulator that foreign clients are pointed at.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use entra_emulator::{App, Emulator, seed};
use serde_json::{Value, json};

use crate::signer::Signer;

use super::installation::{installation, interpreter};

/// A public client, for the device code.
pub(super) const PUBLIC_APP: &str = "0b1c2d3e-0002-4000-8000-0000000000f2";

pub(super) struct Stage {
    pub(super) emulator: Emulator,
    /// Files of this run.
    folder: PathBuf,
}

impl Stage {
    /// An emulator with a certificate for the seeded application and a public client.
    pub(super) async fn set() -> Self {
        Self::set_as(&[]).await
    }

    /// The same, under these names too.
    pub(super) async fn set_as(names: &[&str]) -> Self {
        let folder = tokio::task::spawn_blocking(installation).await.expect("the clients");
        let emulator = Emulator::builder().https().also_as(names.iter().copied()).start().await.expect("a start");
        let folder = folder.join(format!("run-{}", emulator.url().port().expect("a port")));
        fs::create_dir_all(&folder).expect("a folder");
        let signer = Signer::new(0, "portal");
        emulator.directory().add_certificate(seed::APP_ID, &signer.pem).expect("a certificate");
        let mut public = App::new(PUBLIC_APP, seed::CONTOSO, "Contoso Terminal");
        public.public_client = true;
        emulator.directory().add_app(public).expect("an application");
        let assertion = emulator.workload_token(seed::WORKLOAD_SUBJECT, "api://AzureADTokenExchange");
        fs::write(folder.join("ca.pem"), emulator.ca_pem().expect("an authority")).expect("a file");
        fs::write(folder.join("token"), &assertion).expect("a file");
        fs::write(folder.join("facts.json"), facts(&emulator, &signer, &assertion).to_string()).expect("a file");
        Self { emulator, folder }
    }

    /// What a script prints about a case.
    pub(super) async fn run(&self, script: &'static str, case: &str) -> Value {
        self.run_with(script, case, &[]).await
    }

    /// The same with these variables in its environment.
    pub(super) async fn run_with(&self, script: &'static str, case: &str, variables: &[(&str, String)]) -> Value {
        let ca = self.file("ca.pem");
        let mut command = Command::new(interpreter(script));
        command.arg(installation().join(script)).args([case, &self.file("facts.json")]);
        command.envs([("REQUESTS_CA_BUNDLE", &ca), ("NODE_EXTRA_CA_CERTS", &ca)]);
        command.envs([("NO_PROXY", "localhost,127.0.0.1"), ("no_proxy", "localhost,127.0.0.1")]);
        command.envs(variables.iter().map(|(name, value)| (name, value)));
        let output = tokio::task::spawn_blocking(move || command.output()).await.expect("no panic");
        let output = output.expect("the interpreter starts");
        let (text, errors) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert!(output.status.success(), "{script} {case}: {text}{errors}");
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{script} {case}: {error} in {text}"))
    }

    /// The path of a file of this run.
    pub(super) fn file(&self, name: &str) -> String {
        self.folder.join(name).to_string_lossy().into_owned()
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        // The build's temporary folder: what stays there harms nobody.
        let _ = fs::remove_dir_all(Path::new(&self.folder));
    }
}

/// What the scripts are told.
fn facts(emulator: &Emulator, signer: &Signer, assertion: &str) -> Value {
    json!({
        "url": emulator.url().as_str().trim_end_matches('/'),
        "tenant": seed::CONTOSO,
        "app": seed::APP_ID,
        "secret": seed::APP_SECRET,
        "public_app": PUBLIC_APP,
        "redirect_uri": seed::REDIRECT_URI,
        "account": seed::ADELE,
        "key": signer.key_pem(),
        "certificate": signer.pem,
        "sha1": hexadecimal(&signer.sha1()),
        "sha256": hexadecimal(&signer.sha256()),
        "assertion": assertion,
        "managed_identity": seed::MANAGED_IDENTITY_CLIENT_ID,
        "b2c": {
            "name": seed::B2C_NAME,
            "domain": seed::B2C_DOMAIN,
            "policy": seed::B2C_SIGN_IN_POLICY,
            "app": seed::B2C_APP_ID,
            "secret": seed::B2C_APP_SECRET,
            "account": seed::ROBIN,
        },
        "external": {
            "name": seed::EXTERNAL_NAME,
            "tenant": seed::EXTERNAL_TENANT,
            "app": seed::EXTERNAL_APP_ID,
            "secret": seed::EXTERNAL_APP_SECRET,
            "account": seed::SAM,
        },
    })
}

fn hexadecimal(bytes: &[u8]) -> String {
    let digit = |value: u8| char::from_digit(value.into(), 16).expect("a digit");
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}
