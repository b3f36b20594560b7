//! Which address of a user may decide something.

use std::{collections::BTreeSet, fmt};

use entra_oidc::{AccountKind, Guid, Identity};

use super::address::Address;

/// An address that may decide something: the domain rule, the lists of staff, a link to a prepared user.
///
/// It exists in two cases only:
///
/// 1. It is the `email` of this ID token, and the token's `xms_edov` says that the owner of the mail domain was verified.
///    (Any tenant's administrator can write any address into `email`; `xms_edov` is Microsoft's word, not his.)
/// 2. The account is a member of the pinned tenant, or of a tenant in `trusted_email_tenants`, whose administrator is
///    trusted for the addresses that he gives: no guest, no personal account. Then the token's `email`, Graph's `mail` and
///    the user principal name are each trusted. Customers of B2C and of External ID are members of nothing, unless an
///    External ID tenant is listed: they sign themselves up.
///
/// `xms_edov` never vouches for Graph's `mail`, nor for a user principal name.
///
/// An address is printable ASCII, in lower case, at most 254 characters, and has exactly one `@`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TrustedAddress(Address);

/// Whose administrators are trusted for the addresses of their members.
#[derive(Clone, Debug, Default)]
pub(crate) struct AddressRule {
    /// The one tenant that the authority is pinned to, where an administrator makes the accounts. In a tenant of customers,
    /// who sign themselves up, membership says nothing.
    pub(crate) pinned_tenant: Option<Guid>,
    /// `trusted_email_tenants`.
    pub(crate) trusted_email_tenants: BTreeSet<Guid>,
}

/// What is known about an account and its addresses, as Microsoft said it.
#[derive(Clone, Debug)]
pub(crate) struct AddressFacts<'a> {
    /// What kind of authority signed the user in.
    pub(crate) kind: AccountKind,
    /// The verified `tid`.
    pub(crate) tenant: Option<Guid>,
    /// Whether the token shows any sign of a guest ([`Identity::is_guest`]), or of an identity provider that is not the
    /// tenant's own.
    pub(crate) is_guest: bool,
    /// The claim `email`.
    pub(crate) email: Option<&'a str>,
    /// Whether `xms_edov` is true.
    pub(crate) email_domain_owner_verified: bool,
    /// The claim `upn`.
    pub(crate) upn: Option<&'a str>,
    /// Graph's `mail`.
    pub(crate) graph_mail: Option<&'a str>,
    /// Graph's `userPrincipalName`.
    pub(crate) graph_upn: Option<&'a str>,
}

impl TrustedAddress {
    /// The addresses that may decide something, the most telling one first: the token's e-mail, Graph's mail, the user
    /// principal name. Empty when there is none.
    pub(crate) fn all(facts: &AddressFacts<'_>, rule: &AddressRule) -> Vec<Self> {
        let is_member = facts.is_trusted_member(rule);
        let email = facts.email.filter(|_| is_member || facts.is_email_verified());
        let others = [facts.graph_mail, facts.graph_upn, facts.upn].map(|address| address.filter(|_| is_member));
        let mut addresses = Vec::new();
        for address in [email].into_iter().chain(others).flatten().filter_map(Address::parse).map(Self) {
            if !addresses.contains(&address) {
                addresses.push(address);
            }
        }
        addresses
    }

    /// The user principal name of a member of the pinned tenant, whose administrator gives each name once: what an
    /// invitation is claimed with.
    pub(crate) fn user_principal_name(facts: &AddressFacts<'_>, rule: &AddressRule) -> Option<Self> {
        let only_pinned = AddressRule { pinned_tenant: rule.pinned_tenant, ..AddressRule::default() };
        let name = facts.graph_upn.or(facts.upn).filter(|_| facts.is_trusted_member(&only_pinned))?;
        Address::parse(name).map(Self)
    }

    /// The address in lower case.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// The part after the `@`, in lower case.
    #[must_use]
    pub fn domain(&self) -> &str {
        self.0.domain()
    }

    #[cfg(any(test, feature = "testing"))]
    pub(crate) fn for_tests(address: &str) -> Option<Self> {
        Address::parse(address).map(Self)
    }
}

impl<'a> AddressFacts<'a> {
    /// What the verified token says, and what Graph said, if it was asked.
    pub(crate) fn of(identity: &'a Identity, graph_mail: Option<&'a str>, graph_upn: Option<&'a str>) -> Self {
        let claims = identity.claims();
        // A customer who brings an identity provider of his own is no guest (External ID), and his address is that
        // provider's word and not the tenant's.
        let is_foreign = claims.idp().is_some_and(|idp| idp != claims.issuer());
        Self {
            kind: identity.account().kind(),
            tenant: claims.tenant_id(),
            is_guest: identity.is_guest() || is_foreign,
            email: claims.email(),
            email_domain_owner_verified: claims.xms_edov(),
            upn: claims.upn(),
            graph_mail,
            graph_upn,
        }
    }

    /// Microsoft vouches for the token's `email`. Other providers' word for it is not Microsoft's.
    fn is_email_verified(&self) -> bool {
        self.kind == AccountKind::Entra && self.email_domain_owner_verified
    }

    /// A member of a tenant whose administrator is trusted.
    fn is_trusted_member(&self, rule: &AddressRule) -> bool {
        let Some(tenant) = self.tenant else {
            return false;
        };
        let is_trusted = rule.pinned_tenant == Some(tenant) || rule.trusted_email_tenants.contains(&tenant);
        self.kind == AccountKind::Entra
            && is_trusted
            && tenant != Guid::PERSONAL_ACCOUNTS
            && !self.is_guest
            && ![self.upn, self.graph_upn].into_iter().flatten().any(is_guest_name)
    }
}

/// A guest's user principal name: `megan_fabrikam.example#EXT#@contoso.example`.
fn is_guest_name(name: &str) -> bool {
    name.to_ascii_uppercase().contains("#EXT#")
}

impl fmt::Display for TrustedAddress {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.as_str())
    }
}

/// Personal data stays out of logs.
impl fmt::Debug for TrustedAddress {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "TrustedAddress(…@{})", self.domain())
    }
}

#[cfg(test)]
mod tests;
