//! Z1: what is secret stays out of logs, pages and `Debug`, whatever happens.

use std::{
    io::Write,
    sync::{Arc, Mutex},
};

use entra_emulator::{Endpoint, ErrorAnswer, Fault, seed};
use tracing_subscriber::fmt::MakeWriter;

use crate::app::App;

/// Everything that was logged, at every level.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Log;

    fn make_writer(&'a self) -> Log {
        self.clone()
    }
}

#[test]
fn z1_no_secret_reaches_a_log_or_a_page() {
    let log = Log::default();
    let subscriber = tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE).with_writer(log.clone()).finish();
    // One thread, so that everything in it is seen by this subscriber.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let secrets = tracing::subscriber::with_default(subscriber, || runtime.block_on(journeys()));
    let log = String::from_utf8_lossy(&log.0.lock().unwrap()).into_owned();
    assert!(log.contains("entra_sso"), "something was logged at all");
    for form in ["eyJ", "code_verifier=", "client_secret=", "Bearer "] {
        assert!(!log.contains(form), "a token, verifier or secret stands in the log: {form}");
    }
    for (name, secret) in secrets {
        assert!(secret.len() >= 16, "{name} is long enough to be looked for: {}", secret.len());
        assert!(!log.contains(&secret), "{name} stands in the log");
    }
}

/// Good and bad journeys; gives every secret that was seen.
async fn journeys() -> Vec<(String, String)> {
    let app = App::start().await;
    let mut secrets = vec![("client secret".to_owned(), seed::APP_SECRET.to_owned())];
    let faults = [
        None,
        Some(Fault::BadSignature),
        Some(Fault::WrongNonce),
        Some(Fault::Status(Endpoint::Token, 500)),
        Some(Fault::Truncated(Endpoint::Token)),
        Some(Fault::NoTokenMember("id_token".to_owned())),
        Some(Fault::TokenError(ErrorAnswer::new("invalid_client", 7_000_215, "Invalid client secret provided"))),
        Some(Fault::AuthorizeError(ErrorAnswer::new("server_error", 90036, "oops"))),
        Some(Fault::Status(Endpoint::Me, 500)),
    ];
    for fault in faults {
        let browser = app.browser();
        if let Some(fault) = fault {
            app.emulator.faults().once(fault);
        }
        let callback = app.callback_of(&browser, "/microsoft_sso/login/?next=/private", seed::ADELE).await;
        for (name, value) in url::Url::parse(&callback).unwrap().query_pairs() {
            if matches!(name.as_ref(), "code" | "state") {
                secrets.push((name.to_string(), value.to_string()));
            }
        }
        secrets.extend(browser.cookies(&app.url).into_iter().filter(|(name, _)| name.starts_with("microsoft_sso")));
        let page = browser.get(&callback).await.unwrap();
        secrets.extend(browser.cookies(&app.url).into_iter().filter(|(name, _)| name.starts_with("microsoft_sso")));
        for (name, secret) in &secrets {
            assert!(!page.body.contains(secret.as_str()), "{name} stands on a page");
        }
        browser.get(app.at("/private")).await.unwrap();
        browser.post_form(app.at("/microsoft_sso/logout/"), &[]).await.unwrap();
    }
    for text in [format!("{:?}", app.sso), format!("{:?}", app.sso.settings())] {
        assert!(!text.contains(seed::APP_SECRET), "Debug of the settings");
    }
    secrets
}
