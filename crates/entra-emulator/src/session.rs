//! Who is signed in at the emulator, in which browser.

use std::collections::HashMap;
use std::fmt;

use crate::chance;
use crate::guarded::Guarded;

/// How many browsers are remembered; the one that was idle longest goes first.
const KEPT: usize = 50_000;

/// Sessions of browsers with the emulator.
#[derive(Default)]
pub(crate) struct Sessions(Guarded<HashMap<String, Session>>);

impl fmt::Debug for Sessions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sessions(…)")
    }
}

/// One browser's session.
#[derive(Clone, Debug, Default)]
pub(crate) struct Session {
    pub(crate) accounts: Vec<SignedIn>,
    used_at: i64,
}

/// An account that is signed in.
#[derive(Clone, Eq, PartialEq)]
pub(crate) struct SignedIn {
    /// The name it signed in with.
    pub(crate) name: String,
    /// The customers' tenant that it signed in to: each has hosts, and so sessions, of its own. Absent: organisations
    /// and personal accounts, which share one.
    pub(crate) realm: Option<String>,
    /// The session id that tokens carry (`sid`, `session_state`).
    pub(crate) sid: String,
    /// When the account was picked, Unix seconds.
    pub(crate) auth_time: i64,
    /// Client ids of the applications it went to.
    pub(crate) apps: Vec<String>,
    /// The cookie value of the browser's session.
    pub(crate) cookie: String,
}

impl fmt::Debug for SignedIn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignedIn").field("name", &self.name).field("auth_time", &self.auth_time).finish_non_exhaustive()
    }
}

impl Session {
    /// The accounts of a realm.
    pub(crate) fn of(&self, realm: Option<&str>) -> Vec<&SignedIn> {
        self.accounts.iter().filter(|account| account.realm.as_deref() == realm).collect()
    }

    pub(crate) fn find(&self, realm: Option<&str>, name: &str) -> Option<&SignedIn> {
        self.accounts.iter().find(|account| account.is(realm, name))
    }
}

impl SignedIn {
    fn is(&self, realm: Option<&str>, name: &str) -> bool {
        self.realm.as_deref() == realm && self.name.eq_ignore_ascii_case(name)
    }
}

impl Sessions {
    pub(crate) fn get(&self, cookie: Option<&str>) -> Session {
        let Some(cookie) = cookie else { return Session::default() };
        self.0.with(|sessions| sessions.get(cookie).cloned()).unwrap_or_default()
    }

    /// Signs an account in afresh and returns it. An account that was signed in keeps its
    /// session id.
    pub(crate) fn sign_in(&self, cookie: Option<&str>, realm: Option<&str>, name: &str, now: i64) -> SignedIn {
        self.0.with(|sessions| {
            let known = cookie.filter(|cookie| sessions.contains_key(*cookie)).map(str::to_owned);
            let cookie = known.unwrap_or_else(|| {
                make_room(sessions);
                chance::text::<32>()
            });
            let session = sessions.entry(cookie.clone()).or_default();
            session.used_at = now;
            let old = session.accounts.iter().position(|account| account.is(realm, name));
            let mut account = match old {
                Some(index) => session.accounts.remove(index),
                None => SignedIn {
                    name: name.to_owned(),
                    realm: realm.map(str::to_owned),
                    sid: chance::guid(),
                    auth_time: now,
                    apps: Vec::new(),
                    cookie: cookie.clone(),
                },
            };
            account.auth_time = now;
            session.accounts.push(account.clone());
            account
        })
    }

    /// Notes that an account went to an application.
    pub(crate) fn note(&self, account: &SignedIn, app: &str, now: i64) {
        self.0.with(|sessions| {
            let Some(session) = sessions.get_mut(&account.cookie) else { return };
            session.used_at = now;
            let account = session.accounts.iter_mut().find(|known| known.sid == account.sid);
            if let Some(account) = account
                && !account.apps.iter().any(|known| known == app)
            {
                account.apps.push(app.to_owned());
            }
        });
    }

    /// Signs every account of every realm out and returns them.
    pub(crate) fn end(&self, cookie: Option<&str>) -> Vec<SignedIn> {
        let session = cookie.and_then(|cookie| self.0.with(|sessions| sessions.remove(cookie)));
        session.unwrap_or_default().accounts
    }

    /// Signs one account of a realm out, or all of them, and returns them.
    pub(crate) fn sign_out(&self, cookie: Option<&str>, realm: Option<&str>, name: Option<&str>) -> Vec<SignedIn> {
        let Some(cookie) = cookie else { return Vec::new() };
        self.0.with(|sessions| {
            let Some(session) = sessions.get_mut(cookie) else { return Vec::new() };
            let leaves = |account: &SignedIn| match name {
                Some(name) => account.is(realm, name),
                None => account.realm.as_deref() == realm,
            };
            let (gone, stay) = std::mem::take(&mut session.accounts).into_iter().partition(leaves);
            session.accounts = stay;
            if session.accounts.is_empty() {
                sessions.remove(cookie);
            }
            gone
        })
    }
}

fn make_room(sessions: &mut HashMap<String, Session>) {
    if sessions.len() < KEPT {
        return;
    }
    let mut times: Vec<i64> = sessions.values().map(|session| session.used_at).collect();
    let middle = times.len() / 2;
    let (_, median, _) = times.select_nth_unstable(middle);
    let median = *median;
    sessions.retain(|_, session| session.used_at > median);
}
