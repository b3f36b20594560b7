//! A standard provider (`OpenID` Connect Discovery 1.0), beside Microsoft: AD FS, or any other.

mod provider;

use serde_json::Value;
use url::Url;

use crate::{
    account::{AccountKey, AccountKind},
    address::is_loopback,
    app::{ClientId, CredentialKind},
    error::{ConfigError, ConfigErrorKind, SignInError, SignInErrorKind, clean},
    guid::Guid,
    jose::Algorithm,
    json::{self, Object},
    provider::{
        judgement::{KeyOrigin, Subject, wrong_issuer},
        location::Location,
        metadata::Metadata,
        rules::Rules,
        tenant::AllowedTenants,
    },
};

pub use provider::OpenIdProvider;

/// The rules: nothing of Microsoft's. Whatever a token says of tenants and objects means nothing here (case I12).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct OpenId {
    location: Location,
    provider: OpenIdProvider,
}

impl OpenId {
    pub(super) fn new(provider: OpenIdProvider) -> Self {
        Self {
            location: Location {
                base: provider.base.clone(),
                id: format!("openid/{}", provider.issuer),
                metadata_url: provider.metadata_url.clone(),
            },
            provider,
        }
    }
}

impl Rules for OpenId {
    fn location(&self) -> &Location {
        &self.location
    }

    fn accepts(&self, kind: CredentialKind) -> Result<(), &'static str> {
        match kind {
            CredentialKind::Secret | CredentialKind::Certificate => Ok(()),
            _ => Err("a standard provider takes client secrets and certificates"),
        }
    }

    fn check(&self, allowed: &AllowedTenants) -> Result<(), ConfigError> {
        match allowed {
            AllowedTenants::Only(_) => Err(ConfigError::new(
                ConfigErrorKind::AllowedTenantsContradict,
                "a standard provider has no tenants, and a list of them would let nobody out or in",
            )),
            AllowedTenants::Pinned | AllowedTenants::Any => Ok(()),
        }
    }

    /// Byte for byte (Discovery section 4.3, case J1).
    fn accept_issuer(&self, issuer: &str) -> Result<Option<Guid>, String> {
        if issuer == self.provider.issuer {
            return Ok(None);
        }
        Err(format!("issuer: expected {}, got {}", self.provider.issuer, clean(issuer, 150)))
    }

    fn owns(&self, endpoint: &Url) -> bool {
        let secure = endpoint.scheme() == "https" || (self.location.base.is_loopback() && is_loopback(endpoint));
        self.location.base.owns(endpoint)
            || (secure && self.provider.endpoint_hosts.iter().any(|host| host.is_of(endpoint)))
    }

    fn asks_user_info(&self) -> bool {
        self.provider.user_info
    }

    fn algorithms(&self) -> &[Algorithm] {
        &self.provider.algorithms
    }

    /// A list of one is as good as the one (`OpenID` Connect Core section 2). Of more than one, we know the others not.
    fn audience<'a>(&self, claims: &'a Object) -> Result<&'a str, String> {
        match claims.get("aud") {
            Some(Value::Array(items)) => match items.as_slice() {
                [Value::String(only)] => Ok(only),
                _ => Err("`aud` is a list of others than one text".to_owned()),
            },
            _ => json::required_str(claims, "aud"),
        }
    }

    fn is_audience(&self, client_id: &ClientId, audience: &str) -> bool {
        audience == client_id.as_str()
    }

    fn judge(&self, claims: &Object, _metadata: &Metadata) -> Result<Subject, SignInError> {
        let refuse = |kind, detail: String| SignInError::new(kind, detail);
        let issuer =
            json::required_str(claims, "iss").map_err(|detail| refuse(SignInErrorKind::IdTokenIssuer, detail))?;
        if issuer != self.provider.issuer {
            return Err(wrong_issuer(&self.provider.issuer, issuer));
        }
        let subject =
            json::required_str(claims, "sub").map_err(|detail| refuse(SignInErrorKind::IdTokenClaims, detail))?;
        Ok(Subject {
            account: AccountKey::new(AccountKind::OpenId, issuer, subject),
            tenant: None,
            object: None,
            policy: None,
        })
    }

    fn wants_id_token_hint(&self) -> bool {
        true
    }

    /// The list is the provider's own. One that gives its keys to issuers, as Microsoft's do, is believed: a tenant of
    /// Entra can stand here, too.
    fn check_key(&self, key: KeyOrigin<'_>, claims: &Object, metadata: &Metadata) -> Result<(), SignInError> {
        key.check(claims, metadata, None)
    }
}
