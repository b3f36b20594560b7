use crate::{account::AccountKey, provider::guid::Guid};

/// Who a token speaks of, after the authority's rules about issuer and tenant have been met.
pub(crate) struct Subject {
    pub(crate) account: AccountKey,
    pub(crate) tenant: Option<Guid>,
    pub(crate) object: Option<Guid>,
}

/// What a published key says about where it may sign.
#[derive(Copy, Clone)]
pub(crate) struct KeyOrigin<'a> {
    pub(crate) issuer: Option<&'a str>,
    pub(crate) cloud_instance_name: Option<&'a str>,
}
