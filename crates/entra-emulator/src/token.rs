//! The token endpoint.

mod access_token;
mod authorization_code;
mod b2c;
mod claims;
mod client;
mod client_credentials;
mod device_code;
mod grant;
mod id_token;
mod on_behalf_of;
mod refresh_token;
mod success;
mod user_tokens;

use http::Method;
use http::header::ORIGIN;

use crate::aadsts::Refusal;
use crate::answer::{self, Answer};
use crate::authority::Segment;
use crate::call::Call;
use crate::directory::Directory;
use crate::faults::{Fault, Point};
use crate::place::Place;

/// `/{tenant}/oauth2/v2.0/token`
pub(crate) fn answer(call: &Call<'_>, place: &Place<'_>) -> Answer {
    let faults = call.service.faults.take(Point::TokenAnswer);
    let told = faults.iter().find_map(|fault| match fault {
        Fault::TokenError(error) => Some(Refusal::from(error)),
        _ => None,
    });
    let result = told.map_or_else(|| grant(call, place), Err);
    match result {
        Ok(tokens) => answer::json(200, &tokens.body(&faults)),
        Err(refusal) => call.refused(&refusal),
    }
}

fn grant(call: &Call<'_>, place: &Place<'_>) -> Result<success::Tokens, Refusal> {
    if call.method != Method::POST {
        return Err(Refusal::of(900_561));
    }
    let parameters = &call.form;
    if let Some(name) = parameters.duplicate() {
        return Err(Refusal::of(90023).about(name));
    }
    let grant_type = parameters.get("grant_type").ok_or_else(|| Refusal::missing("grant_type"))?;
    let redeem = redemption(grant_type).ok_or_else(|| Refusal::of(70003).about(grant_type))?;
    let directory: &Directory = &call.service.directory.read();
    let segment = Segment::named(directory, call.service.cloud, place)?;
    segment.has_version(place.version)?;
    let app = client::authenticate(call, directory, &segment)?;
    if call.header(ORIGIN).is_some() {
        return Err(Refusal::of(9_002_326));
    }
    redeem(&grant::Grant { call, directory, version: place.version, segment: &segment, app })
}

/// What a `grant_type` does.
type Redeem = fn(&grant::Grant<'_>) -> Result<success::Tokens, Refusal>;

fn redemption(grant_type: &str) -> Option<Redeem> {
    Some(match grant_type {
        "authorization_code" => authorization_code::redeem,
        "refresh_token" => refresh_token::refresh,
        "client_credentials" => client_credentials::issue,
        // The short name is what msal-node sends.
        "urn:ietf:params:oauth:grant-type:device_code" | "device_code" => device_code::redeem,
        "urn:ietf:params:oauth:grant-type:jwt-bearer" => on_behalf_of::exchange,
        _ => return None,
    })
}
