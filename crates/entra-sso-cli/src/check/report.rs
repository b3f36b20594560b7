//! What a check came to, as text and as JSON.

use entra_sso::{
    checks::{LiveLine, LiveOutcome, LiveReport, RegisteredUrls},
    errors::Finding,
};
use serde_json::{Map, Value, json};

pub(super) struct Report {
    pub(super) findings: Vec<Finding>,
    /// Known once the settings are usable.
    pub(super) urls: Option<RegisteredUrls>,
    /// None with `--offline`, and with settings that cannot be used.
    pub(super) live: Option<LiveReport>,
}

impl Report {
    pub(super) fn passed(&self) -> bool {
        !self.findings.iter().any(Finding::is_error) && !self.live.as_ref().is_some_and(LiveReport::has_failed)
    }

    pub(super) fn text(&self) -> String {
        let mut lines: Vec<String> = self.findings.iter().map(finding_text).collect();
        lines.extend(self.live.iter().flat_map(|live| &live.lines).filter(|line| !is_address(line)).map(live_text));
        if let Some(urls) = &self.urls {
            lines.extend(urls_text(urls, ""));
            for site in &urls.sites {
                lines.extend(urls_text(&site.urls, &format!(" for the site `{}`", site.domain)));
            }
        }
        lines.push(format!("{}\n", self.summary()));
        lines.join("\n")
    }

    fn summary(&self) -> String {
        let errors = self.findings.iter().filter(|finding| finding.is_error()).count();
        let warnings = self.findings.len() - errors;
        let settings = format!("{}, {}", counted(errors, "error"), counted(warnings, "warning"));
        match &self.live {
            Some(live) => format!("{settings} in the settings; live: {}", counts(live)),
            None => settings,
        }
    }

    pub(super) fn json(&self) -> Value {
        json!({
            "passed": self.passed(),
            "findings": self.findings.iter().map(finding_json).collect::<Vec<_>>(),
            "urls": self.urls.as_ref().map_or_else(|| json!({}), urls_json),
            "live": self.live.as_ref().map(|live| live.lines.iter().map(live_json).collect::<Vec<_>>()),
        })
    }
}

/// How many lines ended how, without those that none did.
pub(crate) fn counts(live: &LiveReport) -> String {
    let outcomes = [LiveOutcome::Failed, LiveOutcome::Warning, LiveOutcome::Passed, LiveOutcome::NotChecked];
    let counts = outcomes.into_iter().map(|outcome| (live.count(outcome), outcome)).filter(|(count, _)| *count > 0);
    let counts: Vec<String> = counts
        .map(|(count, outcome)| match outcome {
            LiveOutcome::Warning => counted(count, "warning"),
            outcome => format!("{count} {outcome}"),
        })
        .collect();
    counts.join(", ")
}

fn finding_text(finding: &Finding) -> String {
    let Finding { id, severity, cause, remedy, .. } = finding;
    format!("{severity}  {id}  {cause}\n    cure: {remedy}")
}

fn live_text(line: &LiveLine) -> String {
    let LiveLine { id, site, about, outcome, detail, cure, .. } = line;
    let about = site.iter().chain(about).fold(String::new(), |text, about| text + &format!("({about}) "));
    let cure = cure.as_ref().map_or_else(String::new, |cure| format!("\n    cure: {cure}"));
    format!("{:<12}  {id:<22}  {about}{detail}{cure}", outcome.as_str())
}

fn urls_text(urls: &RegisteredUrls, site: &str) -> Vec<String> {
    let row = |(name, url): (&str, &str)| format!("    {name:<22}{url}");
    let mut lines = vec![format!("Register these URLs with the application{site} (platform \"Web\"):")];
    lines.extend(of_microsoft(urls).map(row));
    lines.push("    (the portal takes a front-channel logout URL with https only)".to_owned());
    for provider in &urls.providers {
        lines.push(format!("Register these URLs with the provider `{}`{site}:", provider.name));
        lines.extend(of_provider(provider).map(row));
    }
    lines
}

/// The list of URLs to register says the same.
fn is_address(line: &LiveLine) -> bool {
    ["live.redirect_uri", "live.post_logout", "live.front_channel_logout", "live.back_channel_logout"]
        .contains(&line.id)
}

fn finding_json(finding: &Finding) -> Value {
    json!({
        "id": finding.id,
        "severity": finding.severity.to_string(),
        "setting": finding.setting,
        "cause": finding.cause,
        "remedy": finding.remedy,
    })
}

fn live_json(line: &LiveLine) -> Value {
    json!({
        "id": line.id,
        "site": line.site,
        "about": line.about,
        "outcome": line.outcome.as_str(),
        "detail": line.detail,
        "cure": line.cure,
    })
}

fn urls_json(urls: &RegisteredUrls) -> Value {
    let members = |named: &[(&str, &str)]| -> Map<String, Value> {
        named.iter().map(|(name, url)| (name.to_lowercase().replace([' ', '-'], "_"), json!(url))).collect()
    };
    let providers: Map<String, Value> = urls
        .providers
        .iter()
        .map(|provider| (provider.name.clone(), Value::Object(members(&of_provider(provider)))))
        .collect();
    let mut all = members(&of_microsoft(urls));
    if !providers.is_empty() {
        all.insert("providers".to_owned(), Value::Object(providers));
    }
    let sites: Map<String, Value> =
        urls.sites.iter().map(|site| (site.domain.clone(), urls_json(&site.urls))).collect();
    if !sites.is_empty() {
        all.insert("sites".to_owned(), Value::Object(sites));
    }
    Value::Object(all)
}

fn of_microsoft(urls: &RegisteredUrls) -> [(&'static str, &str); 3] {
    [
        ("redirect URI", &urls.callback),
        ("after sign-out", &urls.post_logout),
        ("front-channel logout", &urls.front_channel_logout),
    ]
}

fn of_provider(urls: &entra_sso::checks::ProviderUrls) -> [(&'static str, &str); 4] {
    [
        ("redirect URI", &urls.callback),
        ("after sign-out", &urls.post_logout),
        ("front-channel logout", &urls.front_channel_logout),
        ("back-channel logout", &urls.back_channel_logout),
    ]
}

fn counted(amount: usize, what: &str) -> String {
    format!("{amount} {what}{}", if amount == 1 { "" } else { "s" })
}
