//! A cluster's issuer below `/_workload`: what Kubernetes publishes, and the tokens of its service accounts.

use http::header::{CACHE_CONTROL, HeaderValue};
use serde_json::json;

use crate::answer::{self, Answer, text};
use crate::call::Call;
use crate::chance;
use crate::keys::Signer;
use crate::service::Service;

/// How long a token lives, in seconds.
const LIFE: i64 = 3600;

/// A token of a service account.
pub(crate) fn token(service: &Service, subject: &str, audience: &str) -> String {
    let now = service.clock.now();
    // `system:serviceaccount:{namespace}:{account}`
    let mut names = subject.split(':').skip(2);
    let (namespace, account) = (names.next().unwrap_or("default"), names.next().unwrap_or("default"));
    let claims = json!({
        "aud": [audience],
        "exp": now + LIFE,
        "iat": now,
        "iss": issuer(service),
        "jti": chance::guid(),
        "kubernetes.io": { "namespace": namespace, "serviceaccount": { "name": account, "uid": chance::guid() } },
        "nbf": now,
        "sub": subject,
    });
    service.keys.sign(Signer::Workload, &claims.to_string(), &[])
}

/// The issuer's name.
pub(crate) fn issuer(service: &Service) -> String {
    format!("{}/_workload", service.hosts.canonical_base())
}

/// `/_workload/…`
pub(crate) fn answer(call: &Call<'_>, segments: &[&str]) -> Answer {
    let issuer = issuer(call.service);
    let body = match segments {
        [".well-known", "openid-configuration"] => json!({
            "issuer": issuer,
            "jwks_uri": format!("{issuer}/openid/v1/jwks"),
            "response_types_supported": ["id_token"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
        }),
        ["openid", "v1", "jwks"] => call.service.keys.workload(),
        _ => return text(404, "The workload issuer has nothing here.\n"),
    };
    let mut answer = answer::json(200, &body);
    answer.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("public, max-age=3600"));
    answer
}
