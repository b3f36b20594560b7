//! The emulator as a value.

use std::sync::Arc;

use tokio::sync::watch;
use tokio::task::JoinSet;
use url::Url;

use crate::clock::EmulatorClock;
use crate::directory::{DirectoryError, DirectoryHandle};
use crate::faults::Faults;
use crate::journal::Journal;
use crate::keys::Keys;
use crate::managed_identity;
use crate::seed;
use crate::server::{Listening, Transport};
use crate::service::Service;
use crate::workload;

/// A running local Microsoft. Dropping it stops it.
///
/// [`Emulator::start`] takes a free port of 127.0.0.1 and the built-in directory ([`seed`]); [`Emulator::builder`] is for
/// another address, https, another cloud or a directory of one's own.
///
/// ```
/// use entra_emulator::{Emulator, Stand};
///
/// # async fn test() -> Result<(), entra_emulator::EmulatorError> {
/// let emulator = Emulator::start().await?;
/// let settings = emulator.env_of(Stand::B2c); // what points an application at it
/// # let _ = settings;
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Emulator {
    service: Arc<Service>,
    url: Url,
    stop: watch::Sender<bool>,
    tasks: JoinSet<()>,
}

impl Emulator {
    pub(crate) fn serving(service: Arc<Service>, listening: Listening, transport: &Transport) -> Self {
        let url = Url::parse(&service.hosts.canonical_base()).expect("an address that is listened on makes a URL");
        let stop = watch::Sender::new(false);
        let tasks = listening.serve(transport, &service, &stop.subscribe());
        tracing::info!(%url, "a local Microsoft is listening");
        Self { service, url, stop, tasks }
    }

    /// Where it answers: `http://127.0.0.1:PORT/`, with https `https://localhost:PORT/`, or the name that it was told
    /// to listen on.
    #[must_use]
    pub fn url(&self) -> Url {
        self.url.clone()
    }

    /// The certificate, as PEM, that a client has to trust for https; nothing when http is spoken. It signed the
    /// server's certificate and can sign no other: its key does not exist any more.
    #[must_use]
    pub fn ca_pem(&self) -> Option<&str> {
        self.service.ca_pem.as_deref()
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
        let now = self.clock().now();
        let secrets = self.directory().app(app).map(|app| app.secrets).unwrap_or_default();
        let secret = secrets.into_iter().find(|secret| secret.expires.is_none_or(|expires| expires > now));
        let mut variables = vec![("AZURE_TENANT_ID", tenant.to_owned()), ("AZURE_CLIENT_ID", app.to_owned())];
        variables.extend(secret.map(|secret| ("AZURE_CLIENT_SECRET", secret.value)));
        variables.push(("AZURE_AUTHORITY_HOST", self.url.to_string()));
        variables.push(("MICROSOFT_SSO_GRAPH_URL", format!("{}graph", self.url)));
        variables
    }

    /// The environment of an App Service instance whose managed identity the emulator plays: `IDENTITY_ENDPOINT` and
    /// `IDENTITY_HEADER`.
    #[must_use]
    pub fn app_service_env(&self) -> Vec<(&'static str, String)> {
        managed_identity::environment(&self.service).to_vec()
    }

    /// The issuer of a cluster that the emulator plays: `http://127.0.0.1:PORT/_workload`. Its discovery document and
    /// keys are below it.
    #[must_use]
    pub fn workload_issuer(&self) -> String {
        workload::issuer(&self.service)
    }

    /// A token of a service account of that cluster, as Kubernetes projects it into a file: valid for an hour by the
    /// emulator's clock, with this `sub` and one `aud`.
    #[must_use]
    pub fn workload_token(&self, subject: &str, audience: &str) -> String {
        workload::token(&self.service, subject, audience)
    }

    /// Its clock.
    #[must_use]
    pub fn clock(&self) -> &EmulatorClock {
        &self.service.clock
    }

    /// Misbehaviour on demand.
    #[must_use]
    pub fn faults(&self) -> &Faults {
        &self.service.faults
    }

    /// What it was asked.
    #[must_use]
    pub fn journal(&self) -> &Journal {
        &self.service.journal
    }

    /// Its signing keys.
    #[must_use]
    pub fn keys(&self) -> &Keys {
        &self.service.keys
    }

    /// Its directory.
    #[must_use]
    pub fn directory(&self) -> &DirectoryHandle {
        &self.service.directory
    }

    /// The token that the admin API below `/_emulator` wants in the header `X-Emulator-Token`; random per run.
    #[must_use]
    pub fn admin_token(&self) -> &str {
        self.service.admin_token.as_str()
    }

    /// Revokes every refresh and access token that a user has got, in every application.
    ///
    /// # Errors
    ///
    /// There is no such user.
    pub fn revoke(&self, id_or_name: &str) -> Result<(), DirectoryError> {
        let unknown = || DirectoryError::Unknown { what: "user", id: id_or_name.to_owned() };
        let user = self.directory().user(id_or_name).ok_or_else(unknown)?;
        self.service.grants.revoke_user(&user.tenant, &user.id);
        Ok(())
    }

    /// Stops it: held requests are released, requests under way are answered, and every connection is closed when
    /// this returns.
    pub async fn stop(mut self) {
        self.shut();
        while self.tasks.join_next().await.is_some() {}
    }

    fn shut(&self) {
        self.stop.send_replace(true);
        self.service.faults.clear();
    }
}

impl Drop for Emulator {
    fn drop(&mut self) {
        self.shut();
        // The sockets close when their tasks have seen it; a task that is aborted could leave connections behind.
        self.tasks.detach_all();
    }
}
