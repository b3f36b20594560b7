//! One refresh: a session's refresh token becomes new tokens, which are stored, or the session ends.

use std::time::Duration;

use entra_oidc::{AccountKey, Identity, Refreshed, Secret, SignInError, Timestamp, TokenSet};
use serde_json::{Map, Value};

use crate::{
    audit,
    context::Context,
    provider::Provider,
    refreshes::{
        access_token::AccessToken,
        failure::Failure,
        wanted::{Standing, Wanted},
    },
    roles::Roles,
    session::{SessionId, data::SessionData, sessions::Loaded, store::Replaced, tokens::SessionTokens},
    sign_in::roles,
    store_error::StoreError,
    users::{Grant, GrantChange, Updated, User, UserUpdate},
};

/// So often the record is read again when other replicas are faster.
const ROUNDS: usize = 4;
/// So often a store is asked to keep what came.
const WRITES: usize = 4;
/// After a failure nobody asks again for so long, unless Microsoft says how long.
pub(super) const PAUSE: Duration = Duration::from_secs(30);

/// A token that is not due: the record's own, when somebody was faster, or a new one.
pub(super) async fn refresh(context: &Context, id: &SessionId, wanted: &Wanted) -> Result<AccessToken, Failure> {
    let mut refused: Option<(Secret, SignInError)> = None;
    for _ in 0..ROUNDS {
        let now = context.clock.now();
        let loaded = context.sessions.load(id, now).await?.ok_or(Failure::SignedOut)?;
        let tokens = loaded.data().tokens.as_ref().ok_or(Failure::Missing)?;
        if let Standing::Fresh(token) = wanted.standing(tokens, now) {
            return Ok(token);
        }
        let owner = &loaded.data().owner;
        let provider = context.sites.all().find_map(|site| site.provider_of(owner)).ok_or(Failure::SignedOut)?;
        let main = tokens.main().tokens();
        let refresh_token = main.refresh_token().ok_or(Failure::Over)?;
        if let Some((_, error)) = refused.take_if(|(refused, _)| refused.expose() == refresh_token.expose()) {
            return Err(match wanted {
                Wanted::SignIn => end(context, id, &loaded).await?,
                Wanted::Api(_) => of_api(context, id, provider, loaded, error).await?,
            });
        }
        match redeem(provider, main, wanted).await {
            Ok(refreshed) => return keep(context, id, provider, loaded, wanted, refreshed).await,
            Err(error) if Failure::ends_the_sign_in(&error) => {
                tracing::info!("a refresh token is refused, the session is read once more: {error}");
                refused = Some((refresh_token.clone(), error));
            }
            Err(error) => return Err(Failure::Protocol(error)),
        }
    }
    Err(Failure::SignedOut)
}

/// An API can refuse somebody with the word for a grant that is over (AADSTS50105). Whether it is, the sign-in's own refresh
/// tells.
async fn of_api(
    context: &Context,
    id: &SessionId,
    provider: &Provider,
    loaded: Loaded,
    error: SignInError,
) -> Result<Failure, Failure> {
    let tokens = loaded.data().tokens.clone().ok_or(Failure::Missing)?;
    match redeem(provider, tokens.main().tokens(), &Wanted::SignIn).await {
        Ok(refreshed) => {
            keep(context, id, provider, loaded, &Wanted::SignIn, refreshed).await?;
            Ok(Failure::Protocol(error))
        }
        Err(error) if Failure::ends_the_sign_in(&error) => end(context, id, &loaded).await,
        Err(error) => Ok(Failure::Protocol(error)),
    }
}

async fn redeem(provider: &Provider, tokens: &TokenSet, wanted: &Wanted) -> Result<Refreshed, SignInError> {
    let client = provider.client();
    match wanted {
        Wanted::SignIn => client.refresh(tokens).await,
        Wanted::Api(scopes) => client.refresh_for(tokens, &scopes.split(' ').collect::<Vec<_>>()).await,
    }
}

/// The sign-in at the authority is over, and so is the session.
async fn end(context: &Context, id: &SessionId, loaded: &Loaded) -> Result<Failure, Failure> {
    context.sessions.end(id).await?;
    audit::session_ended(&loaded.data().user.id, &loaded.data().owner, "refresh_refused");
    Ok(Failure::SignedOut)
}

/// Stores what came, beside whatever else has become of the session meanwhile. A session that has ended stays away (K14).
async fn keep(
    context: &Context,
    id: &SessionId,
    provider: &Provider,
    mut loaded: Loaded,
    wanted: &Wanted,
    refreshed: Refreshed,
) -> Result<AccessToken, Failure> {
    let token = AccessToken::of(&refreshed.tokens).ok_or(Failure::Missing)?;
    let news = match (&refreshed.identity, wanted) {
        (Some(identity), Wanted::SignIn) => Some(News::of(provider, identity, &refreshed.tokens).await),
        _ => None,
    };
    let mut unstored = Failure::SignedOut;
    for _ in 0..WRITES {
        let mut data = SessionData::clone(loaded.data());
        let now = context.clock.now();
        put(data.tokens.as_mut().ok_or(Failure::SignedOut)?, wanted, &refreshed.tokens, now);
        if let Some(news) = &news {
            news.write(&mut data);
        }
        match context.sessions.replace(&loaded, data).await {
            Ok(Replaced::Yes) => {
                if let Some(news) = news {
                    news.permit(context, &loaded.data().user).await;
                }
                return Ok(token);
            }
            Ok(Replaced::Gone) => return Err(Failure::SignedOut),
            Ok(Replaced::Conflict) => {
                loaded = context.sessions.load(id, now).await?.ok_or(Failure::SignedOut)?;
            }
            // The new refresh token is worth another try.
            Err(error) => unstored = error.into(),
        }
    }
    Err(unstored)
}

fn put(kept: &mut SessionTokens, wanted: &Wanted, tokens: &TokenSet, now: Timestamp) {
    match wanted {
        Wanted::SignIn => kept.renew(tokens.clone(), now),
        Wanted::Api(scopes) => kept.add(scopes, tokens, now),
    }
}

/// What a refreshed ID token changes (K9).
struct News {
    account: AccountKey,
    claims: Map<String, Value>,
    roles: Roles,
}

impl News {
    async fn of(provider: &Provider, identity: &Identity, tokens: &TokenSet) -> News {
        let claims = identity.claims().iter().map(|(name, value)| (name.to_owned(), value.clone())).collect();
        News { account: identity.account().clone(), claims, roles: roles::fetch(provider, identity, tokens).await }
    }

    fn write(&self, data: &mut SessionData) {
        data.claims.clone_from(&self.claims);
        data.roles.clone_from(&self.roles);
    }

    /// Gives and takes what `role_map` says of the roles now. A user whom a backend chose in place of the account's own
    /// keeps what he has.
    async fn permit(&self, context: &Context, user: &User) {
        let given = context.people.by_roles(&self.roles);
        let is_own = user.account.as_ref().is_some_and(|account| account.key == self.account);
        let held = [user.staff, user.superuser].map(|grants| grants.contains(Grant::Role));
        if !is_own || held == [given.staff, given.superuser] {
            return;
        }
        let mut update = UserUpdate::of(user.id.clone());
        update.staff = GrantChange::set(Grant::Role, given.staff);
        update.superuser = GrantChange::set(Grant::Role, given.superuser);
        if let Err(error) = store(context, update).await {
            tracing::error!(user = user.id.as_str(), "what role_map gives now could not be stored: {error}");
        }
    }
}

/// His sessions, this one among them, see it with their next request.
async fn store(context: &Context, update: UserUpdate) -> Result<(), StoreError> {
    if let Updated::Yes(user) = context.users.update(update).await? {
        audit::permissions(&user);
        context.sessions.recheck_user(&user.id).await?;
    }
    Ok(())
}
