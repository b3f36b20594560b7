//! The settings that name people, read.

use super::Settings;
use crate::{
    errors::{Check, Finding},
    users::{domain_rule::DomainRule, person_list::PersonList},
};

impl Settings {
    /// `allowable_domains` as a rule; none when it is not set.
    pub(crate) fn domain_rule(&self) -> Result<Option<DomainRule>, Finding> {
        let invalid = |error| {
            Finding::new(Check::DomainInvalid, Some("allowable_domains"), format!("`allowable_domains`: {error}."))
        };
        self.allowable_domains.as_deref().map(|entries| DomainRule::parse(entries).map_err(invalid)).transpose()
    }

    /// `staff_list`, read.
    pub(crate) fn staff(&self) -> Result<PersonList, Finding> {
        person_list("staff_list", &self.staff_list)
    }

    /// `superuser_list`, read. Everybody is no superuser.
    pub(crate) fn superusers(&self) -> Result<PersonList, Finding> {
        let list = person_list("superuser_list", &self.superuser_list)?;
        if list.is_everybody() {
            let cause = "`superuser_list` has `*`, and everybody would be a superuser.";
            return Err(Finding::new(Check::SuperuserEverybody, Some("superuser_list"), cause));
        }
        Ok(list)
    }
}

fn person_list(setting: &'static str, entries: &[String]) -> Result<PersonList, Finding> {
    PersonList::parse(entries)
        .map_err(|error| Finding::new(Check::PersonInvalid, Some(setting), format!("`{setting}`: {error}.")))
}
