//! The roles and groups of who signs in, from the token, or from Graph when there are more groups than a token holds.

use entra_oidc::{Identity, TokenSet};

use crate::{provider::Provider, roles::Roles};

/// What the token says, and what the configured Graph says of the groups that it has no room for. The address that the
/// token names for them is never asked. Groups that cannot be read are groups that the user is not in (I7).
pub(crate) async fn fetch(provider: &Provider, identity: &Identity, tokens: &TokenSet) -> Roles {
    let client = provider.client();
    let roles = Roles::of_token(client.authority(), identity.claims());
    if roles.is_complete() {
        return roles;
    }
    let Some(graph) = client.graph() else {
        tracing::warn!("the token has no room for the user's groups, and this authority has no Microsoft Graph");
        return roles;
    };
    match graph.member_objects(tokens).await {
        Ok(groups) => roles.with_groups(groups),
        Err(error) => {
            let remedy = format!("{} Asking for groups needs `User.Read` in `scopes`.", error.entry().remedy);
            tracing::warn!(remedy, "the token has no room for the user's groups, and Graph did not tell them: {error}");
            roles
        }
    }
}
