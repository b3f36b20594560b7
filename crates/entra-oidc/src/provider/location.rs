use url::Url;

use crate::provider::base::Base;

/// Where an authority is, put together once, when it is made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Location {
    /// Scheme, host and port that its documents are fetched from.
    pub(super) base: Base,
    /// The stable text of [`Authority::id`](super::Authority::id).
    pub(super) id: String,
    /// Where its metadata is.
    pub(super) metadata_url: Url,
}
