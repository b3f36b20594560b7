//! Who the user is, for showing: from the claims, and from Graph as far as it is asked.

use entra_oidc::{Claims, GraphProfile, Identity, TokenSet};

use crate::{
    context::Context,
    settings::ProfileSource,
    site::Site,
    users::{Picture, User},
};

/// What Microsoft sent of a user. A blank value counts as not sent.
#[derive(Debug, Default)]
pub(crate) struct Profile {
    pub(crate) user_principal_name: Option<String>,
    pub(crate) email: Option<String>,
    /// Graph's `mail`, which can be a trusted address where the token's `email` is not there.
    pub(crate) graph_mail: Option<String>,
    /// Graph's `userPrincipalName`.
    pub(crate) graph_upn: Option<String>,
    pub(crate) first_name: Option<String>,
    pub(crate) last_name: Option<String>,
    pub(crate) locale: Option<String>,
    pub(crate) picture: Option<Picture>,
    /// Why Graph, which was asked, did not give the profile.
    pub(crate) missing: Option<String>,
}

/// Claims first; Graph, `/me` and photo at the same time, only where its answer is used: for a new user, with
/// `always_update_user_data`, or when a rule looks at addresses. A Graph that does not answer breaks nothing here.
pub(crate) async fn gather(
    context: &Context,
    site: &Site,
    identity: &Identity,
    tokens: &TokenSet,
    known: Option<&User>,
) -> Profile {
    let settings = &context.settings;
    let mut profile = of_claims(identity.claims());
    let used = known.is_none() || settings.always_update_user_data || context.admission.ask_for_address();
    let graph = site.client.graph().filter(|_| used && settings.profile_source == ProfileSource::Graph);
    let Some(graph) = graph else { return profile };
    let answer = graph.profile(tokens).await;
    match answer.me {
        Ok(me) if me.belongs_to(identity) => profile.take_graph(me),
        Ok(_) => profile.missing = Some("Graph's id is not the token's oid".to_owned()),
        Err(error) => profile.missing = Some(error.to_string()),
    }
    match answer.photo {
        Ok(photo) if profile.missing.is_none() => {
            profile.picture = photo.and_then(|photo| Picture::new(photo.content_type, photo.bytes))
        }
        Ok(_) => {}
        Err(error) => tracing::info!("the picture did not come, and the sign-in goes on: {error}"),
    }
    if let Some(missing) = &profile.missing {
        tracing::warn!("the profile did not come from Graph, the claims have to do: {missing}");
    }
    profile
}

fn of_claims(claims: &Claims) -> Profile {
    let text = |name: &str| claims.str(name).and_then(sent);
    let (first_name, last_name) = match (text("given_name"), text("family_name")) {
        (None, None) => claims.name().and_then(sent).map_or((None, None), |name| split(&name)),
        names => names,
    };
    Profile {
        user_principal_name: claims.upn().and_then(sent),
        email: claims.email().and_then(sent).map(|email| email.to_lowercase()),
        first_name,
        last_name,
        ..Profile::default()
    }
}

impl Profile {
    fn take_graph(&mut self, me: GraphProfile) {
        let sent = |value: Option<String>| value.as_deref().and_then(sent);
        self.graph_mail = sent(me.mail).map(|mail| mail.to_lowercase());
        self.email = self.graph_mail.clone().or_else(|| self.email.take());
        self.graph_upn = sent(me.user_principal_name);
        self.user_principal_name = self.graph_upn.clone().or_else(|| self.user_principal_name.take());
        self.first_name = sent(me.given_name).or_else(|| self.first_name.take());
        self.last_name = sent(me.surname).or_else(|| self.last_name.take());
        self.locale = sent(me.preferred_language);
    }
}

/// A value that says something, without the space around it, and no longer than anyone's name is.
fn sent(value: &str) -> Option<String> {
    const LONGEST: usize = 512;
    let value = value.trim();
    (!value.is_empty()).then(|| value.chars().filter(|letter| !letter.is_control()).take(LONGEST).collect())
}

/// "Adele Maria Vance" → "Adele Maria", "Vance".
fn split(name: &str) -> (Option<String>, Option<String>) {
    match name.rsplit_once(' ') {
        Some((first, last)) => (Some(first.trim_end().to_owned()), Some(last.to_owned())),
        None => (Some(name.to_owned()), None),
    }
}
