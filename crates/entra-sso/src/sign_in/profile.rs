//! The profile of who signs in, from Graph or the provider's `UserInfo` as far as they are asked.

use entra_oidc::{GraphAnswer, Identity, SignInErrorKind, TokenSet};

use crate::{
    context::Context,
    profile::Profile,
    provider::Provider,
    refusal::Refusal,
    settings::ProfileSource,
    site::Site,
    standing,
    users::{Picture, User},
};

/// Claims first; Graph, `/me` and photo at the same time, only where its answer is used: for a new user, with `renew`,
/// or when a rule looks at addresses; the photo only where it is kept. A provider without Graph is asked for `UserInfo`
/// instead. One that does not answer breaks nothing here.
///
/// # Errors
/// `UserInfo` of somebody else (T17).
pub(crate) async fn fetch(
    context: &Context,
    site: &Site,
    provider: &Provider,
    (identity, tokens): (&Identity, &TokenSet),
    known: Option<&User>,
    renew: bool,
) -> Result<Profile, Refusal> {
    let settings = &site.settings;
    let mut profile = Profile::of_claims(identity.claims());
    if settings.profile_source == ProfileSource::Claims {
        return Ok(profile);
    }
    let shown = known.is_none() || renew;
    match provider.client().graph() {
        Some(graph) if shown || decides(context, site, identity) => {
            let answer = if shown && context.settings.save_basic_microsoft_info {
                graph.profile(tokens).await
            } else {
                GraphAnswer::new(graph.me(tokens).await, Ok(None))
            };
            take(answer, identity, &mut profile);
        }
        None if shown && provider.client().authority().asks_user_info() => {
            of_user_info(provider, identity, tokens, &mut profile).await?;
        }
        _ => {}
    }
    Ok(profile)
}

/// Whether a rule looks at what Graph knows.
fn decides(context: &Context, site: &Site, identity: &Identity) -> bool {
    site.admission.look_at_graph()
        || context.people.look_at_graph(identity)
        || (site.staff.has_addresses() && standing::may_be_member(identity))
}

fn take(answer: GraphAnswer, identity: &Identity, profile: &mut Profile) {
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
}

async fn of_user_info(
    provider: &Provider,
    identity: &Identity,
    tokens: &TokenSet,
    profile: &mut Profile,
) -> Result<(), Refusal> {
    match provider.client().user_info(identity, tokens).await {
        Ok(user_info) => profile.take_user_info(&user_info),
        // Who mixes up people here may have mixed them up before.
        Err(error) if error.kind() == SignInErrorKind::UserInfoSubject => return Err(error.into()),
        Err(error) => tracing::warn!("the profile did not come from UserInfo, the claims have to do: {error}"),
    }
    Ok(())
}
