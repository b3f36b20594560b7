//! The templates: ours, and the application's in their place.

mod samples;
#[cfg(test)]
mod tests;

use std::{collections::BTreeMap, sync::Arc};

use minijinja::{AutoEscape, Environment, Error, ErrorKind, UndefinedBehavior, Value, context, value::Kwargs};

use crate::{
    catalogue::Catalogue,
    errors::{Check, Finding},
};

/// Names and sources of ours.
const OURS: [(&str, &str); 8] = [
    ("layout.html", include_str!("layout.html")),
    ("login.html", include_str!("login.html")),
    ("error.html", include_str!("error.html")),
    ("sign_out.html", include_str!("sign_out.html")),
    ("messages.html", include_str!("messages.html")),
    ("buttons.html", include_str!("buttons.html")),
    ("button.html", include_str!("button.html")),
    ("sign_out_form.html", include_str!("sign_out_form.html")),
];

/// The style block of every page of ours.
pub(super) const STYLE: &str = concat!(include_str!("style.css"), include_str!("button.css"));

/// Parsed once.
pub(super) struct Templates {
    ours: Environment<'static>,
    /// Ours with the application's in their place, where it has any.
    given: Option<Environment<'static>>,
}

impl Templates {
    /// # Errors
    /// E111 for each that does not parse or does not render with sample values, E112 for each that nothing uses.
    pub(super) fn new(given: &BTreeMap<String, String>) -> Result<Templates, Vec<Finding>> {
        let mut findings: Vec<Finding> = given.keys().filter_map(|name| unused(name, given)).collect();
        let mut ours = environment();
        for (name, source) in OURS {
            ours.add_template(name, source).expect("a template of this crate parses");
        }
        let mut replaced = ours.clone();
        for (name, source) in given {
            let added = replaced.add_template_owned(name.clone(), source.clone());
            findings.extend(added.err().map(|error| invalid(name, &error)));
        }
        if findings.is_empty() && !given.is_empty() {
            findings.extend(trial(&replaced));
        }
        if !findings.is_empty() {
            return Err(findings);
        }
        Ok(Templates { ours, given: (!given.is_empty()).then_some(replaced) })
    }

    /// Whether the application has any of its own.
    pub(super) fn has_given(&self) -> bool {
        self.given.is_some()
    }

    /// The page. When the application's template fails, the log says why, and the page is ours.
    pub(super) fn render(&self, name: &str, values: &Value) -> String {
        if let Some(given) = &self.given {
            match rendered(given, name, values) {
                Ok(html) => return html,
                Err(error) => {
                    let place = place(name, &error);
                    tracing::error!("{place} failed, and ours is shown in its place: {}", reason(&error));
                }
            }
        }
        rendered(&self.ours, name, values).expect("a template of this crate renders")
    }
}

/// What every template knows of the language it is shown in: `lang`, and `text("name", argument="…")`.
pub(super) fn of_language(catalogue: &Arc<Catalogue>) -> Value {
    let texts = catalogue.clone();
    let text = move |name: &str, values: Kwargs| -> Result<String, Error> {
        let values = values.args().map(|argument| Ok((argument, values.get::<Value>(argument)?.to_string())));
        let values = values.collect::<Result<Vec<_>, Error>>()?;
        let values: Vec<(&str, &str)> = values.iter().map(|(argument, value)| (*argument, value.as_str())).collect();
        let unknown = || Error::new(ErrorKind::InvalidOperation, format!("there is no text {name:?}"));
        texts.find(name, &values).ok_or_else(unknown)
    };
    context! { lang => catalogue.language(), text => Value::from_function(text) }
}

/// Everything is escaped, whatever a template is called.
fn environment() -> Environment<'static> {
    let mut environment = Environment::new();
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    environment.add_global("style", Value::from_safe_string(STYLE.to_owned()));
    environment
}

fn rendered(environment: &Environment<'static>, name: &str, values: &Value) -> Result<String, Error> {
    environment.get_template(name)?.render(values)
}

/// Each page once with everything there is, and once with as little as there can be: a value that no template has is
/// found here rather than by a user.
fn trial(environment: &Environment<'static>) -> Vec<Finding> {
    let mut strict = environment.clone();
    strict.set_undefined_behavior(UndefinedBehavior::SemiStrict);
    let mut findings: Vec<Finding> = Vec::new();
    for (name, values) in samples::samples() {
        let finding = rendered(&strict, name, &values).err().map(|error| invalid(name, &error));
        findings.extend(finding.filter(|finding| !findings.contains(finding)));
    }
    findings
}

/// E112: none of ours, and no other template of the application speaks of it.
fn unused(name: &str, given: &BTreeMap<String, String>) -> Option<Finding> {
    let is_ours = OURS.iter().any(|(ours, _)| *ours == name);
    let is_part = || given.iter().any(|(other, source)| other != name && source.contains(name));
    let known = OURS.map(|(ours, _)| format!("`{ours}`")).join(", ");
    (!is_ours && !is_part()).then(|| {
        Finding::new(Check::TemplateUnknown, None, format!("The template {name:?} is never used."))
            .cured_by(format!("Give it the name of one of ours ({known}), or refer to it from one of yours."))
    })
}

fn invalid(name: &str, error: &Error) -> Finding {
    Finding::new(Check::TemplateInvalid, None, format!("{}: {}.", place(name, error), reason(error)))
}

/// Where it went wrong: the template that is to blame may be another than the one that was asked for.
fn place(name: &str, error: &Error) -> String {
    let name = error.name().unwrap_or(name);
    error.line().map_or_else(|| format!("The template `{name}`"), |line| format!("The template `{name}`, line {line}"))
}

fn reason(error: &Error) -> String {
    let detail = error.detail().map(|detail| format!(": {detail}")).unwrap_or_default();
    let below = std::error::Error::source(error).map(|below| format!(" ({below})")).unwrap_or_default();
    format!("{}{detail}{below}", error.kind())
}
