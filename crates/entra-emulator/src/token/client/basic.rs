//! `client_secret_basic`

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::aadsts::Refusal;
use crate::params::decode_form_value;

/// Client id and secret. Both parts are form-encoded before they are put together (RFC 6749 section 2.3.1).
pub(super) fn read(header: &str) -> Result<(String, String), Refusal> {
    let malformed = || Refusal::of(9_002_313).about("Authorization");
    let (scheme, encoded) = header.split_once(' ').ok_or_else(malformed)?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return Err(malformed());
    }
    let decoded = STANDARD.decode(encoded.trim()).map_err(|_| malformed())?;
    let decoded = String::from_utf8(decoded).map_err(|_| malformed())?;
    let (id, secret) = decoded.split_once(':').ok_or_else(malformed)?;
    Ok((decode_form_value(id), decode_form_value(secret)))
}
