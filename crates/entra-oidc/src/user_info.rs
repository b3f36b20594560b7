//! What the `UserInfo` endpoint says about a user (`OpenID` Connect Core section 5.3).

use std::fmt;

use bytes::Bytes;
use http::{
    HeaderValue, Request, Response, StatusCode,
    header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE},
};
use serde_json::Value;
use url::Url;

use crate::{
    error::{SignInError, SignInErrorKind},
    json::{self, Object},
    secret::{Secret, same},
};

/// The most an answer may be, in bytes.
pub(crate) const LIMIT: usize = 64 * 1024;

/// Claims from the `UserInfo` endpoint, of the very subject of the ID token (section 5.3.2, case T17). Not signed: they
/// are as good as the connection to the provider, are for showing, and change nothing about who somebody is.
/// `Debug` shows the names of the claims only.
#[derive(Clone, PartialEq)]
pub struct UserInfo(Object);

impl UserInfo {
    /// The claim as it stands in the answer.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(name)
    }

    /// The claim, when it is a string.
    #[must_use]
    pub fn str(&self, name: &str) -> Option<&str> {
        self.get(name)?.as_str()
    }

    /// All claims, by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value))
    }

    /// `sub`, the one of the ID token.
    #[must_use]
    pub fn subject(&self) -> &str {
        self.str("sub").unwrap_or_default()
    }

    /// `name`, for showing.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        self.str("name")
    }

    /// `preferred_username`, for showing.
    #[must_use]
    pub fn preferred_username(&self) -> Option<&str> {
        self.str("preferred_username")
    }

    /// `email`, for showing.
    #[must_use]
    pub fn email(&self) -> Option<&str> {
        self.str("email")
    }

    /// `email_verified`: the provider says that the address is the user's. `true` and `"true"`; all else is no.
    #[must_use]
    pub fn email_verified(&self) -> bool {
        matches!(self.get("email_verified"), Some(Value::Bool(true))) || self.str("email_verified") == Some("true")
    }
}

impl fmt::Debug for UserInfo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

/// The request with this access token in its header (RFC 6750 section 2.1).
pub(crate) fn user_info_request(endpoint: &Url, access_token: &Secret) -> Result<Request<Bytes>, SignInError> {
    let unusable = |what: &str| SignInError::new(SignInErrorKind::UserInfoUnavailable, what);
    let mut bearer = HeaderValue::from_str(&format!("Bearer {}", access_token.expose()))
        .map_err(|_| unusable("the access token is not a header"))?;
    bearer.set_sensitive(true);
    Request::get(endpoint.as_str())
        .header(ACCEPT, "application/json")
        .header(AUTHORIZATION, bearer)
        .body(Bytes::new())
        .map_err(|_| unusable("the address is not one for HTTP"))
}

/// Judges an answer about the user whose ID token has this `sub`.
pub(crate) fn user_info(response: &Response<Bytes>, subject: &str) -> Result<UserInfo, SignInError> {
    let refuse = |kind, detail: &str| Err(SignInError::new(kind, detail));
    let status = response.status();
    if status != StatusCode::OK {
        return refuse(SignInErrorKind::UserInfoUnavailable, &format!("expected 200, got {}", status.as_u16()));
    }
    if response.body().len() > LIMIT {
        return refuse(SignInErrorKind::UserInfoInvalid, "over 64 KiB");
    }
    if !is_json(response) {
        return refuse(SignInErrorKind::UserInfoInvalid, "the content type is not application/json");
    }
    let claims =
        json::object(response.body()).map_err(|detail| SignInError::new(SignInErrorKind::UserInfoInvalid, detail))?;
    let claim = json::required_str(&claims, "sub")
        .map_err(|detail| SignInError::new(SignInErrorKind::UserInfoInvalid, detail))?;
    if !same(claim.as_bytes(), subject.as_bytes()) {
        return refuse(SignInErrorKind::UserInfoSubject, "`sub` is not the one of the ID token");
    }
    Ok(UserInfo(claims))
}

fn is_json(response: &Response<Bytes>) -> bool {
    let media_type = response.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    media_type.split(';').next().is_some_and(|essence| essence.trim().eq_ignore_ascii_case("application/json"))
}

#[cfg(test)]
mod tests;
