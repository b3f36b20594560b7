//! One emulator, one application, and the two requests of a sign-in.

mod ask;
mod token_ask;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use entra_emulator::{Emulator, EmulatorClock};
use serde_json::Value;

pub(crate) use self::ask::{Ask, told};
pub(crate) use self::token_ask::{Answer, TokenAsk};

/// A time at which nothing special happens.
pub(crate) const NOW: i64 = 1_800_000_000;
/// 43 characters, and its S256 challenge.
pub(crate) const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
pub(crate) const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

/// An emulator whose clock stands at [`NOW`].
pub(crate) async fn start() -> Emulator {
    Emulator::builder().clock(EmulatorClock::at(NOW)).start().await.expect("the emulator starts")
}

/// The claims of a token, unverified.
pub(crate) fn claims(token: &str) -> Value {
    part(token, 1)
}

/// The header of a token.
pub(crate) fn header(token: &str) -> Value {
    part(token, 0)
}

fn part(token: &str, index: usize) -> Value {
    let part = token.split('.').nth(index).expect("three parts");
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).expect("base64url")).expect("JSON")
}

/// A client that follows nothing and keeps nothing.
pub(crate) fn client() -> reqwest::Client {
    let builder = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).no_proxy();
    builder.tls_certs_only(std::iter::empty()).build().expect("a client without certificates")
}

/// A GET whose answer is JSON.
pub(crate) async fn get_json(url: impl AsRef<str>) -> (u16, Value) {
    let response = client().get(url.as_ref()).send().await.expect("the emulator answers");
    (response.status().as_u16(), response.json().await.expect("JSON"))
}

/// Signs `name` in and redeems the code.
pub(crate) async fn tokens(emulator: &Emulator, ask: &Ask, name: &str) -> Answer {
    let code = ask.code(name).await;
    let answer = TokenAsk::code(emulator, &code).at(emulator, &ask.segment).send().await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    answer
}
