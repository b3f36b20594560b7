//! `/users/{id}/`: one user, with account, permissions and sessions.

use axum::{extract::Path, response::Response};
use entra_oidc::AccountKind;
use http::StatusCode;
use serde::Serialize;

use super::{
    action::Action,
    desk::Desk,
    list::Row,
    moment::Moment,
    permission::{self, Permission},
    texts::Texts,
};
use crate::{
    refusal::Refusal,
    session::listing::ListedSession,
    users::{MicrosoftAccount, User},
};

#[derive(Serialize)]
struct Page {
    user: Person,
    is_self: bool,
    permissions: [Permission; 2],
    sessions: Vec<Session>,
    /// Where the forms lead that end sessions; none when the actor may not.
    end_session: Option<String>,
    end_sessions: Option<String>,
    access: Option<Access>,
}

#[derive(Serialize)]
struct Person {
    #[serde(flatten)]
    row: Row,
    initials: String,
    picture: Option<String>,
    facts: Vec<Fact>,
    account: Option<Vec<Fact>>,
    invitation: Option<String>,
}

/// A name and what belongs to it.
#[derive(Serialize)]
struct Fact {
    name: String,
    value: Option<String>,
    moment: Option<Moment>,
    /// Whether it is something to copy rather than to read.
    code: bool,
}

#[derive(Serialize)]
struct Session {
    handle: String,
    authority: String,
    started: Option<Moment>,
    idle_end: Moment,
    last_end: Moment,
    current: bool,
}

/// What a superuser can do about the user as a whole.
#[derive(Serialize)]
struct Access {
    text: String,
    button: String,
    href: String,
    delete: String,
}

pub(super) async fn show(Path(id): Path<String>, desk: Desk) -> Response {
    desk.answer(page(&desk, &id).await)
}

async fn page(desk: &Desk, id: &str) -> Result<Response, Refusal> {
    let user = desk.user(id).await?;
    let context = desk.context();
    let sessions = context.sessions.list_of_user(&user.id, context.clock.now()).await?;
    let is_superuser = desk.actor.is_superuser();
    let may_end = is_superuser || !user.is_superuser();
    let form = |action| may_end.then(|| desk.place.action(&user.id, action));
    let page = Page {
        is_self: user.id == desk.actor.id,
        permissions: permission::of(&user, &desk.place, &desk.texts, is_superuser),
        sessions: sessions.iter().map(|session| Session::of(session, desk)).collect(),
        end_session: form(Action::EndSession),
        end_sessions: form(Action::EndSessions),
        access: is_superuser.then(|| Access::of(&user, desk)),
        user: Person::of(&user, desk),
    };
    Ok(desk.page(StatusCode::OK, ("user", "user.html"), page))
}

impl Person {
    fn of(user: &User, desk: &Desk) -> Person {
        let has_picture = user.account.as_ref().is_some_and(|account| account.has_picture);
        let texts = &desk.texts;
        Person {
            row: Row::of(user, &desk.place),
            initials: initials(&user.full_name()),
            picture: has_picture.then(|| desk.place.picture(&user.id)),
            facts: vec![
                Fact::text("username", Some(&user.username), texts),
                Fact::text("first_name", Some(&user.first_name), texts),
                Fact::text("last_name", Some(&user.last_name), texts),
                Fact::text("email", user.email.as_deref(), texts),
                Fact { moment: Some(Moment::of(user.date_joined)), ..Fact::text("joined", None, texts) },
                Fact { moment: user.last_login.map(Moment::of), ..Fact::text("last_login", None, texts) },
                Fact { code: true, ..Fact::text("id", Some(user.id.as_str()), texts) },
            ],
            account: user.account.as_ref().map(|account| account_facts(account, texts)),
            invitation: user.invitation.clone(),
        }
    }
}

fn account_facts(account: &MicrosoftAccount, texts: &Texts) -> Vec<Fact> {
    let (kind, home, subject) = match account.key.kind() {
        AccountKind::Entra => ("Microsoft Entra", "tenant", "object_id"),
        AccountKind::B2c => ("Azure AD B2C", "tenant", "subject"),
        _ => ("OpenID Connect", "issuer", "subject"),
    };
    let code = |name, value| Fact { code: true, ..Fact::text(name, Some(value), texts) };
    vec![
        Fact::text("kind", Some(kind), texts),
        code(home, account.key.tenant()),
        code(subject, account.key.subject()),
        Fact::text("upn", account.user_principal_name.as_deref(), texts),
        Fact::text("locale", account.locale.as_deref(), texts),
    ]
}

impl Fact {
    fn text(name: &str, value: Option<&str>, texts: &Texts) -> Fact {
        let value = value.filter(|value| !value.is_empty()).map(str::to_owned);
        Fact { name: texts.say(name, &[]), value, moment: None, code: false }
    }
}

impl Session {
    fn of(session: &ListedSession, desk: &Desk) -> Session {
        Session {
            handle: session.key.handle(),
            authority: session.authority.to_string(),
            started: session.started_at.map(Moment::of),
            idle_end: Moment::of(session.idle_deadline),
            last_end: Moment::of(session.absolute_deadline),
            current: session.key == desk.session,
        }
    }
}

impl Access {
    fn of(user: &User, desk: &Desk) -> Access {
        let (action, text) =
            if user.is_active { (Action::Deactivate, "access_active") } else { (Action::Activate, "access_inactive") };
        Access {
            text: desk.texts.say(text, &[]),
            button: desk.texts.say(action.name(), &[]),
            href: desk.place.action(&user.id, action),
            delete: desk.place.action(&user.id, Action::Delete),
        }
    }
}

/// The first letters of the first and the last word.
fn initials(name: &str) -> String {
    let mut words = name.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty());
    let first = words.next().and_then(|word| word.chars().next());
    let last = words.next_back().and_then(|word| word.chars().next());
    first.into_iter().chain(last).flat_map(char::to_uppercase).collect()
}
