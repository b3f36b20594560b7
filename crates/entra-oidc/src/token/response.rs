//! Answers of the token endpoint
//! (<https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow#successful-response-2>).

use std::time::Duration;

use http::StatusCode;
use serde_json::Value;

use crate::{
    clock::Timestamp,
    error::{MicrosoftError, RequestIds, SignInError, SignInErrorKind, clean},
    json::{self, Object},
    secret::Secret,
    token::token_set::TokenSet,
};

/// The most an answer may be, in bytes.
pub(crate) const LIMIT: usize = 256 * 1024;

const YEAR: Duration = Duration::from_hours(365 * 24);

/// Tokens as they came; nobody has looked into the ID token.
pub(crate) struct TokenResponse {
    pub(crate) tokens: TokenSet,
    pub(crate) id_token: Option<Secret>,
    /// What the request was called, where it was named.
    pub(crate) ids: Option<RequestIds>,
}

/// Judges an answer that came at `now`.
pub(crate) fn token_response(status: StatusCode, body: &[u8], now: Timestamp) -> Result<TokenResponse, SignInError> {
    let invalid = |detail: &str| {
        SignInError::new(SignInErrorKind::TokenResponseInvalid, format!("status {}: {detail}", status.as_u16()))
    };
    if body.len() > LIMIT {
        return Err(invalid("over 256 KiB"));
    }
    let document = json::object(body);
    if status == StatusCode::OK {
        return document.and_then(|document| tokens(&document, now)).map_err(|detail| invalid(&detail));
    }
    let microsoft = document.as_ref().ok().and_then(|document| microsoft_error(document, status));
    match microsoft {
        Some(microsoft) => Err(refused(microsoft, status)),
        None if is_temporary(status) => {
            Err(SignInError::new(SignInErrorKind::MicrosoftUnavailable, format!("status {}", status.as_u16())))
        }
        None => Err(invalid("neither tokens nor an OAuth error")),
    }
}

fn tokens(document: &Object, now: Timestamp) -> Result<TokenResponse, String> {
    let token = |name: &str| match json::optional_str(document, name)? {
        Some("") => Err(format!("`{name}` is empty")),
        text => Ok(text.map(Secret::new)),
    };
    let token_type = json::required_str(document, "token_type")?;
    if !token_type.eq_ignore_ascii_case("bearer") {
        return Err(format!("token_type: expected Bearer, got {}", clean(token_type, 40)));
    }
    let tokens = TokenSet {
        access_token: token("access_token")?,
        refresh_token: token("refresh_token")?,
        token_type: "Bearer".to_owned(),
        scope: json::optional_str(document, "scope")?.map(|scope| clean(scope, 4096)),
        expires_at: expires_at(document, now)?,
        refresh_at: seconds(document, "refresh_in")?.map(|seconds| now.plus(seconds)),
        owner: None,
    };
    let id_token = token("id_token")?;
    // B2C leaves the access token out when nothing but `openid` was asked for.
    if tokens.access_token.is_none() && id_token.is_none() {
        return Err("neither `access_token` nor `id_token`".to_owned());
    }
    Ok(TokenResponse { tokens, id_token, ids: None })
}

/// The first that is there: from now, as a moment, or how long the ID token lasts that came alone (B2C).
fn expires_at(document: &Object, now: Timestamp) -> Result<Timestamp, String> {
    if let Some(life) = seconds(document, "expires_in")? {
        return Ok(now.plus(life));
    }
    if let Some(moment) = whole_number(document, "expires_on")? {
        let moment = Timestamp::from_unix(i64::try_from(moment).unwrap_or(i64::MAX));
        return Ok(moment.clamp(now, now.plus(YEAR)));
    }
    Ok(now.plus(seconds(document, "id_token_expires_in")?.unwrap_or_default()))
}

/// A number of seconds; B2C and v1 write it as a string. At most a year is believed.
fn seconds(document: &Object, name: &str) -> Result<Option<Duration>, String> {
    Ok(whole_number(document, name)?.map(|seconds| Duration::from_secs(seconds).min(YEAR)))
}

fn whole_number(document: &Object, name: &str) -> Result<Option<u64>, String> {
    let number = match document.get(name) {
        None => return Ok(None),
        Some(Value::Number(number)) => number.as_u64(),
        Some(Value::String(text)) if text.bytes().all(|b| b.is_ascii_digit()) => text.parse().ok(),
        Some(_) => None,
    };
    number.map(Some).ok_or_else(|| format!("`{name}` is not a whole number"))
}

fn microsoft_error(document: &Object, status: StatusCode) -> Option<MicrosoftError> {
    let text = |name: &str| json::optional_str(document, name).ok().flatten();
    let mut microsoft = MicrosoftError::new(text("error")?, text("error_description"));
    let code = document.get("error_codes").and_then(|codes| codes.get(0)).and_then(Value::as_u64);
    microsoft.aadsts = microsoft.aadsts.or_else(|| code.and_then(|code| u32::try_from(code).ok()));
    microsoft.suberror = text("suberror").map(|text| clean(text, 100));
    microsoft.claims = text("claims").filter(|text| text.len() <= 8192).map(str::to_owned);
    microsoft.trace_id = text("trace_id").map(|text| clean(text, 100));
    microsoft.correlation_id = text("correlation_id").map(|text| clean(text, 100));
    microsoft.status = Some(status.as_u16());
    Some(microsoft)
}

/// Decided by `error`, `suberror` and `claims`, never by the number.
fn refused(microsoft: MicrosoftError, status: StatusCode) -> SignInError {
    let wants_user = microsoft.claims.is_some()
        || matches!(
            microsoft.suberror.as_deref(),
            Some("basic_action" | "additional_action" | "user_password_expired")
        );
    let consent = microsoft.suberror.as_deref() == Some("consent_required");
    let kind = match microsoft.error.as_str() {
        "consent_required" => SignInErrorKind::ConsentRequired,
        "interaction_required" | "login_required" => SignInErrorKind::InteractionRequired,
        "invalid_grant" if consent => SignInErrorKind::ConsentRequired,
        "invalid_grant" if wants_user => SignInErrorKind::InteractionRequired,
        "invalid_grant" => SignInErrorKind::GrantRefused,
        "server_error" | "temporarily_unavailable" => SignInErrorKind::MicrosoftUnavailable,
        _ if is_temporary(status) => SignInErrorKind::MicrosoftUnavailable,
        _ => SignInErrorKind::TokenEndpointRefused,
    };
    SignInError::new(kind, format!("the token endpoint answered {}", status.as_u16())).with_microsoft(microsoft)
}

fn is_temporary(status: StatusCode) -> bool {
    status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS
}

#[cfg(test)]
mod tests;
