//! Standard providers (F-21): the rules in tables with tokens of our own, AD FS as the facts describe it, and whole
//! flows with a certified provider.

mod adfs;
#[cfg(feature = "reqwest")]
mod certified;
mod discovery;
mod id_token;
mod keys;
mod logout_token;
pub(crate) mod scripted;
mod user_info;

use std::{sync::Arc, time::Duration};

use entra_oidc::{
    Algorithm, Authority, ClientId, Clock, Expected, KeySet, Metadata, OpenIdProvider, PendingSignIn, Seed, State,
    Timestamp,
};
use serde_json::{Value, json};

use crate::microsoft::redirect_uri;

pub(crate) const ISSUER: &str = "https://idp.example/realms/one";
pub(crate) const CLIENT: &str = "app://web+1";
const EVERY: [Algorithm; 3] = [Algorithm::Rs256, Algorithm::Ps256, Algorithm::Es256];

fn provider() -> OpenIdProvider {
    OpenIdProvider::new(ISSUER).unwrap()
}

fn authority(algorithms: &[Algorithm]) -> Authority {
    Authority::openid(provider().algorithms(algorithms.iter().copied()).unwrap())
}

fn metadata() -> Value {
    let at = |path: &str| format!("{ISSUER}{path}");
    json!({
        "issuer": ISSUER,
        "authorization_endpoint": at("/authorize"),
        "token_endpoint": at("/token"),
        "jwks_uri": at("/keys"),
        "end_session_endpoint": at("/logout"),
        "userinfo_endpoint": at("/userinfo"),
    })
}

fn accepted(authority: &Authority, document: &Value) -> Arc<Metadata> {
    Arc::new(authority.accept_metadata(document.to_string().as_bytes()).unwrap())
}

fn client_id() -> ClientId {
    ClientId::parse(CLIENT).unwrap()
}

fn key_set(now: Timestamp) -> KeySet {
    KeySet::parse(keys::published().to_string().as_bytes(), now).unwrap()
}

/// An attempt that is as old as the clock of the machine, which `jsonwebtoken` asks.
fn attempt() -> (Timestamp, PendingSignIn) {
    let now = Clock::system().now();
    let expected = Expected::new(redirect_uri(), now.plus(Duration::from_mins(10)));
    (now, PendingSignIn::resume(Seed::from_bytes([7; 32]), State::random(), expected))
}
