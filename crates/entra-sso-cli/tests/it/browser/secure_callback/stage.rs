//! The demo and a Microsoft at another site than it: `localhost` and `127.0.0.1`, over http or over https.

use std::{
    fs,
    path::Path,
    sync::atomic::{AtomicU32, Ordering},
};

use super::SETTING;
use crate::{
    browser::{
        picker::{ADELE, ALEX},
        tls::TlsFront,
    },
    emulator::exports,
    process::{Running, SCRATCH, entra_sso},
};

pub(super) const LOCALHOST: &str = "localhost";
pub(super) const ADDRESS: &str = "127.0.0.1";

pub(super) struct Stage {
    /// The application, without a trailing slash.
    pub(super) url: String,
    pub(super) microsoft: String,
    _demo: Running,
    _emulator: Option<Running>,
    _front: Option<TlsFront>,
}

/// The demo as it comes, on http.
pub(super) async fn over_http(application: &str, microsoft: &str) -> Stage {
    let (listen, emulator_listen) = (format!("{application}:0"), format!("{microsoft}:0"));
    let demo = entra_sso(["demo", "--listen", &listen, "--emulator-listen", &emulator_listen]);
    let demo = demo.env(SETTING, "true").start().await;
    let (url, microsoft) = (demo.url().to_owned(), demo.emulator_url().to_owned());
    Stage { url, microsoft, _demo: demo, _emulator: None, _front: None }
}

/// The demo behind a proxy that speaks TLS, and a Microsoft that speaks it itself.
pub(super) async fn over_https(application: &str, microsoft: &str) -> Stage {
    let front = TlsFront::bind_at(application).await;
    let emulator = emulator_for(&front, microsoft).await;
    let mut demo = entra_sso(["demo", "--listen", &format!("{application}:0")]);
    let variables = exports(&emulator);
    let microsoft = variables["AZURE_AUTHORITY_HOST"].trim_end_matches('/').to_owned();
    for (name, value) in variables {
        demo = demo.env(&name, value);
    }
    let demo = demo.env("MICROSOFT_SSO_PUBLIC_URL", front.url()).env(SETTING, "true").start().await;
    front.forward_to(demo.url());
    Stage { url: front.url().to_owned(), microsoft, _demo: demo, _emulator: Some(emulator), _front: Some(front) }
}

static NUMBER: AtomicU32 = AtomicU32::new(0);

/// A Microsoft that knows the application behind `front`.
async fn emulator_for(front: &TlsFront, name: &str) -> Running {
    let directory = format!(
        r#"
[[tenant]]
id = "aaaaaaaa-0000-4000-8000-000000000001"
name = "Contoso"
domains = ["contoso.example"]

[[user]]
id = "bbbbbbbb-0000-4000-8000-000000000001"
tenant = "contoso.example"
upn = "{ADELE}"
name = "Adele Vance"

[[user]]
id = "bbbbbbbb-0000-4000-8000-000000000002"
tenant = "contoso.example"
upn = "{ALEX}"
name = "Alex Wilber"

[[app]]
id = "dddddddd-0000-4000-8000-000000000001"
tenant = "contoso.example"
name = "Portal"
redirect_uris = ["{}/microsoft_sso/callback/"]
secrets = [{{ value = "a secret for tests" }}]
"#,
        front.url()
    );
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    let own = |suffix: &str| {
        let file = Path::new(SCRATCH).join(format!("secure-callback-{}-{number}.{suffix}", std::process::id()));
        file.display().to_string()
    };
    let (file, certificate) = (own("toml"), own("pem"));
    fs::write(&file, directory).expect("the scratch directory can be written to");
    let listen = format!("{name}:0");
    entra_sso(["emulator", "--listen", &listen, "--directory", &file, "--https", &certificate]).start().await
}
