//! `entra-sso check`: what is wrong with the settings, whether what they name answers, and which URLs to register.

mod report;

use std::process::ExitCode;

use entra_sso::{
    EntraSso,
    checks::{self, LiveOutcome, LiveReport, RegisteredUrls},
    errors::Finding,
    settings::Settings,
};

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
    let settings = match Settings::from_vars(environment.vars()) {
        Ok(settings) => settings,
        Err(error) if error.findings().is_empty() => return Err(error.into()),
        Err(error) => return Ok(unusable(error.findings().to_vec())),
    };
    let findings = checks::check(&settings);
    if findings.iter().any(Finding::is_error) {
        return Ok(unusable(findings));
    }
    match EntraSso::builder(without_code(settings)).build() {
        Ok(sso) => Ok(Report {
            findings,
            urls: Some(RegisteredUrls::new(sso.settings(), unknown_host(&sso))),
            live: if arguments.offline { None } else { Some(without_stores(sso.check_live().await)) },
        }),
        Err(error) if error.findings().is_empty() => Err(error.into()),
        Err(error) => Ok(unusable(error.findings().to_vec())),
    }
}

fn unusable(findings: Vec<Finding>) -> Report {
    Report { findings, urls: None, live: None }
}

/// Stores and catalogues stand in the application's code, which the command does not see: what the settings ask of them is
/// judged when the application starts.
fn without_code(mut settings: Settings) -> Settings {
    settings.replicas = None;
    settings.languages = Settings::default().languages;
    settings
}

/// The stores that were asked are those of this process, and nobody's.
fn without_stores(mut live: LiveReport) -> LiveReport {
    for line in live.lines.iter_mut().filter(|line| ["live.users", "live.sessions"].contains(&line.id)) {
        line.outcome = LiveOutcome::NotChecked;
        "the application's code names its store, and `EntraSso::check_live` there asks it".clone_into(&mut line.detail);
        line.cure = None;
    }
    live
}

/// Stands for the host where the settings leave it to each request; beside a local Microsoft it is this machine.
fn unknown_host(sso: &EntraSso) -> &'static str {
    if sso.client().authority().is_loopback() { "http://localhost:YOUR-PORT" } else { "https://YOUR-HOST" }
}
