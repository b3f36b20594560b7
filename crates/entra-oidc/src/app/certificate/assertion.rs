//! The JWT with which the application proves that it has the certificate's key
//! (<https://learn.microsoft.com/entra/identity-platform/certificate-credentials>, RFC 7523 section 3).

use std::time::Duration;

use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use serde_json::{Value, json};
use uuid::Builder;

use crate::{
    app::{
        assertion_source::AssertionAsk,
        certificate::{algorithm::AssertionAlgorithm, certified_key::CertifiedKey},
    },
    error::{SignInError, SignInErrorKind},
    secret::{Secret, random_bytes},
};

/// How long an assertion lives.
const LIFE: Duration = Duration::from_mins(5);

/// A new assertion, signed; with the certificates in it when `send_chain`.
pub(super) fn sign(
    key: &CertifiedKey,
    algorithm: AssertionAlgorithm,
    send_chain: bool,
    ask: &AssertionAsk<'_>,
) -> Result<Secret, SignInError> {
    let encoded = |part: &Value| URL_SAFE_NO_PAD.encode(part.to_string());
    let signed = format!("{}.{}", encoded(&header(key, algorithm, send_chain)), encoded(&payload(ask)));
    let signature = key
        .sign(signed.as_bytes(), algorithm)
        .ok_or_else(|| SignInError::new(SignInErrorKind::CredentialUnavailable, "the certificate's key cannot sign"))?;
    Ok(Secret::new(format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))))
}

fn header(key: &CertifiedKey, algorithm: AssertionAlgorithm, send_chain: bool) -> Value {
    let (thumbprint, hash) = algorithm.thumbprint();
    let mut header = json!({
        "alg": algorithm.as_str(),
        "typ": "JWT",
        thumbprint: URL_SAFE_NO_PAD.encode(key.thumbprint(hash)),
    });
    if send_chain {
        // RFC 7515 section 4.1.6: standard base64, the signer's own first.
        header["x5c"] = key.chain().iter().map(|der| STANDARD.encode(der)).collect();
    }
    header
}

fn payload(ask: &AssertionAsk<'_>) -> Value {
    json!({
        "aud": ask.token_endpoint.as_str(),
        "iss": ask.client_id.as_str(),
        "sub": ask.client_id.as_str(),
        "jti": Builder::from_random_bytes(random_bytes()).into_uuid().to_string(),
        "nbf": ask.now.unix(),
        "iat": ask.now.unix(),
        "exp": ask.now.plus(LIFE).unix(),
    })
}
