//! From a verified identity to the user who is signed in: the order of a sign-in.
//!
//! 1. the profile, from Graph only where its answer is used; roles; the rules about who may enter
//! 2. [`pre_validate`](crate::hooks::SignInHooks::pre_validate)
//! 3. the account's user: known, prepared and linked now, or created behind
//!    [`pre_create`](crate::hooks::SignInHooks::pre_create)
//! 4. [`pre_login`](crate::hooks::SignInHooks::pre_login), then the authentication backend, which names the final user
//! 5. is the final user active?
//! 6. one update of him: permissions, what Microsoft sent, the time
//!
//! Whoever refuses, at whichever step: no permission, session or token is left behind. No hook runs inside a step of a store.

use entra_oidc::{Identity, TokenSet};
use http::request::Parts;

use crate::{
    catalogue::Catalogue,
    errors::RefusalKind,
    hooks::{Login, SigningIn},
    next_url::NextUrl,
    provider::Provider,
    refusal::Refusal,
    roles::Roles,
    sign_in::{
        arrival::Arrival,
        begin::Start,
        hooks::Hooks,
        permissions, profile,
        provision::{self, Found, Origin},
        renewal, roles, update,
    },
    site::Site,
    users::{User, UserLookup},
    visit::Visit,
};

/// Somebody for whom a session may begin. Only [`accept`] makes one.
pub(crate) struct Accepted {
    pub(crate) identity: Identity,
    pub(crate) tokens: TokenSet,
    pub(crate) user: User,
    /// Whether the user was created by this sign-in.
    pub(crate) new: bool,
    /// The authentication backend that chose the user.
    pub(crate) backend: Option<String>,
    /// Staff in this session, by the list of its site.
    pub(crate) site_staff: bool,
    pub(crate) roles: Roles,
    /// The step-up that began it.
    pub(crate) answers: Option<u64>,
}

/// How a sign-in ends that nothing refused.
pub(crate) enum Outcome {
    /// In a session.
    Accepted(Box<Accepted>),
    /// A hook leads elsewhere, without a session.
    Elsewhere(NextUrl),
}

/// # Errors
/// The first rule, hook or store that does not let the sign-in go on.
pub(crate) async fn accept(
    visit: &Visit,
    parts: &Parts,
    provider: &Provider,
    start: &Start,
    (identity, tokens): (Identity, TokenSet),
) -> Result<Outcome, Refusal> {
    let (context, site) = (visit.context(), visit.site(parts)?);
    visit.is_by(identity.account());
    let known = provision::known(context, &identity).await?;
    if let Some(user) = &known {
        visit.is_of(&user.id);
    }
    let renew = context.settings.always_update_user_data || start.trail.edited;
    let profile = profile::fetch(context, site, provider, (&identity, &tokens), known.as_ref(), renew).await?;
    let roles = roles::fetch(provider, &identity, &tokens).await;
    let admitted = site.admission.judge(provider, identity, profile)?;

    let signing_in = SigningIn {
        identity: admitted.identity(),
        tokens: &tokens,
        request: parts,
        site: site.name(),
        next: start.next.as_str(),
        graph: provider.client().graph(),
    };
    let main = context.sites.default().main();
    let arrival = Arrival {
        context,
        site,
        provider,
        admitted: &admitted,
        roles: &roles,
        standing: context.people.standing(main, admitted.identity(), admitted.profile()),
        hooks: Hooks::new(context, signing_in),
        renew,
    };
    arrival.hooks.pre_validate().await?;
    let found = provision::find_or_create(&arrival, known).await?;
    let (new, own) = (found.origin == Origin::New, found.user.id.clone());
    let user = match sign_in_user(&arrival, found).await? {
        Chosen::User(user) => *user,
        Chosen::Elsewhere(path) => return Ok(Outcome::Elsewhere(path)),
    };
    let site_staff = user.id == own && permissions::is_site_staff(&arrival);
    drop(arrival);
    Ok(Outcome::Accepted(Box::new(Accepted {
        identity: admitted.into_identity(),
        tokens,
        user,
        new,
        backend: context.backend.as_ref().map(|backend| backend.name().to_owned()),
        site_staff,
        roles,
        answers: start.trail.asked,
    })))
}

enum Chosen {
    User(Box<User>),
    Elsewhere(NextUrl),
}

/// Steps 4 to 6: the hook and the backend say who it is, then he is brought up to date, if he may enter.
async fn sign_in_user(arrival: &Arrival<'_>, found: Found) -> Result<Chosen, Refusal> {
    let renewed = renewal::of(arrival, &found);
    let stored = found.user;
    let mut before = stored.clone();
    renewed.apply_to(&mut before);

    let mut user = before.clone();
    if let Login::Redirect(path) = arrival.hooks.pre_login(&mut user).await? {
        return elsewhere(arrival, &path).map(Chosen::Elsewhere);
    }
    // A hook changes the user; who it is, is for the backend to say.
    user.id.clone_from(&stored.id);
    let chosen = arrival.hooks.authenticate(user).await?;
    if chosen.id != stored.id {
        let another = active(arrival.context.users.find(UserLookup::Id(chosen.id.clone())).await?, &chosen)?;
        return update::note_login(arrival, &another).await.map(|user| Chosen::User(Box::new(user)));
    }
    if !chosen.is_active {
        update::note_deactivation(arrival, &stored).await?;
        return Err(RefusalKind::UserInactive.into());
    }
    let change = update::with_changes(renewed, &before, &chosen);
    let user = update::store(arrival, &stored, permissions::add_to(change, arrival)).await?;
    Ok(Chosen::User(Box::new(user)))
}

/// Another user than the account's own: as the store has him.
fn active(stored: Option<User>, chosen: &User) -> Result<User, Refusal> {
    let user = stored.ok_or_else(|| {
        Refusal::new(RefusalKind::BackendUserUnknown, format!("expected a user of the store, got {}", chosen.id))
    })?;
    if user.is_active && chosen.is_active { Ok(user) } else { Err(RefusalKind::UserInactive.into()) }
}

/// A hook leads as far as a link does: to a path on this site, outside our own.
fn elsewhere(arrival: &Arrival<'_>, path: &str) -> Result<NextUrl, Refusal> {
    NextUrl::parse(path, &arrival.context.settings.prefix).ok_or_else(|| {
        let shown: String = path.chars().take(80).collect();
        Refusal::new(RefusalKind::HookFailed, format!("pre_login leads to {shown:?}, which is no path on this site"))
    })
}

impl Accepted {
    /// Tells the application, once the session has begun.
    ///
    /// # Errors
    /// A request that names no site of ours.
    pub(crate) async fn tell(
        &self,
        visit: &Visit,
        parts: &Parts,
        provider: &Provider,
        next: &NextUrl,
    ) -> Result<(), Refusal> {
        let signing_in = SigningIn {
            identity: &self.identity,
            tokens: &self.tokens,
            request: parts,
            site: visit.site(parts)?.name(),
            next: next.as_str(),
            graph: provider.client().graph(),
        };
        Hooks::new(visit.context(), signing_in).signed_in(&self.user).await;
        Ok(())
    }

    pub(crate) fn welcome(&self, language: &Catalogue) -> String {
        language.text("welcome", &[("name", &self.user.full_name())])
    }

    /// Where the user goes: a new one to `new_user_redirect_url`, if there is one.
    pub(crate) fn landing(&self, site: &Site, next: NextUrl) -> NextUrl {
        site.new_user_home.clone().filter(|_| self.new).unwrap_or(next)
    }
}
