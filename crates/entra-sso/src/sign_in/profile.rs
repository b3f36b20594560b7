//! The profile of who signs in, from Graph as far as it is asked.

use entra_oidc::{Identity, TokenSet};

use crate::{
    context::Context,
    profile::Profile,
    provider::Provider,
    settings::ProfileSource,
    users::{Picture, User},
};

/// Claims first; Graph, `/me` and photo at the same time, only where its answer is used: for a new user, with
/// `always_update_user_data`, or when a rule looks at addresses. A Graph that does not answer breaks nothing here.
pub(crate) async fn fetch(
    context: &Context,
    provider: &Provider,
    identity: &Identity,
    tokens: &TokenSet,
    known: Option<&User>,
) -> Profile {
    let settings = &context.settings;
    let mut profile = Profile::of_claims(identity.claims());
    let used = known.is_none() || settings.always_update_user_data || context.admission.look_at_graph();
    let graph = provider.client().graph().filter(|_| used && settings.profile_source == ProfileSource::Graph);
    let Some(graph) = graph else { return profile };
    let answer = graph.profile(tokens).await;
    match answer.me {
        Ok(me) if me.belongs_to(identity) => profile.take_graph(me),
        Ok(_) => profile.missing = Some("Graph's id is not the token's oid".to_owned()),
        Err(error) => profile.missing = Some(error.to_string()),
    }
    match answer.photo {
        Ok(photo) if profile.missing.is_none() => {
            profile.picture = photo.and_then(|photo| Picture::new(photo.content_type, photo.bytes));
        }
        Ok(_) => {}
        Err(error) => tracing::info!("the picture did not come, and the sign-in goes on: {error}"),
    }
    if let Some(missing) = &profile.missing {
        tracing::warn!("the profile did not come from Graph, the claims have to do: {missing}");
    }
    profile
}
