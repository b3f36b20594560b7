//! What a running emulator consists of.

use crate::auto_sign_in::AutoSignIn;
use crate::clock::EmulatorClock;
use crate::cloud::Cloud;
use crate::directory::DirectoryHandle;
use crate::faults::Faults;
use crate::grants::Grants;
use crate::hosts::Hosts;
use crate::journal::Journal;
use crate::keys::Keys;
use crate::run_secret::RunSecret;
use crate::session::Sessions;

/// Everything that requests share.
#[derive(Debug)]
pub(crate) struct Service {
    pub(crate) clock: EmulatorClock,
    pub(crate) cloud: Cloud,
    pub(crate) directory: DirectoryHandle,
    pub(crate) faults: Faults,
    pub(crate) journal: Journal,
    pub(crate) keys: Keys,
    pub(crate) sessions: Sessions,
    pub(crate) grants: Grants,
    pub(crate) hosts: Hosts,
    /// The certificate of the authority, when https is spoken.
    pub(crate) ca_pem: Option<String>,
    /// The token of the admin API.
    pub(crate) admin_token: RunSecret,
    pub(crate) auto_sign_in: Option<AutoSignIn>,
    pub(crate) strict_refresh: bool,
    pub(crate) strict_pkce: bool,
    pub(crate) strict_assertions: bool,
    /// What App Service puts into `IDENTITY_HEADER`.
    pub(crate) identity_header: RunSecret,
}

impl Service {
    /// The name of the emulator's own cookie. Cookies do not tell ports apart, so the name does.
    pub(crate) fn cookie_name(&self) -> String {
        format!("emulator_session_{}", self.hosts.port())
    }

    /// `Set-Cookie` with the emulator's own cookie; `more` are further attributes, each after a semicolon.
    pub(crate) fn set_cookie(&self, value: &str, more: &str) -> String {
        let secure = if self.hosts.is_secure() { "; Secure" } else { "" };
        format!("{}={value}; Path=/; HttpOnly; SameSite=Lax{secure}{more}", self.cookie_name())
    }
}
