//! Requests to the token endpoint
//! (<https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow#redeem-a-code-for-an-access-token>).
//! Sent once, never again: a code is good for one redemption, and a second try could look like a theft.

use bytes::Bytes;
use http::{
    HeaderMap, HeaderValue, Method, Request,
    header::{ACCEPT, CONTENT_TYPE},
};
use url::{Url, form_urlencoded::Serializer};

use crate::{
    app::{ClientId, ClientProof},
    error::{SignInError, SignInErrorKind},
    http_client::Endpoint,
    secret::Secret,
    sign_in::{AuthorizationCode, PendingSignIn},
};

/// What is redeemed.
pub(crate) enum Grant<'a> {
    Code {
        code: &'a AuthorizationCode,
        pending: &'a PendingSignIn,
    },
    /// `scope`: what the new access token is for; where nothing is said, what the old one was for.
    Refresh {
        token: &'a Secret,
        scope: Option<&'a str>,
    },
    Application {
        scope: &'a str,
    },
}

impl Grant<'_> {
    /// What nobody may read in it.
    pub(crate) fn secrets(&self) -> Vec<Secret> {
        match self {
            Self::Code { code, pending } => vec![code.code().clone(), Secret::new(pending.code_verifier().expose())],
            Self::Refresh { token, .. } => vec![(*token).clone()],
            Self::Application { .. } => Vec::new(),
        }
    }

    /// What the request itself says the token is for.
    fn scope(&self) -> Option<&str> {
        match self {
            Self::Code { .. } => None,
            Self::Refresh { scope, .. } => *scope,
            Self::Application { scope } => Some(scope),
        }
    }
}

/// The request for `grant`, in the name of the application. Pure: the proof has been made before. `resource` is what v1
/// endpoints want with every grant, in place of scopes.
pub(crate) fn token_request(
    endpoint: &Url,
    client_id: &ClientId,
    proof: &ClientProof,
    grant: &Grant<'_>,
    resource: Option<&str>,
) -> Result<Request<Bytes>, SignInError> {
    let mut headers = HeaderMap::new();
    headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/x-www-form-urlencoded"));

    let mut form = Serializer::new(String::new());
    match grant {
        Grant::Code { code, pending } => {
            form.append_pair("grant_type", "authorization_code")
                .append_pair("code", code.code().expose())
                .append_pair("redirect_uri", pending.expected().redirect_uri.as_str())
                .append_pair("code_verifier", pending.code_verifier().expose());
        }
        Grant::Refresh { token, .. } => {
            form.append_pair("grant_type", "refresh_token").append_pair("refresh_token", token.expose());
        }
        Grant::Application { .. } => {
            form.append_pair("grant_type", "client_credentials");
        }
    }
    match (grant.scope(), resource) {
        (Some(scope), None) => form.append_pair("scope", scope),
        (Some(scope), Some(_)) => form.append_pair("resource", scope.strip_suffix("/.default").unwrap_or(scope)),
        (None, Some(resource)) => form.append_pair("resource", resource),
        (None, None) => &mut form,
    };
    proof.write(client_id, &mut form, &mut headers);

    let mut request = Request::new(Bytes::from(form.finish()));
    *request.method_mut() = Method::POST;
    *request.uri_mut() = endpoint.as_str().parse().map_err(|_| {
        SignInError::new(SignInErrorKind::MetadataInvalid, "the token endpoint is not an address for HTTP")
    })?;
    *request.headers_mut() = headers;
    request.extensions_mut().insert(Endpoint::Token);
    Ok(request)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{app::ClientSecret, guid::Guid};

    fn form(grant: &Grant<'_>, resource: Option<&str>) -> String {
        let endpoint = Url::parse("https://login.microsoftonline.com/t/oauth2/token").unwrap();
        let proof = ClientProof::Secret(ClientSecret::basic("s"));
        let id = ClientId::from(Guid::PERSONAL_ACCOUNTS);
        let request = token_request(&endpoint, &id, &proof, grant, resource).unwrap();
        String::from_utf8(request.into_body().to_vec()).unwrap()
    }

    #[test]
    fn v1_endpoints_are_asked_for_a_resource_in_place_of_scopes() {
        let token = Secret::new("rt");
        let graph = Some("https://graph.microsoft.com");
        let refresh = |scope| Grant::Refresh { token: &token, scope };
        for (grant, resource, expected) in [
            (refresh(None), None, "grant_type=refresh_token&refresh_token=rt"),
            (refresh(Some("a b")), None, "grant_type=refresh_token&refresh_token=rt&scope=a+b"),
            (
                refresh(None),
                graph,
                "grant_type=refresh_token&refresh_token=rt&resource=https%3A%2F%2Fgraph.microsoft.com",
            ),
            (refresh(Some("x/.default")), graph, "grant_type=refresh_token&refresh_token=rt&resource=x"),
            (Grant::Application { scope: "x/.default" }, None, "grant_type=client_credentials&scope=x%2F.default"),
            (Grant::Application { scope: "x/.default" }, graph, "grant_type=client_credentials&resource=x"),
            (Grant::Application { scope: "x" }, graph, "grant_type=client_credentials&resource=x"),
        ] {
            assert_eq!(form(&grant, resource), expected);
        }
    }
}
