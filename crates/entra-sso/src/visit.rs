//! One request's view of us: where it came in, its cookies, and its session, loaded at most once.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use entra_oidc::{AccountKey, Timestamp};
use http::{Extensions, HeaderMap, HeaderValue, header, request::Parts};

use crate::{
    asked::Asked,
    audit,
    callback_url::Origin,
    catalogue::Catalogue,
    context::Context,
    cookies::Cookies,
    metrics::labels::Ended,
    next_url::NextUrl,
    refusal::Refusal,
    session::{SessionId, data::SessionData, sessions::Loaded, store::Replaced},
    site::Site,
    users::{UserId, UserLookup},
};

/// Shared by the layer, the extractors and our routes for the length of one request.
pub(crate) struct Visit {
    context: Arc<Context>,
    /// None is the usual one.
    origin: OnceLock<Option<Origin>>,
    session: OnceLock<Option<Session>>,
    /// Most requests are no part of a sign-in.
    sign_in: OnceLock<Box<SignIn>>,
    set_cookies: Mutex<Vec<HeaderValue>>,
}

/// The session of a request.
struct Session {
    id: SessionId,
    data: Arc<SessionData>,
    /// What an answer may need when the request is gone.
    asked: Asked,
}

/// What is known of the sign-in that a request is a part of.
#[derive(Default)]
struct SignIn {
    /// The session of this browser, when a POST from elsewhere comes without its cookie.
    session_before: OnceLock<SessionId>,
    next: OnceLock<NextUrl>,
    provider: OnceLock<Arc<str>>,
    account: OnceLock<AccountKey>,
    user: OnceLock<UserId>,
}

impl Visit {
    pub(crate) fn new(context: Arc<Context>) -> Visit {
        Visit {
            context,
            origin: OnceLock::new(),
            session: OnceLock::new(),
            sign_in: OnceLock::new(),
            set_cookies: Mutex::new(Vec::new()),
        }
    }

    pub(crate) fn context(&self) -> &Arc<Context> {
        &self.context
    }

    /// Whether the nearest layer around this request is one of `context`.
    pub(crate) fn present(extensions: &Extensions, context: &Arc<Context>) -> bool {
        extensions.get::<Arc<Visit>>().is_some_and(|visit| Arc::ptr_eq(&visit.context, context))
    }

    /// Scheme, host and port that the browser sees.
    pub(crate) fn origin(&self, parts: &Parts) -> Result<&Origin, Refusal> {
        self.context.usual_origin.of_request(parts, &self.context.settings, &self.origin)
    }

    /// The site that this request is at.
    ///
    /// # Errors
    /// What the request's address is refused for.
    pub(crate) fn site(&self, parts: &Parts) -> Result<&Site, Refusal> {
        Ok(self.context.sites.at(self.origin(parts)?))
    }

    /// The same; a request whose address is refused is answered by the default site.
    pub(crate) fn site_or_default(&self, parts: &Parts) -> &Site {
        self.site(parts).unwrap_or_else(|_| self.context.sites.default())
    }

    /// The language of this request's pages and messages.
    pub(crate) fn language(&self, parts: &Parts) -> &Arc<Catalogue> {
        self.context.languages.of_request(&parts.headers)
    }

    /// Our cookies, as this browser knows them.
    pub(crate) fn cookies(&self, origin: &Origin) -> &Cookies {
        self.context.cookies.of(origin)
    }

    /// The session that this request's cookie opens, if it does: one load per request, however many ask.
    ///
    /// # Errors
    /// A store that does not answer is E320 (503), never "nobody".
    pub(crate) async fn session(&self, parts: &Parts) -> Result<Option<Arc<SessionData>>, Refusal> {
        let session = if let Some(session) = self.session.get() {
            session
        } else {
            let session = self.load(parts).await?;
            self.session.get_or_init(|| session.map(|(id, data)| Session { id, data, asked: Asked::of(parts) }))
        };
        Ok(session.as_ref().map(|session| session.data.clone()))
    }

    /// The id of the session that was loaded.
    pub(crate) fn session_id(&self) -> Option<&SessionId> {
        Some(&self.loaded()?.id)
    }

    /// The session id of this browser: what it brought, else what it is known to have had. Nobody says that it is good.
    ///
    /// # Errors
    /// What the request's address is refused for.
    pub(crate) fn brought(&self, parts: &Parts) -> Result<Option<SessionId>, Refusal> {
        Ok(self.brought_to(self.origin(parts)?, parts))
    }

    fn brought_to(&self, origin: &Origin, parts: &Parts) -> Option<SessionId> {
        let cookie = self.cookies(origin).session(&parts.headers);
        cookie.or_else(|| self.sign_in.get()?.session_before.get().cloned())
    }

    /// This browser had that session when it began what it ends now. To be said before anybody asks for the session.
    pub(crate) fn had(&self, session: SessionId) {
        self.sign_in().session_before.get_or_init(|| session);
    }

    async fn load(&self, parts: &Parts) -> Result<Option<(SessionId, Arc<SessionData>)>, Refusal> {
        if !parts.headers.contains_key(header::COOKIE) {
            return Ok(None);
        }
        let context = &self.context;
        let origin = self.origin(parts)?;
        let Some(id) = self.brought_to(origin, parts) else { return Ok(None) };
        let now = context.clock.now();
        let Some(loaded) = context.sessions.load(&id, now).await? else { return Ok(None) };
        if context.sites.at(origin).provider_of(&loaded.data().owner).is_none() {
            return Ok(None);
        }
        context.sessions.touch(&loaded, now).await?;
        let checked_at = loaded.data().user_checked_at;
        // A clock that was set back makes no answer young.
        let is_young = checked_at <= now && now.since(checked_at) < context.settings.user_check_interval;
        if is_young && loaded.data().rechecks == loaded.rechecks() {
            return Ok(Some((id, loaded.data().clone())));
        }
        // Rare and large: in a box, or else every request carries it.
        let checked = Box::pin(self.check_user(&loaded, now)).await?;
        if checked.is_none() && context.sessions.end(&id).await? {
            let data = loaded.data();
            audit::session_ended(&data.user.id, &data.owner, Ended::UserGone);
        }
        Ok(checked.map(|data| (id, data)))
    }

    /// The session with its user read again; none when that user is gone or inactive.
    async fn check_user(&self, loaded: &Loaded, now: Timestamp) -> Result<Option<Arc<SessionData>>, Refusal> {
        let context = &self.context;
        let user = context.users.find(UserLookup::Id(loaded.data().user.id.clone())).await?;
        let Some(user) = user.filter(|user| user.is_active) else { return Ok(None) };
        let data = SessionData {
            user,
            user_checked_at: now,
            rechecks: loaded.rechecks(),
            ..SessionData::clone(loaded.data())
        };
        match context.sessions.replace(loaded, data.clone()).await? {
            Replaced::Gone => Ok(None),
            Replaced::Yes | Replaced::Conflict => Ok(Some(Arc::new(data))),
        }
    }

    /// What was asked by a request that has a session.
    pub(crate) fn asked(&self) -> Option<&Asked> {
        Some(&self.loaded()?.asked)
    }

    /// Where the sign-in of this request leads, once that is known: one that fails begins there again.
    pub(crate) fn leads_to(&self, next: &NextUrl) {
        self.sign_in().next.get_or_init(|| next.clone());
    }

    pub(crate) fn next(&self) -> Option<&NextUrl> {
        self.sign_in.get()?.next.get()
    }

    /// Through whose routes the request came in: one that fails begins there again.
    pub(crate) fn through(&self, provider: &Arc<str>) {
        self.sign_in().provider.get_or_init(|| provider.clone());
    }

    /// The name of that provider; none is Microsoft.
    pub(crate) fn provider(&self) -> Option<&str> {
        self.sign_in.get()?.provider.get().map(AsRef::as_ref)
    }

    /// Who signs in, once that is proved: what he is refused is told to the audit with his ids.
    pub(crate) fn is_by(&self, account: &AccountKey) {
        self.sign_in().account.get_or_init(|| account.clone());
    }

    /// The user of that account, once he is known.
    pub(crate) fn is_of(&self, user: &UserId) {
        self.sign_in().user.get_or_init(|| user.clone());
    }

    /// The account that signs in with this request.
    pub(crate) fn account(&self) -> Option<&AccountKey> {
        self.sign_in.get()?.account.get()
    }

    /// The user who signs in with this request, or is signed in.
    pub(crate) fn user(&self) -> Option<&UserId> {
        let signs_in = self.sign_in.get().and_then(|sign_in| sign_in.user.get());
        signs_in.or_else(|| Some(&self.loaded()?.data.user.id))
    }

    /// Remembers a `Set-Cookie` for the response.
    pub(crate) fn set_cookie(&self, cookie: HeaderValue) {
        self.set_cookies.lock().unwrap_or_else(PoisonError::into_inner).push(cookie);
    }

    /// Writes the remembered cookies into the response, and keeps what a signed-in user sees out of caches.
    pub(crate) fn finish(&self, headers: &mut HeaderMap) {
        for cookie in self.set_cookies.lock().unwrap_or_else(PoisonError::into_inner).drain(..) {
            headers.append(header::SET_COOKIE, cookie);
        }
        if self.loaded().is_some() {
            headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
        }
    }

    fn loaded(&self) -> Option<&Session> {
        self.session.get()?.as_ref()
    }

    fn sign_in(&self) -> &SignIn {
        self.sign_in.get_or_init(Box::default)
    }
}
