//! `entra-sso check`: what is wrong with the settings, whether what they name answers, and which URLs to register.

mod report;

use std::process::ExitCode;

use entra_sso::{EntraSso, checks::RegisteredUrls, settings::Settings};

use self::report::Report;
#[cfg(feature = "demo")]
pub(crate) use self::report::counts;
use crate::{
    command_line::CheckArguments,
    environment::Environment,
    failure::{self, Failure},
};

pub(crate) async fn run(arguments: &CheckArguments, environment: &Environment) -> Result<ExitCode, Failure> {
    let report = look(arguments, environment).await?;
    if arguments.json {
        println!("{:#}", report.json());
    } else {
        print!("{}", report.text());
    }
    Ok(if report.passed() { ExitCode::SUCCESS } else { ExitCode::from(failure::EXIT_CODE) })
}

/// Settings that cannot be used are a report too; only what is not about settings is a failure.
async fn look(arguments: &CheckArguments, environment: &Environment) -> Result<Report, Failure> {
    let built = Settings::from_vars(environment.vars()).and_then(|settings| EntraSso::builder(settings).build());
    match built {
        Ok(sso) => Ok(Report {
            findings: sso.findings().to_vec(),
            urls: Some(RegisteredUrls::new(sso.settings(), unknown_host(&sso))),
            live: if arguments.offline { None } else { Some(sso.check_live().await) },
        }),
        Err(error) if error.findings().is_empty() => Err(error.into()),
        Err(error) => Ok(Report { findings: error.findings().to_vec(), urls: None, live: None }),
    }
}

/// Stands for the host where the settings leave it to each request; beside a local Microsoft it is this machine.
fn unknown_host(sso: &EntraSso) -> &'static str {
    if sso.client().authority().is_loopback() { "http://localhost:YOUR-PORT" } else { "https://YOUR-HOST" }
}
