use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
    time::Duration,
};

use serde_json::Value;

use crate::{
    clock::Timestamp,
    error::{SignInError, SignInErrorKind, clean},
    jose::{jws::Jws, key::Key},
    json,
};

/// The most a key list may be, in bytes and in entries.
const LIMIT: usize = 1024 * 1024;
const KEYS_LIMIT: usize = 1000;

/// The keys that an authority signs with. Entries that cannot be used are skipped; so are all that share a `kid`.
#[derive(Clone, Debug)]
pub struct KeySet {
    keys: BTreeMap<Box<str>, Published>,
    fetched_at: Timestamp,
    grace: Duration,
}

#[derive(Clone, Debug)]
struct Published {
    key: Arc<Key>,
    last_seen: Timestamp,
    /// Whether the last list has it.
    current: bool,
}

impl KeySet {
    /// Reads a key list (RFC 7517 section 5) that was fetched at `now`.
    ///
    /// # Errors
    /// [`SignInErrorKind::KeysInvalid`]: over 1 MiB or 1000 entries, not JSON, a member twice, or no usable key.
    pub fn parse(document: &[u8], now: Timestamp) -> Result<Self, SignInError> {
        let refuse = |detail: &str| SignInError::new(SignInErrorKind::KeysInvalid, detail);
        if document.len() > LIMIT {
            return Err(refuse("the list is over 1 MiB"));
        }
        let mut document = json::object(document).map_err(|detail| refuse(&detail))?;
        let Some(Value::Array(entries)) = document.remove("keys") else {
            return Err(refuse("`keys` is not an array"));
        };
        if entries.len() > KEYS_LIMIT {
            return Err(refuse("over 1000 keys"));
        }
        let keys = usable(&entries, now);
        if keys.is_empty() {
            return Err(refuse("no usable key"));
        }
        Ok(Self { keys, fetched_at: now, grace: Duration::ZERO })
    }

    /// This list, and those keys of an earlier one that it lacks, each until `grace` after it was last seen.
    /// Microsoft's front-ends serve different lists for hours; a withdrawn key must still go.
    #[must_use]
    pub fn after(mut self, earlier: &Self, grace: Duration) -> Self {
        self.grace = grace;
        for (key_id, published) in &earlier.keys {
            if self.fetched_at.since(published.last_seen) < grace && !self.keys.contains_key(key_id) {
                // A clock that was set back lets no grace begin later than now.
                let last_seen = published.last_seen.min(self.fetched_at);
                self.keys.insert(key_id.clone(), Published { current: false, last_seen, ..published.clone() });
            }
        }
        self
    }

    /// How many keys there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.keys.len()
    }

    /// Whether there are none. Never true of a list that was read.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// Whether a key with this `kid` may be used at `now`.
    #[must_use]
    pub fn has(&self, key_id: &str, now: Timestamp) -> bool {
        self.find(key_id, now).is_some()
    }

    /// The key that the token names.
    ///
    /// # Errors
    /// [`SignInErrorKind::IdTokenKeyUnknown`].
    pub(crate) fn find_for(&self, token: &Jws<'_>, now: Timestamp) -> Result<&Key, SignInError> {
        self.find(token.key_id(), now).ok_or_else(|| {
            let detail = format!("no key `{}` among {}", clean(token.key_id(), 60), self.len());
            SignInError::new(SignInErrorKind::IdTokenKeyUnknown, detail)
        })
    }

    /// The key with this `kid`: one of the last list, or one in its time of grace.
    fn find(&self, key_id: &str, now: Timestamp) -> Option<&Key> {
        let published = self.keys.get(key_id)?;
        let usable = published.current || now.since(published.last_seen) < self.grace;
        usable.then_some(&*published.key)
    }
}

fn usable(entries: &[Value], now: Timestamp) -> BTreeMap<Box<str>, Published> {
    let mut seen = BTreeSet::new();
    let mut twice = BTreeSet::new();
    let mut keys = BTreeMap::new();
    for (index, entry) in entries.iter().enumerate() {
        let Some(jwk) = entry.as_object() else { continue };
        let Ok(Some(key_id)) = json::optional_str(jwk, "kid") else { continue };
        if !seen.insert(key_id) {
            twice.insert(key_id);
            continue;
        }
        match Key::parse(jwk) {
            Ok(key) => {
                keys.insert(Box::from(key_id), Published { key: Arc::new(key), last_seen: now, current: true });
            }
            Err(why) => tracing::debug!(index, why, "a published key is not used"),
        }
    }
    for key_id in twice {
        keys.remove(key_id);
    }
    keys
}

#[cfg(test)]
mod tests;
