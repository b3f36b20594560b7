//! Refusals as B2C words them: AADB2C numbers, and lines that end in CR LF.

use crate::aadsts::{Family, Refusal};

/// The user pressed "Forgot your password?".
pub(crate) const PASSWORD_FORGOTTEN: u32 = 90118;
/// The user pressed "Cancel".
pub(crate) const CANCELLED: u32 = 90091;
/// Neither `openid` nor a resource in `scope`.
pub(crate) const NO_TOKEN_ASKED: u32 = 90115;
/// `post_logout_redirect_uri` is no URL.
pub(crate) const BAD_DESTINATION: u32 = 90067;
/// `id_token_hint` at sign-out: too old, for nobody here, by nobody here, not signed by us.
pub(crate) const HINT_EXPIRED: u32 = 90235;
pub(crate) const HINT_AUDIENCE: u32 = 90237;
pub(crate) const HINT_ISSUER: u32 = 90238;
pub(crate) const HINT_SIGNATURE: u32 = 90239;
/// Refusals that have no counterpart among Entra's: number, `error`, text.
const OWN: [(u32, &str, &str); 8] = [
    (PASSWORD_FORGOTTEN, "access_denied", "The user has forgotten their password."),
    (CANCELLED, "access_denied", "The user has cancelled entering self-asserted information."),
    (BAD_DESTINATION, "invalid_request", "The post logout redirect URI has an invalid format."),
    (HINT_EXPIRED, "invalid_request", "The provided id_token is expired."),
    (HINT_AUDIENCE, "invalid_request", "The provided id_token does not contain a valid audience."),
    (HINT_ISSUER, "invalid_request", "The provided id_token does not contain a valid issuer."),
    (HINT_SIGNATURE, "invalid_request", "The provided id_token failed signature validation."),
    (NO_TOKEN_ASKED, "invalid_request", "The scope must include 'openid', a resource or the client ID."),
];

/// Entra's number, B2C's number, `error`, text. The first row that fits counts.
const TABLE: [(u32, u32, &str, &str); 33] = [
    (50011, 90006, "redirect_uri_mismatch", "The redirect URI of the request is not registered for the client ID."),
    (900_971, 90007, "invalid_request", "The application has no registered redirect URIs."),
    (900_144, 90083, "invalid_request", "The request is missing a required parameter."),
    (70011, 90117, "invalid_request", "The scope of the request is not supported."),
    (500_011, 90117, "invalid_request", "The scope of the request is not supported."),
    (70005, 90013, "unsupported_response_type", "The requested response type is not supported."),
    (700_054, 90057, "unauthorized_client", "The application is not configured to allow the OAuth Implicit flow."),
    (70007, 90014, "invalid_request", "The requested response mode is not supported."),
    (700_016, 90018, "unauthorized_client", "The client ID of the request is not registered in the tenant."),
    (700_038, 90018, "unauthorized_client", "The client ID of the request is not registered in the tenant."),
    (7_000_112, 90092, "unauthorized_client", "The application is disabled for the tenant."),
    (50058, 90077, "interaction_required", "User does not have an existing session and prompt is 'none'."),
    (16000, 90077, "interaction_required", "User does not have an existing session and prompt is 'none'."),
    (7_000_218, 90079, "invalid_request", "Clients must send a client_secret when redeeming a confidential grant."),
    (7_000_215, 90081, "invalid_client", "The specified client_secret does not match the expected value."),
    (7_000_222, 90081, "invalid_client", "The specified client_secret does not match the expected value."),
    (700_025, 90084, "invalid_request", "Public clients should not send a client_secret."),
    (70003, 90086, "unsupported_grant_type", "The supplied grant_type is not supported."),
    (70000, 90085, "invalid_grant", "The service has encountered an internal error. Please reauthenticate."),
    (54005, 90080, "invalid_grant", "The provided grant has expired. Please re-authenticate and try again."),
    (70008, 90080, "invalid_grant", "The provided grant has expired. Please re-authenticate and try again."),
    (700_082, 90080, "invalid_grant", "The provided grant has expired. Please re-authenticate and try again."),
    (700_005, 90088, "invalid_grant", "The provided grant has not been issued for this endpoint."),
    (501_481, 90182, "invalid_grant", "The supplied code_verifier does not match associated code_challenge."),
    (501_491, 90183, "invalid_request", "The supplied code_verifier or code_challenge is invalid."),
    (50147, 90183, "invalid_request", "The supplied code_verifier or code_challenge is invalid."),
    (50173, 90129, "invalid_grant", "The provided grant has been revoked. Please reauthenticate and try again."),
    (50020, 90053, "access_denied", "A user with the specified credential could not be found."),
    (50034, 90053, "access_denied", "A user with the specified credential could not be found."),
    (50057, 90111, "access_denied", "The account has been locked."),
    (90002, 90022, "invalid_request", "There is no such policy in the tenant."),
    (700_022, 90146, "invalid_request", "The scope specifies more than one resource."),
    (900_561, 90226, "invalid_request", "The token exchange is only supported over HTTP POST."),
];

/// A refusal that only B2C knows.
pub(crate) fn own(number: u32) -> Refusal {
    let known = OWN.iter().find(|(known, ..)| *known == number);
    let (error, text) = known.map_or(("server_error", "The request was refused."), |(_, error, text)| (error, text));
    Refusal { family: Family::B2c, number, text: text.to_owned(), ..Refusal::of(0) }.error(error)
}

/// Entra's refusal in B2C's words; what has no counterpart keeps its number.
pub(crate) fn translated(refusal: &Refusal) -> Refusal {
    if refusal.family == Family::B2c {
        return refusal.clone();
    }
    let about = refusal.subject.as_deref();
    let special = match (refusal.number, about) {
        (90023, Some("prompt")) => Some((90043, "The prompt included in the request contains invalid values.")),
        (90023, Some("max_age")) => Some((90120, "The max age parameter specified in the request is invalid.")),
        (900_144, Some("client_id")) => Some((90008, "The request does not contain a client ID parameter.")),
        (900_144, Some("scope")) => Some((90010, "The request does not contain a scope parameter.")),
        _ => None,
    };
    let listed = || {
        let row = TABLE.iter().find(|(number, ..)| *number == refusal.number);
        row.map(|(_, number, error, text)| (*number, *error, *text))
    };
    let found = special.map(|(number, text)| (number, "invalid_request", text)).or_else(listed);
    let Some((number, error, text)) = found else {
        return Refusal { family: Family::B2c, ..refusal.clone() };
    };
    let translated = Refusal { family: Family::B2c, number, text: text.to_owned(), ..refusal.clone() }.error(error);
    match about {
        Some(about) => translated.about(about),
        None => translated,
    }
}
