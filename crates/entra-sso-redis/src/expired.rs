//! Sessions that are over and still there. Redis drops each within a second of its deadline, so there is no list of them: who
//! asks has all sessions gone through.

use entra_sso::{StoreError, oidc::Timestamp, session::SessionKey};
use redis::Cmd;

use crate::{
    request::{Call, Request},
    scripts,
    store::RedisStore,
};

/// How many keys one answer holds at most, or somewhat more.
const MOST: usize = 1_000;
/// How many names Redis looks at in one step.
const STEP: usize = 500;

pub(crate) async fn before(store: &RedisStore, moment: Timestamp) -> Result<Vec<SessionKey>, StoreError> {
    let (mut found, mut cursor) = (Vec::new(), 0_u64);
    loop {
        let mut scan = Cmd::new();
        scan.arg("SCAN").arg(cursor).arg("MATCH").arg(store.keys.every_session()).arg("COUNT").arg(STEP);
        let (next, names): (u64, Vec<Vec<u8>>) = store.ask(Request::Plain(scan)).await?;
        if !names.is_empty() {
            let call = names.into_iter().fold(Call::new(&scripts::EXPIRED).number(moment.unix()), Call::key);
            let names: Vec<Vec<u8>> = store.ask(call.into()).await?;
            found.extend(names.iter().filter_map(|name| store.keys.session_key(name)));
        }
        if next == 0 || found.len() >= MOST {
            // A name can come twice.
            found.sort();
            found.dedup();
            return Ok(found);
        }
        cursor = next;
    }
}
