//! How an emulator is set up.

use std::fmt;
use std::sync::Arc;

use crate::auto_sign_in::AutoSignIn;
use crate::clock::EmulatorClock;
use crate::cloud::Cloud;
use crate::directory::{AppSecret, Directory, DirectoryHandle};
use crate::emulator::Emulator;
use crate::error::EmulatorError;
use crate::faults::Faults;
use crate::grants::Grants;
use crate::hosts::{Hosts, Scheme, host_name};
use crate::journal::Journal;
use crate::keys::Keys;
use crate::listen_address::ListenAddress;
use crate::run_secret::RunSecret;
use crate::seed;
#[cfg(feature = "https")]
use crate::server::ServerCertificate;
use crate::server::{Transport, listen};
use crate::service::Service;
use crate::session::Sessions;

/// Sets an emulator up; made by [`Emulator::builder`].
#[derive(Clone)]
#[must_use]
pub struct EmulatorBuilder {
    listen: Option<String>,
    scheme: Scheme,
    also_as: Vec<String>,
    directory: Directory,
    auto_sign_in: Option<AutoSignIn>,
    clock: EmulatorClock,
    cloud: Cloud,
    app_secret: Option<String>,
    strict_refresh: bool,
    strict_pkce: bool,
    strict_assertions: bool,
}

impl fmt::Debug for EmulatorBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EmulatorBuilder")
            .field("listen", &self.listen)
            .field("cloud", &self.cloud)
            .finish_non_exhaustive()
    }
}

impl Default for EmulatorBuilder {
    fn default() -> Self {
        Self {
            listen: None,
            scheme: Scheme::default(),
            also_as: Vec::new(),
            directory: Directory::default(),
            auto_sign_in: None,
            clock: EmulatorClock::system(),
            cloud: Cloud::Public,
            app_secret: None,
            strict_refresh: false,
            strict_pkce: false,
            strict_assertions: false,
        }
    }
}

impl EmulatorBuilder {
    /// Where to listen: `host:port`, loopback only, port 0 for a free one. Default `127.0.0.1:0`, with https
    /// `localhost:0`. With `localhost:8400` every loopback address of that name is served, and [`Emulator::url`] says
    /// `localhost`.
    pub fn listen(mut self, address: impl Into<ListenAddress>) -> Self {
        self.listen = Some(address.into().0);
        self
    }

    /// Speaks https, with a certificate for localhost, 127.0.0.1, `::1` and the names of
    /// [`also_as`](EmulatorBuilder::also_as), signed by an authority that is made for this run: see
    /// [`Emulator::ca_pem`]. Default: http. (Feature `https`.)
    #[cfg(feature = "https")]
    pub fn https(mut self) -> Self {
        self.scheme = Scheme::Https;
        self
    }

    /// Answers to these host names too (without a port), such as `login.microsoftonline.com`, for clients that are led
    /// here under a name of Microsoft's. Endpoints in discovery carry the name that was asked.
    pub fn also_as<N: Into<String>>(mut self, names: impl IntoIterator<Item = N>) -> Self {
        self.also_as.extend(names.into_iter().map(Into::into));
        self
    }

    /// The directory; default: the seed.
    pub fn directory(mut self, directory: Directory) -> Self {
        self.directory = directory;
        self
    }

    /// Nobody is asked: who starts a sign-in is this user at once, and consent is given. Wrong names stop the start.
    /// `first` stands for the first enabled and assigned account that can sign in to the application where it asks. The
    /// pages of user flows that reset a password or edit a profile are still shown.
    pub fn auto_sign_in(mut self, name: impl Into<String>) -> Self {
        self.auto_sign_in = Some(AutoSignIn::from(name.into()));
        self
    }

    /// The clock; default: the system's.
    pub fn clock(mut self, clock: EmulatorClock) -> Self {
        self.clock = clock;
        self
    }

    /// The cloud to speak for; default: the public one. Personal accounts exist there only: for another cloud those of
    /// the directory are left out.
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

    /// Assertions of certificates work once (`jti`) and for ten minutes at most. Default: lax, as Microsoft does it;
    /// its own client libraries send one assertion again and again as long as it lives.
    pub fn strict_assertions(mut self, strict: bool) -> Self {
        self.strict_assertions = strict;
        self
    }

    /// Starts the emulator on the current tokio runtime.
    ///
    /// # Errors
    ///
    /// The address is not loopback or is taken, the directory contradicts itself, `auto_sign_in` names nobody, or a
    /// name of `also_as` is none.
    pub async fn start(mut self) -> Result<Emulator, EmulatorError> {
        self.adapt_directory();
        if let Some(AutoSignIn::Named(name)) = &self.auto_sign_in
            && self.directory.home_account(name).is_none()
        {
            return Err(EmulatorError::UnknownUser(name.clone()));
        }
        let directory = DirectoryHandle::new(self.directory)?;
        let cloud = self.cloud;
        let keys = tokio::task::spawn_blocking(move || Keys::new(cloud));
        let keys = keys.await.map_err(|error| EmulatorError::Keys(error.to_string()))??;
        let also: Vec<String> = self.also_as.iter().map(|name| host_name(name)).collect::<Result<_, _>>()?;
        let (transport, ca_pem) = match self.scheme {
            Scheme::Http => (Transport::Plain, None),
            #[cfg(feature = "https")]
            Scheme::Https => {
                let certificate = ServerCertificate::make(&also)?;
                (Transport::Tls(certificate.config), Some(certificate.ca_pem))
            }
        };
        let listening = listen(self.listen.as_deref().unwrap_or(self.scheme.listens_on())).await?;
        let service = Service {
            clock: self.clock,
            cloud,
            directory,
            faults: Faults::new(),
            journal: Journal::default(),
            keys,
            sessions: Sessions::default(),
            grants: Grants::default(),
            hosts: Hosts::new(self.scheme, &listening.name, listening.address, &also),
            ca_pem,
            admin_token: RunSecret::random(),
            auto_sign_in: self.auto_sign_in,
            strict_refresh: self.strict_refresh,
            strict_pkce: self.strict_pkce,
            strict_assertions: self.strict_assertions,
            identity_header: RunSecret::random(),
        };
        seed::trust_workloads(&service)?;
        Ok(Emulator::serving(Arc::new(service), listening, &transport))
    }

    /// The secret of this run, and only accounts that the cloud has.
    fn adapt_directory(&mut self) {
        if let Some(secret) = self.app_secret.take()
            && let Some(app) = self.directory.apps.iter_mut().find(|app| app.id == seed::APP_ID)
        {
            app.secrets = vec![AppSecret::new(&secret)];
        }
        if !self.cloud.has_personal_accounts() {
            self.directory.users.retain(|user| !user.is_personal());
        }
    }
}

impl Emulator {
    /// Starts one on a free port of 127.0.0.1 with the seeded directory, on the current tokio runtime.
    ///
    /// # Errors
    ///
    /// See [`EmulatorBuilder::start`].
    pub async fn start() -> Result<Self, EmulatorError> {
        Self::builder().start().await
    }

    /// Sets one up.
    pub fn builder() -> EmulatorBuilder {
        EmulatorBuilder::default()
    }
}
