//! Settings that are one of a few words.

use entra_oidc::AssertionAlgorithm;

/// Whether a kind of account may sign in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Access {
    /// It may (`allow`).
    Allow,
    /// It may not (`deny`).
    Deny,
}

/// The version of Entra's endpoints.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum EndpointVersion {
    /// Azure AD's first endpoints, which ask by `resource` (`v1`).
    V1,
    /// Today's (`v2`).
    V2,
}

/// Where a user's profile comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ProfileSource {
    /// Microsoft Graph, `/me` and the photo (`graph`).
    Graph,
    /// The ID token alone; no call to Graph (`claims`).
    Claims,
}

/// Where it is remembered that a sign-in was used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CallbackCache {
    /// Beside the sessions (`cookie`).
    Cookie,
    /// In this process (`memory`).
    Memory,
    /// In the database (`database`).
    Database,
    /// In Redis (`redis`).
    Redis,
}

/// Where sessions are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SessionStoreChoice {
    /// In this process (`memory`).
    Memory,
    /// In the database (`database`).
    Database,
    /// In Redis (`redis`).
    Redis,
}

/// A setting's words, for reading and for telling.
pub(super) trait Choice: Copy + PartialEq + 'static {
    const WORDS: &[(&'static str, Self)];
}

impl CallbackCache {
    /// As it stands in the settings.
    pub(crate) fn word(self) -> &'static str {
        word(self)
    }
}

impl SessionStoreChoice {
    /// As it stands in the settings.
    pub(crate) fn word(self) -> &'static str {
        word(self)
    }
}

fn word<T: Choice>(choice: T) -> &'static str {
    let found = T::WORDS.iter().find(|(_, known)| *known == choice);
    found.expect("there is a word for each choice: a test looks").0
}

impl Choice for Access {
    const WORDS: &[(&'static str, Access)] = &[("allow", Access::Allow), ("deny", Access::Deny)];
}

impl Choice for ProfileSource {
    const WORDS: &[(&'static str, ProfileSource)] =
        &[("graph", ProfileSource::Graph), ("claims", ProfileSource::Claims)];
}

impl Choice for CallbackCache {
    const WORDS: &[(&'static str, CallbackCache)] = &[
        ("cookie", CallbackCache::Cookie),
        ("memory", CallbackCache::Memory),
        ("database", CallbackCache::Database),
        ("redis", CallbackCache::Redis),
    ];
}

impl Choice for SessionStoreChoice {
    const WORDS: &[(&'static str, SessionStoreChoice)] = &[
        ("memory", SessionStoreChoice::Memory),
        ("database", SessionStoreChoice::Database),
        ("redis", SessionStoreChoice::Redis),
    ];
}

impl Choice for EndpointVersion {
    const WORDS: &[(&'static str, EndpointVersion)] = &[("v1", EndpointVersion::V1), ("v2", EndpointVersion::V2)];
}

impl Choice for AssertionAlgorithm {
    const WORDS: &[(&'static str, AssertionAlgorithm)] =
        &[("PS256", AssertionAlgorithm::Ps256), ("RS256", AssertionAlgorithm::Rs256)];
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_store_that_can_be_chosen_has_its_word() {
        let caches = [CallbackCache::Cookie, CallbackCache::Memory, CallbackCache::Database, CallbackCache::Redis];
        assert_eq!(caches.map(CallbackCache::word), ["cookie", "memory", "database", "redis"]);
        let stores = [SessionStoreChoice::Memory, SessionStoreChoice::Database, SessionStoreChoice::Redis];
        assert_eq!(stores.map(SessionStoreChoice::word), ["memory", "database", "redis"]);
    }
}
