//! What is known of an account that may decide something: whose member it is, and which of its addresses are trusted.

use entra_oidc::{AccountKind, Guid, Identity};

use crate::{
    profile::Profile,
    users::trusted_address::{AddressFacts, AddressRule, TrustedAddress},
};

/// Judged from the token, and from Graph as far as it was asked.
#[derive(Debug)]
pub(crate) struct Standing {
    /// The most telling one first.
    pub(crate) addresses: Vec<TrustedAddress>,
    /// With which a member of the pinned tenant claims an invitation.
    pub(crate) user_principal_name: Option<TrustedAddress>,
    /// The tenant that bare object ids mean.
    pub(crate) pinned_tenant: Option<Guid>,
}

impl Standing {
    /// `pinned_tenant`: the one tenant of the authority; `rule` has it only where an administrator makes the accounts.
    pub(crate) fn of(
        identity: &Identity,
        profile: &Profile,
        rule: &AddressRule,
        pinned_tenant: Option<Guid>,
    ) -> Standing {
        let facts = AddressFacts::of(identity, profile.graph_mail.as_deref(), profile.graph_upn.as_deref());
        Standing {
            addresses: TrustedAddress::all(&facts, rule),
            user_principal_name: TrustedAddress::user_principal_name(&facts, rule),
            pinned_tenant,
        }
    }
}

/// Of who is no member, no address but the token's is trusted, so that nobody else has to be asked.
pub(crate) fn may_be_member(identity: &Identity) -> bool {
    identity.account().kind() == AccountKind::Entra && !identity.is_personal() && !identity.is_guest()
}

/// By the claims, or by the name that Graph has for the account.
pub(crate) fn is_guest(identity: &Identity, profile: &Profile) -> bool {
    let external = profile.graph_upn.as_deref().is_some_and(|upn| upn.to_ascii_uppercase().contains("#EXT#"));
    external || identity.is_guest()
}

/// A work or school account in its own tenant, which an administrator made; Graph, if it was asked, has to have said so.
pub(crate) fn is_member(identity: &Identity, profile: &Profile) -> bool {
    may_be_member(identity) && profile.missing.is_none() && !is_guest(identity, profile)
}
