//! Z1: no credential is in any log line at any level, neither ours nor that of a library that we use.

use std::{
    fmt::{Debug, Write as _},
    sync::{Arc, Mutex},
};

use entra_oidc::{AssertionAsk, AssertionError, Certificate, ClientAssertionSource, Credential, Secret};
use tracing::{
    Event, Metadata, Subscriber,
    field::{Field, Visit},
    span::{Attributes, Id, Record},
};

use crate::{
    app::{Papers, World, key, with_key, world},
    microsoft::{Endpoint, Reply},
};

const CANARY: &str = "canary.of.credential";

/// Writes down everything that is logged on this thread.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<String>>);

impl Visit for &Log {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        let _ = writeln!(self.0.lock().unwrap(), "{field}={value:?}");
    }
}

impl Subscriber for Log {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        let _ = writeln!(self.0.lock().unwrap(), "{}", span.metadata().name());
        span.record(&mut &*self);
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, values: &Record<'_>) {
        values.record(&mut &*self);
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        event.record(&mut &*self);
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

struct Vault;

impl ClientAssertionSource for Vault {
    async fn assertion(&self, _: &AssertionAsk<'_>) -> Result<Secret, AssertionError> {
        Ok(Secret::new(CANARY))
    }
}

#[tokio::test]
async fn z1_no_credential_is_logged() {
    let path = std::env::temp_dir().join(format!("entra-oidc-{}-log", std::process::id()));
    std::fs::write(&path, CANARY).unwrap();
    let pem = with_key(&Papers::of("app").self_signed(key()), key());
    for credential in [
        Credential::secret(CANARY),
        Credential::secret_basic(CANARY),
        Credential::assertion(CANARY),
        Credential::token_file(&path),
        Credential::source(Vault),
        Certificate::from_pem(pem.as_bytes()).unwrap().into(),
        #[cfg(feature = "managed-identity")]
        entra_oidc::ManagedIdentity::user_assigned(crate::microsoft::guid(crate::signer::CLIENT)).into(),
    ] {
        let log = Log::default();
        let _guard = tracing::subscriber::set_default(log.clone());
        let world = world(credential);
        world.microsoft.set(Endpoint::Imds, imds());
        let form = world.exchange().await.unwrap();
        refuse(&world).await;

        let log = log.0.lock().unwrap();
        assert!(log.contains("app_token"), "{log}");
        assert!(!log.contains("canary"), "{log}");
        if let Some(assertion) = form.get("client_assertion") {
            assert!(!log.contains(assertion.as_str()), "{log}");
        }
    }
    std::fs::remove_file(path).unwrap();
}

/// A refused exchange, too.
async fn refuse(world: &World) {
    for (status, body) in [(401, r#"{"error":"invalid_client"}"#), (500, CANARY), (200, CANARY)] {
        world.microsoft.once(Endpoint::Token, Reply::status(status, body));
        world.exchange().await.unwrap_err();
    }
}

fn imds() -> Reply {
    Reply::json(&serde_json::json!({
        "access_token": CANARY, "expires_on": "4102444800", "resource": "", "token_type": "Bearer",
    }))
}
