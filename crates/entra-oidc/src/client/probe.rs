use bytes::Bytes;
use http::{
    Request, Response, StatusCode,
    header::{ACCEPT, DATE},
};
use url::Url;

use crate::{
    client::EntraClient,
    clock::{Timestamp, http_date},
    error::{SignInError, SignInErrorKind},
    http_client::{HttpErrorKind, Limits},
    jose::KeySet,
    provider::Guid,
};

const METADATA_LIMIT: usize = 256 * 1024;
const KEYS_LIMIT: usize = 1024 * 1024;

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
        let response = self
            .look_at(
                &inside.authority.metadata_url(),
                METADATA_LIMIT,
                (SignInErrorKind::MetadataUnreachable, SignInErrorKind::MetadataInvalid),
            )
            .await?;
        let now = inside.clock.now();
        let date = response.headers().get(DATE).and_then(|value| http_date(value.to_str().ok()?));
        let metadata = inside.authority.accept_metadata(response.body())?;
        let response = self
            .look_at(metadata.jwks_uri(), KEYS_LIMIT, (SignInErrorKind::KeysUnreachable, SignInErrorKind::KeysInvalid))
            .await?;
        let keys = KeySet::parse(response.body(), inside.clock.now())?.len();
        Ok(Probe { date, now, tenant: metadata.tenant(), keys })
    }

    async fn look_at(
        &self,
        url: &Url,
        limit: usize,
        (unreachable, invalid): (SignInErrorKind, SignInErrorKind),
    ) -> Result<Response<Bytes>, SignInError> {
        let place = format!("{}{}", url.origin().ascii_serialization(), url.path());
        let request = Request::get(url.as_str())
            .header(ACCEPT, "application/json")
            .body(Bytes::new())
            .map_err(|_| SignInError::new(invalid, "the address is not one for HTTP"))?;
        let response = self.0.http.send(request, Limits::new(limit, self.0.http_timeout)).await.map_err(|error| {
            let kind = if error.kind() == HttpErrorKind::TooLarge { invalid } else { unreachable };
            SignInError::new(kind, format!("{place}: {error}"))
        })?;
        if response.status() == StatusCode::OK {
            return Ok(response);
        }
        let status = response.status();
        let temporary = status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS;
        let kind = if temporary { unreachable } else { invalid };
        Err(SignInError::new(kind, format!("{place}: expected 200, got {}", status.as_u16())))
    }
}
