//! Discovery documents and key lists.

mod b2c;
mod entra;
mod instance;

use http::header::{CACHE_CONTROL, HeaderValue};
use serde_json::Value;

use crate::aadsts::Refusal;
use crate::answer::{self, Answer};
use crate::authority::Segment;
use crate::call::Call;
use crate::directory::App;
use crate::place::Place;

pub(crate) use self::instance::instance;

/// `/{tenant}/v2.0/.well-known/openid-configuration`
pub(crate) fn configuration(call: &Call<'_>, place: &Place<'_>) -> Answer {
    match resolve(call, place) {
        Ok(Segment::Flow(flow)) => cacheable(&b2c::document(call, flow)),
        Ok(segment) => cacheable(&entra::document(call, place.version, &segment, app_with_key(call).as_ref())),
        Err(refusal) => refused(call, &refusal),
    }
}

/// `/{tenant}/discovery/v2.0/keys`; with `?appid=` the key of an application that has its own.
pub(crate) fn keys(call: &Call<'_>, place: &Place<'_>) -> Answer {
    let keys = &call.service.keys;
    let segment = match resolve(call, place) {
        Ok(segment) => segment,
        Err(refusal) => return refused(call, &refusal),
    };
    cacheable(&match app_with_key(call) {
        Some(app) => keys.of_app(&segment, &app, place.version),
        None => keys.fetch(&segment, place.version),
    })
}

/// The application of `?appid=`, when it has a signing key of its own; the parameter changes nothing otherwise.
fn app_with_key(call: &Call<'_>) -> Option<App> {
    call.service.directory.app(call.query.get("appid")?).filter(|app| app.own_signing_key)
}

fn resolve(call: &Call<'_>, place: &Place<'_>) -> Result<Segment, Refusal> {
    let segment = Segment::resolve(&call.service.directory.read(), call.service.cloud, place);
    let segment = segment.ok_or_else(|| Refusal::of(90002).error("invalid_tenant").about(place.tenant))?;
    segment.has_version(place.version)?;
    Ok(segment)
}

/// Where there is no such user flow, B2C has nothing at all.
fn refused(call: &Call<'_>, refusal: &Refusal) -> Answer {
    let status = if call.is_b2c() { 404 } else { 400 };
    answer::json(status, &call.trace().body(&call.worded(refusal)))
}

fn cacheable(body: &Value) -> Answer {
    let mut answer = answer::json(200, body);
    answer.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("max-age=86400, private"));
    answer
}
