//! `entra-sso emulator`: only the local Microsoft.
//!
//! What it prints is a shell script: the variables that point an application at it, and comments.

use std::{fs, iter, path::Path, process::ExitCode};

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
    let directory = emulator.directory().snapshot();
    let first = format!(
        "# entra-sso emulator: a local Microsoft at {} (not Microsoft; nothing leaves this machine)",
        emulator.url()
    );
    let apps = directory.apps.iter().enumerate();
    let apps = apps.flat_map(|(position, app)| variables(emulator, app, if position == 0 { "" } else { "# " }));
    let lines: Vec<String> = iter::once(first).chain(apps).chain(["# Ready. Ctrl-C ends it.\n".to_owned()]).collect();
    lines.join("\n")
}

fn variables(emulator: &Emulator, app: &App, comment: &str) -> Vec<String> {
    let heading = format!("#\n# Application {:?}, redirect URIs {}", app.name, app.redirect_uris.join(" "));
    let exports = emulator.env_for(&app.tenant, &app.id).into_iter();
    let exports = exports.map(|(name, value)| format!("{comment}export {name}={}", quoted(&value)));
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
