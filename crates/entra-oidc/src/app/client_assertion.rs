use std::time::Duration;

use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use serde_json::json;
use url::Url;
use uuid::Builder;

use crate::{
    app::{certificate::Certificate, client_id::ClientId},
    clock::Timestamp,
    error::SignInError,
    secret::{Secret, random_bytes},
};

/// How long an assertion lives.
const LIFE: Duration = Duration::from_mins(5);

/// The JWT with which the application proves that it has the certificate's key
/// (<https://learn.microsoft.com/entra/identity-platform/certificate-credentials>, RFC 7523 section 3).
pub(super) fn client_assertion(
    certificate: &Certificate,
    client_id: &ClientId,
    token_endpoint: &Url,
    now: Timestamp,
) -> Result<Secret, SignInError> {
    let (thumbprint_name, thumbprint) = certificate.thumbprint_claim();
    let mut header = json!({ "alg": certificate.signs_with().as_str(), "typ": "JWT", thumbprint_name: thumbprint });
    if let Some(chain) = certificate.chain_to_send() {
        // RFC 7515 section 4.1.6: standard base64, the signer's own first.
        header["x5c"] = chain.iter().map(|der| STANDARD.encode(der)).collect();
    }
    let payload = json!({
        "aud": token_endpoint.as_str(),
        "iss": client_id.as_str(),
        "sub": client_id.as_str(),
        "jti": Builder::from_random_bytes(random_bytes()).into_uuid().to_string(),
        "nbf": now.unix(),
        "iat": now.unix(),
        "exp": now.plus(LIFE).unix(),
    });
    let encoded = |part: serde_json::Value| URL_SAFE_NO_PAD.encode(part.to_string());
    let signed = format!("{}.{}", encoded(header), encoded(payload));
    let signature = certificate.sign(signed.as_bytes())?;
    Ok(Secret::new(format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))))
}
