//! `/users/{id}/{action}`: a GET asks, a POST does it.

use axum::{extract::Path, response::Response};
use http::StatusCode;
use minijinja::context;

use super::{
    action::Action,
    desk::{Changing, Desk},
    form::Form,
    permission,
    permit::Permit,
};
use crate::{
    errors::RefusalKind,
    message::Level,
    refusal::Refusal,
    rejection,
    users::{Deleted, Updated, User},
};

/// What became of an action.
enum Outcome {
    /// Done; the user as he is now.
    Changed(Box<User>),
    /// How many sessions have ended.
    Ended(u64),
    Deleted,
    LastSuperuser,
}

pub(super) async fn ask(Path((id, action)): Path<(String, String)>, desk: Desk) -> Response {
    desk.answer(question(&desk, &id, &action).await)
}

pub(super) async fn carry_out(Path((id, action)): Path<(String, String)>, changing: Changing) -> Response {
    let Changing { desk, form } = changing;
    desk.answer(change(&desk, &form, &id, &action).await)
}

async fn question(desk: &Desk, id: &str, action: &str) -> Result<Response, Refusal> {
    let permit = judge(desk, id, action).await?;
    let (action, user) = (permit.action(), permit.target());
    if action == Action::EndSession {
        return Ok(rejection::see_other(&desk.place.user(&user.id)));
    }
    let (name, verb) = (user.full_name(), action.name());
    let is_warned = user.id == desk.actor.id && action.is_asked_first(true);
    let mut lines = vec![desk.texts.say(&format!("ask_{verb}_text"), &[])];
    if is_warned {
        lines.push(desk.texts.say(&format!("ask_{verb}_self"), &[]));
    }
    let values = context! {
        heading => desk.texts.say(&format!("ask_{verb}"), &[("name", &name)]),
        lines,
        action => desk.place.action(&user.id, action),
        button => desk.texts.say(verb, &[]),
        is_grave => action.is_grave() || is_warned,
        back => desk.place.user(&user.id),
    };
    Ok(desk.page(StatusCode::OK, ("ask", "confirm.html"), values))
}

/// E376 and E377, for a question as for the change itself.
async fn judge(desk: &Desk, id: &str, action: &str) -> Result<Permit, Refusal> {
    let unknown = || Refusal::new(RefusalKind::AdminUserUnknown, "no such action");
    let action = Action::parse(action).ok_or_else(unknown)?;
    let user = desk.user(id).await?;
    let whom = user.id.clone();
    Permit::judge(&desk.actor, action, user).inspect_err(|_| desk.audit(action.name(), &whom, "denied"))
}

async fn change(desk: &Desk, form: &Form, id: &str, action: &str) -> Result<Response, Refusal> {
    let permit = judge(desk, id, action).await?;
    let (action, whom) = (permit.action(), permit.target().id.clone());
    form.only(&["confirmed", "session"]).inspect_err(|_| desk.audit(action.name(), &whom, "denied"))?;
    if action.is_asked_first(whom == desk.actor.id) && form.value("confirmed") != "yes" {
        return Ok(rejection::see_other(&desk.place.action(&whom, action)));
    }
    let outcome = execute(desk, &permit, form).await;
    desk.audit(action.name(), &whom, word(&outcome));
    Ok(told(desk, &permit, outcome?))
}

async fn execute(desk: &Desk, permit: &Permit, form: &Form) -> Result<Outcome, Refusal> {
    let user = &permit.target().id;
    let sso = &desk.admin.sso;
    if let Some(update) = permit.action().update(user) {
        return match sso.update_user(update).await? {
            Updated::Yes(user) => Ok(Outcome::Changed(Box::new(user))),
            Updated::LastSuperuser => Ok(Outcome::LastSuperuser),
            Updated::Gone => Err(RefusalKind::AdminUserUnknown.into()),
        };
    }
    match permit.action() {
        Action::Delete => match sso.delete_user(user, true).await? {
            Deleted::Yes => Ok(Outcome::Deleted),
            Deleted::LastSuperuser => Ok(Outcome::LastSuperuser),
            Deleted::Gone => Err(RefusalKind::AdminUserUnknown.into()),
        },
        Action::EndSession => Ok(Outcome::Ended(end_one(desk, permit, form.value("session")).await?)),
        _ => Ok(Outcome::Ended(sso.end_sessions_of(user).await?)),
    }
}

/// Only among the sessions of this user: a permit for one user ends nobody else's.
async fn end_one(desk: &Desk, permit: &Permit, handle: &str) -> Result<u64, Refusal> {
    let sessions = &desk.context().sessions;
    let keys = sessions.of_user(&permit.target().id).await?;
    let named: Vec<_> = keys.into_iter().filter(|key| key.handle() == handle).collect();
    Ok(sessions.end_all(&named).await?)
}

fn word(outcome: &Result<Outcome, Refusal>) -> &'static str {
    match outcome {
        Ok(Outcome::LastSuperuser) => "last_superuser",
        Ok(_) => "done",
        Err(_) => "failed",
    }
}

/// Back to the user's page with a message; who is deleted has none.
fn told(desk: &Desk, permit: &Permit, outcome: Outcome) -> Response {
    let (texts, verb, user) = (&desk.texts, permit.action().name(), permit.target());
    let name = user.full_name();
    let done = format!("done_{verb}");
    let page = desk.place.user(&user.id);
    match outcome {
        Outcome::Changed(user) => match permission::still(permit.action(), &user, texts) {
            Some(sources) => {
                let text = texts.say(&format!("still_{verb}"), &[("name", &name), ("sources", &sources)]);
                desk.see_other(&page, Level::Info, text)
            }
            None => desk.see_other(&page, Level::Success, texts.say(&done, &[("name", &name)])),
        },
        Outcome::Ended(0) if permit.action() == Action::EndSession => {
            desk.see_other(&page, Level::Info, texts.say("gone_end_session", &[]))
        }
        Outcome::Ended(count) => {
            let text = texts.say(&done, &[("name", &name), ("count", &count.to_string())]);
            desk.see_other(&page, Level::Success, text)
        }
        Outcome::Deleted => desk.see_other(&desk.place.list(), Level::Success, texts.say(&done, &[("name", &name)])),
        Outcome::LastSuperuser => desk.see_other(&page, Level::Error, texts.say("last_superuser", &[("name", &name)])),
    }
}
