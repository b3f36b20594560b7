//! `entra-sso emulator`: only the local Microsoft.
//!
//! What it prints is a shell script: the variables that point an application at it, and comments.

use std::{fs, path::Path, process::ExitCode};

use entra_emulator::{App, Directory, Emulator};

use crate::{
    command_line::EmulatorArguments,
    environment::Environment,
    failure::Failure,
    local_microsoft::{self, Wanted},
    logging,
    stop::Stop,
};

pub(crate) async fn run(arguments: EmulatorArguments, environment: &Environment) -> Result<ExitCode, Failure> {
    logging::start(environment)?;
    let stop = Stop::on_signals()?;
    let directory = arguments.directory.as_deref().map(read_directory).transpose()?;
    let emulator = local_microsoft::start(Wanted {
        listen: &arguments.listen,
        listen_flag: "--listen",
        directory,
        auto_sign_in: arguments.auto_sign_in,
    })
    .await?;
    print!("{}", greeting(&emulator));
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

/// The first application's variables as commands, those of the others as comments.
fn greeting(emulator: &Emulator) -> String {
    let apps = emulator.directory().snapshot().apps;
    let url = emulator.url();
    let mut text =
        format!("# entra-sso emulator: a local Microsoft at {url} (not Microsoft; nothing leaves this machine)\n");
    for (position, app) in apps.iter().enumerate() {
        text.push_str(&variables(emulator, app, if position == 0 { "" } else { "# " }));
    }
    text.push_str("# Ready. Ctrl-C ends it.\n");
    text
}

fn variables(emulator: &Emulator, app: &App, comment: &str) -> String {
    let mut text = format!("#\n# Application {:?}, redirect URIs {}\n", app.name, app.redirect_uris.join(" "));
    for (name, value) in emulator.env_for(&app.tenant, &app.id) {
        text.push_str(&format!("{comment}export {name}={}\n", quoted(&value)));
    }
    text
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
