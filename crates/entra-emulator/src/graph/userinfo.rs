//! `/oidc/userinfo`

use http::Method;
use serde_json::{Map, Value, json};

use crate::answer::{Answer, json as json_answer};
use crate::subject::subject;

use super::ask::Ask;
use super::failure::{DENIED, refuse};
use super::user::described;

/// Claims about the signed-in user; `sub` is the ID token's.
pub(super) fn answer(ask: &Ask<'_>) -> Answer {
    if !matches!(ask.method, Method::GET | Method::HEAD | Method::POST) {
        return ask.failure(405, "BadRequest", "Only GET and POST are served here.");
    }
    let login = ask.caller.access.login.as_ref().filter(|_| ask.caller.has_openid("openid"));
    let user = login.and_then(|login| ask.directory.object(&login.tenant, &login.user));
    let (Some(login), Some(user)) = (login, user) else { return refuse(ask.call, &DENIED) };
    let user = described(ask, user);
    let mut body = Map::new();
    body.insert("sub".to_owned(), json!(subject(&login.app, user)));
    let picture = format!("{}/graph/v1.0/me/photo/$value", ask.call.base);
    let values = [
        ("name", user.display_name.clone()),
        ("family_name", user.surname.clone()),
        ("given_name", user.given_name.clone()),
        ("picture", Some(picture)),
        ("email", user.mail.clone().filter(|_| ask.caller.has_openid("email"))),
    ];
    for (name, value) in values {
        if let Some(value) = value {
            body.insert(name.to_owned(), json!(value));
        }
    }
    json_answer(200, &Value::Object(body))
}
