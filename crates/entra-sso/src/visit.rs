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
    origin: OnceLock<Origin>,
    session: OnceLock<Option<(SessionId, Arc<SessionData>)>>,
    asked: OnceLock<Asked>,
    /// The session of this browser, when a POST from elsewhere comes without its cookie.
    session_before: OnceLock<SessionId>,
    next: OnceLock<NextUrl>,
    provider: OnceLock<Arc<str>>,
    account: OnceLock<AccountKey>,
    user: OnceLock<UserId>,
    set_cookies: Mutex<Vec<HeaderValue>>,
}

impl Visit {
    pub(crate) fn new(context: Arc<Context>) -> Visit {
        Visit {
            context,
            origin: OnceLock::new(),
            session: OnceLock::new(),
            asked: OnceLock::new(),
            session_before: OnceLock::new(),
            next: OnceLock::new(),
            provider: OnceLock::new(),
            account: OnceLock::new(),
            user: OnceLock::new(),
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
        if let Some(origin) = self.origin.get() {
            return Ok(origin);
        }
        let origin = Origin::of_request(parts, &self.context.settings)?;
        Ok(self.origin.get_or_init(|| origin))
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
            self.session.get_or_init(|| session)
        };
        Ok(session.as_ref().map(|(_, data)| data.clone()))
    }

    /// The id of the session that was loaded.
    pub(crate) fn session_id(&self) -> Option<&SessionId> {
        self.session.get()?.as_ref().map(|(id, _)| id)
    }

    /// The session id of this browser: what it brought, else what it is known to have had. Nobody says that it is good.
    ///
    /// # Errors
    /// What the request's address is refused for.
    pub(crate) fn brought(&self, parts: &Parts) -> Result<Option<SessionId>, Refusal> {
        let cookie = self.cookies(self.origin(parts)?).session(&parts.headers);
        Ok(cookie.or_else(|| self.session_before.get().cloned()))
    }

    /// This browser had that session when it began what it ends now. To be said before anybody asks for the session.
    pub(crate) fn had(&self, session: SessionId) {
        self.session_before.get_or_init(|| session);
    }

    async fn load(&self, parts: &Parts) -> Result<Option<(SessionId, Arc<SessionData>)>, Refusal> {
        if !parts.headers.contains_key(header::COOKIE) {
            return Ok(None);
        }
        let context = &self.context;
        let Some(id) = self.brought(parts)? else { return Ok(None) };
        let now = context.clock.now();
        let Some(loaded) = context.sessions.load(&id, now).await? else { return Ok(None) };
        if self.site(parts)?.provider_of(&loaded.data().owner).is_none() {
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

    /// Keeps what an answer may need when the request is gone.
    pub(crate) fn note(&self, parts: &Parts) {
        self.asked.get_or_init(|| Asked::of(parts));
    }

    /// What was asked, if it was noted.
    pub(crate) fn asked(&self) -> Option<&Asked> {
        self.asked.get()
    }

    /// Where the sign-in of this request leads, once that is known: one that fails begins there again.
    pub(crate) fn leads_to(&self, next: &NextUrl) {
        self.next.get_or_init(|| next.clone());
    }

    pub(crate) fn next(&self) -> Option<&NextUrl> {
        self.next.get()
    }

    /// Through whose routes the request came in: one that fails begins there again.
    pub(crate) fn through(&self, provider: &Arc<str>) {
        self.provider.get_or_init(|| provider.clone());
    }

    /// The name of that provider; none is Microsoft.
    pub(crate) fn provider(&self) -> Option<&str> {
        self.provider.get().map(AsRef::as_ref)
    }

    /// Who signs in, once that is proved: what he is refused is told to the audit with his ids.
    pub(crate) fn is_by(&self, account: &AccountKey) {
        self.account.get_or_init(|| account.clone());
    }

    /// The user of that account, once he is known.
    pub(crate) fn is_of(&self, user: &UserId) {
        self.user.get_or_init(|| user.clone());
    }

    /// The account that signs in with this request.
    pub(crate) fn account(&self) -> Option<&AccountKey> {
        self.account.get()
    }

    /// The user who signs in with this request, or is signed in.
    pub(crate) fn user(&self) -> Option<&UserId> {
        self.user.get().or_else(|| Some(&self.session.get()?.as_ref()?.1.user.id))
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
        if matches!(self.session.get(), Some(Some(_))) {
            headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
        }
    }
}
