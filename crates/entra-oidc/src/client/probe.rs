use http::header::DATE;

use crate::{
    client::EntraClient,
    clock::{Timestamp, http_date},
    error::SignInError,
    guid::Guid,
    jose::KeySet,
    provider::Document,
};

/// What the authority answers right now.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Probe {
    /// What time it is there (`Date` of its answer), to compare with the own clock.
    pub date: Option<Timestamp>,
    /// What time it was here when the answer came.
    pub now: Timestamp,
    /// The one tenant that the issuer names.
    pub tenant: Option<Guid>,
    /// How many keys it publishes that can verify.
    pub keys: usize,
}

impl EntraClient {
    /// Fetches metadata and keys anew, past everything that is kept, and keeps nothing of it.
    ///
    /// # Errors
    /// As at a sign-in: unreachable, or not what this authority must publish.
    pub async fn probe(&self) -> Result<Probe, SignInError> {
        let inside = &*self.0;
        let metadata_url = inside.authority.metadata_url();
        let response = Document::Metadata.fetch(&inside.http, &metadata_url, inside.http_timeout).await?;
        let now = inside.clock.now();
        let date = response.headers().get(DATE).and_then(|value| http_date(value.to_str().ok()?));
        let metadata = inside.authority.accept_metadata(response.body())?;
        let response = Document::Keys.fetch(&inside.http, metadata.jwks_uri(), inside.http_timeout).await?;
        let keys = KeySet::parse(response.body(), inside.clock.now())?.len();
        Ok(Probe { date, now, tenant: metadata.tenant(), keys })
    }
}
