//! What the pages of all sites have in common: templates, languages, and what their policy allows.

use std::{collections::BTreeMap, sync::Arc};

use super::{PagePolicy, templates::Templates};
use crate::{
    catalogue::{Catalogue, Languages},
    errors::{Check, Finding},
    settings::Settings,
};

/// What code gave for the pages, beside the settings.
#[derive(Clone, Default)]
pub(crate) struct GivenPages {
    /// Sources by name.
    pub(crate) templates: BTreeMap<String, String>,
    pub(crate) catalogues: Vec<Catalogue>,
    pub(crate) policy: PagePolicy,
}

/// The same, ready to be used.
pub(crate) struct Bundle {
    templates: Templates,
    languages: Arc<Languages>,
    policy: PagePolicy,
}

impl GivenPages {
    /// What is wrong with it, or worth a look.
    pub(crate) fn check(&self, settings: &Settings) -> Vec<Finding> {
        let mut findings = self.bundle(settings).err().unwrap_or_default();
        findings.extend(self.catalogues.iter().filter_map(|catalogue| unfinished(catalogue, settings)));
        findings
    }

    /// # Errors
    /// Everything that is wrong with it at once: E110, E111, E112, E114.
    pub(crate) fn bundle(&self, settings: &Settings) -> Result<Bundle, Vec<Finding>> {
        let languages = Languages::of(&settings.languages, &self.catalogues);
        match (Templates::new(&self.templates), languages, self.policy.fault()) {
            (Ok(templates), Ok(languages), None) => {
                Ok(Bundle { templates, languages: Arc::new(languages), policy: self.policy.clone() })
            }
            (templates, languages, policy) => {
                let mut findings = templates.err().unwrap_or_default();
                findings.extend(languages.err());
                findings.extend(policy);
                Err(findings)
            }
        }
    }
}

impl Bundle {
    pub(super) fn templates(&self) -> &Templates {
        &self.templates
    }

    pub(crate) fn languages(&self) -> &Arc<Languages> {
        &self.languages
    }

    pub(super) fn policy(&self) -> &PagePolicy {
        &self.policy
    }
}

/// W110: texts that are missing, or that nobody ever reads.
fn unfinished(catalogue: &Catalogue, settings: &Settings) -> Option<Finding> {
    let language = catalogue.language();
    let cause = if !settings.languages.iter().any(|known| known.eq_ignore_ascii_case(language)) {
        format!("The catalogue `{language}` is given, and `languages` does not name it.")
    } else if language.eq_ignore_ascii_case("en") {
        return None;
    } else {
        let missing: Vec<&str> = catalogue.missing().collect();
        let first = missing.first()?;
        format!("The catalogue `{language}` lacks {} texts, `{first}` for one.", missing.len())
    };
    Some(Finding::new(Check::CatalogueUnfinished, Some("languages"), cause))
}
