//! Managed identities.

use serde::Serialize;

/// A user-assigned managed identity of the machine that the emulator plays.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[non_exhaustive]
pub struct ManagedIdentity {
    /// The client id, a GUID: how requests name it.
    pub client_id: String,
    /// The principal (object) id, a GUID: `oid` and `sub` of its tokens.
    pub id: String,
    /// The GUID of its tenant.
    pub tenant: String,
    /// The resource's name; its resource id ends with it.
    pub name: String,
}

impl ManagedIdentity {
    /// An identity with its client id and principal id, in a tenant.
    #[must_use]
    pub fn new(client_id: &str, id: &str, tenant_id: &str, name: &str) -> Self {
        Self {
            client_id: client_id.to_ascii_lowercase(),
            id: id.to_ascii_lowercase(),
            tenant: tenant_id.to_ascii_lowercase(),
            name: name.to_owned(),
        }
    }

    /// Azure's resource id.
    pub(crate) fn resource_id(&self) -> String {
        format!(
            "/subscriptions/{}/resourcegroups/emulator/providers/Microsoft.ManagedIdentity/userAssignedIdentities/{}",
            self.tenant, self.name
        )
    }
}
