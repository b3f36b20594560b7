//! What the authority publishes, kept: its metadata, and its signing keys in a [`KeyCache`].
//!
//! 1. One fetch of each in flight, however many callers wait; they share its answer, also a bad one.
//! 2. After half an hour the next caller fetches again while others are served what is kept. A failed fetch leaves what is
//!    kept in use, until 24 hours after it was fetched; then nothing is served.
//! 3. A `kid` that is not kept makes one caller fetch the keys at once, and once more when it is still missing, for
//!    Microsoft's front-ends do not all serve the same list. Then unknown ones wait for five minutes, those of sign-ins
//!    and those of logout tokens each for themselves.
//! 4. Nothing is spawned and nothing sleeps: who needs the documents fetches them.

use std::{
    sync::{Arc, OnceLock},
    time::Duration,
};

use bytes::Bytes;
use http::{Request, StatusCode, header::ACCEPT};
use url::Url;

use crate::{
    clock::Clock,
    error::{MicrosoftError, SignInError, SignInErrorKind},
    http_client::{HttpErrorKind, Limits, SharedHttpClient},
    jose::KeySet,
    json,
    provider::{
        authority::Authority,
        guid::Guid,
        kept::{Kept, RETRY_PAUSE},
        key_cache::{KeyCache, KeyList, KeyUse},
        metadata::Metadata,
    },
};

/// How long unknown key ids fetch nothing, after one that stayed unknown. They are chosen by whoever made the token.
const MISS_PAUSE: Duration = Duration::from_mins(5);

const METADATA_LIMIT: usize = 256 * 1024;
const KEYS_LIMIT: usize = 1024 * 1024;

/// How documents are fetched and kept.
#[derive(Copy, Clone, Debug)]
pub(crate) struct PublishedSettings {
    pub(crate) http_timeout: Duration,
    pub(crate) key_grace: Duration,
}

pub(crate) struct Published {
    authority: Authority,
    http: SharedHttpClient,
    clock: Clock,
    settings: PublishedSettings,
    metadata: Kept<Metadata>,
    keys: KeyCache,
    /// The tenant that a domain turned out to be. It stays for the life of the process.
    tenant: OnceLock<Guid>,
}

impl Published {
    pub(crate) fn new(
        authority: Authority,
        http: SharedHttpClient,
        clock: Clock,
        keys: KeyCache,
        settings: PublishedSettings,
    ) -> Self {
        Self { authority, http, clock, settings, metadata: Kept::default(), keys, tenant: OnceLock::new() }
    }

    /// The one tenant of this authority, once it is known.
    pub(crate) fn tenant(&self) -> Option<Guid> {
        self.authority.pinned_tenant().or_else(|| self.tenant.get().copied())
    }

    pub(crate) async fn metadata(&self) -> Result<Arc<Metadata>, SignInError> {
        self.metadata.current(&self.clock, || self.fetch_metadata()).await
    }

    pub(crate) async fn keys(&self, metadata: &Metadata) -> Result<Arc<KeySet>, SignInError> {
        let list = self.keys.list(metadata.jwks_uri());
        list.keys.current(&self.clock, || self.fetch_keys(&list, metadata)).await
    }

    /// The keys, with one that `seen` lacks. Fetches at once, and once more; then pauses.
    pub(crate) async fn keys_with(
        &self,
        key_id: &str,
        key_use: KeyUse,
        metadata: &Metadata,
    ) -> Result<Arc<KeySet>, SignInError> {
        let list = self.keys.list(metadata.jwks_uri());
        let pause = list.pause(key_use);
        let _gate = list.keys.gate().await;
        if let Some(keys) = list.keys.kept().filter(|keys| keys.has(key_id, self.clock.now())) {
            return Ok(keys);
        }
        let unknown = |detail: &str| Err(SignInError::new(SignInErrorKind::IdTokenKeyUnknown, detail));
        if pause.is_at(self.clock.now()) {
            return unknown("no such key; the list was fetched a moment ago");
        }
        for _ in 0..2 {
            match self.fetch_keys(&list, metadata).await {
                Ok(keys) => {
                    let keys = list.keys.keep(keys, self.clock.now());
                    if keys.has(key_id, self.clock.now()) {
                        return Ok(keys);
                    }
                }
                Err(error) => {
                    pause.until(self.clock.now().plus(RETRY_PAUSE));
                    return Err(error);
                }
            }
        }
        pause.until(self.clock.now().plus(MISS_PAUSE));
        unknown("no such key, after fetching the list twice")
    }

    async fn fetch_metadata(&self) -> Result<Metadata, SignInError> {
        let url = self.authority.metadata_url();
        let document = self.fetch(&url, METADATA_LIMIT, &METADATA_PROBLEMS).await?;
        let metadata = self.authority.accept_metadata(&document)?;
        if let Some(tenant) = metadata.tenant() {
            let pinned = *self.tenant.get_or_init(|| tenant);
            if pinned != tenant {
                return Err(SignInError::new(
                    SignInErrorKind::MetadataInvalid,
                    format!("the domain was tenant {pinned} and is {tenant} now; restart to accept that"),
                ));
            }
        }
        Ok(metadata)
    }

    async fn fetch_keys(&self, list: &KeyList, metadata: &Metadata) -> Result<KeySet, SignInError> {
        let document = self.fetch(metadata.jwks_uri(), KEYS_LIMIT, &KEYS_PROBLEMS).await?;
        let keys = KeySet::parse(&document, self.clock.now())?;
        Ok(match list.keys.kept() {
            Some(earlier) => keys.after(&earlier, self.settings.key_grace),
            None => keys,
        })
    }

    /// A document, tried twice when the first time brings no answer.
    #[tracing::instrument(level = "debug", skip_all, fields(url = %url))]
    async fn fetch(&self, url: &Url, limit: usize, problems: &Problems) -> Result<Bytes, SignInError> {
        match self.fetch_once(url, limit, problems).await {
            Err(error) if error.kind() == problems.unreachable => self.fetch_once(url, limit, problems).await,
            outcome => outcome,
        }
    }

    async fn fetch_once(&self, url: &Url, limit: usize, problems: &Problems) -> Result<Bytes, SignInError> {
        let request = Request::get(url.as_str())
            .header(ACCEPT, "application/json")
            .body(Bytes::new())
            .map_err(|_| SignInError::new(problems.invalid, "the address is not one for HTTP"))?;
        let response =
            self.http.send(request, Limits::new(limit, self.settings.http_timeout)).await.map_err(|error| {
                let kind =
                    if error.kind() == HttpErrorKind::TooLarge { problems.invalid } else { problems.unreachable };
                SignInError::new(kind, format!("{}: {error}", place(url)))
            })?;
        let status = response.status();
        if status == StatusCode::OK {
            return Ok(response.into_body());
        }
        let temporary = status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS;
        let kind = if temporary { problems.unreachable } else { problems.invalid };
        let error = SignInError::new(kind, format!("{}: expected 200, got {}", place(url), status.as_u16()));
        Err(match microsoft_error(response.body()) {
            Some(microsoft) => error.with_microsoft(microsoft),
            None => error,
        })
    }
}

/// How the two documents name what went wrong.
struct Problems {
    unreachable: SignInErrorKind,
    invalid: SignInErrorKind,
}

const METADATA_PROBLEMS: Problems =
    Problems { unreachable: SignInErrorKind::MetadataUnreachable, invalid: SignInErrorKind::MetadataInvalid };
const KEYS_PROBLEMS: Problems =
    Problems { unreachable: SignInErrorKind::KeysUnreachable, invalid: SignInErrorKind::KeysInvalid };

/// The address without its query, for the log.
fn place(url: &Url) -> String {
    format!("{}{}", url.origin().ascii_serialization(), url.path())
}

/// Microsoft explains a tenant that does not exist with the body of an OAuth error.
fn microsoft_error(body: &[u8]) -> Option<MicrosoftError> {
    let body = json::object(body).ok()?;
    let error = json::required_str(&body, "error").ok()?;
    Some(MicrosoftError::new(error, json::optional_str(&body, "error_description").ok()?))
}
