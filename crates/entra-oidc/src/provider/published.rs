//! What the authority publishes, kept: its metadata, and its signing keys in a [`KeyCache`].
//!
//! 1. One fetch of each in flight, however many callers wait; they share its answer, also a bad one.
//! 2. After half an hour the next caller fetches again while others are served what is kept. A failed fetch leaves what is
//!    kept in use, until 24 hours after it was fetched; then nothing is served.
//! 3. A `kid` that is not kept makes one caller fetch the keys at once, and once more when it is still missing, for
//!    Microsoft's front-ends do not all serve the same list. Then unknown ones wait for five minutes, those of sign-ins
//!    and those of logout tokens each for themselves.
//! 4. Who waits for a document waits for one `http_timeout`. A second try at once is for a way that broke and for 5xx, not
//!    for a timeout; 429 and `Retry-After` are heeded.
//! 5. A clock that is set back makes nothing fresh and no pause longer: everything counts from the new time.
//! 6. Nothing is spawned and nothing sleeps: who needs the documents fetches them.

use std::{
    sync::{Arc, OnceLock},
    time::Duration,
};

use bytes::Bytes;
use url::Url;

use crate::{
    clock::Clock,
    error::{SignInError, SignInErrorKind},
    guid::Guid,
    http_client::SharedHttpClient,
    jose::KeySet,
    provider::{
        authority::Authority,
        document::Document,
        kept::{Kept, RETRY_PAUSE},
        key_cache::{KeyCache, KeyList, KeyUse},
        metadata::Metadata,
    },
};

/// How long unknown key ids fetch nothing, after one that stayed unknown. They are chosen by whoever made the token.
const MISS_PAUSE: Duration = Duration::from_mins(5);

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
                    pause.begin(self.clock.now(), error.retry_after().unwrap_or_default().max(RETRY_PAUSE));
                    return Err(error);
                }
            }
        }
        pause.begin(self.clock.now(), MISS_PAUSE);
        unknown("no such key, after fetching the list twice")
    }

    /// What `judge` says with the keys that are kept; when they lack the one that the token names, what it says with those
    /// that are fetched for it.
    pub(crate) async fn judge<T>(
        &self,
        metadata: &Metadata,
        key_use: KeyUse,
        key_id: impl FnOnce() -> Result<String, SignInError>,
        judge: impl Fn(&KeySet) -> Result<T, SignInError>,
    ) -> Result<T, SignInError> {
        let keys = self.keys(metadata).await?;
        match judge(&keys) {
            Err(error) if error.kind() == SignInErrorKind::IdTokenKeyUnknown => {
                judge(&*self.keys_with(&key_id()?, key_use, metadata).await?)
            }
            outcome => outcome,
        }
    }

    async fn fetch_metadata(&self) -> Result<Metadata, SignInError> {
        let url = self.authority.metadata_url();
        let document = self.fetch(Document::Metadata, &url).await?;
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
        let document = self.fetch(Document::Keys, metadata.jwks_uri()).await?;
        let keys = KeySet::parse(&document, self.clock.now())?;
        Ok(match list.keys.kept() {
            Some(earlier) => keys.after(&earlier, self.settings.key_grace),
            None => keys,
        })
    }

    /// A document, tried twice when that may help.
    #[tracing::instrument(level = "debug", skip_all, fields(url = %url))]
    async fn fetch(&self, document: Document, url: &Url) -> Result<Bytes, SignInError> {
        let response = document.fetch_twice(&self.http, url, self.settings.http_timeout).await?;
        Ok(response.into_body())
    }
}
