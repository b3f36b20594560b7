//! Bodies that were opened lately.
//!
//! Each request asks the store all the same: what is gone there is no session, and what was changed is opened anew. But the
//! keys stay as they are while this process lives, so opening the same body for the same record brings the same, and a
//! request of somebody who was here a moment ago need not decrypt and read it once more.

use std::{
    collections::HashMap,
    fmt, mem,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use bytes::Bytes;
use entra_oidc::Timestamp;

use super::{data::SessionData, id::SessionKey};
use crate::set_back::was_set_back;

/// So many at most are in each of two generations.
const MOST: usize = 512;
/// A body that is longer is opened each time.
const LARGEST: usize = 16 * 1024;
/// What nobody asked for in this time, or in twice this time, is dropped with the next question.
const GENERATION: Duration = Duration::from_mins(1);

/// What came of bodies, by the record they stood in. Cloning it copies a pointer.
#[derive(Clone, Default)]
pub(super) struct Opened(Arc<Mutex<Generations>>);

#[derive(Default)]
struct Generations {
    young: HashMap<SessionKey, Entry>,
    old: HashMap<SessionKey, Entry>,
    born: Option<Timestamp>,
}

struct Entry {
    version: u64,
    body: Bytes,
    data: Arc<SessionData>,
}

impl Opened {
    /// What this very body held, in this version of this record.
    pub(super) fn find(
        &self,
        key: &SessionKey,
        version: u64,
        body: &Bytes,
        now: Timestamp,
    ) -> Option<Arc<SessionData>> {
        let mut generations = self.generations();
        generations.turn(now);
        let entry = match generations.young.remove(key) {
            Some(entry) => entry,
            None => generations.old.remove(key)?,
        };
        if entry.version != version || entry.body != *body {
            return None;
        }
        let data = entry.data.clone();
        generations.young.insert(*key, entry);
        Some(data)
    }

    /// Keeps what was opened.
    pub(super) fn keep(&self, key: SessionKey, version: u64, body: &Bytes, data: &Arc<SessionData>) {
        if body.len() > LARGEST {
            return;
        }
        let mut generations = self.generations();
        if generations.young.len() >= MOST {
            generations.old = mem::take(&mut generations.young);
        }
        generations.young.insert(key, Entry { version, body: body.clone(), data: data.clone() });
    }

    /// What held in a session that ended goes at once.
    pub(super) fn forget(&self, keys: &[SessionKey]) {
        let mut generations = self.generations();
        for key in keys {
            generations.young.remove(key);
            generations.old.remove(key);
        }
    }

    fn generations(&self) -> MutexGuard<'_, Generations> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Generations {
    fn turn(&mut self, now: Timestamp) {
        let born = *self.born.get_or_insert(now);
        if now.since(born) >= GENERATION || was_set_back(born, now) {
            self.old = mem::take(&mut self.young);
            self.born = Some(now);
        }
    }
}

/// How many there are, and nothing of what they hold.
impl fmt::Debug for Opened {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let generations = self.generations();
        write!(out, "Opened({})", generations.young.len() + generations.old.len())
    }
}

#[cfg(test)]
mod tests;
