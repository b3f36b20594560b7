//! Whether the stores answer: each is asked for somebody who does not exist.

use std::error::Error as _;

use entra_oidc::{AccountKey, AccountKind};
use futures_util::future;

use super::{LiveCheck, LiveLine};
use crate::{context::Context, session::SessionId, store_error::StoreError, users::UserLookup};

pub(super) async fn check(context: &Context) -> [LiveLine; 2] {
    let nobody = AccountKey::new(AccountKind::Entra, "", "");
    let session = SessionId::random();
    let (user, session) = future::join(
        context.users.find(UserLookup::Account(nobody)),
        context.sessions.load(&session, context.clock.now()),
    )
    .await;
    [line(LiveCheck::Users, user.err()), line(LiveCheck::Sessions, session.err())]
}

fn line(check: LiveCheck, error: Option<StoreError>) -> LiveLine {
    match error {
        None => LiveLine::passed(check, "it answers"),
        Some(error) => {
            let cause = error.source().map(ToString::to_string).unwrap_or_default();
            tracing::warn!(check = check.entry().id, cause, "{error}");
            LiveLine::failed(check, format!("{error}; the log has the cause"))
        }
    }
}
