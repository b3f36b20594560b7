//! The emulator as a value.

use url::Url;

use crate::builder::EmulatorBuilder;
use crate::clock::EmulatorClock;
use crate::directory::DirectoryHandle;
use crate::error::EmulatorError;
use crate::faults::Faults;
use crate::journal::Journal;
use crate::keys::Keys;
use crate::seed;

/// A running local Microsoft. Dropping it stops it.
#[derive(Debug)]
pub struct Emulator {
    url: Url,
    clock: EmulatorClock,
    faults: Faults,
    journal: Journal,
    keys: Keys,
    directory: DirectoryHandle,
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

    #[expect(clippy::unused_async, reason = "not finished")]
    pub(crate) async fn start_with(builder: EmulatorBuilder) -> Result<Self, EmulatorError> {
        Ok(Self {
            url: Url::parse("http://127.0.0.1:1/").map_err(|_| EmulatorError::Keys(String::new()))?,
            clock: builder.clock,
            faults: Faults::new(),
            journal: Journal::default(),
            keys: Keys {},
            directory: DirectoryHandle::new(builder.directory)?,
        })
    }

    /// Where it answers: `http://127.0.0.1:PORT/`.
    #[must_use]
    pub fn url(&self) -> Url {
        self.url.clone()
    }

    /// The environment that points an application at the seeded application in Contoso: `AZURE_TENANT_ID`,
    /// `AZURE_CLIENT_ID`, `AZURE_CLIENT_SECRET`, `AZURE_AUTHORITY_HOST`, `MICROSOFT_SSO_GRAPH_URL`.
    #[must_use]
    pub fn env(&self) -> Vec<(&'static str, String)> {
        self.env_for(seed::CONTOSO, seed::APP_ID)
    }

    /// The same for another tenant segment (GUID, domain, `organizations`, `common`, `consumers`) and application.
    /// Without a secret that is valid now there is no `AZURE_CLIENT_SECRET`.
    #[must_use]
    pub fn env_for(&self, tenant: &str, app: &str) -> Vec<(&'static str, String)> {
        let now = self.clock.now();
        let secrets = self.directory().app(app).map(|app| app.secrets).unwrap_or_default();
        let secret = secrets.into_iter().find(|secret| secret.expires.is_none_or(|expires| expires > now));
        let mut variables = vec![("AZURE_TENANT_ID", tenant.to_owned()), ("AZURE_CLIENT_ID", app.to_owned())];
        variables.extend(secret.map(|secret| ("AZURE_CLIENT_SECRET", secret.value)));
        variables.push(("AZURE_AUTHORITY_HOST", self.url.to_string()));
        variables.push(("MICROSOFT_SSO_GRAPH_URL", format!("{}graph", self.url)));
        variables
    }

    /// Its clock.
    #[must_use]
    pub fn clock(&self) -> &EmulatorClock {
        &self.clock
    }

    /// Misbehaviour on demand.
    #[must_use]
    pub fn faults(&self) -> &Faults {
        &self.faults
    }

    /// What it was asked.
    #[must_use]
    pub fn journal(&self) -> &Journal {
        &self.journal
    }

    /// Its signing keys.
    #[must_use]
    pub fn keys(&self) -> &Keys {
        &self.keys
    }

    /// Its directory.
    #[must_use]
    pub fn directory(&self) -> &DirectoryHandle {
        &self.directory
    }

    /// Stops it and waits until every connection is closed. Held requests are released.
    #[expect(clippy::unused_async, reason = "not finished")]
    pub async fn stop(self) {}
}
