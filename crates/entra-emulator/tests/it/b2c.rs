//! User flows of a B2C tenant.

mod discovery;
mod faults;
mod keys;
mod logout;
mod sign_in;
mod token;

use entra_emulator::{Emulator, seed};

use crate::flow::{Answer, Ask, TokenAsk};

/// The seeded sign-in user flow, as endpoints write it.
const SUSI: &str = "contosob2c.onmicrosoft.com/b2c_1_susi";
const RESET: &str = "contosob2c.onmicrosoft.com/b2c_1_reset";
const EDIT: &str = "contosob2c.onmicrosoft.com/b2c_1_edit";

/// An authorization request of the seeded application at the sign-in user flow.
fn ask(emulator: &Emulator) -> Ask {
    Ask::new(emulator).at(SUSI).set("client_id", seed::B2C_APP_ID).set("scope", "openid offline_access")
}

/// The same application at the token endpoint.
fn client(ask: TokenAsk) -> TokenAsk {
    ask.set("client_id", seed::B2C_APP_ID).set("client_secret", seed::B2C_APP_SECRET)
}

fn redeem(emulator: &Emulator, at: &str, code: &str) -> TokenAsk {
    client(TokenAsk::code(emulator, code)).at(emulator, at)
}

fn refresh(emulator: &Emulator, at: &str, token: &str) -> TokenAsk {
    client(TokenAsk::refresh(emulator, token)).at(emulator, at)
}

/// Signs `name` in and redeems the code.
async fn tokens(emulator: &Emulator, ask: &Ask, name: &str) -> Answer {
    let code = ask.code(name).await;
    let answer = redeem(emulator, &ask.segment, &code).send().await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    answer
}

/// `error` and the number with which the description begins.
fn refusal(answer: &Answer) -> (&str, &str) {
    (answer.text("error"), number(answer.text("error_description")))
}

/// `AADB2C90080` of `AADB2C90080: …`.
fn number(description: &str) -> &str {
    description.split(':').next().unwrap_or_default()
}
