use std::{fmt, time::Duration};

use crate::{
    error::{
        entry::{Blame, ErrorEntry, kinds},
        microsoft::{MicrosoftError, clean},
        request_ids::RequestIds,
    },
    secret::Secret,
};

const TRY_AGAIN: &str = "Sign-in did not complete. Please try again.";
const LATER: &str = "Microsoft could not be reached. Please try again in a moment.";
const REFUSED: &str = "Sign-in was refused.";
const SET_UP: &str = "Sign-in is not set up correctly. Please tell the operator of this site.";

kinds! {
    /// What went wrong in the protocol.
    SignInErrorKind, "";

    /// The answer has no `state`.
    StateMissing = "E201", User, TRY_AGAIN, "Start from the login page; somebody opened the callback address itself, or Microsoft answered without a state.";
    /// The answer's `state` is not the one of this attempt.
    StateMismatch = "E202", Attacker, TRY_AGAIN, "Nothing to do for one; many of them are somebody trying to sign others in to an account of his own.";
    /// The answer is not a form, or a value in it is impossible.
    ResponseMalformed = "E203", Attacker, TRY_AGAIN, "Look at what stands between the browser and the application if honest users see it.";
    /// The answer is larger than 64 KiB.
    ResponseTooLarge = "E204", Attacker, TRY_AGAIN, "Microsoft's answers are far smaller; nothing to do.";
    /// A parameter stands in the answer twice (RFC 6749 section 3.1).
    DuplicateParameter = "E205", Attacker, TRY_AGAIN, "Look at what stands between the browser and the application if honest users see it.";
    /// The answer holds a token. We ask for a code only.
    UnexpectedParameter = "E206", Attacker, TRY_AGAIN, "Switch off implicit grants in the application's registration; they are not used.";
    /// The `iss` of the answer (RFC 9207) is not our issuer.
    IssuerMismatch = "E207", Attacker, TRY_AGAIN, "Two providers may share one redirect URI; give each its own.";
    /// The attempt's time is over.
    AttemptExpired = "E208", User, "The sign-in took too long. Please try again.", "The user waited too long; a longer time for attempts can be configured.";
    /// Neither a code nor an error.
    CodeMissing = "E209", Microsoft, TRY_AGAIN, "Try again; if it stays, look at what rewrites the callback's query.";
    /// The user turned back.
    Cancelled = "E210", User, "You cancelled the sign-in.", "Nothing to do.";
    /// Somebody has to consent to the application first.
    ConsentRequired = "E211", TenantAdministrator, "Your organisation has to allow this application first.", "Let an administrator of the tenant grant consent, or sign in with prompt=consent.";
    /// Microsoft wants the user to do something: another factor, a new password, a device check.
    InteractionRequired = "E212", User, "Microsoft asks for another step. Please sign in again.", "Start an interactive sign-in, with the claims of this error when it has any.";
    /// Microsoft refused the sign-in.
    MicrosoftRefused = "E213", TenantAdministrator, "Microsoft refused the sign-in.", "See the AADSTS number in the log, and what it says about who must act.";
    /// Microsoft says that it is busy or broken.
    MicrosoftUnavailable = "E214", Microsoft, LATER, "Wait; see Microsoft's service health when it stays.";
    /// Microsoft refused the request itself: the registration or a setting does not fit.
    RequestRefused = "E215", Operator, SET_UP, "See the AADSTS number in the log; check client id, redirect URI, scopes and the supported account types of the registration.";
    /// The user has forgotten his password and asks for a new one (AADB2C90118).
    PasswordForgotten = "E216", User, "Please choose a new password first.", "Begin a sign-in with the policy that resets passwords.";
    /// The answer came in another way than the one asked for: in the query, or as a form.
    ResponseMode = "E217", Attacker, TRY_AGAIN, "Look at what stands between the browser and the application if honest users see it.";
    /// The authority's metadata cannot be fetched, and none that is kept is young enough.
    MetadataUnreachable = "E220", Microsoft, LATER, "Check that the machine reaches the authority host on port 443, also through the proxy.";
    /// The metadata document is not what this authority must publish.
    MetadataInvalid = "E221", Operator, SET_UP, "Check tenant, cloud and authority host; look at what answers in Microsoft's place.";
    /// The signing keys cannot be fetched, and none that are kept are young enough.
    KeysUnreachable = "E222", Microsoft, LATER, "Check that the machine reaches the authority host on port 443, also through the proxy.";
    /// The key list cannot be read, or has no usable key.
    KeysInvalid = "E223", Microsoft, LATER, "Look at what answers at the key address; Microsoft's list always has usable keys.";
    /// The token endpoint does not answer.
    TokenEndpointUnreachable = "E230", Microsoft, LATER, "Check that the machine reaches the authority host on port 443, also through the proxy.";
    /// The token endpoint refused the application itself.
    TokenEndpointRefused = "E231", Operator, SET_UP, "Check the client id and the credential: a secret's value and end, a certificate's registration, a federated credential's issuer, subject and audience to the letter; see the AADSTS number.";
    /// The code or refresh token is used up, expired, revoked, or not ours.
    GrantRefused = "E232", User, "Your sign-in is no longer valid. Please sign in again.", "Sign in again. When it is every time: the redirect URI or the client must have changed between the two steps.";
    /// The token endpoint's answer is not a token response.
    TokenResponseInvalid = "E233", Microsoft, TRY_AGAIN, "Look at what answers at the token address.";
    /// There is no refresh token to refresh with.
    RefreshTokenMissing = "E234", Operator, "Please sign in again.", "Ask for the scope offline_access at sign-in.";
    /// A token for the application itself needs one tenant.
    TenantRequired = "E235", Operator, SET_UP, "Use an authority with a tenant id or domain for application tokens.";
    /// The credential cannot be had at the moment: a token file, a managed identity, the application's own source.
    CredentialUnavailable = "E236", Operator, SET_UP, "Look at the token file, the managed identity or the application's own source of assertions.";
    /// The certificate is over, or not valid yet.
    CredentialExpired = "E237", Operator, SET_UP, "Register a certificate that is valid now and configure it.";
    /// The ID token cannot be read: size, form, encoding, header, duplicate members.
    IdTokenMalformed = "E240", Attacker, REFUSED, "Look at what answers at the token address.";
    /// The ID token is signed with another algorithm than the authority's own.
    IdTokenAlgorithm = "E241", Attacker, REFUSED, "Microsoft signs with RS256 only, and there is no setting for others; a standard OpenID provider's are in `algorithms`.";
    /// No published key has the token's `kid`, not even after fetching the list again.
    IdTokenKeyUnknown = "E242", Microsoft, TRY_AGAIN, "Try again after some minutes; Microsoft's key lists differ for a while when keys change.";
    /// The signature does not fit.
    IdTokenSignature = "E243", Attacker, REFUSED, "Look at what answers at the token address.";
    /// The key that signed is published for another issuer or another cloud.
    IdTokenKeyIssuer = "E244", Attacker, REFUSED, "A key signed for an issuer that it is not published for; report it to Microsoft.";
    /// `iss` is not the issuer that this authority and the token's tenant ask for.
    IdTokenIssuer = "E245", Attacker, REFUSED, "Check tenant and cloud; a v1 token at a v2 authority is refused as well.";
    /// `tid` or `oid` is missing, twice there, or not a GUID.
    IdTokenTenant = "E246", Microsoft, REFUSED, "Microsoft sends both with the scopes openid and profile; look at claims policies of the tenant.";
    /// The account's tenant is not among those that may sign in.
    TenantNotAllowed = "E247", User, "This account belongs to an organisation that may not sign in here. Please choose another account.", "Add the tenant to the allowed ones if it may come in.";
    /// `aud` is not exactly our client id.
    IdTokenAudience = "E248", Attacker, REFUSED, "The token was made for another application.";
    /// Expired, not valid yet, or issued in the future.
    IdTokenTime = "E249", Operator, TRY_AGAIN, "Check the clock of this machine.";
    /// `nonce` is missing or not the one of this attempt.
    IdTokenNonce = "E250", Attacker, TRY_AGAIN, "The token answers another sign-in.";
    /// A claim is missing or has the wrong type, or the token is of another kind.
    IdTokenClaims = "E251", Microsoft, REFUSED, "Look at claims-mapping policies of the application.";
    /// The user's authentication is older than asked for (`max_age`).
    IdTokenAuthTime = "E252", User, "Please sign in again with your password.", "Sign in again with prompt=login; add the optional claim auth_time to the registration.";
    /// The authentication context that was asked for (`acrs`) is not in the token.
    IdTokenAuthContext = "E253", TenantAdministrator, "This page needs a stronger sign-in than you have made.", "Check the authentication context and its Conditional Access policy in the tenant.";
    /// `at_hash` or `c_hash` does not fit what came with the token.
    IdTokenHash = "E254", Attacker, REFUSED, "Look at what answers at the token address.";
    /// A refresh brought another user's token.
    AnotherUser = "E255", Attacker, "Please sign in again.", "End the session; the refreshed ID token names another account.";
    /// `tfp` or `acr` is not the B2C policy of this sign-in.
    IdTokenPolicy = "E256", Attacker, REFUSED, "Check the policy's name; the token was made by another user flow of the directory.";
    /// An option of the sign-in cannot be sent.
    OptionInvalid = "E270", Operator, SET_UP, "Check the extra arguments; protocol parameters cannot be set by hand.";
    /// The logout token cannot be read: size, form, encoding, header, `typ`, duplicate members.
    LogoutTokenMalformed = "E280", Attacker, REFUSED, "Look at who posts to the back-channel sign-out address; an ID token is refused there as well.";
    /// The logout token is signed with an algorithm that is not in the authority's list.
    LogoutTokenAlgorithm = "E281", Attacker, REFUSED, "Name the provider's algorithm in `algorithms` when it is one of RS256, PS256, ES256.";
    /// The logout token's signature does not fit.
    LogoutTokenSignature = "E282", Attacker, REFUSED, "Look at who posts to the back-channel sign-out address.";
    /// The logout token's `iss` is not the authority's issuer.
    LogoutTokenIssuer = "E283", Attacker, REFUSED, "Give each provider its own back-channel sign-out address.";
    /// The logout token's `aud` is not exactly our client id.
    LogoutTokenAudience = "E284", Attacker, REFUSED, "The token was made for another application.";
    /// The logout token is expired, from the future, or lives longer than ten minutes.
    LogoutTokenTime = "E285", Operator, REFUSED, "Check the clock of this machine and how long the provider's logout tokens live.";
    /// A claim of the logout token is missing, has the wrong type, or must not be there (`nonce`).
    LogoutTokenClaims = "E286", Attacker, REFUSED, "The provider must send iat, exp, jti, events and sub or sid, and no nonce (OpenID Connect Back-Channel Logout 1.0 section 2.4).";
    /// The provider has no `UserInfo` endpoint, it does not answer, or it refuses the access token.
    UserInfoUnavailable = "E287", Microsoft, LATER, "Check that the machine reaches the provider; the access token must be one for its UserInfo endpoint, with the scope openid.";
    /// The answer of the `UserInfo` endpoint is no JSON object with a `sub`.
    UserInfoInvalid = "E288", Microsoft, TRY_AGAIN, "Let the provider answer in plain JSON; signed and encrypted answers are not read.";
    /// The `UserInfo` answer is about another user than the ID token (`sub`).
    UserInfoSubject = "E289", Attacker, REFUSED, "Nothing of the answer is used; report it to the provider.";
}

/// A sign-in, refresh or sign-out that did not work. `Display` is for the log: code, name, detail; never a secret,
/// code or token, and texts from outside only after cleaning.
#[derive(Clone)]
pub struct SignInError(Box<Inside>);

#[derive(Clone)]
struct Inside {
    kind: SignInErrorKind,
    detail: String,
    microsoft: Option<MicrosoftError>,
    retry_after: Option<Duration>,
    ids: Option<RequestIds>,
}

impl SignInError {
    pub(crate) fn new(kind: SignInErrorKind, detail: impl AsRef<str>) -> Self {
        Self(Box::new(Inside {
            kind,
            detail: clean(detail.as_ref(), 500),
            microsoft: None,
            retry_after: None,
            ids: None,
        }))
    }

    pub(crate) fn with_microsoft(mut self, microsoft: MicrosoftError) -> Self {
        self.0.microsoft = Some(microsoft);
        self
    }

    pub(crate) fn after(mut self, retry_after: Option<Duration>) -> Self {
        self.0.retry_after = retry_after;
        self
    }

    /// The same with the names of the request that it came from; those that it has already are nearer to the fault.
    pub(crate) fn asked_as(mut self, ids: Option<RequestIds>) -> Self {
        self.0.ids = self.0.ids.or(ids);
        self
    }

    /// The same, where Microsoft's words do not repeat any of these.
    pub(crate) fn without<'a>(mut self, secrets: impl IntoIterator<Item = &'a Secret>) -> Self {
        if let Some(microsoft) = &mut self.0.microsoft {
            secrets.into_iter().for_each(|secret| microsoft.hide(secret));
        }
        self
    }

    /// What went wrong.
    #[must_use]
    pub const fn kind(&self) -> SignInErrorKind {
        self.0.kind
    }

    /// The line of the register.
    #[must_use]
    pub const fn entry(&self) -> &'static ErrorEntry {
        self.0.kind.entry()
    }

    /// The stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        self.entry().code
    }

    /// Whose move it is.
    #[must_use]
    pub const fn blame(&self) -> Blame {
        self.entry().blame
    }

    /// What was expected and what came, without code.
    #[must_use]
    pub fn detail(&self) -> &str {
        &self.0.detail
    }

    /// What Microsoft said, when it was Microsoft who refused.
    #[must_use]
    pub const fn microsoft(&self) -> Option<&MicrosoftError> {
        self.0.microsoft.as_ref()
    }

    /// How long the token endpoint asks to wait. At most an hour.
    #[must_use]
    pub const fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after
    }

    /// What the token request was called, for a support case at Microsoft.
    #[must_use]
    pub const fn request_ids(&self) -> Option<&RequestIds> {
        self.0.ids.as_ref()
    }

    /// Whether asking again later may help: Microsoft is busy, or the way there is broken.
    #[must_use]
    pub const fn is_temporary(&self) -> bool {
        matches!(
            self.0.kind,
            SignInErrorKind::MicrosoftUnavailable
                | SignInErrorKind::TokenEndpointUnreachable
                | SignInErrorKind::MetadataUnreachable
                | SignInErrorKind::KeysUnreachable
        )
    }

    /// The AADSTS number, for `Aadsts::lookup`.
    #[must_use]
    pub fn aadsts(&self) -> Option<u32> {
        self.microsoft()?.aadsts
    }

    /// The claims challenge to send with the next sign-in, when Microsoft gave one.
    #[must_use]
    pub fn claims(&self) -> Option<&str> {
        self.microsoft()?.claims.as_deref()
    }
}

impl fmt::Display for SignInError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let entry = self.entry();
        write!(f, "{} {}: {}", entry.code, entry.name, self.0.detail)?;
        self.write_microsoft(f)?;
        self.0.ids.as_ref().map_or(Ok(()), |ids| write!(f, " [{ids}]"))
    }
}

impl SignInError {
    fn write_microsoft(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(microsoft) = self.microsoft() else { return Ok(()) };
        write!(f, " (Microsoft: {}", microsoft.error)?;
        if let Some(suberror) = &microsoft.suberror {
            write!(f, ", {suberror}")?;
        }
        if let Some(description) = &microsoft.description {
            write!(f, ", {description}")?;
        }
        if let Some(trace) = &microsoft.trace_id {
            write!(f, ", trace {trace}")?;
        }
        if let Some(correlation) = &microsoft.correlation_id {
            write!(f, ", correlation {correlation}")?;
        }
        f.write_str(")")
    }
}

impl fmt::Debug for SignInError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for SignInError {}
