//! What can be typed.

#[cfg(feature = "demo")]
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum, error::ErrorKind};

#[cfg(feature = "demo")]
use crate::listen::Address;
use crate::{failure::Failure, users::UsersArguments};

/// Sign in with Microsoft: a demo, a local Microsoft, and checks.
#[derive(Debug, Parser)]
#[command(name = "entra-sso", version, arg_required_else_help = true)]
pub(crate) struct CommandLine {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// A small application with a Microsoft button, beside a local Microsoft: one command, no tenant needed.
    ///
    /// With AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET in the environment it uses the real Microsoft.
    #[cfg(feature = "demo")]
    #[expect(clippy::doc_markdown, reason = "it is printed as it stands")]
    Demo(DemoArguments),
    /// Only the local Microsoft, and the variables that point an application at it.
    #[cfg(feature = "demo")]
    Emulator(EmulatorArguments),
    /// What is wrong with the settings of this environment, whether everything that they name answers, and which URLs to
    /// register.
    ///
    /// The settings are those of the application: MICROSOFT_SSO_… and AZURE_… variables, and the TOML file that
    /// MICROSOFT_SSO_SETTINGS_FILE names.
    #[expect(clippy::doc_markdown, reason = "it is printed as it stands")]
    Check(CheckArguments),
    /// Prints a reference page from the code.
    Docs(DocsArguments),
    /// The users of an application: prepares, lists, shows and changes them.
    ///
    /// The database is that of --database, else of the setting `database_url` (MICROSOFT_SSO_DATABASE_URL). Sessions live in the
    /// application: while it runs, it notices a change within its `user_check_interval`, which is 30 seconds if nobody set it.
    #[expect(clippy::doc_markdown, reason = "it is printed as it stands")]
    Users(UsersArguments),
}

#[cfg(feature = "demo")]
#[derive(Debug, Args)]
pub(crate) struct DemoArguments {
    /// Where the application answers; port 0 takes a free one.
    #[arg(long, value_name = "HOST:PORT", default_value = "localhost:8000")]
    pub(crate) listen: Address,
    /// Where the local Microsoft answers; port 0 takes a free one.
    #[arg(long, value_name = "HOST:PORT", default_value = "localhost:8400")]
    pub(crate) emulator_listen: Address,
    /// The SQLite file that keeps the users; without it a fresh one, removed at the end.
    #[arg(long, value_name = "PATH")]
    pub(crate) database: Option<PathBuf>,
    /// Signs this account in without asking, for scripts; `first` takes the first one that may. The local Microsoft
    /// only.
    #[arg(long, value_name = "UPN")]
    pub(crate) auto_sign_in: Option<String>,
    /// Which kind of authority the local Microsoft is; without it `v2`.
    #[arg(long, value_enum, value_name = "KIND")]
    pub(crate) authority: Option<LocalAuthority>,
}

#[cfg(feature = "demo")]
#[derive(Debug, Args)]
pub(crate) struct EmulatorArguments {
    /// Where it answers; port 0 takes a free one.
    #[arg(long, value_name = "HOST:PORT", default_value = "localhost:8400")]
    pub(crate) listen: Address,
    /// Tenants, applications and users instead of the built-in ones.
    #[arg(long, value_name = "FILE.toml")]
    pub(crate) directory: Option<PathBuf>,
    /// Signs this account in without asking, for scripts; `first` takes the first one that may.
    #[arg(long, value_name = "UPN")]
    pub(crate) auto_sign_in: Option<String>,
    /// Which kind of authority the variables point at; without it `v2`.
    #[arg(long, value_enum, value_name = "KIND")]
    pub(crate) authority: Option<LocalAuthority>,
    /// Answers over https, and writes here the certificate that clients have to trust (PEM). It is new in every run.
    #[arg(long, value_name = "CA.pem")]
    pub(crate) https: Option<PathBuf>,
}

/// The kinds of authority that the local Microsoft plays.
#[cfg(feature = "demo")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum LocalAuthority {
    /// Entra ID, one tenant, v2 endpoints.
    V2,
    /// Entra ID, one tenant, v1 endpoints.
    V1,
    /// Azure AD B2C: user flows for signing in, a forgotten password and the profile.
    B2c,
    /// Entra External ID.
    External,
    /// Personal Microsoft accounts.
    Personal,
    /// Entra ID of the US Government cloud.
    Government,
}

#[derive(Debug, Args)]
pub(crate) struct CheckArguments {
    /// Prints one JSON object instead of text.
    #[arg(long)]
    pub(crate) json: bool,
    /// Looks at the settings only, and asks nothing of the network.
    #[arg(long)]
    pub(crate) offline: bool,
}

#[derive(Debug, Args)]
pub(crate) struct DocsArguments {
    /// Which page.
    pub(crate) page: DocsPage,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum DocsPage {
    /// Every setting: its names, default and meaning (docs/settings.md).
    Settings,
    /// Every error code: its cause, who acts and what they do (docs/errors.md).
    Errors,
    /// Every metric: its labels and what it counts (docs/metrics.md).
    Metrics,
}

impl CommandLine {
    /// The command, or nothing when help or the version was asked for and has been printed.
    pub(crate) fn read() -> Result<Option<Command>, Failure> {
        let error = match CommandLine::try_parse() {
            Ok(line) => return Ok(Some(line.command)),
            Err(error) => error,
        };
        if matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion) {
            error.print().map_err(Failure::new)?;
            return Ok(None);
        }
        Err(one_line(&error))
    }
}

/// The first paragraph of what clap says, without its "error: ".
fn one_line(error: &clap::Error) -> Failure {
    if error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand {
        return Failure::new("a command is missing: `entra-sso --help` lists them");
    }
    let text = error.to_string();
    let paragraph = text.split("\n\n").next().unwrap_or_default();
    let paragraph = paragraph.strip_prefix("error: ").unwrap_or(paragraph);
    Failure::new(format_args!("{paragraph}; see `entra-sso --help`"))
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        CommandLine::command().debug_assert();
    }

    #[test]
    fn a_wrong_argument_is_one_line() {
        let error = CommandLine::try_parse_from(["entra-sso", "check", "--jsn"]).unwrap_err();
        let line = one_line(&error).lines().concat();
        assert!(line.starts_with("unexpected argument '--jsn' found"), "{line}");
        assert!(!line.contains('\n'), "{line}");
    }
}
