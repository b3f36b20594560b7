//! `entra-sso check`: what is wrong with the settings, whether what they name answers, and which URLs to register.

mod report;

use std::process::ExitCode;

use entra_sso::{
    EntraSso,
    checks::{self, RegisteredUrls},
    errors::Finding,
    settings::{CallbackCache, Settings},
};

use self::report::Report;
#[cfg(feature = "demo")]
pub(crate) use self::report::counts;
use crate::{
    command_line::CheckArguments,
    environment::Environment,
    failure::{self, Failure},
    stores::{self, Tried},
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
    let mut findings = checks::check(&settings);
    if findings.iter().any(Finding::is_error) {
        return Ok(unusable(findings));
    }
    let sso = match EntraSso::builder(without_code(settings.clone())).build() {
        Ok(sso) => sso,
        Err(error) if error.findings().is_empty() => return Err(error.into()),
        Err(error) => return Ok(unusable(error.findings().to_vec())),
    };
    let urls = Some(RegisteredUrls::new(sso.settings(), unknown_host(&sso)));
    if arguments.offline {
        return Ok(Report { findings, urls, live: None });
    }
    // The stores of this `sso` are those of this process, and nobody's.
    let Tried { sessions, callback_cache } = stores::try_all(&settings).await;
    if let Some(Err(why)) = &callback_cache {
        findings.insert(0, checks::callback_cache_unreachable(&settings, why));
    }
    let live = sso.check_live().await.with_stores_tried(sessions, callback_cache);
    Ok(Report { findings, urls, live: Some(live) })
}

fn unusable(findings: Vec<Finding>) -> Report {
    Report { findings, urls: None, live: None }
}

/// Stores and catalogues stand in the application's code, which the command does not see: what the settings ask of them is
/// judged when the application starts.
fn without_code(mut settings: Settings) -> Settings {
    settings.replicas = None;
    settings.session_store = None;
    settings.callback_cache_name = CallbackCache::Cookie;
    settings.languages = Settings::default().languages;
    settings
}

/// Stands for the host where the settings leave it to each request; beside a local Microsoft it is this machine.
fn unknown_host(sso: &EntraSso) -> &'static str {
    if sso.client().authority().is_loopback() { "http://localhost:YOUR-PORT" } else { "https://YOUR-HOST" }
}
