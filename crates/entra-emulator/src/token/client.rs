//! Who asks at the token endpoint, and how it proves that.

mod basic;
mod certificate;
mod claimed;
mod client_assertion;
mod federated;
mod secret;

use http::header::AUTHORIZATION;

use crate::aadsts::Refusal;
use crate::authority::{Segment, enabled_app};
use crate::call::Call;
use crate::directory::{App, Directory};

use self::claimed::Claimed;

/// What a client shows of itself.
enum Proof {
    Nothing,
    Secret(String),
    /// A client assertion (RFC 7523).
    Assertion(String),
}

/// Finds the application and checks its proof.
pub(super) fn authenticate<'a>(
    call: &Call<'_>,
    directory: &'a Directory,
    segment: &Segment,
) -> Result<&'a App, Refusal> {
    let (id, proof) = read(call)?;
    let app = enabled_app(directory, &id)?;
    let claimed = Claimed { call, directory, segment, app };
    match proof {
        Proof::Nothing if app.public_client => {}
        Proof::Nothing => return Err(Refusal::of(7_000_218)),
        _ if app.public_client => return Err(Refusal::of(700_025)),
        Proof::Secret(secret) => secret::check(app, &secret, call.now())?,
        // B2C takes secrets only.
        Proof::Assertion(_) if segment.flow().is_some() => return Err(Refusal::of(7_000_218)),
        Proof::Assertion(assertion) => client_assertion::check(&claimed, &assertion)?,
    }
    segment.admits_app(app)?;
    Ok(app)
}

/// The client id and exactly one proof, or none.
fn read(call: &Call<'_>) -> Result<(String, Proof), Refusal> {
    let basic = call.header(AUTHORIZATION).map(basic::read).transpose()?;
    let posted = call.form.get("client_secret");
    let assertion = client_assertion::read(call)?;
    if usize::from(basic.is_some()) + usize::from(posted.is_some()) + usize::from(assertion.is_some()) > 1 {
        return Err(Refusal::of(9_002_313).about("two client credentials"));
    }
    let said = call.form.get("client_id");
    if let Some((id, secret)) = basic {
        if said.is_some_and(|said| !said.eq_ignore_ascii_case(&id)) {
            return Err(Refusal::of(9_002_313).about("two client ids"));
        }
        let proof = if secret.is_empty() { Proof::Nothing } else { Proof::Secret(secret) };
        return Ok((id, proof));
    }
    let id = said.ok_or_else(|| Refusal::missing("client_id"))?.to_owned();
    let proof = match (posted, assertion) {
        (Some(secret), _) => Proof::Secret(secret.to_owned()),
        (None, Some(assertion)) => Proof::Assertion(assertion.to_owned()),
        (None, None) => Proof::Nothing,
    };
    Ok((id, proof))
}
