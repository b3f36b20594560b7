//! Who asks at the token endpoint: `client_secret_post` and `client_secret_basic`.

use aws_lc_rs::constant_time::verify_slices_are_equal;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::header::AUTHORIZATION;

use crate::aadsts::Refusal;
use crate::authority::Segment;
use crate::call::Call;
use crate::directory::{App, Directory};
use crate::params::decode_form_value;

/// Finds the application and checks its secret.
pub(super) fn authenticate<'a>(
    call: &Call<'_>,
    directory: &'a Directory,
    segment: &Segment,
) -> Result<&'a App, Refusal> {
    let basic = call.header(AUTHORIZATION).map(read_basic).transpose()?;
    let posted = call.form.get("client_secret");
    let (id, secret) = match (basic, posted) {
        (Some(_), Some(_)) => return Err(Refusal::of(9_002_313).about("two client credentials")),
        (Some((id, secret)), None) => {
            if call.form.get("client_id").is_some_and(|posted| !posted.eq_ignore_ascii_case(&id)) {
                return Err(Refusal::of(9_002_313).about("two client ids"));
            }
            (id, Some(secret))
        }
        (None, posted) => {
            let id = call.form.get("client_id").ok_or_else(|| Refusal::missing("client_id"))?;
            (id.to_owned(), posted.map(str::to_owned))
        }
    };
    let app = directory.app(&id).ok_or_else(|| Refusal::unknown_app(&id))?;
    if !app.enabled {
        return Err(Refusal::of(7_000_112).about(&id));
    }
    check_secret(app, secret.as_deref().filter(|secret| !secret.is_empty()), call.now())?;
    segment.admits_app(app)?;
    Ok(app)
}

fn check_secret(app: &App, secret: Option<&str>, now: i64) -> Result<(), Refusal> {
    let secret = match (app.public_client, secret) {
        (true, None) => return Ok(()),
        (true, Some(_)) => return Err(Refusal::of(700_025)),
        (false, None) => return Err(Refusal::of(7_000_218)),
        (false, Some(secret)) => secret,
    };
    let same = |known: &str| verify_slices_are_equal(known.as_bytes(), secret.as_bytes()).is_ok();
    let known = app.secrets.iter().find(|known| same(&known.value)).ok_or_else(|| Refusal::of(7_000_215))?;
    match known.expires {
        Some(expires) if expires <= now => Err(Refusal::of(7_000_222)),
        _ => Ok(()),
    }
}

/// Both parts are form-encoded before they are put together (RFC 6749 section 2.3.1).
fn read_basic(header: &str) -> Result<(String, String), Refusal> {
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
