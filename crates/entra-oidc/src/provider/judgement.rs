use crate::{
    account::{AccountKey, AccountKind},
    error::{SignInError, SignInErrorKind, clean},
    guid::Guid,
    jose::Key,
    json::{self, Object},
    provider::{cloud::Cloud, issuer::fills, metadata::Metadata},
};

/// Who a token speaks of, after the authority's rules about issuer and tenant have been met.
pub(crate) struct Subject {
    pub(crate) account: AccountKey,
    pub(crate) tenant: Option<Guid>,
    pub(crate) object: Option<Guid>,
    /// The B2C policy that made the token.
    pub(crate) policy: Option<String>,
}

impl Subject {
    /// A user of a directory, whom its object id names.
    pub(super) fn of_directory(tenant: Guid, claims: &Object) -> Result<Self, SignInError> {
        let object = required_guid("oid", single(claims, "oid")?)?;
        Ok(Self {
            account: AccountKey::new(AccountKind::Entra, tenant.to_string(), object.to_string()),
            tenant: Some(tenant),
            object: Some(object),
            policy: None,
        })
    }
}

/// What a published key says about where it may sign.
#[derive(Copy, Clone)]
pub(crate) struct KeyOrigin<'a> {
    issuer: Option<&'a str>,
    cloud_instance_name: Option<&'a str>,
    certificate_name: Option<&'a str>,
}

impl<'a> KeyOrigin<'a> {
    pub(crate) fn of(key: &'a Key) -> Self {
        Self {
            issuer: key.issuer(),
            cloud_instance_name: key.cloud_instance_name(),
            certificate_name: key.certificate_name(),
        }
    }

    /// What keeps a key of the personal accounts, or of another cloud, from signing for a tenant here
    /// (<https://learn.microsoft.com/entra/identity-platform/access-tokens#validate-the-issuer>; case T10). A key that
    /// says nothing may sign: v1 and B2C lists say nothing. Only the name of its certificate can still speak against it:
    /// the public cloud's lists, v1's too, have keys that are certified for `login.microsoftonline.us`.
    pub(super) fn check(
        &self,
        claims: &Object,
        metadata: &Metadata,
        cloud_instance_name: Option<&str>,
    ) -> Result<(), SignInError> {
        let refuse = |detail: String| Err(SignInError::new(SignInErrorKind::IdTokenKeyIssuer, detail));
        let issuer = text(claims, "iss");
        if let Some(published) = self.issuer
            && !fills(published, text(claims, "tid"), issuer)
        {
            return refuse(format!("the key is published for {}, the token is of {issuer}", clean(published, 150)));
        }
        let own_cloud = metadata.cloud_instance_name.as_deref().or(cloud_instance_name);
        match self.cloud_instance_name.or_else(|| self.certified_cloud()) {
            Some(cloud) if Some(cloud) != own_cloud => {
                refuse(format!("the key is of cloud {}, expected {}", clean(cloud, 100), own_cloud.unwrap_or("none")))
            }
            _ => Ok(()),
        }
    }

    /// The cloud whose login host the certificate names.
    fn certified_cloud(&self) -> Option<&'static str> {
        self.certificate_name.and_then(Cloud::of_login_host).and_then(Cloud::cloud_instance_name)
    }
}

/// The claim, once and as a string; a second one that differs only in case is refused (case T9).
pub(super) fn single<'a>(claims: &'a Object, name: &str) -> Result<&'a str, SignInError> {
    let refuse = |detail: String| SignInError::new(SignInErrorKind::IdTokenTenant, detail);
    if claims.keys().filter(|key| key.eq_ignore_ascii_case(name)).count() > 1 {
        return Err(refuse(format!("`{name}` stands there twice, in another case")));
    }
    json::required_str(claims, name).map_err(refuse)
}

pub(super) fn required_guid(name: &str, text: &str) -> Result<Guid, SignInError> {
    Guid::read(text).ok_or_else(|| {
        SignInError::new(SignInErrorKind::IdTokenTenant, format!("`{name}` is not a GUID: {}", clean(text, 60)))
    })
}

/// The token names another issuer than this one.
pub(super) fn wrong_issuer(expected: &str, got: &str) -> SignInError {
    SignInError::new(SignInErrorKind::IdTokenIssuer, format!("expected {expected}, got {}", clean(got, 150)))
}

/// The claim, when it is a string.
pub(super) fn text<'a>(claims: &'a Object, name: &str) -> &'a str {
    claims.get(name).and_then(serde_json::Value::as_str).unwrap_or_default()
}

/// Whether the token is of the version that the authority's endpoints give out.
pub(super) fn check_version(claims: &Object, version: &str) -> Result<(), SignInError> {
    let refuse = |detail: String| SignInError::new(SignInErrorKind::IdTokenClaims, detail);
    let got = json::required_str(claims, "ver").map_err(refuse)?;
    if got == version { Ok(()) } else { Err(refuse(format!("ver: expected {version}, got {}", clean(got, 20)))) }
}
