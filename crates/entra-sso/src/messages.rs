//! Flash messages: what happened is told on the next page.
//!
//! They travel in a sealed cookie of their own, so that they reach a browser that has no session. A page takes them with
//! the [`Messages`] extractor, and they are gone.

use std::{convert::Infallible, sync::Arc};

use axum::extract::FromRequestParts;
use http::request::Parts;

use crate::{context::Context, message::Message, sealing::Purpose, visit::Visit};

/// At most this many wait at once; the oldest goes first.
const MOST: usize = 5;

/// The messages that wait for this browser; taking them clears them.
///
/// Needs `EntraSso::layer` around the handler; without it there are none.
///
/// ```
/// async fn home(messages: entra_sso::Messages) -> String {
///     messages.iter().map(|message| message.text.as_str()).collect::<Vec<_>>().join("\n")
/// }
/// ```
#[derive(Clone, Debug, Default)]
pub struct Messages(Vec<Message>);

impl Messages {
    /// One after another, the oldest first.
    pub fn iter(&self) -> std::slice::Iter<'_, Message> {
        self.0.iter()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<'a> IntoIterator for &'a Messages {
    type Item = &'a Message;
    type IntoIter = std::slice::Iter<'a, Message>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl<S: Sync> FromRequestParts<S> for Messages {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Messages, Infallible> {
        let Some(visit) = parts.extensions.get::<Arc<Visit>>() else { return Ok(Messages::default()) };
        Ok(Messages(take(visit, parts)))
    }
}

/// The waiting messages; the response clears them.
pub(crate) fn take(visit: &Visit, parts: &Parts) -> Vec<Message> {
    let Ok(origin) = visit.origin(parts) else { return Vec::new() };
    let cookies = visit.cookies(origin);
    let Some(sealed) = cookies.flash(&parts.headers) else { return Vec::new() };
    visit.set_cookie(cookies.clear_flash());
    open(visit.context(), sealed)
}

/// Lets `message` wait for the next page, beside those that wait already.
pub(crate) fn add(visit: &Visit, parts: &Parts, message: Message) {
    if visit.context().settings.enable_messages {
        tell(visit, parts, message);
    }
}

/// The same, whatever `enable_messages` says: for who asked for something and has to know what came of it.
pub(crate) fn tell(visit: &Visit, parts: &Parts, message: Message) {
    let context = visit.context();
    let Ok(origin) = visit.origin(parts) else { return };
    let cookies = visit.cookies(origin);
    let mut waiting = cookies.flash(&parts.headers).map(|sealed| open(context, sealed)).unwrap_or_default();
    waiting.push(message);
    let first = waiting.len().saturating_sub(MOST);
    let sealed =
        serde_json::to_vec(&waiting[first..]).ok().and_then(|json| context.sealer.seal(Purpose::Flash, &json).ok());
    if let Some(sealed) = sealed {
        visit.set_cookie(cookies.set_flash(&sealed));
    }
}

fn open(context: &Context, sealed: &str) -> Vec<Message> {
    let json = context.sealer.open(Purpose::Flash, sealed).ok();
    json.and_then(|json| serde_json::from_slice(&json).ok()).unwrap_or_default()
}
