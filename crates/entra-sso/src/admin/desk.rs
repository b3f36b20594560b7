//! Where each request to the admin arrives: who asks is known and may be here, or it is answered already.

use std::sync::Arc;

use axum::{
    extract::{FromRequest, FromRequestParts, Request},
    response::Response,
};
use http::{StatusCode, header, request::Parts};
use serde::Serialize;

use super::{Admin, form::Form, pages::Frame, place::Place, texts::Texts};
use crate::{
    audit,
    context::Context,
    csrf,
    errors::RefusalKind,
    message::{Level, Message},
    messages, paths,
    refusal::Refusal,
    rejection::{self, Rejection, audience::Audience},
    session::SessionKey,
    site::Site,
    users::{User, UserId, UserLookup, directory::SharedUserDirectory},
    visit::Visit,
};

/// A request of staff, with the member of staff as the store knows him at this moment.
pub(super) struct Desk {
    pub(super) admin: Arc<Admin>,
    pub(super) directory: SharedUserDirectory,
    pub(super) actor: User,
    pub(super) place: Place,
    pub(super) texts: Texts,
    /// The session that the request came with.
    pub(super) session: SessionKey,
    visit: Arc<Visit>,
    parts: Parts,
}

/// A request of staff that may change something: from our own origin, with what its form says.
pub(super) struct Changing {
    pub(super) desk: Desk,
    pub(super) form: Form,
}

impl FromRequestParts<Arc<Admin>> for Desk {
    type Rejection = Rejection;

    async fn from_request_parts(parts: &mut Parts, admin: &Arc<Admin>) -> Result<Desk, Rejection> {
        Desk::enter(admin, parts).await.map_err(|outside| outside.answer(parts))
    }
}

/// In this order: where it comes from, who asks, what is asked.
impl FromRequest<Arc<Admin>> for Changing {
    type Rejection = Rejection;

    async fn from_request(request: Request, admin: &Arc<Admin>) -> Result<Changing, Rejection> {
        let (mut parts, body) = request.into_parts();
        if is_navigation(&parts) {
            parts.extensions.insert(Audience::Page);
        }
        own_origin(&parts).map_err(|refusal| Rejection::of(&parts, &refusal))?;
        let desk = Desk::enter(admin, &parts).await.map_err(|outside| outside.answer(&parts))?;
        let form = Form::read(Request::from_parts(parts, body)).await;
        let form = form.map_err(|refusal| Rejection::of(&desk.parts, &refusal))?;
        Ok(Changing { desk, form })
    }
}

/// Why somebody does not get in.
enum Outside {
    /// Nobody is signed in.
    Nobody,
    Refused(Refusal),
}

impl From<Refusal> for Outside {
    fn from(refusal: Refusal) -> Outside {
        Outside::Refused(refusal)
    }
}

impl Outside {
    fn answer(self, parts: &Parts) -> Rejection {
        match self {
            Outside::Nobody => Rejection::not_signed_in(parts),
            Outside::Refused(refusal) => Rejection::of(parts, &refusal),
        }
    }
}

impl Desk {
    async fn enter(admin: &Arc<Admin>, parts: &Parts) -> Result<Desk, Outside> {
        let visit = parts.extensions.get::<Arc<Visit>>().cloned();
        let visit = visit.ok_or_else(|| Refusal::from(RefusalKind::LayerMissing))?;
        let context = visit.context();
        let session = visit.session(parts).await?.ok_or(Outside::Nobody)?;
        let origin = visit.origin(parts)?;
        let id = visit.cookies(origin).session(&parts.headers).ok_or(Outside::Nobody)?;
        let actor = context.users.find(UserLookup::Id(session.user.id.clone())).await.map_err(Refusal::from)?;
        let Some(actor) = actor.filter(|actor| actor.is_active) else {
            // Or else the way to sign in would lead straight back here.
            context.sessions.end(&id).await.map_err(Refusal::from)?;
            return Err(Outside::Nobody);
        };
        let directory = context.directory.clone().ok_or_else(|| Refusal::from(RefusalKind::AdminWithoutDirectory))?;
        if !actor.is_staff() {
            let detail = format!("user {} is not staff", actor.id);
            return Err(Refusal::new(RefusalKind::AdminStaffOnly, detail).into());
        }
        Ok(Desk {
            admin: admin.clone(),
            directory,
            actor,
            place: Place::of(parts, &admin.path),
            texts: Texts::of(visit.language(parts)),
            session: id.key(),
            visit: visit.clone(),
            parts: parts.clone(),
        })
    }

    pub(super) fn context(&self) -> &Context {
        self.visit.context()
    }

    /// The site of the request.
    pub(super) fn site(&self) -> &Site {
        self.visit.site_or_default(&self.parts)
    }

    /// The user with this id, as the store knows him at this moment.
    ///
    /// # Errors
    /// E377 when there is none, E320 from the store.
    pub(super) async fn user(&self, id: &str) -> Result<User, Refusal> {
        // What no store gives as an id is not asked for: some databases choke on it.
        if id.len() > 512 || id.chars().any(char::is_control) {
            return Err(RefusalKind::AdminUserUnknown.into());
        }
        let user = self.context().users.find(UserLookup::Id(UserId::new(id))).await?;
        user.ok_or_else(|| RefusalKind::AdminUserUnknown.into())
    }

    /// Only superusers go on; `what` is for the audit.
    ///
    /// # Errors
    /// E376.
    pub(super) fn superuser(&self, what: &str) -> Result<(), Refusal> {
        if self.actor.is_superuser() {
            return Ok(());
        }
        let detail = format!("user {} is no superuser and asked to {what}", self.actor.id);
        Err(Refusal::new(RefusalKind::AdminSuperusersOnly, detail))
    }

    /// The page, or what the refusal says; a refused change of a user is told to the audit by its own name.
    pub(super) fn answer(&self, result: Result<Response, Refusal>) -> Response {
        result.unwrap_or_else(|refusal| rejection::answer(Some(&self.visit), &self.parts, &refusal))
    }

    /// 303, and a message on the page there.
    pub(super) fn see_other(&self, path: &str, level: Level, text: String) -> Response {
        messages::tell(&self.visit, &self.parts, Message { level, text, reference: None });
        rejection::see_other(path)
    }

    /// For the audit: done, or why not.
    pub(super) fn audit(&self, what: &str, whom: &UserId, outcome: &str) {
        audit::administered(&self.actor.id, what, whom, outcome);
    }

    /// A page of the admin, in the language of the request.
    pub(super) fn page(
        &self,
        status: StatusCode,
        (here, template): (&'static str, &str),
        values: impl Serialize,
    ) -> Response {
        let mut response = self.admin.pages.render(self.frame(here), &self.texts, status, template, values);
        self.context().languages.label(self.texts.catalogue(), response.headers_mut());
        response
    }

    /// What each page shows around its content; takes the waiting messages.
    fn frame(&self, here: &'static str) -> Frame {
        let settings = &self.context().settings;
        Frame {
            here,
            actor: self.actor.full_name(),
            superuser: self.actor.is_superuser(),
            messages: messages::take(&self.visit, &self.parts),
            list: self.place.list(),
            prepare: self.place.prepare(),
            findings: self.place.findings(),
            own: self.place.user(&self.actor.id),
            home: self.site().home.as_str().to_owned(),
            sign_out: paths::logout(&settings.prefix),
        }
    }

    pub(super) fn query(&self) -> &str {
        self.parts.uri.query().unwrap_or_default()
    }
}

fn own_origin(parts: &Parts) -> Result<(), Refusal> {
    let visit = parts.extensions.get::<Arc<Visit>>().ok_or_else(|| Refusal::from(RefusalKind::LayerMissing))?;
    csrf::check(&parts.headers, visit.origin(parts)?)
}

/// A form that a browser sends as a page, and wants a page back for.
fn is_navigation(parts: &Parts) -> bool {
    let text = |name: &str| parts.headers.get(name).and_then(|value| value.to_str().ok());
    match text("sec-fetch-mode") {
        Some(mode) => mode == "navigate",
        None => {
            !parts.headers.contains_key("hx-request")
                && text(header::ACCEPT.as_str()).is_some_and(|accept| accept.contains("text/html"))
        }
    }
}
