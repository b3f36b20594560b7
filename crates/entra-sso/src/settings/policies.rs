//! The B2C user flows beside the sign-in.

use entra_oidc::Policy;

use super::Settings;
use crate::errors::{Check, Finding};

/// User flows that lead back into the sign-in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Policies {
    /// For who clicks "Forgot your password?".
    pub(crate) reset: Option<Policy>,
    /// For who edits his profile.
    pub(crate) edit: Option<Policy>,
}

impl Settings {
    /// `reset_password_policy` and `edit_profile_policy`, read. They need an authority that has user flows.
    pub(crate) fn policies(&self) -> Result<Policies, Finding> {
        Ok(Policies {
            reset: self.flow("reset_password_policy", self.reset_password_policy.as_deref())?,
            edit: self.flow("edit_profile_policy", self.edit_profile_policy.as_deref())?,
        })
    }

    fn flow(&self, setting: &'static str, text: Option<&str>) -> Result<Option<Policy>, Finding> {
        let Some(text) = text else { return Ok(None) };
        let policy = policy(setting, text)?;
        let sign_in = self.authority()?;
        let other = sign_in.with_policy(&policy).map_err(|_| {
            let cause = format!("`{setting}` is set, and the authority is no B2C tenant.");
            Finding::new(Check::B2cIncomplete, Some(setting), cause)
        })?;
        // The policy's case may differ, as everywhere.
        if other.metadata_url().as_str().eq_ignore_ascii_case(sign_in.metadata_url().as_str()) {
            let cause = format!("`{setting}` is the policy that signs users in.");
            return Err(Finding::new(Check::PolicyInvalid, Some(setting), cause)
                .cured_by("Name the user flow made for this, or remove the setting."));
        }
        Ok(Some(policy))
    }
}

/// The error names the setting, not what stands there.
pub(super) fn policy(setting: &'static str, text: &str) -> Result<Policy, Finding> {
    Policy::parse(text.trim())
        .map_err(|error| Finding::new(Check::PolicyInvalid, Some(setting), format!("`{setting}`: {}.", error.detail())))
}
