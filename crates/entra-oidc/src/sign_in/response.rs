use std::{borrow::Cow, collections::BTreeMap, fmt};

use url::form_urlencoded;

use crate::{
    clock::Timestamp,
    error::{MicrosoftError, SignInError, SignInErrorKind, clean},
    provider::{Authority, Metadata},
    secret::Secret,
    sign_in::{pending::PendingSignIn, response_mode::ResponseMode},
};

/// The most an answer may be, in bytes. Microsoft's codes grow to some KiB.
const LIMIT: usize = 64 * 1024;

/// Tokens never come this way: we ask for a code (case S9).
const TOKENS: [&str; 4] = ["id_token", "access_token", "refresh_token", "response"];

/// What the browser brought back from Microsoft (RFC 6749 section 4.1.2). Nothing in it is believed yet: its
/// [`AuthorizationResponse::check`] gives out the code.
pub struct AuthorizationResponse {
    mode: ResponseMode,
    state: Option<String>,
    issuer: Option<String>,
    code: Option<Secret>,
    session_state: Option<String>,
    error: Option<MicrosoftError>,
}

impl AuthorizationResponse {
    /// Reads the query of the callback's address, without the `?`.
    ///
    /// # Errors
    /// [`ResponseTooLarge`](SignInErrorKind::ResponseTooLarge) over 64 KiB,
    /// [`DuplicateParameter`](SignInErrorKind::DuplicateParameter),
    /// [`UnexpectedParameter`](SignInErrorKind::UnexpectedParameter) for a token,
    /// [`ResponseMalformed`](SignInErrorKind::ResponseMalformed) for values that cannot be.
    pub fn from_query(query: &str) -> Result<Self, SignInError> {
        Self::parse(query.as_bytes(), ResponseMode::Query)
    }

    /// Reads the body of a form post.
    ///
    /// # Errors
    /// As [`AuthorizationResponse::from_query`].
    pub fn from_form(body: &[u8]) -> Result<Self, SignInError> {
        Self::parse(body, ResponseMode::FormPost)
    }

    /// The state, to find the attempt with.
    #[must_use]
    pub fn state(&self) -> Option<&str> {
        self.state.as_deref()
    }

    /// Whether Microsoft answers with an error.
    #[must_use]
    pub const fn is_error(&self) -> bool {
        self.error.is_some()
    }

    /// Whether it brings a code that could be redeemed. An answer with an error never does.
    #[must_use]
    pub const fn has_code(&self) -> bool {
        self.code.is_some() && self.error.is_none()
    }

    /// The code, when this answer belongs to the attempt. In this order: state, mode, deadline, issuer, error, code.
    ///
    /// # Errors
    /// The first of these that does not hold.
    pub fn check(
        self,
        pending: &PendingSignIn,
        authority: &Authority,
        metadata: &Metadata,
        now: Timestamp,
    ) -> Result<AuthorizationCode, SignInError> {
        self.check_attempt(pending, now)?;
        self.check_issuer(authority, metadata)?;
        if let Some(error) = self.error {
            return Err(refused(error));
        }
        let code = self.code.ok_or_else(|| SignInError::new(SignInErrorKind::CodeMissing, "no code and no error"))?;
        Ok(AuthorizationCode { code, session_state: self.session_state })
    }

    /// The part that needs nobody's metadata: state, mode, deadline.
    pub(crate) fn check_attempt(&self, pending: &PendingSignIn, now: Timestamp) -> Result<(), SignInError> {
        let state = self
            .state
            .as_deref()
            .ok_or_else(|| SignInError::new(SignInErrorKind::StateMissing, "the answer has no state"))?;
        if !pending.state().is(state) {
            return Err(SignInError::new(SignInErrorKind::StateMismatch, "the state is of another attempt"));
        }
        let expected = pending.expected().response_mode;
        if self.mode != expected {
            return Err(SignInError::new(
                SignInErrorKind::ResponseMode,
                format!("expected {}, got {}", expected.as_str(), self.mode.as_str()),
            ));
        }
        if now > pending.expected().deadline {
            let late = now.since(pending.expected().deadline).as_secs();
            return Err(SignInError::new(SignInErrorKind::AttemptExpired, format!("{late} s after the deadline")));
        }
        Ok(())
    }

    /// An `iss` must be the authority's, and must be there when the authority says so (RFC 9207 section 2.4; case S7).
    fn check_issuer(&self, authority: &Authority, metadata: &Metadata) -> Result<(), SignInError> {
        let got = match &self.issuer {
            Some(issuer) if authority.may_answer_as(issuer, metadata) => return Ok(()),
            None if !metadata.answers_with_issuer() => return Ok(()),
            Some(issuer) => clean(issuer, 150),
            None => "none".to_owned(),
        };
        Err(SignInError::new(
            SignInErrorKind::IssuerMismatch,
            format!("expected an issuer of {}, got {got}", authority.id()),
        ))
    }

    fn parse(form: &[u8], mode: ResponseMode) -> Result<Self, SignInError> {
        if form.len() > LIMIT {
            return Err(SignInError::new(
                SignInErrorKind::ResponseTooLarge,
                format!("{} bytes, at most {LIMIT} are read", form.len()),
            ));
        }
        let mut parameters = BTreeMap::new();
        for (name, value) in form_urlencoded::parse(form) {
            if TOKENS.contains(&&*name) {
                return Err(SignInError::new(SignInErrorKind::UnexpectedParameter, format!("`{name}` in the answer")));
            }
            if let Some((name, _)) = parameters.insert(name.clone(), value).map(|value| (name, value)) {
                let name = clean(&name, 60);
                return Err(SignInError::new(SignInErrorKind::DuplicateParameter, format!("`{name}` twice")));
            }
        }
        let error = microsoft_error(&parameters);
        let mut visible = |name: &str| visible(name, parameters.remove(name));
        Ok(Self {
            mode,
            state: visible("state")?,
            issuer: visible("iss")?,
            code: visible("code")?.map(Secret::new),
            session_state: visible("session_state")?,
            error,
        })
    }
}

impl fmt::Debug for AuthorizationResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AuthorizationResponse")
            .field("has_code", &self.code.is_some())
            .field("error", &self.error)
            .finish_non_exhaustive()
    }
}

/// A code of this very attempt. Only [`AuthorizationResponse::check`] makes one.
pub struct AuthorizationCode {
    code: Secret,
    session_state: Option<String>,
}

impl AuthorizationCode {
    /// The code, for the token endpoint.
    pub(crate) const fn code(&self) -> &Secret {
        &self.code
    }

    /// Microsoft's name for the browser's session there; what front-channel sign-out names later.
    #[must_use]
    pub fn session_state(&self) -> Option<&str> {
        self.session_state.as_deref()
    }
}

impl fmt::Debug for AuthorizationCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AuthorizationCode(…)")
    }
}

/// The value, when every character of it is visible ASCII (RFC 6749 appendix A). An empty one counts as absent.
fn visible(name: &str, value: Option<Cow<'_, str>>) -> Result<Option<String>, SignInError> {
    match value {
        Some(value) if value.is_empty() => Ok(None),
        Some(value) if value.bytes().all(|b| b.is_ascii_graphic()) => Ok(Some(value.into_owned())),
        Some(_) => {
            Err(SignInError::new(SignInErrorKind::ResponseMalformed, format!("`{name}` has impossible characters")))
        }
        None => Ok(None),
    }
}

fn microsoft_error(parameters: &BTreeMap<Cow<'_, str>, Cow<'_, str>>) -> Option<MicrosoftError> {
    let text = |name: &str| parameters.get(name).map(|value| clean(value, 100));
    let error = parameters.get("error")?;
    let mut microsoft = MicrosoftError::new(error, parameters.get("error_description").map(|text| &**text));
    microsoft.suberror = text("suberror");
    microsoft.subcode = text("error_subcode");
    microsoft.claims = parameters.get("claims").filter(|claims| claims.len() <= 8192).map(ToString::to_string);
    microsoft.trace_id = text("trace_id");
    microsoft.correlation_id = text("correlation_id");
    Some(microsoft)
}

/// What an error in the redirect means. The numbers decide nothing but who is told what, with two exceptions: a user who
/// declines consent is reported as `access_denied` with AADSTS65004, and what a user of B2C does is `access_denied` and
/// told apart by AADB2C90091 (turned back) and AADB2C90118 (has forgotten his password).
fn refused(microsoft: MicrosoftError) -> SignInError {
    let denied = microsoft.error == "access_denied";
    let forgotten = denied && microsoft.aadb2c == Some(90_118);
    let cancelled = microsoft.subcode.as_deref() == Some("cancel")
        || microsoft.aadsts == Some(65_004)
        || (denied && microsoft.aadsts.is_none() && microsoft.aadb2c.is_none_or(|number| number == 90_091));
    let consent = microsoft.error == "consent_required" || microsoft.suberror.as_deref() == Some("consent_required");
    let kind = match microsoft.error.as_str() {
        _ if forgotten => SignInErrorKind::PasswordForgotten,
        _ if cancelled => SignInErrorKind::Cancelled,
        _ if consent => SignInErrorKind::ConsentRequired,
        "interaction_required" | "login_required" | "account_selection_required" => {
            SignInErrorKind::InteractionRequired
        }
        "server_error" | "temporarily_unavailable" => SignInErrorKind::MicrosoftUnavailable,
        "invalid_request"
        | "unauthorized_client"
        | "unsupported_response_type"
        | "invalid_scope"
        | "invalid_resource" => SignInErrorKind::RequestRefused,
        _ => SignInErrorKind::MicrosoftRefused,
    };
    SignInError::new(kind, "Microsoft answered with an error").with_microsoft(microsoft)
}
