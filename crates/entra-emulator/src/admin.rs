//! The admin API below `/_emulator`, for whoever holds the token of this run.

mod credentials;
mod reply;

use std::time::Duration;

use http::Method;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::answer::{Answer, json as json_answer, text};
use crate::call::Call;
use crate::directory::Directory;
use crate::faults::Fault;
use crate::service::Service;

use self::reply::{done, result, with_body};

/// The header that carries the token. A page of another site cannot send it without asking first, and the emulator
/// answers no such question (it has no CORS).
const TOKEN: &str = "x-emulator-token";

#[derive(Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
enum Time {
    /// Seconds.
    Advance(u64),
    /// Unix seconds.
    Set(i64),
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
enum Plan {
    Once(Fault),
    Always(Fault),
    Together(Vec<Fault>),
    /// So many turns are let pass first.
    After(usize, Fault),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RedirectUri {
    app: String,
    uri: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Revocation {
    user: String,
}

/// `/_emulator/…`
pub(crate) fn answer(call: &Call<'_>, segments: &[&str]) -> Answer {
    if call.is_foreign() {
        return text(403, "The admin API answers no page of another origin.\n");
    }
    let token = call.header(TOKEN).unwrap_or_default();
    if !call.service.admin_token.is(token) {
        return text(401, "The header X-Emulator-Token is missing or wrong.\n");
    }
    if let Method::POST = call.method
        && !call.header("content-type").is_some_and(|media| media.starts_with("application/json"))
    {
        return text(415, "The admin API takes application/json.\n");
    }
    match (call.method.as_str(), segments) {
        ("GET", ["journal"]) => json_answer(200, &json!(call.service.journal.entries())),
        ("DELETE", ["journal"]) => with_service(call, |service| service.journal.clear()),
        ("GET", ["clock"]) => json_answer(200, &json!({ "now": call.now() })),
        ("POST", ["clock"]) => with_body(call, |time| set_time(call, &time)),
        ("POST", ["faults"]) => with_body(call, |plan| add_faults(call, plan)),
        ("POST", ["faults", "release"]) => with_service(call, |service| service.faults.release()),
        ("DELETE", ["faults"]) => with_service(call, |service| service.faults.clear()),
        ("POST", ["keys", change]) => change_keys(call, change),
        ("GET", ["directory"]) => json_answer(200, &described(&call.service.directory.read())),
        ("POST", ["redirect_uris"]) => {
            with_body(call, |body: RedirectUri| result(call.service.directory.add_redirect_uri(&body.app, &body.uri)))
        }
        ("POST", ["certificates"]) => credentials::certificate(call),
        ("POST", ["federated_credentials"]) => credentials::trust(call),
        ("POST", ["workload_tokens"]) => credentials::workload_token(call),
        ("GET", ["app_service"]) => credentials::app_service(call),
        ("POST", ["revocations"]) => with_body(call, |body: Revocation| result(revoke(call, &body.user))),
        _ => text(404, "The admin API has nothing here.\n"),
    }
}

fn set_time(call: &Call<'_>, time: &Time) -> Answer {
    match time {
        Time::Advance(seconds) => call.service.clock.advance(Duration::from_secs(*seconds)),
        Time::Set(unix) => call.service.clock.set(*unix),
    }
    json_answer(200, &json!({ "now": call.now() }))
}

fn add_faults(call: &Call<'_>, plan: Plan) -> Answer {
    match plan {
        Plan::Once(fault) => call.service.faults.once(fault),
        Plan::Always(fault) => call.service.faults.always(fault),
        Plan::After(turns, fault) => call.service.faults.after(turns, fault),
        Plan::Together(faults) => call.service.faults.together(faults),
    }
    done()
}

fn change_keys(call: &Call<'_>, change: &str) -> Answer {
    let keys = &call.service.keys;
    match change {
        "rotate" => keys.rotate(),
        "replace" => keys.replace(),
        "retire" => keys.retire(),
        "flap" => keys.flap(),
        "steady" => keys.steady(),
        _ => return text(404, "Known: rotate, replace, retire, flap, steady.\n"),
    }
    json_answer(200, &json!({ "signing": keys.signing_kid(), "kids": keys.kids() }))
}

fn revoke(call: &Call<'_>, name: &str) -> Result<(), String> {
    let user = call.service.directory.user(name).ok_or_else(|| format!("no user {name:?}"))?;
    call.service.grants.revoke_user(&user.tenant, &user.id);
    Ok(())
}

fn described(directory: &Directory) -> Value {
    json!({
        "tenants": directory.tenants,
        "apps": directory.apps,
        "users": directory.users,
        "groups": directory.groups,
        "managed_identities": directory.managed_identities,
    })
}

fn with_service(call: &Call<'_>, work: impl FnOnce(&Service)) -> Answer {
    work(call.service);
    done()
}
