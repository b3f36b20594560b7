use std::{sync::Arc, time::Duration};

use aws_lc_rs::digest;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};

use crate::{
    account::AccountKey,
    app::ClientId,
    clock::Timestamp,
    error::{SignInError, SignInErrorKind, clean},
    guid::Guid,
    jose::{Algorithm, ID_TOKEN, Jws, KeySet},
    json::{self, Object},
    provider::{AllowedTenants, Authority, KeyOrigin, Metadata},
    secret::same,
    sign_in::{AuthorizationCode, Nonce, PendingSignIn},
    token::{
        audience,
        claims::{self, Claims, Judged, Times},
        token_set::TokenOwner,
    },
};

/// Judges ID tokens (`OpenID` Connect Core section 3.1.3.7, with Microsoft's rules in place of the issuer's). No switch
/// leaves a check out.
///
/// In this order: size and form, header, key, signature, types, issuer and tenant, the key's issuer and cloud, allowed
/// tenants, audience, times, nonce, what else was asked for.
#[derive(Clone, Debug)]
pub struct IdTokenVerifier {
    authority: Authority,
    metadata: Arc<Metadata>,
    client_id: ClientId,
    allowed: AllowedTenants,
    clock_skew: Duration,
}

/// What a token has to answer to.
#[derive(Clone, Debug)]
#[must_use]
pub struct IdTokenAnswer<'a> {
    occasion: Occasion<'a>,
    access_token: Option<&'a str>,
    code: Option<&'a str>,
}

#[derive(Clone, Debug)]
enum Occasion<'a> {
    SignIn { nonce: Nonce, max_age: Option<u64>, acrs: Option<&'a str> },
    Refresh { owner: &'a TokenOwner },
}

/// An ID token that has passed every check. Only [`IdTokenVerifier::verify`] makes one.
#[derive(Clone, Debug)]
pub struct VerifiedIdToken {
    claims: Claims,
    account: AccountKey,
}

impl<'a> IdTokenAnswer<'a> {
    /// The first token of a sign-in.
    pub fn to_sign_in(pending: &'a PendingSignIn) -> Self {
        let expected = pending.expected();
        let occasion =
            Occasion::SignIn { nonce: pending.nonce(), max_age: expected.max_age, acrs: expected.acrs.as_deref() };
        Self { occasion, access_token: None, code: None }
    }

    /// A token that came with refreshed ones: of the same account, subject and issuer (`OpenID` Connect Core section
    /// 12.2). It has no nonce.
    pub const fn to_refresh(owner: &'a TokenOwner) -> Self {
        Self { occasion: Occasion::Refresh { owner }, access_token: None, code: None }
    }

    /// The access token that came with it. When the token has an `at_hash`, it must fit.
    pub const fn with_access_token(mut self, access_token: &'a str) -> Self {
        self.access_token = Some(access_token);
        self
    }

    /// The code that it was redeemed with. When the token has a `c_hash`, it must fit.
    pub fn with_code(mut self, code: &'a AuthorizationCode) -> Self {
        self.code = Some(code.code().expose());
        self
    }
}

impl IdTokenVerifier {
    /// A judge for one authority and one application.
    #[must_use]
    pub const fn new(
        authority: Authority,
        metadata: Arc<Metadata>,
        client_id: ClientId,
        allowed: AllowedTenants,
        clock_skew: Duration,
    ) -> Self {
        Self { authority, metadata, client_id, allowed, clock_skew }
    }

    /// The `kid` that the token names, for fetching keys again. Nothing about the token is proved by it.
    ///
    /// # Errors
    /// As [`IdTokenVerifier::verify`], as far as the header goes.
    pub fn key_id(raw: &str) -> Result<String, SignInError> {
        Jws::parse(raw, &ID_TOKEN, &Algorithm::ALL).map(|token| token.key_id().to_owned())
    }

    /// Judges the token.
    ///
    /// # Errors
    /// The first check that does not hold, each with its own kind;
    /// [`IdTokenKeyUnknown`](SignInErrorKind::IdTokenKeyUnknown) before any cryptography when `keys` lacks the key.
    pub fn verify(
        &self,
        raw: &str,
        keys: &KeySet,
        answer: &IdTokenAnswer<'_>,
        now: Timestamp,
    ) -> Result<VerifiedIdToken, SignInError> {
        let token = Jws::parse(raw, &ID_TOKEN, self.authority.algorithms())?;
        let key = keys.find_for(&token, now)?;
        let payload = token.open(key)?;
        let claims = json::object(&payload)
            .map_err(|detail| SignInError::new(SignInErrorKind::IdTokenMalformed, format!("payload: {detail}")))?;

        claims::check_types(&claims, self.authority.is_microsoft()).map_err(wrong_claims)?;
        let subject = self.authority.judge(&claims, &self.metadata)?;
        self.authority.check_key(KeyOrigin::of(key), &claims, &self.metadata)?;
        self.check_tenant(subject.tenant)?;
        audience::check(&self.authority, &self.client_id, &claims)
            .map_err(|detail| SignInError::new(SignInErrorKind::IdTokenAudience, detail))?;
        let times = claims::times(&claims).map_err(wrong_claims)?;
        self.check_times(times, now)?;
        self.check_answer(answer, &claims, &subject.account, times, now)?;

        let judged = Judged { tenant: subject.tenant, object: subject.object, policy: subject.policy, times };
        Ok(VerifiedIdToken { claims: Claims::new(claims, judged), account: subject.account })
    }

    fn check_tenant(&self, tenant: Option<Guid>) -> Result<(), SignInError> {
        match tenant {
            Some(tenant) if !self.allowed.admits(tenant) => {
                Err(SignInError::new(SignInErrorKind::TenantNotAllowed, format!("tenant {tenant}")))
            }
            _ => Ok(()),
        }
    }

    fn check_times(&self, times: Times, now: Timestamp) -> Result<(), SignInError> {
        let refuse = |detail: String| Err(SignInError::new(SignInErrorKind::IdTokenTime, detail));
        let now_is = now.unix();
        if now >= times.expires_at.plus(self.clock_skew) {
            return refuse(format!("exp: {} is over, now {now_is}", times.expires_at.unix()));
        }
        let latest = now.plus(self.clock_skew);
        if let Some(not_before) = times.not_before.filter(|not_before| *not_before > latest) {
            return refuse(format!("nbf: {} is to come, now {now_is}", not_before.unix()));
        }
        // Backdated is normal and proves nothing; from the future is not.
        if times.issued_at > latest {
            return refuse(format!("iat: {} is to come, now {now_is}", times.issued_at.unix()));
        }
        Ok(())
    }

    fn check_answer(
        &self,
        answer: &IdTokenAnswer<'_>,
        claims: &Object,
        account: &AccountKey,
        times: Times,
        now: Timestamp,
    ) -> Result<(), SignInError> {
        match &answer.occasion {
            Occasion::SignIn { nonce, max_age, acrs } => {
                check_nonce(nonce, claims)?;
                if let Some(max_age) = max_age {
                    self.check_auth_time(*max_age, times.auth_time, now)?;
                }
                if let Some(context) = acrs {
                    check_context(context, claims)?;
                }
            }
            Occasion::Refresh { owner } => check_owner(owner, claims, account, times)?,
        }
        check_hash("at_hash", answer.access_token, claims)?;
        check_hash("c_hash", answer.code, claims)
    }

    fn check_auth_time(&self, max_age: u64, auth_time: Option<Timestamp>, now: Timestamp) -> Result<(), SignInError> {
        let refuse = |detail: String| Err(SignInError::new(SignInErrorKind::IdTokenAuthTime, detail));
        let Some(auth_time) = auth_time else {
            return refuse("`auth_time` is missing and max_age was asked for".to_owned());
        };
        if auth_time > now.plus(self.clock_skew) {
            return refuse(format!("auth_time: {} is to come, now {}", auth_time.unix(), now.unix()));
        }
        let age = now.since(auth_time);
        if age > Duration::from_secs(max_age).saturating_add(self.clock_skew) {
            return refuse(format!("authenticated {} s ago, at most {max_age} s asked for", age.as_secs()));
        }
        Ok(())
    }
}

impl VerifiedIdToken {
    /// The claims.
    #[must_use]
    pub const fn claims(&self) -> &Claims {
        &self.claims
    }

    /// Whose token it is.
    #[must_use]
    pub const fn account(&self) -> &AccountKey {
        &self.account
    }

    /// What a later refresh is compared with.
    #[must_use]
    pub fn owner(&self) -> TokenOwner {
        TokenOwner {
            account: self.account.clone(),
            issuer: self.claims.issuer().to_owned(),
            subject: self.claims.subject().to_owned(),
            auth_time: self.claims.auth_time(),
        }
    }

    pub(crate) fn into_parts(self) -> (AccountKey, Claims) {
        (self.account, self.claims)
    }
}

fn check_nonce(nonce: &Nonce, claims: &Object) -> Result<(), SignInError> {
    let refuse = |detail: String| SignInError::new(SignInErrorKind::IdTokenNonce, detail);
    let claim = json::required_str(claims, "nonce").map_err(refuse)?;
    if nonce.is(claim) { Ok(()) } else { Err(refuse("the nonce is of another attempt".to_owned())) }
}

fn check_context(context: &str, claims: &Object) -> Result<(), SignInError> {
    let held = match claims.get("acrs") {
        Some(serde_json::Value::String(one)) => one == context,
        Some(serde_json::Value::Array(many)) => many.iter().any(|one| one == context),
        _ => false,
    };
    if held {
        return Ok(());
    }
    Err(SignInError::new(
        SignInErrorKind::IdTokenAuthContext,
        format!("`acrs` does not contain {}", clean(context, 40)),
    ))
}

fn check_owner(owner: &TokenOwner, claims: &Object, account: &AccountKey, times: Times) -> Result<(), SignInError> {
    let refuse = |what: &str| Err(SignInError::new(SignInErrorKind::AnotherUser, format!("{what} has changed")));
    let is = |name: &str, text: &str| claims.get(name).is_some_and(|value| value == text);
    if !is("iss", &owner.issuer) {
        return refuse("iss");
    }
    if !is("sub", &owner.subject) {
        return refuse("sub");
    }
    if *account != owner.account {
        return refuse("the account");
    }
    match (owner.auth_time, times.auth_time) {
        (Some(before), Some(after)) if before != after => refuse("auth_time"),
        _ => Ok(()),
    }
}

/// The left half of the SHA-256 of what came with the token (`OpenID` Connect Core section 3.1.3.6). Entra leaves the
/// claim out of tokens from the token endpoint, B2C does not; a wrong one is always refused.
fn check_hash(name: &str, text: Option<&str>, claims: &Object) -> Result<(), SignInError> {
    let refuse = |detail: String| SignInError::new(SignInErrorKind::IdTokenHash, detail);
    let Some(claim) = json::optional_str(claims, name).map_err(refuse)? else { return Ok(()) };
    let Some(text) = text else { return Ok(()) };
    let hash = digest::digest(&digest::SHA256, text.as_bytes());
    let expected = URL_SAFE_NO_PAD.encode(&hash.as_ref()[..16]);
    if same(expected.as_bytes(), claim.as_bytes()) { Ok(()) } else { Err(refuse(format!("`{name}` does not fit"))) }
}

fn wrong_claims(detail: String) -> SignInError {
    SignInError::new(SignInErrorKind::IdTokenClaims, detail)
}
