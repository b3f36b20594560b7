//! The request that goes with the browser to Microsoft
//! (<https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow#request-an-authorization-code>).

use serde_json::{Value, json};
use url::Url;

use crate::{
    app::ClientId,
    error::{SignInError, SignInErrorKind, clean},
    json,
    provider::{Authority, Metadata},
    sign_in::{options::SignInOptions, pending::PendingSignIn, seed::Seed, state::State},
};

/// Asked for in every sign-in; without `profile` Microsoft may leave out `tid` and `oid`.
pub(crate) const OPENID_SCOPES: [&str; 3] = ["openid", "profile", "email"];

/// The address for the browser, and what has to wait for the answer. PKCE, nonce and state are always there.
pub(crate) fn authorization_url(
    authority: &Authority,
    metadata: &Metadata,
    client_id: &ClientId,
    scopes: &[String],
    options: SignInOptions,
) -> Result<(Url, PendingSignIn), SignInError> {
    check(&options)?;
    let claims = claims(&options)?;
    let scope = match authority.resource() {
        None => scope(scopes, &options)?,
        // v1 endpoints know one resource and no scopes of it.
        Some(_) => OPENID_SCOPES.join(" "),
    };
    let pending = PendingSignIn::resume(
        options.seed.unwrap_or_else(Seed::random),
        options.state.unwrap_or_else(State::random),
        options.expected,
    );
    let expected = pending.expected();

    let mut parameters: Vec<(&str, String)> = vec![
        ("client_id", client_id.to_string()),
        ("response_type", "code".to_owned()),
        ("redirect_uri", expected.redirect_uri.to_string()),
        ("response_mode", expected.response_mode.as_str().to_owned()),
        ("scope", scope),
        ("state", pending.state().as_str().to_owned()),
        ("nonce", pending.nonce().expose().to_owned()),
        ("code_challenge", pending.code_verifier().challenge()),
        ("code_challenge_method", "S256".to_owned()),
    ];
    let optional = [
        ("resource", authority.resource().map(str::to_owned)),
        ("prompt", options.prompt.map(|prompt| prompt.as_str().to_owned())),
        ("login_hint", options.login_hint),
        ("domain_hint", options.domain_hint),
        ("ui_locales", options.ui_locales),
        ("max_age", expected.max_age.map(|seconds| seconds.to_string())),
        ("claims", claims),
    ];
    parameters.extend(optional.into_iter().filter_map(|(name, value)| value.map(|value| (name, value))));
    for (name, value) in &options.extra {
        // What one sign-in asks for goes before what the settings ask of all.
        if !parameters.iter().any(|(taken, _)| taken == name) {
            parameters.push((name, value.clone()));
        }
    }

    let mut url = metadata.authorization_endpoint().clone();
    url.query_pairs_mut().extend_pairs(&parameters);
    Ok((url, pending))
}

fn check(options: &SignInOptions) -> Result<(), SignInError> {
    let redirect_uri = &options.expected.redirect_uri;
    if !matches!(redirect_uri.scheme(), "https" | "http") || redirect_uri.fragment().is_some() {
        return Err(invalid("redirect_uri: expected http or https without a fragment"));
    }
    let texts = [
        ("login_hint", &options.login_hint),
        ("domain_hint", &options.domain_hint),
        ("ui_locales", &options.ui_locales),
        ("acrs", &options.expected.acrs),
    ];
    for (name, text) in texts {
        if let Some(text) = text
            && (text.is_empty() || text.len() > 2048 || text.chars().any(char::is_control))
        {
            return Err(invalid(format!("{name}: empty, long, or with control characters")));
        }
    }
    for (name, _) in &options.extra {
        if !SignInOptions::may_be_extra(name) {
            return Err(invalid(format!("`{}` cannot be an extra parameter", clean(name, 60))));
        }
    }
    Ok(())
}

/// The scopes in the order they are asked for, each once.
fn scope(configured: &[String], options: &SignInOptions) -> Result<String, SignInError> {
    let mut scopes: Vec<&str> = OPENID_SCOPES.to_vec();
    for scope in configured.iter().chain(&options.scopes) {
        if !is_scope(scope) {
            return Err(invalid(format!("scope: `{}` is not one", clean(scope, 60))));
        }
        if !scopes.contains(&scope.as_str()) {
            scopes.push(scope);
        }
    }
    Ok(scopes.join(" "))
}

/// RFC 6749 section 3.3: visible ASCII without `"` and `\`.
pub(crate) fn is_scope(scope: &str) -> bool {
    !scope.is_empty() && scope.bytes().all(|b| b.is_ascii_graphic() && b != b'"' && b != b'\\')
}

/// The claims request with the authentication context in it.
fn claims(options: &SignInOptions) -> Result<Option<String>, SignInError> {
    let mut claims = match &options.claims {
        None => json::Object::new(),
        Some(text) => {
            if text.len() > 8192 {
                return Err(invalid("claims: over 8 KiB"));
            }
            json::object(text.as_bytes()).map_err(|detail| invalid(format!("claims: {detail}")))?
        }
    };
    if let Some(context) = &options.expected.acrs {
        let id_token = claims.entry("id_token").or_insert_with(|| json!({}));
        let Value::Object(id_token) = id_token else {
            return Err(invalid("claims: `id_token` is not an object"));
        };
        id_token.insert("acrs".to_owned(), json!({ "essential": true, "value": context }));
    }
    Ok((!claims.is_empty()).then(|| Value::Object(claims).to_string()))
}

fn invalid(detail: impl AsRef<str>) -> SignInError {
    SignInError::new(SignInErrorKind::OptionInvalid, detail)
}
