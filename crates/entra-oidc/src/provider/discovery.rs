//! The discovery document (`OpenID` Connect Discovery 1.0 section 3), read by the rules of one authority.

use serde_json::Value;
use url::Url;

use crate::{
    address::has_credentials,
    error::clean,
    json::{self, Object},
    provider::{metadata::Metadata, rules::Rules},
};

/// What the document says.
///
/// # Errors
/// The first member that does not fit.
pub(super) fn read(document: &Object, rules: &dyn Rules) -> Result<Metadata, String> {
    let issuer = json::required_str(document, "issuer")?;
    let tenant = rules.accept_issuer(issuer)?;
    let required = |name| endpoint(name, json::required_str(document, name)?, rules);
    let optional = |name| json::optional_str(document, name)?.map(|text| endpoint(name, text, rules)).transpose();
    let text = |name| Ok::<_, String>(json::optional_str(document, name)?.map(str::to_owned));
    Ok(Metadata {
        issuer: issuer.to_owned(),
        tenant,
        authorization_endpoint: required("authorization_endpoint")?,
        token_endpoint: required("token_endpoint")?,
        jwks_uri: rules.jwks_uri(required("jwks_uri")?),
        end_session_endpoint: optional("end_session_endpoint")?,
        user_info_endpoint: if rules.asks_user_info() { optional("userinfo_endpoint")? } else { None },
        answers_with_issuer: flag(document, "authorization_response_iss_parameter_supported")?,
        cloud_instance_name: text("cloud_instance_name")?,
        // For showing only; Microsoft writes null where it has nothing to say, and some clouds have no known Graph.
        msgraph_host: document.get("msgraph_host").and_then(Value::as_str).map(str::to_owned),
    })
}

/// The member when it is there and a boolean; false when it is not there.
fn flag(document: &Object, name: &str) -> Result<bool, String> {
    match document.get(name) {
        None => Ok(false),
        Some(value) => value.as_bool().ok_or_else(|| format!("`{name}` is not a boolean")),
    }
}

fn endpoint(name: &str, text: &str, rules: &dyn Rules) -> Result<Url, String> {
    let refuse = || format!("{name}: expected an address on {}, got {}", rules.location().base.url(), clean(text, 150));
    if text.len() > 2048 {
        return Err(refuse());
    }
    let url = Url::parse(text).map_err(|_| refuse())?;
    let bare = !has_credentials(&url) && url.fragment().is_none();
    if bare && rules.owns(&url) { Ok(url) } else { Err(refuse()) }
}
