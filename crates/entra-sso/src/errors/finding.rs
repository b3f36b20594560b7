//! What a check found.

use std::fmt;

use super::{check_ids::Check, severity::Severity};

/// Something that is wrong, or worth a look, in the settings. It never holds a secret.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Finding {
    /// The check's id, such as `sso.E020`; it stands in `docs/errors.md`.
    pub id: &'static str,
    /// Errors stop the start.
    pub severity: Severity,
    /// What was found, with the setting's name.
    pub cause: String,
    /// What to do about it.
    pub remedy: String,
    /// The setting it is about, when there is one.
    pub setting: Option<&'static str>,
}

impl Finding {
    /// A finding with the remedy that the register has for it.
    pub(crate) fn new(check: Check, setting: Option<&'static str>, cause: impl Into<String>) -> Finding {
        let entry = check.entry();
        Finding {
            id: entry.id,
            severity: entry.severity,
            cause: cause.into(),
            remedy: entry.remedy.to_owned(),
            setting,
        }
    }

    /// A setting that has to be a path on this site is none.
    pub(crate) fn not_a_path(setting: &'static str, path: &str) -> Finding {
        let shown: String = path.chars().take(80).collect();
        Finding::new(
            Check::PathInvalid,
            Some(setting),
            format!("`{setting}` is {shown:?}, which is not a path that it can lead to."),
        )
    }

    /// A name that no setting has; `near` is the known one that is probably meant.
    pub(crate) fn unknown_setting(shown: &str, near: Option<&str>) -> Finding {
        let finding = Finding::new(Check::SettingUnknown, None, format!("There is no setting {shown}."));
        match near {
            Some(near) => finding.cured_by(format!("Did you mean `{near}`? `docs/settings.md` lists all of them.")),
            None => finding,
        }
    }

    /// The same, about a table in the list `setting`; `place` says which one.
    pub(crate) fn inside(mut self, setting: &'static str, place: &str) -> Finding {
        self.setting = Some(setting);
        self.cause = format!("In {place}: {}", self.cause);
        self
    }

    /// The same, with a remedy that knows more than the register.
    pub(crate) fn cured_by(mut self, remedy: impl Into<String>) -> Finding {
        self.remedy = remedy.into();
        self
    }

    /// Whether it stops the start.
    #[must_use]
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}

/// One line: id, cause, cure.
impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} Cure: {}", self.id, self.cause, self.remedy)
    }
}
