//! The only door to the process's environment.

#[cfg(feature = "demo")]
use std::path::PathBuf;
use std::{collections::BTreeMap, ffi::OsString};

use crate::failure::Failure;

/// The variables of this process, read once at the start.
#[derive(Clone, Debug, Default)]
pub(crate) struct Environment(BTreeMap<String, String>);

impl Environment {
    /// Everything that is set. A name of ours whose value is not Unicode is refused; a stranger's is left out.
    pub(crate) fn of_process() -> Result<Environment, Failure> {
        #[expect(clippy::disallowed_methods, reason = "this is the door")]
        let variables = std::env::vars_os();
        Environment::read(variables)
    }

    fn read(variables: impl Iterator<Item = (OsString, OsString)>) -> Result<Environment, Failure> {
        let mut read = BTreeMap::new();
        for (name, value) in variables {
            let Ok(name) = name.into_string() else { continue };
            match value.into_string() {
                Ok(value) => {
                    read.insert(name, value);
                }
                Err(_) if is_ours(&name) => {
                    return Err(Failure::new(format_args!("{name} is not valid UTF-8: set it again, or unset it")));
                }
                Err(_) => {}
            }
        }
        Ok(Environment(read))
    }

    /// The value of one variable; set but empty is `Some("")`.
    #[cfg(any(test, feature = "demo"))]
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// All variables, for `Settings::from_vars`.
    pub(crate) fn vars(&self) -> impl Iterator<Item = (String, String)> {
        self.0.iter().map(|(name, value)| (name.clone(), value.clone()))
    }

    /// The same environment with `vars` added; what is there already is replaced.
    #[cfg(feature = "demo")]
    pub(crate) fn with(&self, vars: impl IntoIterator<Item = (String, String)>) -> Environment {
        let mut all = self.0.clone();
        all.extend(vars);
        Environment(all)
    }

    /// Where files for this run only may lie: `TMPDIR`, else `/tmp`.
    #[cfg(feature = "demo")]
    pub(crate) fn temporary_directory(&self) -> PathBuf {
        self.get("TMPDIR").filter(|path| !path.is_empty()).map_or_else(|| PathBuf::from("/tmp"), PathBuf::from)
    }
}

fn is_ours(name: &str) -> bool {
    ["MICROSOFT_SSO_", "AZURE_", "OAUTH2_"].iter().any(|prefix| name.starts_with(prefix))
}

#[cfg(test)]
impl<const N: usize> From<[(&str, &str); N]> for Environment {
    fn from(vars: [(&str, &str); N]) -> Environment {
        Environment(vars.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect())
    }
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::ffi::OsStringExt;

    use super::*;

    #[test]
    fn only_our_own_names_must_be_unicode() {
        let broken = || OsString::from_vec(vec![b'a', 0xff]);
        let read = |name: &str| Environment::read([(OsString::from(name), broken())].into_iter());
        assert!(read("AZURE_CLIENT_SECRET").is_err());
        assert!(read("MICROSOFT_SSO_TEXT").is_err());
        assert_eq!(read("LS_COLORS").map(|environment| environment.get("LS_COLORS").map(str::to_owned)), Ok(None));
    }
}
