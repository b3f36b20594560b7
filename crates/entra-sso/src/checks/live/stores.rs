//! Whether the stores answer: each is asked for somebody who does not exist.

use std::error::Error as _;

use entra_oidc::{AccountKey, AccountKind};
use futures_util::future;

use super::{LiveCheck, LiveLine};
use crate::{context::Context, session::SessionId, store_error::StoreError, users::UserLookup};

const ANSWERS: &str = "it answers";

pub(super) async fn check(context: &Context) -> Vec<LiveLine> {
    let nobody = AccountKey::new(AccountKind::Entra, "", "");
    let session = SessionId::random();
    let (user, session, callback_cache) = future::join3(
        context.users.find(UserLookup::Account(nobody)),
        context.sessions.load(&session, context.clock.now()),
        context.once.probe(),
    )
    .await;
    let callback_cache = callback_cache.map(|answer| line(LiveCheck::CallbackCache, answer.err()));
    let both = [line(LiveCheck::Users, user.err()), line(LiveCheck::Sessions, session.err())];
    both.into_iter().chain(callback_cache).collect()
}

/// What somebody found out who went to the stores himself. None: he knows nothing of that store.
pub(super) fn tried(
    sessions: Option<Result<(), String>>,
    callback_cache: Option<Result<(), String>>,
) -> impl Iterator<Item = LiveLine> {
    let callback_cache = callback_cache.map(|answer| tried_line(LiveCheck::CallbackCache, Some(answer)));
    [tried_line(LiveCheck::Users, None), tried_line(LiveCheck::Sessions, sessions)].into_iter().chain(callback_cache)
}

pub(super) fn is_of_a_store(line: &LiveLine) -> bool {
    [LiveCheck::Users, LiveCheck::Sessions, LiveCheck::CallbackCache].iter().any(|check| check.entry().id == line.id)
}

fn tried_line(check: LiveCheck, answer: Option<Result<(), String>>) -> LiveLine {
    match answer {
        None => LiveLine::not_checked(
            check,
            "the application's code names its store, and `EntraSso::check_live` there asks it",
        ),
        Some(Ok(())) => LiveLine::passed(check, ANSWERS),
        Some(Err(why)) => LiveLine::failed(check, why),
    }
}

fn line(check: LiveCheck, error: Option<StoreError>) -> LiveLine {
    match error {
        None => LiveLine::passed(check, ANSWERS),
        Some(error) => {
            let cause = error.source().map(ToString::to_string).unwrap_or_default();
            tracing::warn!(check = check.entry().id, cause, "{error}");
            LiveLine::failed(check, format!("{error}; the log has the cause"))
        }
    }
}
