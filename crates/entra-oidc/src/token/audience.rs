use crate::{
    app::ClientId,
    error::clean,
    json::{self, Object},
    provider::Authority,
};

/// Whether the token is for us and nobody else: `aud` is our id, and so is `azp` when it is there (case T7).
///
/// # Errors
/// What was expected and what came.
pub(super) fn check(authority: &Authority, client_id: &ClientId, claims: &Object) -> Result<(), String> {
    let audience = authority.audience(claims)?;
    let party = json::optional_str(claims, "azp")?.unwrap_or(audience);
    for (name, value) in [("aud", audience), ("azp", party)] {
        if !authority.is_audience(client_id, value) {
            return Err(format!("{name}: expected {client_id}, got {}", clean(value, 100)));
        }
    }
    Ok(())
}
