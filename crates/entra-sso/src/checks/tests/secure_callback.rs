//! F-35: `require_secure_callback`, and where used sign-ins are remembered.

use super::{super::*, ids, with};
use crate::settings::CallbackCache;

const SECURE: &str = "require_secure_callback = true\n";

fn table(rows: &[(&str, &[&str])]) {
    for (toml, expected) in rows {
        let findings = check(&with(&format!("{SECURE}{toml}")));
        let mut found = ids(&findings);
        found.sort_unstable();
        assert_eq!(found, *expected, "{toml}\n{findings:#?}");
        // The same without the setting: plain http is no matter of it, and memory is one as before.
        let without = check(&with(toml));
        let has = |id| ids(&without).contains(&id);
        assert_eq!((has("sso.E002"), has("sso.W001")), (false, expected.contains(&"sso.W001")), "{toml}");
    }
}

#[test]
fn f35_e002_plain_http_off_loopback() {
    table(&[
        ("", &[]),
        ("public_url = 'https://app.example.com'", &[]),
        ("public_url = 'http://localhost:8000'", &[]),
        ("public_url = 'http://127.0.0.1:8000'", &[]),
        ("public_url = 'http://[::1]:8000'", &[]),
        ("public_url = 'http://app.example.com'", &["sso.E002", "sso.E041"]),
        ("public_url = 'http://192.0.2.1:8000'", &["sso.E002", "sso.E041"]),
        ("callback_domain = 'login.example.com'", &[]),
        ("callback_domain = 'login.example.com'\npublic_url = 'https://app.example.com'", &[]),
        ("callback_domain = 'login.example.com'\npublic_url = 'http://localhost:8000'", &["sso.E002", "sso.E042"]),
        ("public_url = 'https://app.example.com'\n[[site]]\ndomain = 'shop.example.com'", &[]),
        ("public_url = 'http://localhost:8000'\n[[site]]\ndomain = '127.0.0.1'", &[]),
        ("public_url = 'http://localhost:8000'\n[[site]]\ndomain = 'shop.example.com'", &["sso.E002", "sso.E102"]),
    ]);
}

#[test]
fn f35_w001_memory_without_one_process_in_either_mode() {
    table(&[
        ("callback_cache_name = 'cookie'", &[]),
        ("callback_cache_name = 'memory'", &["sso.W001"]),
        ("cache_name = 'memory'", &["sso.W001"]),
        ("callback_cache_name = 'memory'\nreplicas = 1", &[]),
        // More than one is for the builder, which knows what is in memory: E063.
        ("callback_cache_name = 'memory'\nreplicas = 2", &[]),
    ]);
}

#[test]
fn f36_w001_can_be_silenced_and_e002_and_e001_cannot() {
    table(&[
        ("callback_cache_name = 'memory'\nsilenced_checks = ['sso.W001']", &[]),
        (
            "public_url = 'http://app.example.com'\nsilenced_checks = ['sso.E002']",
            &["sso.E002", "sso.E041", "sso.E071"],
        ),
    ]);
}

/// E001: the cache that is chosen, and no other, has to be there.
#[test]
fn f35_e001_the_chosen_cache_is_checked() {
    let kept = |used_states| Stores { users_in_memory: false, sessions: Kept::Shared, used_states };
    for (cache, used_states, expected) in [
        (CallbackCache::Cookie, Kept::Nowhere, &[][..]),
        (CallbackCache::Memory, Kept::InMemory, &["sso.W001"]),
        (CallbackCache::Database, Kept::Shared, &[]),
        (CallbackCache::Database, Kept::Nowhere, &["sso.E001"]),
        (CallbackCache::Redis, Kept::Shared, &[]),
        (CallbackCache::Redis, Kept::Nowhere, &["sso.E001"]),
    ] {
        for silenced in [&[][..], &["sso.E001".to_owned()]] {
            let mut settings = with(SECURE);
            settings.callback_cache_name = cache;
            settings.silenced_checks = silenced.to_vec();
            let findings = check_with_stores(&settings, &kept(used_states), Vec::new(), Clock::system().now());
            let found: Vec<_> = ids(&findings).into_iter().filter(|id| *id != "sso.E071").collect();
            assert_eq!(found, expected, "{cache:?} {used_states:?} {findings:#?}");
        }
    }
}

/// Two processes, each with marks of its own.
#[test]
fn f35_memory_and_more_than_one_process_is_refused() {
    let stores = Stores { users_in_memory: false, sessions: Kept::Shared, used_states: Kept::InMemory };
    let settings = with(&format!("{SECURE}callback_cache_name = 'memory'\nreplicas = 2"));
    assert_eq!(ids(&check_with_stores(&settings, &stores, Vec::new(), Clock::system().now())), ["sso.E063"]);
}
