//! The stores that an application has given, and which of them the settings choose.

use std::sync::Arc;

use entra_oidc::Clock;

use crate::{
    checks::Kept,
    session::{MemorySessions, store::DynSessionStore, used_states::DynUsedStates},
    settings::{CallbackCache, SessionStoreChoice, Settings},
};

type Sessions = Arc<dyn DynSessionStore>;
type UsedStates = Arc<dyn DynUsedStates>;

/// What the builder was given; `sessions` and `used_states` by name, which no setting overrules.
#[derive(Default)]
pub(super) struct GivenStores {
    pub(super) sessions: Option<Sessions>,
    pub(super) used_states: Option<UsedStates>,
    pub(super) database: Option<Sessions>,
    pub(super) redis: Option<Sessions>,
}

/// Where something is kept.
enum Choice<T> {
    Memory,
    Store(T),
    /// In a store that was not given.
    Missing,
}

/// What was chosen, for the context.
pub(super) struct Chosen {
    pub(super) sessions: Sessions,
    pub(super) used_states: UsedStates,
    /// Used sign-ins have a store of their own.
    pub(super) are_apart: bool,
}

impl GivenStores {
    /// Where sessions are kept.
    pub(super) fn sessions_kept(&self, settings: &Settings) -> Kept {
        match self.sessions(settings) {
            Choice::Store(store) if !store.in_process() => Kept::Shared,
            Choice::Store(_) | Choice::Memory => Kept::InMemory,
            Choice::Missing => Kept::Nowhere,
        }
    }

    /// Where used sign-ins are remembered.
    pub(super) fn used_states_kept(&self, settings: &Settings) -> Kept {
        match self.used_states(settings) {
            Some(Choice::Store(_)) => Kept::Shared,
            Some(Choice::Memory) => Kept::InMemory,
            Some(Choice::Missing) => Kept::Nowhere,
            None => self.sessions_kept(settings),
        }
    }

    /// The stores to work with; what is missing was an error before this, and is memory here.
    pub(super) fn choose(&self, settings: &Settings, clock: &Clock) -> Chosen {
        let memory = Arc::new(MemorySessions::with_clock(clock.clone()));
        let sessions = match self.sessions(settings) {
            Choice::Store(store) => store,
            Choice::Memory | Choice::Missing => memory.clone(),
        };
        let (used_states, are_apart): (UsedStates, bool) = match self.used_states(settings) {
            // Two handles of one store cannot be told from two stores: then it is asked twice.
            Some(Choice::Store(store)) => (store, true),
            Some(Choice::Memory | Choice::Missing) => (memory, false),
            None => (sessions.clone(), false),
        };
        Chosen { sessions, used_states, are_apart }
    }

    fn sessions(&self, settings: &Settings) -> Choice<Sessions> {
        if let Some(store) = &self.sessions {
            return Choice::Store(store.clone());
        }
        match settings.session_store {
            Some(SessionStoreChoice::Memory) => Choice::Memory,
            Some(SessionStoreChoice::Database) => given(self.database.as_ref()),
            Some(SessionStoreChoice::Redis) => given(self.redis.as_ref()),
            None => self.redis.as_ref().or(self.database.as_ref()).map_or(Choice::Memory, |s| Choice::Store(s.clone())),
        }
    }

    /// None: beside the sessions.
    fn used_states(&self, settings: &Settings) -> Option<Choice<UsedStates>> {
        if let Some(store) = &self.used_states {
            return Some(Choice::Store(store.clone()));
        }
        let store = match settings.callback_cache_name {
            CallbackCache::Cookie => return None,
            CallbackCache::Memory => return Some(Choice::Memory),
            CallbackCache::Database => self.database.as_ref(),
            CallbackCache::Redis => self.redis.as_ref(),
        };
        Some(store.map_or(Choice::Missing, |store| Choice::Store(store.clone())))
    }
}

fn given(store: Option<&Sessions>) -> Choice<Sessions> {
    store.map_or(Choice::Missing, |store| Choice::Store(store.clone()))
}
