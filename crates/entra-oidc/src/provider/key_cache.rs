use std::{
    collections::BTreeMap,
    fmt,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use url::Url;

use crate::{clock::Timestamp, jose::KeySet, provider::kept::Kept};

/// The most lists that are kept.
const LIMIT: usize = 64;

/// Key lists by their address, for clients that ask the same authorities: each list is fetched once for all of them, by
/// one at a time. Cheap to clone; clones are the same cache.
///
/// A list belongs to its address, never to an authority: Microsoft serves other keys for `common` than for
/// `organizations`, and B2C others for each policy. At most 64 are kept; the one that was not asked for the longest goes.
/// Clients that share a cache should have one clock, one `key_grace` and one way to Microsoft: who fetches, decides.
#[derive(Clone, Default)]
pub struct KeyCache(Arc<Mutex<Lists>>);

#[derive(Default)]
struct Lists {
    by_url: BTreeMap<Box<str>, Place>,
    /// Grows by one with each question.
    questions: u64,
}

struct Place {
    list: Arc<KeyList>,
    asked_at: u64,
}

/// One key list.
#[derive(Default)]
pub(super) struct KeyList {
    pub(super) keys: Kept<KeySet>,
    /// Until when key ids that stayed unknown at a sign-in fetch nothing.
    sign_ins: Pause,
    /// The same for logout tokens.
    logouts: Pause,
}

/// For what a key is asked. Anybody can post logout tokens with key ids of his own making, and must not keep a sign-in
/// from fetching a new key: their pauses are not shared (case J3).
#[derive(Copy, Clone, Debug)]
pub(crate) enum KeyUse {
    SignIn,
    Logout,
}

/// A time without fetching, from and until.
#[derive(Default)]
pub(super) struct Pause(Mutex<Option<(Timestamp, Timestamp)>>);

impl KeyCache {
    /// One with nothing in it.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// How many lists are kept.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).by_url.len()
    }

    /// Whether none is kept.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The list at this address, perhaps one that was never fetched.
    pub(super) fn list(&self, url: &Url) -> Arc<KeyList> {
        let mut lists = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        lists.questions += 1;
        let asked_at = lists.questions;
        if let Some(place) = lists.by_url.get_mut(url.as_str()) {
            place.asked_at = asked_at;
            return Arc::clone(&place.list);
        }
        if lists.by_url.len() >= LIMIT {
            lists.forget_oldest();
        }
        let list = Arc::new(KeyList::default());
        lists.by_url.insert(Box::from(url.as_str()), Place { list: Arc::clone(&list), asked_at });
        list
    }
}

impl Lists {
    fn forget_oldest(&mut self) {
        let oldest = self.by_url.iter().min_by_key(|(_, place)| place.asked_at).map(|(url, _)| url.clone());
        if let Some(url) = oldest {
            self.by_url.remove(&url);
        }
    }
}

impl KeyList {
    pub(super) const fn pause(&self, key_use: KeyUse) -> &Pause {
        match key_use {
            KeyUse::SignIn => &self.sign_ins,
            KeyUse::Logout => &self.logouts,
        }
    }
}

impl Pause {
    /// A clock that was set back before it began has ended it.
    pub(super) fn is_at(&self, now: Timestamp) -> bool {
        let pause = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        pause.is_some_and(|(from, until)| from <= now && now < until)
    }

    pub(super) fn begin(&self, now: Timestamp, length: Duration) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some((now, now.plus(length)));
    }
}

impl fmt::Debug for KeyCache {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeyCache").field("lists", &self.len()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(number: usize) -> Url {
        Url::parse(&format!("https://login.microsoftonline.com/{number}/discovery/v2.0/keys")).unwrap()
    }

    #[test]
    fn the_list_that_was_not_asked_for_the_longest_goes() {
        let cache = KeyCache::new();
        let first = cache.list(&url(0));
        let second = cache.list(&url(1));
        for number in 2..LIMIT {
            cache.list(&url(number));
        }
        assert_eq!(cache.len(), LIMIT);
        assert!(Arc::ptr_eq(&first, &cache.list(&url(0))), "still there, and asked for again");
        cache.list(&url(LIMIT));
        assert_eq!(cache.len(), LIMIT, "the bound holds");
        assert!(Arc::ptr_eq(&first, &cache.list(&url(0))));
        assert!(!Arc::ptr_eq(&second, &cache.list(&url(1))), "the second had been idle the longest");
        for number in 0..10_000 {
            cache.list(&url(number));
        }
        assert_eq!(cache.len(), LIMIT);
    }
}
