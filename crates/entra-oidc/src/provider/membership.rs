/// What it takes to be a member of an authority's tenant, and so what marks a guest.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(crate) enum Membership {
    /// An administrator makes the accounts. Who was authenticated elsewhere is a guest.
    Managed,
    /// Customers sign themselves up, with an identity provider that they choose. A guest is marked as one.
    SelfMade,
    /// There are no tenants, and claims about guests mean nothing.
    None,
}
