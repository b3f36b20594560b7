//! Who this application is, and which credential proves it.

use std::path::Path;

use entra_oidc::{Credential, Guid, Registration};

use super::{CredentialSettings, Settings, credential::named, foreign, raw::quoted};
use crate::errors::{Check, Finding};

/// A credential that is used.
pub(crate) struct Chosen {
    /// What it is called where it is given: a setting, or a variable of the platform.
    pub(crate) name: &'static str,
    /// The table of the list that it stands in, if it stands in one.
    place: Option<String>,
    kind: &'static str,
    table: CredentialSettings,
}

impl Settings {
    /// Who this application is. Anything that is missing or cannot be used is a finding of severity error.
    pub(crate) fn registration(&self) -> Result<Registration, Finding> {
        let client_id = self.client_id()?;
        let mut credentials = self.chosen()?.iter().map(Chosen::credential).collect::<Result<Vec<_>, _>>()?.into_iter();
        let first = credentials.next().ok_or_else(|| self.no_credential())?;
        Ok(Registration::new(client_id, first).with_fallbacks(credentials.collect()))
    }

    /// `application_id`, read.
    pub(crate) fn client_id(&self) -> Result<Guid, Finding> {
        let setting = Some("application_id");
        let Some(id) = self.application_id.as_deref() else {
            return Err(Finding::new(Check::ApplicationMissing, setting, "`application_id` is not set."));
        };
        Guid::parse(id.trim()).map_err(|_| {
            let cause = format!("`application_id` is {}, not a GUID.", quoted(id));
            Finding::new(Check::ApplicationInvalid, setting, cause)
        })
    }

    /// The credentials that are used: the list, or the first of the others. Never none.
    pub(crate) fn chosen(&self) -> Result<Vec<Chosen>, Finding> {
        if self.credential.is_empty() {
            return self.first_of_the_others().map(|chosen| vec![chosen]).ok_or_else(|| self.no_credential());
        }
        if let Some(finding) = self.beside_the_list() {
            return Err(finding);
        }
        let entry = |(position, table): (usize, &CredentialSettings)| {
            let place = format!("`[[credential]]` number {}", position + 1);
            let kind = table.one_kind().map_err(|finding| finding.inside("credential", &place))?;
            Ok(Chosen { name: kind, place: Some(place), kind, table: table.clone() })
        };
        self.credential.iter().enumerate().map(entry).collect()
    }

    /// Credentials that are set and not used, because another one comes before them.
    pub(crate) fn unused_credentials(&self) -> Vec<&'static str> {
        let Some(chosen) = self.first_of_the_others().filter(|_| self.credential.is_empty()) else { return Vec::new() };
        let own = self.own_credential();
        let platform = self.given.platform_token_file().map(|(variable, _)| variable);
        let kinds = own.kinds().into_iter().chain(platform).filter(|name| *name != chosen.name);
        kinds.chain(own.strays(chosen.kind)).collect()
    }

    /// The platform's token file comes before the setting: that is how python-social-auth has it.
    fn first_of_the_others(&self) -> Option<Chosen> {
        let table = self.own_credential();
        let own = table.kinds().first().copied();
        let before_files = matches!(own, Some("client_secret" | "client_assertion"));
        match (self.given.platform_token_file().filter(|_| !before_files), own) {
            (Some((variable, path)), _) => Some(Chosen::of_platform(variable, path, table)),
            (None, Some(kind)) => Some(Chosen { name: kind, place: None, kind, table }),
            (None, None) => None,
        }
    }

    /// The credential settings outside the list, as one table.
    fn own_credential(&self) -> CredentialSettings {
        CredentialSettings {
            client_secret: self.client_secret.clone(),
            client_secret_expires: self.client_secret_expires,
            secret_in_header: false,
            client_assertion: self.client_assertion.clone(),
            client_assertion_type: self.client_assertion_type.clone(),
            federated_token_file: self.federated_token_file.clone(),
            client_certificate_path: self.client_certificate_path.clone(),
            client_certificate_password: self.client_certificate_password.clone(),
            client_certificate_algorithm: self.client_certificate_algorithm,
            send_certificate_chain: self.send_certificate_chain,
            managed_identity_client_id: self.managed_identity_client_id.clone(),
        }
    }

    fn beside_the_list(&self) -> Option<Finding> {
        let own = self.own_credential();
        let others: Vec<&str> = own.kinds().into_iter().chain(own.strays("")).collect();
        let cause = || format!("`credential` is a list, and {} is set beside it.", named(&others));
        (!others.is_empty()).then(|| Finding::new(Check::CredentialConflict, Some("credential"), cause()))
    }

    fn no_credential(&self) -> Finding {
        let known = |name: &&str| foreign::OTHER_CREDENTIALS.contains(name);
        let others: Vec<&str> = self.microsoft_names().iter().map(String::as_str).filter(known).collect();
        let strays = self.own_credential().strays("");
        let cause = match (others.is_empty(), strays.is_empty()) {
            (true, true) => "No credential is set.".to_owned(),
            (false, _) => format!("No credential is set; {} cannot be used.", named(&others)),
            (true, false) => format!("No credential is set; {} alone is none.", named(&strays)),
        };
        Finding::new(Check::CredentialMissing, Some("client_secret"), cause)
    }
}

impl Chosen {
    fn of_platform(variable: &'static str, path: &Path, mut table: CredentialSettings) -> Chosen {
        table.federated_token_file = Some(path.to_owned());
        Chosen { name: variable, place: None, kind: "federated_token_file", table }
    }

    /// Reads it; a certificate's file too.
    pub(crate) fn credential(&self) -> Result<Credential, Finding> {
        self.table.credential(self.kind).map_err(|finding| self.about(finding))
    }

    /// The finding, with the table that it is about.
    pub(crate) fn about(&self, finding: Finding) -> Finding {
        match &self.place {
            Some(place) => finding.inside("credential", place),
            None => finding,
        }
    }
}
