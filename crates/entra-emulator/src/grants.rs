//! Authorization codes, refresh tokens, access tokens, consents: what the emulator gave out.

mod assertions;
mod device_codes;
mod key;
mod login;

use std::collections::{HashMap, HashSet};
use std::fmt;

use crate::aadsts::Refusal;
use crate::authority::Segment;
use crate::chance;
use crate::guarded::Guarded;
use crate::pkce::Challenge;
use crate::scope::Resource;

use self::assertions::Assertions;
use self::device_codes::DeviceCodes;
use self::key::{Key, key};

pub(crate) use self::device_codes::{DeviceCode, LIFE as DEVICE_CODE_LIFE, State as DeviceState, user_code};
pub(crate) use self::login::Login;

/// How long a code can be redeemed, in seconds.
const CODE_LIFE: i64 = 600;
/// A refresh token that was not used for so long is dead, in seconds (90 days).
const REFRESH_IDLE: i64 = 90 * 24 * 3600;
/// The same at user flows, in seconds (14 days).
const FLOW_REFRESH_IDLE: i64 = 14 * 24 * 3600;
/// How many entries of a kind are kept before those that expired are thrown away.
const KEPT: usize = 20_000;

/// Everything that was given out.
#[derive(Default)]
pub(crate) struct Grants {
    tables: Guarded<Tables>,
    pub(crate) assertions: Assertions,
    pub(crate) device_codes: DeviceCodes,
}

#[derive(Default)]
struct Tables {
    codes: HashMap<Key, Code>,
    refresh: HashMap<Key, Refresh>,
    access: HashMap<Key, Access>,
    consents: HashSet<(String, String, String)>,
    /// Sign-ins whose tokens were revoked.
    revoked: HashSet<u64>,
    /// The last nonce of each application.
    nonces: HashMap<String, String>,
    logins: u64,
}

impl fmt::Debug for Grants {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Grants(…)")
    }
}

/// An authorization code.
#[derive(Clone)]
pub(crate) struct Code {
    pub(crate) login: Login,
    pub(crate) redirect_uri: String,
    pub(crate) challenge: Option<Challenge>,
    pub(crate) reusable: bool,
    pub(crate) issued: i64,
    pub(crate) redeemed: bool,
}

#[derive(Clone)]
struct Refresh {
    login: Login,
    issued: i64,
    used: bool,
}

/// What an access token for Graph allows.
#[derive(Clone, Debug)]
pub(crate) struct Access {
    /// Absent: the application itself.
    pub(crate) login: Option<Login>,
    pub(crate) tenant: String,
    pub(crate) resource: Resource,
    pub(crate) expires: i64,
}

impl Grants {
    /// The number of a new sign-in.
    pub(crate) fn new_login(&self) -> u64 {
        self.tables.with(|tables| {
            tables.logins += 1;
            tables.logins
        })
    }

    /// Gives out a code of at least `length` characters.
    pub(crate) fn add_code(&self, code: Code, length: usize) -> String {
        let mut text = format!("1.A{}", chance::text::<384>());
        while text.len() < length {
            text.push_str(&chance::text::<384>());
        }
        let now = code.issued;
        self.tables.with(|tables| {
            if tables.codes.len() >= KEPT {
                tables.codes.retain(|_, code| code.issued + CODE_LIFE > now);
            }
            tables.codes.insert(key(&text), code);
        });
        text
    }

    /// Redeems a code, alone: of many at the same time one succeeds. `check` judges everything that binds the code;
    /// a code that it refuses stays redeemable. A second redemption revokes what the first one got.
    pub(crate) fn redeem(
        &self,
        text: &str,
        now: i64,
        check: impl FnOnce(&Code) -> Result<(), Refusal>,
    ) -> Result<Login, Refusal> {
        self.tables.with(|tables| {
            let code = tables.codes.get_mut(&key(text)).ok_or_else(|| Refusal::of(70000))?;
            check(code)?;
            if code.redeemed && !code.reusable {
                let number = code.login.number;
                tables.revoked.insert(number);
                return Err(Refusal::of(54005));
            }
            if now >= code.issued.saturating_add(CODE_LIFE) {
                return Err(Refusal::of(70008));
            }
            code.redeemed = true;
            Ok(code.login.clone())
        })
    }

    pub(crate) fn add_refresh(&self, login: Login, now: i64) -> String {
        let text = format!("1.A{}", chance::text::<576>());
        self.tables.with(|tables| {
            if tables.refresh.len() >= KEPT {
                tables.refresh.retain(|_, refresh| refresh.issued + REFRESH_IDLE > now);
            }
            tables.refresh.insert(key(&text), Refresh { login, issued: now, used: false });
        });
        text
    }

    /// Uses a refresh token of an application; `strict`: once, and using it again revokes the sign-in.
    ///
    /// A user flow's token works nowhere else, and no other works there.
    pub(crate) fn refresh(
        &self,
        text: &str,
        app: &str,
        segment: &Segment,
        now: i64,
        strict: bool,
    ) -> Result<(Login, i64), Refusal> {
        self.tables.with(|tables| {
            let refresh = tables.refresh.get_mut(&key(text)).ok_or_else(|| Refusal::of(70000))?;
            if refresh.login.app != app {
                return Err(Refusal::of(70000));
            }
            let kept = refresh.login.segment.keeps_its_tokens() || segment.keeps_its_tokens();
            if kept && refresh.login.segment != *segment {
                return Err(Refusal::of(700_005));
            }
            if tables.revoked.contains(&refresh.login.number) {
                return Err(Refusal::of(50173));
            }
            if strict && refresh.used {
                let number = refresh.login.number;
                tables.revoked.insert(number);
                return Err(Refusal::of(50173));
            }
            let idle = if segment.flow().is_some() { FLOW_REFRESH_IDLE } else { REFRESH_IDLE };
            if now >= refresh.issued.saturating_add(idle) {
                return Err(Refusal::of(700_082));
            }
            refresh.used = true;
            Ok((refresh.login.clone(), refresh.issued))
        })
    }

    /// Remembers an access token.
    pub(crate) fn add_access(&self, text: &str, access: Access, now: i64) {
        self.tables.with(|tables| {
            if tables.access.len() >= KEPT {
                tables.access.retain(|_, access| access.expires > now);
            }
            tables.access.insert(key(text), access);
        });
    }

    /// What a token was given out for, whatever became of it.
    pub(crate) fn given_access(&self, text: &str) -> Option<Access> {
        self.tables.with(|tables| tables.access.get(&key(text)).cloned())
    }

    /// What a token allows, unless it expired or was revoked.
    pub(crate) fn access(&self, text: &str, now: i64) -> Option<Access> {
        self.tables.with(|tables| {
            let access = tables.access.get(&key(text)).filter(|access| access.expires > now)?;
            let revoked = access.login.as_ref().is_some_and(|login| tables.revoked.contains(&login.number));
            (!revoked).then(|| access.clone())
        })
    }

    /// Revokes every sign-in of a user, everywhere.
    pub(crate) fn revoke_user(&self, tenant: &str, user: &str) {
        self.tables.with(|tables| {
            let Tables { codes, refresh, access, revoked, .. } = tables;
            let logins = codes.values().map(|code| &code.login);
            let logins = logins.chain(refresh.values().map(|refresh| &refresh.login));
            let logins = logins.chain(access.values().filter_map(|access| access.login.as_ref()));
            revoked
                .extend(logins.filter(|login| login.tenant == tenant && login.user == user).map(|login| login.number));
        });
    }

    /// Notes the nonce of an ID token and returns the one before it.
    pub(crate) fn last_nonce(&self, app: &str, nonce: &str) -> Option<String> {
        self.tables.with(|tables| tables.nonces.insert(app.to_owned(), nonce.to_owned()))
    }

    /// Whether the user consented to a scope for an application.
    pub(crate) fn has_consent(&self, app: &str, user: &str, scope: &str) -> bool {
        self.tables.with(|tables| tables.consents.contains(&(app.to_owned(), user.to_owned(), scope.to_owned())))
    }

    pub(crate) fn add_consents(&self, app: &str, user: &str, scopes: &[String]) {
        self.tables.with(|tables| {
            tables.consents.extend(scopes.iter().map(|scope| (app.to_owned(), user.to_owned(), scope.clone())));
        });
    }
}
