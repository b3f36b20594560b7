//! Where a user flow's sign-out leads.

use url::Url;

use crate::aadb2c;
use crate::aadsts::Refusal;
use crate::authority::FlowPath;
use crate::call::Call;
use crate::directory::{Directory, redirect_uri_matches};
use crate::jws::Jws;
use crate::params::Params;

/// Any address, with `state`; only who sends `id_token_hint` has it checked against the application's redirect URIs.
pub(super) fn destination(
    call: &Call<'_>,
    directory: &Directory,
    path: &FlowPath,
    parameters: &Params,
) -> Result<Option<String>, Refusal> {
    let Some(requested) = parameters.get("post_logout_redirect_uri") else { return Ok(None) };
    let url = Url::parse(requested).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
    let mut url = url.ok_or_else(|| aadb2c::own(aadb2c::BAD_DESTINATION).about(requested))?;
    match parameters.get("id_token_hint") {
        Some(hint) => {
            let app = audience(call, path, hint)?;
            let app = directory.app(&app).filter(|app| app.tenant == path.tenant);
            let app = app.ok_or_else(|| aadb2c::own(aadb2c::HINT_AUDIENCE))?;
            if !app.redirect_uris.iter().any(|registered| redirect_uri_matches(registered, requested)) {
                return Err(Refusal::of(50011).about(requested));
            }
        }
        None if path.flow.logout_needs_id_token => return Err(aadb2c::own(aadb2c::HINT_SIGNATURE)),
        None => {}
    }
    if let Some(state) = parameters.get("state") {
        url.query_pairs_mut().append_pair("state", state);
    }
    Ok(Some(url.into()))
}

/// The application that an ID token of this tenant was made for.
fn audience(call: &Call<'_>, path: &FlowPath, token: &str) -> Result<String, Refusal> {
    let jws = Jws::parse(token).filter(|jws| call.service.keys.is_flow_signature(jws));
    let jws = jws.ok_or_else(|| aadb2c::own(aadb2c::HINT_SIGNATURE))?;
    if !jws.claim_text("iss").unwrap_or_default().contains(&path.tenant) {
        return Err(aadb2c::own(aadb2c::HINT_ISSUER));
    }
    if jws.time("exp").ok().flatten().is_none_or(|expires| expires <= call.now()) {
        return Err(aadb2c::own(aadb2c::HINT_EXPIRED));
    }
    jws.claim_text("aud").map(str::to_owned).ok_or_else(|| aadb2c::own(aadb2c::HINT_AUDIENCE))
}
