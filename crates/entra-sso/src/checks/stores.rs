//! Where users and sessions are kept, where used sign-ins are remembered, and for how many processes.

use super::{Kept, Stores};
use crate::{
    errors::{Check, Finding},
    settings::{CallbackCache, Netloc, SessionStoreChoice, Settings},
};

/// What the settings alone show.
pub(super) fn check(settings: &Settings) -> Vec<Finding> {
    let mut findings = Vec::new();
    if settings.replicas == Some(0) {
        findings.push(
            Finding::new(Check::ReplicasInvalid, Some("replicas"), "`replicas` is 0.")
                .cured_by("Give the number of processes, 1 or more."),
        );
    }
    findings.extend(secure_callback(settings));
    findings.extend(marks_in_memory(settings));
    findings
}

/// E002.
fn secure_callback(settings: &Settings) -> Option<Finding> {
    let host = plain_host(settings).filter(|_| settings.require_secure_callback)?;
    let cause = format!("`require_secure_callback` is set, and a callback would be at http://{host}.");
    Some(Finding::new(Check::SecureCallbackPlainHttp, Some("require_secure_callback"), cause))
}

/// W001, with and without `require_secure_callback`: marks are made either way.
fn marks_in_memory(settings: &Settings) -> Option<Finding> {
    let is_one = settings.callback_cache_name != CallbackCache::Memory || settings.replicas.is_some();
    let cause = "`callback_cache_name` is `memory`, and `replicas` does not say that there is one process.";
    (!is_one).then(|| Finding::new(Check::CallbackCacheMemory, Some("callback_cache_name"), cause))
}

/// The first host of a callback over plain http that is not this machine: `public_url` decides the scheme for all of them.
fn plain_host(settings: &Settings) -> Option<Netloc> {
    let url = settings.public_url.as_ref().filter(|url| url.scheme() == "http")?;
    let own = settings.callback_domain.clone().or_else(|| Netloc::of_url(url));
    let of_sites = settings.site.iter().filter_map(|site| site.domain.clone());
    own.into_iter().chain(of_sites).find(|host| !host.is_loopback())
}

/// The addresses of the stores that are chosen, for who knows no more than the settings.
pub(super) fn addresses(settings: &Settings) -> Vec<Finding> {
    let database = || settings.database_url.is_none().then_some("database_url");
    let redis = || settings.redis_url.is_none().then_some("redis_url");
    let cache = settings.callback_cache_name;
    let without = match cache {
        CallbackCache::Database => database(),
        CallbackCache::Redis => redis(),
        CallbackCache::Cookie | CallbackCache::Memory => None,
    };
    let cache = without.map(|url| {
        let cause = format!("`callback_cache_name` is `{}`, and `{url}` is not set.", cache.word());
        Finding::new(Check::CallbackCacheMissing, Some("callback_cache_name"), cause)
    });
    let sessions = settings.session_store.and_then(|store| {
        let url = match store {
            SessionStoreChoice::Database => database(),
            SessionStoreChoice::Redis => redis(),
            SessionStoreChoice::Memory => None,
        }?;
        let cause = format!("`session_store` is `{}`, and `{url}` is not set.", store.word());
        Some(Finding::new(Check::SessionStoreMissing, Some("session_store"), cause))
    });
    cache.into_iter().chain(sessions).chain(without_keys(settings)).collect()
}

/// A store that outlives the process, and nothing to open its sessions with again; `replicas` has a finding of its own.
fn without_keys(settings: &Settings) -> Option<Finding> {
    let store = settings.session_store.filter(|store| *store != SessionStoreChoice::Memory)?;
    let is_known = !settings.secret_keys.is_empty() || settings.replicas.unwrap_or(1) > 1;
    let cause = format!("`session_store` is `{}`, whose sessions are sealed with `secret_keys`.", store.word());
    (!is_known).then(|| Finding::new(Check::SecretKeysMissing, Some("secret_keys"), cause))
}

/// The store that `callback_cache_name` chooses cannot be reached: for who has tried, such as a command before the application
/// starts. `why` has the store's words and no password.
#[must_use]
pub fn callback_cache_unreachable(settings: &Settings, why: &str) -> Finding {
    let word = settings.callback_cache_name.word();
    let cause = format!("`callback_cache_name` is `{word}`, and it cannot be reached: {why}.");
    Finding::new(Check::CallbackCacheMissing, Some("callback_cache_name"), cause)
}

/// What only the builder knows: where users and sessions are kept.
pub(super) fn given(settings: &Settings, stores: &Stores) -> Vec<Finding> {
    let mut findings = missing(settings, stores);
    let replicas = settings.replicas.unwrap_or(1);
    let in_memory = [
        ("users", stores.users_in_memory),
        ("sessions", stores.sessions == Kept::InMemory),
        ("used sign-ins", stores.used_states == Kept::InMemory),
    ];
    let in_memory: Vec<_> = in_memory.iter().filter(|(_, is)| *is).map(|(what, _)| *what).collect();
    if replicas > 1 && !in_memory.is_empty() {
        let cause =
            format!("`replicas` is {replicas}, and in the memory of one process are: {}.", in_memory.join(", "));
        findings.push(Finding::new(Check::ReplicasInvalid, Some("replicas"), cause));
    }
    if stores.users_in_memory {
        let cause = match settings.database_url {
            None => "Users are kept in memory.",
            Some(_) => "Users are kept in memory: `database_url` is set, and nothing opens a store with it.",
        };
        findings.push(Finding::new(Check::MemoryUsers, None, cause));
    }
    match stores.sessions {
        Kept::InMemory => {
            findings.push(Finding::new(Check::MemorySessions, None, "Sessions are kept in memory."));
        }
        _ if settings.secret_keys.is_empty() && replicas <= 1 => findings.push(Finding::new(
            Check::SecretKeysMissing,
            Some("secret_keys"),
            "Sessions outlive the process, and without `secret_keys` nothing could open them again.",
        )),
        _ => {}
    }
    findings
}

fn missing(settings: &Settings, stores: &Stores) -> Vec<Finding> {
    let mut findings = Vec::new();
    if stores.used_states == Kept::Nowhere && settings.callback_cache_name != CallbackCache::Cookie {
        let word = settings.callback_cache_name.word();
        let cause = format!("`callback_cache_name` is `{word}`, and the application has given no such store.");
        findings.push(Finding::new(Check::CallbackCacheMissing, Some("callback_cache_name"), cause));
    }
    if let (Kept::Nowhere, Some(store)) = (stores.sessions, settings.session_store) {
        let cause = format!("`session_store` is `{}`, and the application has given no such store.", store.word());
        findings.push(Finding::new(Check::SessionStoreMissing, Some("session_store"), cause));
    }
    findings
}
