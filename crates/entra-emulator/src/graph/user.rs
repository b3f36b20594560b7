//! `/me` and `/users/{id}`

use serde_json::{Map, Value, json};

use crate::answer::{Answer, json as json_answer};
use crate::directory::User;
use crate::faults::{Fault, Point};

use super::ask::Ask;
use super::failure::{DENIED, refuse};

/// What is sent when nothing is selected.
const DEFAULT: [&str; 11] = [
    "businessPhones",
    "displayName",
    "givenName",
    "jobTitle",
    "mail",
    "mobilePhone",
    "officeLocation",
    "preferredLanguage",
    "surname",
    "userPrincipalName",
    "id",
];

/// What `User.ReadBasic.All` shows of others.
const BASIC: [&str; 6] = ["displayName", "givenName", "id", "mail", "surname", "userPrincipalName"];

/// The user's properties: the default ones, or those of `$select`.
pub(super) fn answer(ask: &Ask<'_>, user: &User, is_me: bool) -> Answer {
    let user = if is_me { described(ask, user) } else { user };
    let selected = ask.query.get("$select");
    let names: Vec<&str> = match selected {
        None => DEFAULT.to_vec(),
        Some(list) => list.split(',').map(str::trim).filter(|name| !name.is_empty()).collect(),
    };
    let whole = ask.caller.reads_all_of(user);
    if !whole && names.contains(&"birthday") {
        return refuse(ask.call, &DENIED);
    }
    let hidden = |name: &str| !is_me && !whole && !BASIC.contains(&name);
    let mut body = Map::new();
    let of = selected.map_or_else(|| "users/$entity".to_owned(), |list| format!("users({list})/$entity"));
    body.insert("@odata.context".to_owned(), json!(ask.context(&of)));
    for name in names {
        let Some(value) = property(user, name) else {
            let message = format!("Could not find a property named '{name}' on type 'microsoft.graph.user'.");
            return ask.failure(400, "BadRequest", &message);
        };
        body.insert(name.to_owned(), if hidden(name) { Value::Null } else { value });
    }
    json_answer(200, &Value::Object(body))
}

/// The user that `/me` and userinfo describe: another one of the tenant, when a fault says so.
pub(super) fn described<'a>(ask: &'a Ask<'_>, user: &'a User) -> &'a User {
    if !ask.call.service.faults.take(Point::Profile).contains(&Fault::OtherUser) {
        return user;
    }
    let mut others = ask.directory.users.iter();
    others.find(|other| other.tenant == user.tenant && other.id != user.id).unwrap_or(user)
}

fn property(user: &User, name: &str) -> Option<Value> {
    let external = user.is_guest();
    Some(match name {
        "id" => json!(user.id),
        "displayName" => json!(user.display_name),
        "givenName" => json!(user.given_name),
        "surname" => json!(user.surname),
        "mail" => json!(user.mail),
        "userPrincipalName" => json!(user.upn),
        "preferredLanguage" => json!(user.preferred_language),
        "jobTitle" => json!(user.job_title),
        "officeLocation" => json!(user.office_location),
        "mobilePhone" => json!(user.mobile_phone),
        "businessPhones" | "otherMails" | "proxyAddresses" => json!([]),
        "birthday" => json!(user.birthday),
        "userType" => json!(if external { "Guest" } else { "Member" }),
        "creationType" => json!(external.then_some("Invitation")),
        "externalUserState" => json!(external.then_some("Accepted")),
        "accountEnabled" => json!(user.enabled),
        "identities" => {
            let sign_in = if external { "federated" } else { "userPrincipalName" };
            json!([{ "signInType": sign_in, "issuerAssignedId": user.signs_in_as() }])
        }
        _ => return None,
    })
}
