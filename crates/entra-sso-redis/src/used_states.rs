//! The used sign-ins.

use entra_sso::{
    StoreError,
    oidc::{Timestamp, random_bytes},
    session::{Mark, UsedStates},
};
use redis::Cmd;

use crate::{
    request::{Call, Request},
    scripts,
    store::RedisStore,
};

impl UsedStates for RedisStore {
    async fn mark(&self, state: [u8; 32], until: Timestamp) -> Result<Mark, StoreError> {
        let call = Call::new(&scripts::MARK)
            .key(self.keys.mark(&state))
            .number(self.seconds_until(until))
            .argument(random_bytes::<16>());
        Ok(if self.ask::<i64>(call.into()).await? == 1 { Mark::First } else { Mark::Again })
    }

    async fn forget(&self, state: [u8; 32]) -> Result<(), StoreError> {
        let mut command = Cmd::new();
        command.arg("DEL").arg(self.keys.mark(&state));
        self.ask(Request::Plain(command)).await
    }
}
