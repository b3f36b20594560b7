//! `entra-sso emulator`: only the local Microsoft.
//!
//! What it prints is a shell script: the variables that point an application at it, and comments.

use std::{
    collections::BTreeSet,
    fs, iter,
    path::{self, Path},
    process::ExitCode,
};

use entra_emulator::{App, Directory, Emulator, Stand};

use crate::{
    command_line::EmulatorArguments,
    environment::Environment,
    failure::Failure,
    local_microsoft::{self, Wanted},
    logging,
    stop::Stop,
};

const CA_FILE: &str = "MICROSOFT_SSO_CA_FILE";

pub(crate) async fn run(arguments: EmulatorArguments, environment: &Environment) -> Result<ExitCode, Failure> {
    logging::start(environment)?;
    let stop = Stop::on_signals()?;
    if let (Some(_), Some(directory)) = (arguments.authority, &arguments.directory) {
        return Err(Failure::new(format_args!(
            "--authority is for the built-in directory; leave it out with --directory {}",
            directory.display()
        )));
    }
    let stand = arguments.authority.map_or(Stand::V2, Stand::from);
    let directory = arguments.directory.as_deref().map(read_directory).transpose()?;
    let emulator = local_microsoft::start(Wanted {
        listen: &arguments.listen,
        listen_flag: "--listen",
        directory,
        auto_sign_in: arguments.auto_sign_in,
        stand,
        https: arguments.https.is_some(),
    })
    .await?;
    if let (Some(path), Some(certificate)) = (&arguments.https, emulator.ca_pem()) {
        fs::write(path, certificate).map_err(|error| {
            Failure::new(format_args!("--https {}: {error}; name a file that can be written", path.display()))
        })?;
    }
    print!("{}", greeting(&emulator, stand, arguments.https.as_deref()));
    stop.requested().await;
    emulator.stop().await;
    Ok(ExitCode::SUCCESS)
}

fn read_directory(path: &Path) -> Result<Directory, Failure> {
    let at = path.display();
    let text = fs::read_to_string(path)
        .map_err(|error| Failure::new(format_args!("--directory {at}: {error}; name a readable TOML file")))?;
    Directory::from_toml(&text)
        .map_err(|error| Failure::new(format_args!("--directory {at}: {error}; correct the file")))
}

/// The variables of the authority that was asked for as commands, those of the other applications as comments.
fn greeting(emulator: &Emulator, stand: Stand, certificate: Option<&Path>) -> String {
    let mut apps = emulator.directory().snapshot().apps;
    // The one that was asked for stands first; in a directory of one's own that is the first of the file.
    apps.sort_by_key(|app| app.id != stand.app());
    let first = format!(
        "# entra-sso emulator: a local Microsoft at {} (not Microsoft; nothing leaves this machine)",
        emulator.url()
    );
    let apps = apps.iter().enumerate();
    let apps = apps.flat_map(|(position, app)| variables(emulator, app, stand, if position == 0 { "" } else { "# " }));
    let trust = certificate.into_iter().flat_map(trust);
    let ready = "# Ready. Ctrl-C ends it.\n".to_owned();
    let forgotten = forgotten(emulator, stand, certificate.is_some());
    let lines: Vec<String> = [first, forgotten].into_iter().chain(apps).chain(trust).chain([ready]).collect();
    lines.join("\n")
}

/// The variables by which clients trust the certificate: ours, and those of Python's and Node's libraries.
fn trust(certificate: &Path) -> Vec<String> {
    // They are pasted elsewhere.
    let path = path::absolute(certificate).unwrap_or_else(|_| certificate.to_owned());
    let path = quoted(&path.display().to_string());
    let variables = [CA_FILE, "REQUESTS_CA_BUNDLE", "NODE_EXTRA_CA_CERTS"];
    let exports = variables.map(|name| format!("export {name}={path}"));
    iter::once("#\n# The certificate to trust".to_owned()).chain(exports).collect()
}

/// Pasted into a shell that still has the variables of another authority, the new ones alone would not do.
fn forgotten(emulator: &Emulator, stand: Stand, speaks_https: bool) -> String {
    let kept: Vec<&str> = emulator.env_of(stand).into_iter().map(|(name, _)| name).collect();
    let all = Stand::ALL.into_iter().flat_map(|other| emulator.env_of(other)).map(|(name, _)| name);
    let others = all.filter(|name| name.starts_with("MICROSOFT_SSO_") && !kept.contains(name));
    let others: BTreeSet<&str> = others.chain((!speaks_https).then_some(CA_FILE)).collect();
    format!("unset {}", Vec::from_iter(others).join(" "))
}

fn variables(emulator: &Emulator, app: &App, stand: Stand, comment: &str) -> Vec<String> {
    let heading = format!("#\n# Application {:?}, redirect URIs {}", app.name, app.redirect_uris.join(" "));
    let stands = [stand, Stand::B2c, Stand::External];
    let exports = match stands.into_iter().find(|stand| stand.app() == app.id) {
        Some(stand) => emulator.env_of(stand),
        None => emulator.env_for(&app.tenant, &app.id),
    };
    let exports = exports.into_iter().map(|(name, value)| format!("{comment}export {name}={}", quoted(&value)));
    iter::once(heading).chain(exports).collect()
}

/// As one word for a POSIX shell.
fn quoted(value: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_./:~".contains(&byte);
    if !value.is_empty() && value.bytes().all(plain) {
        value.to_owned()
    } else {
        format!("'{}'", value.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn a_value_is_one_word_of_the_shell() {
        for (value, expected) in [
            ("http://localhost:8400/", "http://localhost:8400/"),
            ("a b", "'a b'"),
            ("it's", r"'it'\''s'"),
            ("$(x)", "'$(x)'"),
            ("", "''"),
        ] {
            assert_eq!(quoted(value), expected);
        }
    }
}
