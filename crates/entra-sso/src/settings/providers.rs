//! Standard OpenID providers beside Microsoft.

use entra_oidc::{Algorithm, Authority, ClientId, OpenIdProvider, Registration};

use super::{ProviderTable, Settings, raw::quoted};
use crate::errors::{Check, Finding};

/// One provider, ready to be used.
#[derive(Debug)]
pub(crate) struct ProviderSettings {
    /// Stands in its routes.
    pub(crate) name: String,
    pub(crate) authority: Authority,
    pub(crate) registration: Registration,
    /// Beside `openid profile email`.
    pub(crate) scopes: Vec<String>,
    /// The button's text, when it has one of its own.
    pub(crate) text: Option<String>,
}

/// What stands under the prefix already, and what is easily mistaken for Microsoft's own.
const RESERVED: [&str; 6] = ["callback", "default", "login", "logout", "me", "microsoft"];
const LONGEST_NAME: usize = 32;

impl Settings {
    /// The tables of `[[provider]]`, read. Anything wrong in one of them is a finding of severity error.
    pub(crate) fn providers(&self) -> Result<Vec<ProviderSettings>, Finding> {
        self.each_provider().collect()
    }

    /// Each table on its own, for who wants to know everything that is wrong.
    pub(crate) fn each_provider(&self) -> impl Iterator<Item = Result<ProviderSettings, Finding>> {
        (0..self.provider.len()).map(|position| self.provider_at(position))
    }

    fn provider_at(&self, position: usize) -> Result<ProviderSettings, Finding> {
        let place = format!("`[[provider]]` number {}", position + 1);
        let about = |finding: Finding| finding.inside("provider", &place);
        let table = &self.provider[position];
        let name = self.provider_name(position).map_err(about)?;
        let authority = table.authority().map_err(about)?;
        let registration = table.registration().map_err(about)?;
        let (scopes, text) = (table.scopes.clone(), table.text.clone());
        Ok(ProviderSettings { name, authority, registration, scopes, text })
    }

    fn provider_name(&self, position: usize) -> Result<String, Finding> {
        let Some(name) = &self.provider[position].name else { return Err(invalid("`name` is not set.".to_owned())) };
        let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        let fits =
            name.len() <= LONGEST_NAME && name.bytes().all(plain) && !name.starts_with('-') && !name.ends_with('-');
        if !fits || name.is_empty() {
            return Err(invalid(format!("`name` is {}.", quoted(name))));
        }
        if RESERVED.contains(&name.as_str()) {
            return Err(invalid(format!("`name` is `{name}`, which has a meaning of its own.")));
        }
        if self.provider.iter().take(position).any(|earlier| earlier.name.as_ref() == Some(name)) {
            return Err(invalid(format!("`name` is `{name}`, as that of an earlier one.")));
        }
        Ok(name.clone())
    }
}

impl ProviderTable {
    fn authority(&self) -> Result<Authority, Finding> {
        let Some(issuer) = &self.oidc_authority else {
            return Err(unusable("`oidc_authority` is not set.".to_owned()));
        };
        let algorithm = |text: &String| {
            Algorithm::parse(text).ok_or_else(|| unusable(format!("`algorithms` has the entry {}.", quoted(text))))
        };
        let algorithms = self.algorithms.iter().map(algorithm).collect::<Result<Vec<_>, _>>()?;
        let provider = OpenIdProvider::new(issuer.trim())
            .and_then(|provider| provider.endpoint_hosts(&self.endpoint_hosts))
            .and_then(|provider| if algorithms.is_empty() { Ok(provider) } else { provider.algorithms(algorithms) });
        provider
            .map(Authority::openid)
            .map_err(|error| unusable(format!("`oidc_authority`: {}.", error.detail())).cured_by(error.entry().remedy))
    }

    fn registration(&self) -> Result<Registration, Finding> {
        let id = self.application_id.as_deref().ok_or_else(|| {
            Finding::new(Check::ApplicationMissing, None, "`application_id` is not set.")
                .cured_by("Give the id under which the provider knows this application.")
        })?;
        let id = ClientId::parse(id.trim()).map_err(|_| {
            Finding::new(Check::ApplicationInvalid, None, format!("`application_id` is {}.", quoted(id)))
                .cured_by("Give the id as the provider shows it: visible ASCII characters.")
        })?;
        let kind = self.credential.one_kind()?;
        Ok(Registration::new(id, self.credential.credential(kind)?))
    }
}

fn invalid(cause: String) -> Finding {
    Finding::new(Check::ProviderInvalid, None, cause)
}

fn unusable(cause: String) -> Finding {
    Finding::new(Check::ProviderAuthority, None, cause)
}
