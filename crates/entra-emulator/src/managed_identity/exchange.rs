//! The audience of the exchange that federated identity credentials make.

use crate::cloud::Cloud;

/// `aud` of tokens for [`Cloud::token_exchange_audience`] in the public cloud.
pub(super) const EXCHANGE_ID: &str = "fb60f99c-7a34-4190-8149-302f77469936";

/// The name that credentials give an audience: the exchange's GUID stands for its name.
pub(crate) fn audience_name(cloud: Cloud, audience: &str) -> &str {
    let name = cloud.token_exchange_audience().filter(|_| cloud == Cloud::Public && audience == EXCHANGE_ID);
    name.unwrap_or(audience)
}
