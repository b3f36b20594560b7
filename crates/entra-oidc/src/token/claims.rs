use std::fmt;

use serde_json::Value;

use crate::{
    clock::Timestamp,
    guid::Guid,
    json::{self, Object},
};

/// The latest moment that a claim may name: the end of the year 9999.
const LAST: i64 = 253_402_300_799;

/// The claims of an ID token that has passed every check
/// (<https://learn.microsoft.com/entra/identity-platform/id-token-claims-reference>).
///
/// Names and addresses are for showing: their owners, or an administrator of their tenant, can change them.
/// `Debug` shows the names of the claims only.
#[derive(Clone, PartialEq)]
pub struct Claims {
    all: Object,
    tenant: Option<Guid>,
    object: Option<Guid>,
    policy: Option<String>,
    issued_at: Timestamp,
    expires_at: Timestamp,
    auth_time: Option<Timestamp>,
}

/// The groups that a token tells of.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Groups {
    /// The token says nothing about groups.
    None,
    /// These, usually as object ids.
    Listed(Vec<String>),
    /// Too many for the token. Not the same as none: ask Graph (`/me/getMemberObjects`), or deny.
    Overage,
}

/// What is known once issuer and tenant are judged.
pub(super) struct Judged {
    pub(super) tenant: Option<Guid>,
    pub(super) object: Option<Guid>,
    pub(super) policy: Option<String>,
    pub(super) times: Times,
}

/// The times of a token.
#[derive(Copy, Clone)]
pub(super) struct Times {
    pub(super) expires_at: Timestamp,
    pub(super) not_before: Option<Timestamp>,
    pub(super) issued_at: Timestamp,
    pub(super) auth_time: Option<Timestamp>,
}

impl Claims {
    pub(super) fn new(all: Object, judged: Judged) -> Self {
        Self {
            tenant: judged.tenant,
            object: judged.object,
            policy: judged.policy,
            issued_at: judged.times.issued_at,
            expires_at: judged.times.expires_at,
            auth_time: judged.times.auth_time,
            all,
        }
    }

    /// The claim as it stands in the token.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.all.get(name)
    }

    /// The claim, when it is a string.
    #[must_use]
    pub fn str(&self, name: &str) -> Option<&str> {
        self.get(name)?.as_str()
    }

    /// The claim as a list of strings; one string counts as a list of one. Empty when anything in it is no string.
    #[must_use]
    pub fn strings(&self, name: &str) -> Vec<&str> {
        match self.get(name) {
            Some(Value::String(one)) => vec![one],
            Some(Value::Array(many)) => many.iter().map(Value::as_str).collect::<Option<_>>().unwrap_or_default(),
            _ => Vec::new(),
        }
    }

    /// All claims, by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.all.iter().map(|(name, value)| (name.as_str(), value))
    }

    /// `iss`.
    #[must_use]
    pub fn issuer(&self) -> &str {
        self.str("iss").unwrap_or_default()
    }

    /// `sub`: this user at this application.
    #[must_use]
    pub fn subject(&self) -> &str {
        self.str("sub").unwrap_or_default()
    }

    /// `tid`: the tenant that the user signed in to; a guest's is the host's.
    #[must_use]
    pub const fn tenant_id(&self) -> Option<Guid> {
        self.tenant
    }

    /// `oid`: the user in that tenant.
    #[must_use]
    pub const fn object_id(&self) -> Option<Guid> {
        self.object
    }

    /// `name`, for showing.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        self.str("name")
    }

    /// `preferred_username`, for showing. May be an address, a phone number, or anything.
    #[must_use]
    pub fn preferred_username(&self) -> Option<&str> {
        self.str("preferred_username")
    }

    /// `email`, for showing; in B2C's tokens the first of `emails` when there is none. Proves nothing without
    /// [`Claims::xms_edov`].
    #[must_use]
    pub fn email(&self) -> Option<&str> {
        self.str("email").or_else(|| self.policy.as_ref().and_then(|_| self.strings("emails").first().copied()))
    }

    /// `tfp`, or `acr`: the B2C policy that made the token. None for tokens of others.
    #[must_use]
    pub fn policy(&self) -> Option<&str> {
        self.policy.as_deref()
    }

    /// `upn`, for showing.
    #[must_use]
    pub fn upn(&self) -> Option<&str> {
        self.str("upn")
    }

    /// `idp`: who authenticated the user, when it is another than the issuer.
    #[must_use]
    pub fn idp(&self) -> Option<&str> {
        self.str("idp")
    }

    /// `acct`: 0 for a member of the tenant, 1 for a guest.
    #[must_use]
    pub fn acct(&self) -> Option<u64> {
        match self.get("acct")? {
            Value::String(text) => text.parse().ok(),
            number => number.as_u64(),
        }
    }

    /// `xms_edov`: whether the owner of the domain in [`Claims::email`] is verified. Seen as `true`, `1`, `"1"` and
    /// `"true"`; anything else, and its absence, is no. It is Microsoft's word: a standard provider's is no as well.
    #[must_use]
    pub fn xms_edov(&self) -> bool {
        if self.tenant.is_none() {
            return false;
        }
        match self.get("xms_edov") {
            Some(Value::Bool(yes)) => *yes,
            Some(Value::Number(number)) => number.as_u64() == Some(1),
            Some(Value::String(text)) => text == "1" || text.eq_ignore_ascii_case("true"),
            _ => false,
        }
    }

    /// `roles`: the application roles that the tenant's administrator has assigned.
    #[must_use]
    pub fn roles(&self) -> Vec<&str> {
        self.strings("roles")
    }

    /// `groups`, or the note that there are too many of them.
    #[must_use]
    pub fn groups(&self) -> Groups {
        let elsewhere = self
            .get("_claim_names")
            .is_some_and(|names| names.as_object().is_none_or(|names| names.contains_key("groups")));
        let many = match self.get("hasgroups") {
            None | Some(Value::Bool(false)) => false,
            Some(Value::String(text)) => !text.eq_ignore_ascii_case("false"),
            Some(_) => true,
        };
        if elsewhere || many {
            return Groups::Overage;
        }
        match self.get("groups") {
            None => Groups::None,
            Some(_) => Groups::Listed(self.strings("groups").into_iter().map(str::to_owned).collect()),
        }
    }

    /// `sid`: the session at Microsoft.
    #[must_use]
    pub fn sid(&self) -> Option<&str> {
        self.str("sid")
    }

    /// `login_hint`: opaque; skips the account picker at sign-in and sign-out.
    #[must_use]
    pub fn login_hint(&self) -> Option<&str> {
        self.str("login_hint")
    }

    /// `auth_time`: when the user authenticated, if the token says so.
    #[must_use]
    pub const fn auth_time(&self) -> Option<Timestamp> {
        self.auth_time
    }

    /// `iat`. Microsoft backdates it by five minutes: it is not the moment of the sign-in.
    #[must_use]
    pub const fn issued_at(&self) -> Timestamp {
        self.issued_at
    }

    /// `exp`.
    #[must_use]
    pub const fn expires_at(&self) -> Timestamp {
        self.expires_at
    }
}

impl fmt::Debug for Claims {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.all.keys()).finish()
    }
}

/// The times, each a whole number of seconds. A text, a fraction, a boolean or null is an error and not an absence
/// (case T5), and so is a moment before 1970 or after 9999 (case T6).
pub(super) fn times(claims: &Object) -> Result<Times, String> {
    let required = |name: &str| moment(claims, name)?.ok_or_else(|| format!("`{name}` is missing"));
    Ok(Times {
        expires_at: required("exp")?,
        not_before: moment(claims, "nbf")?,
        issued_at: required("iat")?,
        auth_time: moment(claims, "auth_time")?,
    })
}

fn moment(claims: &Object, name: &str) -> Result<Option<Timestamp>, String> {
    let Some(value) = claims.get(name) else { return Ok(None) };
    match value.as_i64() {
        Some(seconds) if (0..=LAST).contains(&seconds) => Ok(Some(Timestamp::from_unix(seconds))),
        _ => Err(format!("`{name}` is not a whole number of seconds between 1970 and 9999")),
    }
}

/// Every claim that has a type has it, and nothing says that this is a token of another kind. What a standard provider
/// adds to the standard's claims has any type: AD FS writes `scp` into ID tokens, and `unique_name` as a list.
pub(super) fn check_types(claims: &Object, is_microsoft: bool) -> Result<(), String> {
    for (name, value) in claims {
        let fits = match name.as_str() {
            "name" | "preferred_username" | "email" | "sid" | "given_name" | "family_name" => value.is_string(),
            "upn" | "idp" | "login_hint" | "unique_name" | "ver" if is_microsoft => value.is_string(),
            "roles" | "groups" | "wids" | "acrs" if is_microsoft => is_strings(value),
            "scp" if is_microsoft => return Err(format!("`{name}`: this is not an ID token")),
            "events" => return Err(format!("`{name}`: this is not an ID token")),
            _ => true,
        };
        if !fits {
            return Err(format!("`{name}` has the wrong type"));
        }
    }
    let subject = json::required_str(claims, "sub")?;
    // OpenID Connect Core section 2: at most 255 ASCII characters.
    if subject.is_empty() || subject.len() > 255 || !subject.is_ascii() {
        return Err("`sub` is empty, long, or not ASCII".to_owned());
    }
    Ok(())
}

fn is_strings(value: &Value) -> bool {
    match value {
        Value::String(_) => true,
        Value::Array(items) => items.iter().all(Value::is_string),
        _ => false,
    }
}

#[cfg(test)]
mod tests;
