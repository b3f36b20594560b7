//! `entra-sso check`: what is wrong with the settings, and which URLs to register.

use std::process::ExitCode;

use entra_sso::{EntraSso, errors::Finding, settings::Settings};
use serde_json::{Value, json};

use crate::{
    command_line::CheckArguments,
    environment::Environment,
    failure::{self, Failure},
    registered_urls::RegisteredUrls,
};

pub(crate) fn run(arguments: &CheckArguments, environment: &Environment) -> Result<ExitCode, Failure> {
    let report = Report::of(environment)?;
    if arguments.json {
        println!("{:#}", report.json());
    } else {
        print!("{}", report.text());
    }
    Ok(if report.passed() { ExitCode::SUCCESS } else { ExitCode::from(failure::EXIT_CODE) })
}

/// Stands for the host where the settings leave it to each request; beside a local Microsoft it is this machine.
fn unknown_host(sso: &EntraSso) -> &'static str {
    if sso.client().authority().is_loopback() { "http://localhost:YOUR-PORT" } else { "https://YOUR-HOST" }
}

/// What a check came to.
struct Report {
    findings: Vec<Finding>,
    /// Known once the settings are usable.
    urls: Option<RegisteredUrls>,
}

impl Report {
    /// Settings that cannot be used are a report too; only what is not about settings is a failure.
    fn of(environment: &Environment) -> Result<Report, Failure> {
        let built = Settings::from_vars(environment.vars()).and_then(|settings| EntraSso::builder(settings).build());
        match built {
            Ok(sso) => Ok(Report {
                findings: sso.findings().to_vec(),
                urls: Some(RegisteredUrls::new(sso.settings(), unknown_host(&sso))),
            }),
            Err(error) if error.findings().is_empty() => Err(error.into()),
            Err(error) => Ok(Report { findings: error.findings().to_vec(), urls: None }),
        }
    }

    fn passed(&self) -> bool {
        !self.findings.iter().any(Finding::is_error)
    }

    fn text(&self) -> String {
        let mut lines: Vec<String> = self
            .findings
            .iter()
            .map(|finding| {
                let Finding { id, severity, cause, remedy, .. } = finding;
                format!("{severity}  {id}  {cause}\n    cure: {remedy}")
            })
            .collect();
        if let Some(urls) = &self.urls {
            lines.push("Register these URLs with the application (platform \"Web\"):".to_owned());
            lines.extend(named(urls).map(|(name, url)| format!("    {name:<22}{url}")));
            lines.push(
                "    (front-channel logout is not served by this version; the portal takes it with https only)"
                    .to_owned(),
            );
        }
        let errors = self.findings.iter().filter(|finding| finding.is_error()).count();
        let warnings = self.findings.len() - errors;
        lines.push(format!("{}, {}\n", counted(errors, "error"), counted(warnings, "warning")));
        lines.join("\n")
    }

    fn json(&self) -> Value {
        let findings: Vec<Value> = self
            .findings
            .iter()
            .map(|finding| {
                json!({
                    "id": finding.id,
                    "severity": finding.severity.to_string(),
                    "setting": finding.setting,
                    "cause": finding.cause,
                    "remedy": finding.remedy,
                })
            })
            .collect();
        let urls: Value = self
            .urls
            .iter()
            .flat_map(named)
            .map(|(name, url)| (name.to_lowercase().replace([' ', '-'], "_"), json!(url)))
            .collect();
        json!({ "passed": self.passed(), "findings": findings, "urls": urls })
    }
}

fn named(urls: &RegisteredUrls) -> [(&'static str, &str); 3] {
    [
        ("redirect URI", &urls.callback),
        ("after sign-out", &urls.post_logout),
        ("front-channel logout", &urls.front_channel_logout),
    ]
}

fn counted(amount: usize, what: &str) -> String {
    format!("{amount} {what}{}", if amount == 1 { "" } else { "s" })
}
