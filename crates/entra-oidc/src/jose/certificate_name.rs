use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::Value;
use x509_cert::{Certificate, der::Decode as _};

use crate::json::Object;

/// The most a certificate may be, in characters of base64, to be looked at.
const LIMIT: usize = 16 * 1024;

/// The common name of the certificate that is published with a key (RFC 7517 section 4.7). The certificate proves
/// nothing; the name can only speak against the key.
pub(super) fn certificate_name(jwk: &Object) -> Option<Box<str>> {
    let first = match jwk.get("x5c")? {
        Value::Array(chain) => chain.first()?.as_str()?,
        _ => return None,
    };
    if first.len() > LIMIT {
        return None;
    }
    let certificate = Certificate::from_der(&STANDARD.decode(first).ok()?).ok()?;
    let name = certificate.tbs_certificate().subject().common_name().ok()??;
    Some(Box::from(name.value()))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn odd_certificates_have_no_name() {
        let name = |x5c: Value| certificate_name(json!({ "x5c": x5c }).as_object().unwrap());
        assert_eq!(certificate_name(&Object::new()), None);
        for odd in [json!(null), json!("MIIB"), json!([]), json!([1]), json!(["!"]), json!([""]), json!(["MAA="])] {
            assert_eq!(name(odd.clone()), None, "{odd}");
        }
        assert_eq!(name(json!(["A".repeat(LIMIT + 4)])), None);
        let list: Value = serde_json::from_str(include_str!("../../tests/it/fixtures/keys-v2.json")).unwrap();
        let names: Vec<_> = list["keys"].as_array().unwrap().iter().map(|key| name(key["x5c"].clone())).collect();
        assert_eq!(names[0].as_deref(), Some("accounts.accesscontrol.windows.net"));
        assert_eq!(names[2].as_deref(), Some("login.microsoftonline.us"));
    }
}
