//! How an emulator is set up.

use std::net::SocketAddr;

use crate::clock::EmulatorClock;
use crate::cloud::Cloud;
use crate::directory::Directory;
use crate::emulator::Emulator;
use crate::error::EmulatorError;

/// Sets an emulator up; made by [`Emulator::builder`].
#[derive(Clone, Debug)]
#[must_use]
pub struct EmulatorBuilder {
    pub(crate) listen: String,
    pub(crate) directory: Directory,
    pub(crate) auto_sign_in: Option<String>,
    pub(crate) clock: EmulatorClock,
    pub(crate) cloud: Cloud,
    pub(crate) app_secret: Option<String>,
    pub(crate) strict_refresh: bool,
    pub(crate) strict_pkce: bool,
}

impl Default for EmulatorBuilder {
    fn default() -> Self {
        Self {
            listen: "127.0.0.1:0".to_owned(),
            directory: Directory::default(),
            auto_sign_in: None,
            clock: EmulatorClock::system(),
            cloud: Cloud::Public,
            app_secret: None,
            strict_refresh: false,
            strict_pkce: false,
        }
    }
}

impl EmulatorBuilder {
    /// Where to listen: `host:port`, loopback only, port 0 for a free one. Default `127.0.0.1:0`. With
    /// `localhost:8400` every loopback address of that name is served, and [`Emulator::url`] says `localhost`.
    pub fn listen(mut self, address: impl Into<ListenAddress>) -> Self {
        self.listen = address.into().0;
        self
    }

    /// The directory; default: the seed.
    pub fn directory(mut self, directory: Directory) -> Self {
        self.directory = directory;
        self
    }

    /// Nobody is asked: who starts a sign-in is this user at once, and consent is given. Wrong names stop the start.
    pub fn auto_sign_in(mut self, name: impl Into<String>) -> Self {
        self.auto_sign_in = Some(name.into());
        self
    }

    /// The clock; default: the system's.
    pub fn clock(mut self, clock: EmulatorClock) -> Self {
        self.clock = clock;
        self
    }

    /// The cloud to speak for; default: the public one.
    pub fn cloud(mut self, cloud: Cloud) -> Self {
        self.cloud = cloud;
        self
    }

    /// Replaces the secrets of the seeded application ([`crate::seed::APP_ID`]) by this one, for a secret per run.
    pub fn app_secret(mut self, secret: impl Into<String>) -> Self {
        self.app_secret = Some(secret.into());
        self
    }

    /// Refresh tokens work once, and using one twice revokes all that came from the same sign-in. Default: lax, as
    /// Microsoft does it (the old one stays valid).
    pub fn strict_refresh(mut self, strict: bool) -> Self {
        self.strict_refresh = strict;
        self
    }

    /// Requests without a PKCE challenge, and those with method `plain`, are refused. Default: allowed, as Microsoft
    /// does it for confidential clients.
    pub fn strict_pkce(mut self, strict: bool) -> Self {
        self.strict_pkce = strict;
        self
    }

    /// Starts the emulator on the current tokio runtime.
    ///
    /// # Errors
    ///
    /// The address is not loopback or is taken, the directory contradicts itself, or `auto_sign_in` names nobody.
    pub async fn start(self) -> Result<Emulator, EmulatorError> {
        Emulator::start_with(self).await
    }
}

/// A listen address, from a socket address or from `host:port`.
#[derive(Clone, Debug)]
pub struct ListenAddress(String);

impl From<SocketAddr> for ListenAddress {
    fn from(address: SocketAddr) -> Self {
        Self(address.to_string())
    }
}

impl From<&str> for ListenAddress {
    fn from(address: &str) -> Self {
        Self(address.to_owned())
    }
}

impl From<String> for ListenAddress {
    fn from(address: String) -> Self {
        Self(address)
    }
}
