//! The device authorization endpoint (RFC 8628 as Microsoft does it), and the page where the code is entered.

mod page;

use http::Method;
use serde_json::{Value, json};

use crate::aadsts::Refusal;
use crate::answer::{self, Answer};
use crate::authority::Segment;
use crate::call::Call;
use crate::grants::{DEVICE_CODE_LIFE, DeviceCode, DeviceState, user_code};
use crate::place::Place;
use crate::scope::Scopes;
use crate::version::Version;

pub(crate) use self::page::answer as enter;

/// How often a device may ask, in seconds. Nobody is told to slow down.
const INTERVAL: i64 = 5;

/// `/{tenant}/oauth2/v2.0/devicecode`: no client credential, and v1 clients ask with GET.
pub(crate) fn authorize(call: &Call<'_>, place: &Place<'_>) -> Answer {
    match issue(call, place) {
        Ok(body) => answer::json(200, &body),
        Err(refusal) => call.refused(&refusal),
    }
}

fn issue(call: &Call<'_>, place: &Place<'_>) -> Result<Value, Refusal> {
    if !matches!(call.method, Method::GET | Method::POST) {
        return Err(Refusal::of(900_561));
    }
    let parameters = call.parameters();
    let directory = call.service.directory.read();
    let segment = Segment::named(&directory, call.service.cloud, place)?;
    // User flows have no device grant.
    if segment.flow().is_some() {
        return Err(Refusal::of(70003).about("device_code"));
    }
    segment.has_version(place.version)?;
    if let Some(name) = parameters.duplicate() {
        return Err(Refusal::of(90023).about(name));
    }
    let id = parameters.get("client_id").ok_or_else(|| Refusal::missing("client_id"))?;
    let app = segment.client(&directory, id)?;
    let scopes = Scopes::asked(place.version, &segment, &parameters, app, call.service.cloud, &directory)?;
    let missing = if place.version == Version::V1 { "resource" } else { "scope" };
    let code = DeviceCode {
        app: app.id.clone(),
        segment,
        scopes: scopes.ok_or_else(|| Refusal::missing(missing))?,
        issued: call.now(),
        user_code: user_code(),
        state: DeviceState::Pending,
    };
    let typed = code.user_code.clone();
    let secret = call.service.grants.device_codes.add(code);
    Ok(body(call, place.version, &typed, &secret))
}

/// v2 has numbers and `verification_uri`, v1 texts and `verification_url`; neither has `verification_uri_complete`.
fn body(call: &Call<'_>, version: Version, typed: &str, secret: &str) -> Value {
    let page = format!("{}/common/oauth2/deviceauth", call.base);
    let message =
        format!("To sign in, use a web browser to open the page {page} and enter the code {typed} to authenticate.");
    let mut body = json!({ "user_code": typed, "device_code": secret, "message": message });
    match version {
        Version::V1 => {
            body["verification_url"] = json!(page);
            body["expires_in"] = json!(DEVICE_CODE_LIFE.to_string());
            body["interval"] = json!(INTERVAL.to_string());
        }
        Version::V2 => {
            body["verification_uri"] = json!(page);
            body["expires_in"] = json!(DEVICE_CODE_LIFE);
            body["interval"] = json!(INTERVAL);
        }
    }
    body
}
