//! Where an example runs: Microsoft beside it, its own port, its own directory.

use std::{env, fs, path::PathBuf};

use axum::Router;
use entra_emulator::{Browser, Emulator, Page};
use entra_sso::{Settings, settings::Sources};
use tokio::{net::TcpListener, task::JoinHandle};

/// A local Microsoft, and perhaps an example that runs.
pub(crate) struct Place {
    pub(crate) emulator: Emulator,
    /// `http://localhost:{port}`
    pub(crate) url: String,
    listener: Option<TcpListener>,
    server: Option<JoinHandle<()>>,
}

impl Drop for Place {
    fn drop(&mut self) {
        if let Some(server) = &self.server {
            server.abort();
        }
    }
}

impl Place {
    /// Microsoft, and a free port.
    pub(crate) async fn free() -> Self {
        let emulator = Emulator::start().await.unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://localhost:{}", listener.local_addr().unwrap().port());
        Self { emulator, url, listener: Some(listener), server: None }
    }

    /// The settings of who pastes what `entra-sso emulator` prints, and these lines of TOML.
    pub(crate) fn settings(&self, toml: &str) -> Settings {
        Sources::new().vars(self.emulator.env()).toml(toml).read().unwrap()
    }

    /// Serves the example.
    pub(crate) fn serve(&mut self, app: Router) {
        let listener = self.listener.take().unwrap();
        self.server = Some(tokio::spawn(async move { axum::serve(listener, app).await.unwrap() }));
    }

    pub(crate) fn at(&self, path: &str) -> String {
        format!("{}{path}", self.url)
    }

    /// Opens a page for signed-in users, and signs in.
    pub(crate) async fn open_as(&self, browser: &Browser, path: &str, who: &str) -> Page {
        browser.start_at(self.at(path)).signing_in_as(who).await.unwrap()
    }
}

/// A file that nobody else uses.
pub(crate) fn file(name: &str) -> PathBuf {
    let directory = env::temp_dir().join(format!("entra-sso-examples-{}", std::process::id()));
    fs::create_dir_all(&directory).unwrap();
    directory.join(name)
}
