//! Where settings come from, and in which order.

mod layers;

use std::path::PathBuf;

use self::layers::{Layers, Variables};
use super::{
    Settings, env, file, foreign,
    given::Given,
    key::Key,
    names::{self, PREFIX, SETTINGS_FILE},
    nearest::nearest,
    place::read_value,
    raw::quoted,
    tables,
};
use crate::errors::{Check, Finding, SsoError};

/// Puts the sources together. What a `MICROSOFT_SSO_…` variable says wins over the TOML text, and that over an
/// `AZURE_…` variable.
///
/// ```
/// use entra_sso::settings::Sources;
///
/// let settings = Sources::new()
///     .toml("tenant_id = 'contoso.example'\nclock_skew = 60")
///     .vars([("MICROSOFT_SSO_CLOCK_SKEW", "120"), ("AZURE_TENANT_ID", "fabrikam.example")])
///     .read()?;
/// assert_eq!(settings.clock_skew.as_secs(), 120);
/// assert_eq!(settings.tenant_id.as_deref(), Some("contoso.example"));
/// # Ok::<(), entra_sso::errors::SsoError>(())
/// ```
#[derive(Default)]
pub struct Sources {
    vars: Vec<Result<(String, String), String>>,
    toml: Option<Toml>,
}

enum Toml {
    Text(String),
    File(PathBuf),
}

impl Settings {
    /// The settings of this process's environment, and of the TOML file that `MICROSOFT_SSO_SETTINGS_FILE` names, if
    /// any.
    ///
    /// # Errors
    /// [`SsoError`] with everything that is wrong with names and values.
    pub fn from_env() -> Result<Settings, SsoError> {
        Sources::new().environment().read()
    }

    /// The same from variables that are given, for tests and for applications that have them elsewhere.
    ///
    /// # Errors
    /// As [`Settings::from_env`].
    pub fn from_vars<N: Into<String>, V: Into<String>>(
        vars: impl IntoIterator<Item = (N, V)>,
    ) -> Result<Settings, SsoError> {
        Sources::new().vars(vars).read()
    }

    /// The settings of a TOML text alone.
    ///
    /// # Errors
    /// As [`Settings::from_env`].
    pub fn from_toml(text: &str) -> Result<Settings, SsoError> {
        Sources::new().toml(text).read()
    }
}

impl Sources {
    /// No source: every setting has its default.
    #[must_use]
    pub fn new() -> Sources {
        Sources::default()
    }

    /// Adds this process's environment.
    #[must_use]
    pub fn environment(mut self) -> Sources {
        self.vars.extend(env::variables());
        self
    }

    /// Adds variables. One that is there already is a finding.
    #[must_use]
    pub fn vars<N: Into<String>, V: Into<String>>(mut self, vars: impl IntoIterator<Item = (N, V)>) -> Sources {
        self.vars.extend(vars.into_iter().map(|(name, value)| Ok((name.into(), value.into()))));
        self
    }

    /// Takes this TOML text, whatever `MICROSOFT_SSO_SETTINGS_FILE` names.
    #[must_use]
    pub fn toml(mut self, text: impl Into<String>) -> Sources {
        self.toml = Some(Toml::Text(text.into()));
        self
    }

    /// Takes this TOML file, whatever `MICROSOFT_SSO_SETTINGS_FILE` names.
    #[must_use]
    pub fn toml_file(mut self, path: impl Into<PathBuf>) -> Sources {
        self.toml = Some(Toml::File(path.into()));
        self
    }

    /// The settings, or everything that is wrong in the sources.
    ///
    /// # Errors
    /// [`SsoError`] of kind `SettingsRefused`.
    pub fn read(self) -> Result<Settings, SsoError> {
        let settings = self.load();
        let errors: Vec<Finding> =
            settings.source_findings().iter().filter(|finding| finding.is_error()).cloned().collect();
        if errors.is_empty() { Ok(settings) } else { Err(SsoError::refused(errors)) }
    }

    /// The settings in any case. What is wrong in the sources is remembered: [`check`](crate::checks::check) lists it
    /// together with its own findings, and nothing can be built from such settings.
    #[must_use]
    pub fn load(self) -> Settings {
        let mut settings = Settings::default();
        let mut given = Given::default();
        let variables = Variables::sort(self.vars, &mut given);
        let table = match self.toml {
            Some(Toml::Text(text)) => parse(&text, "the settings", &mut given),
            Some(Toml::File(path)) => read_toml(&path.display().to_string(), &mut given),
            None => variables.value(SETTINGS_FILE).map_or_else(toml::Table::new, |path| read_toml(path, &mut given)),
        };
        let layers = Layers { variables, table };
        for key in names::keys() {
            read_key(key, &layers, &mut settings, &mut given);
        }
        platform_token_file(&layers, &mut given);
        unknown_names(&layers, &mut given);
        foreign_names(&layers, &mut given);
        settings.given = given;
        settings
    }
}

fn read_toml(path: &str, given: &mut Given) -> toml::Table {
    if path.trim().is_empty() {
        given.find(Finding::new(Check::SettingEmpty, None, format!("`{SETTINGS_FILE}` is present but empty.")));
        return toml::Table::new();
    }
    match file::text(path.as_ref(), file::SETTINGS_LIMIT) {
        Ok(text) => parse(&text, &format!("the settings file {path}"), given),
        Err(why) => {
            given.find(Finding::new(
                Check::SettingsFile,
                None,
                format!("The settings file {path} cannot be read: {why}."),
            ));
            toml::Table::new()
        }
    }
}

fn parse(text: &str, what: &str, given: &mut Given) -> toml::Table {
    if text.len() as u64 > file::SETTINGS_LIMIT {
        given.find(Finding::new(
            Check::SettingsFile,
            None,
            format!("In {what}: longer than {} bytes.", file::SETTINGS_LIMIT),
        ));
        return toml::Table::new();
    }
    file::table(text).unwrap_or_else(|why| {
        given.find(Finding::new(Check::SettingsFile, None, format!("In {what}: {why}.")));
        toml::Table::new()
    })
}

/// The lower layer first, so that the higher one writes over it; both are looked at, so that every problem is found.
fn read_key(key: &'static Key<Settings>, layers: &Layers, settings: &mut Settings, given: &mut Given) {
    let written = [layers.in_toml(key), layers.in_variables(key)];
    let ambient = if written.iter().all(Vec::is_empty) { layers.ambient(key) } else { Vec::new() };
    for places in std::iter::once(ambient).chain(written) {
        read_value(key, places, settings, given);
    }
}

/// The platform's variables for a token file: the first that is there counts (F-03). An explicit list of credentials
/// leaves them aside.
fn platform_token_file(layers: &Layers, given: &mut Given) {
    let mut present = foreign::TOKEN_FILES.iter().filter_map(|name| Some((*name, layers.variables.value(name)?)));
    let Some((name, path)) = present.next().filter(|_| !layers.has("credential")) else { return };
    if path.trim().is_empty() {
        let cause = format!("`{name}` is present but empty.");
        given.find(Finding::new(Check::SettingEmpty, Some("federated_token_file"), cause));
    } else {
        given.set_platform_token_file(name, path.into());
    }
}

fn unknown_names(layers: &Layers, given: &mut Given) {
    let accepted: Vec<String> = names::accepted().collect();
    let unknown = |name: &str| !accepted.iter().any(|known| known == name);
    for name in layers.table.keys().filter(|name| unknown(name)) {
        let near = nearest(name, accepted.iter().map(String::as_str)).map(str::to_owned);
        let finding = Finding::unknown_setting(&quoted(name), near.as_deref());
        let elsewhere = tables::list_with(name).map(|list| format!("Write it into a table `[[{list}]]`."));
        given.find(match elsewhere.or_else(|| foreign::instead_of(name)) {
            Some(cure) => finding.cured_by(cure),
            None => finding,
        });
    }
    for variable in layers.variables.names().filter(|name| *name != SETTINGS_FILE) {
        let Some(name) = variable.strip_prefix(PREFIX) else { continue };
        let lower = name.to_ascii_lowercase();
        if name.bytes().any(|byte| byte.is_ascii_lowercase()) || unknown(&lower) {
            let known = || accepted.iter().map(String::as_str).chain(["settings_file"]);
            // Only secrets have a file; for the others the name before `_file` is the one meant.
            let before_file = || nearest(lower.strip_suffix("_file")?, known());
            let near = nearest(&lower, known()).or_else(before_file);
            let near = near.map(|near| format!("{PREFIX}{}", near.to_ascii_uppercase()));
            let finding = Finding::unknown_setting(&quoted(variable), near.as_deref());
            given.find(match foreign::instead_of(&lower) {
                Some(cure) => finding.cured_by(cure),
                None => finding,
            });
        }
    }
}

fn foreign_names(layers: &Layers, given: &mut Given) {
    for variable in layers.variables.names() {
        if foreign::is_credential(variable) {
            given.note_microsoft(variable);
        }
        if foreign::is_social_auth(variable) {
            let finding = Finding::new(Check::ForeignSetting, None, format!("`{variable}` is set and is not read."));
            given.find(match foreign::ours(variable) {
                Some("provider") => finding.cured_by("Describe the provider in a table `[[provider]]`, and remove it."),
                Some(ours) => finding
                    .cured_by(format!("Use `{PREFIX}{}` (`{ours}` in TOML) and remove it.", ours.to_ascii_uppercase())),
                None => finding.cured_by("Remove it; `docs/coming-from-django.md` says what stands in its place."),
            });
        }
    }
}
