//! One refresh: a session's refresh token becomes new tokens, which are stored, or the session ends.

use std::time::Duration;

use entra_oidc::{AccountKey, Identity, Refreshed, SignInError, Timestamp, TokenSet};
use serde_json::{Map, Value};
use tokio::time::{MissedTickBehavior, interval};

use super::lease::{Lease, TO_WRITE};
use crate::{
    audit,
    context::Context,
    metrics::labels::Ended,
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
/// So often a store is asked to keep what came, a moment apart: one that is restarted is back by then.
const WRITES: usize = 24;
const BETWEEN_WRITES: Duration = Duration::from_millis(250);
/// After a failure nobody asks again for so long, unless Microsoft says how long.
pub(super) const PAUSE: Duration = Duration::from_secs(30);

/// A token that is not due: the record's own, when somebody was faster, or a new one.
pub(super) async fn refresh(context: &Context, id: &SessionId, wanted: &Wanted) -> Result<AccessToken, Failure> {
    let mut refused: Option<(Lease, SignInError)> = None;
    for _ in 0..ROUNDS {
        let now = context.clock.now();
        let loaded = context.sessions.load(id, now).await?.ok_or(Failure::SignedOut)?;
        let tokens = loaded.data().tokens.as_ref().ok_or(Failure::Missing)?;
        let standing = wanted.standing(tokens, now);
        if let Standing::Fresh(token) = standing {
            return Ok(token);
        }
        let owner = &loaded.data().owner;
        let provider = context.sites.all().find_map(|site| site.provider_of(owner)).ok_or(Failure::SignedOut)?;
        let main = tokens.main().tokens();
        let refresh_token = main.refresh_token().ok_or(Failure::Over)?;
        if let Some((lease, error)) = refused.take_if(|(lease, _)| lease.is_for(refresh_token)) {
            return Err(match wanted {
                Wanted::SignIn => end(context, id, &loaded).await?,
                Wanted::Api(_) => of_api(context, id, provider, loaded, lease, error).await?,
            });
        }
        let lease = match (Lease::take(context, refresh_token).await?, standing) {
            (Some(lease), _) => lease,
            // Another replica is at it. Nobody waits for it with a token that is good.
            (None, Standing::Due(token)) => return Ok(token),
            (None, _) => match Lease::wait(context, id, tokens).await? {
                Some(lease) => lease,
                None => continue,
            },
        };
        match redeem(provider, main, wanted).await {
            Ok(refreshed) => return keep(context, id, provider, loaded, wanted, refreshed, lease).await,
            Err(error) if Failure::ends_the_sign_in(&error) => {
                tracing::info!("a refresh token is refused, the session is read once more: {error}");
                refused = Some((lease, error));
            }
            Err(error) => {
                lease.give_back(context).await;
                return Err(Failure::Protocol(error));
            }
        }
    }
    Err(Failure::Store("other replicas are faster each time, and what they store is not what is wanted".to_owned()))
}

/// An API can refuse somebody with the word for a grant that is over (AADSTS50105). Whether it is, the sign-in's own refresh
/// tells.
async fn of_api(
    context: &Context,
    id: &SessionId,
    provider: &Provider,
    loaded: Loaded,
    lease: Lease,
    error: SignInError,
) -> Result<Failure, Failure> {
    let tokens = loaded.data().tokens.clone().ok_or(Failure::Missing)?;
    match redeem(provider, tokens.main().tokens(), &Wanted::SignIn).await {
        Ok(refreshed) => {
            keep(context, id, provider, loaded, &Wanted::SignIn, refreshed, lease).await?;
            Ok(Failure::Protocol(error))
        }
        Err(error) if Failure::ends_the_sign_in(&error) => end(context, id, &loaded).await,
        Err(error) => {
            lease.give_back(context).await;
            Ok(Failure::Protocol(error))
        }
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
    if context.sessions.end(id).await? {
        audit::session_ended(&loaded.data().user.id, &loaded.data().owner, Ended::RefreshRefused);
    }
    Ok(Failure::SignedOut)
}

/// Stores what came. A refresh token that stayed the same is then the next one's to use.
async fn keep(
    context: &Context,
    id: &SessionId,
    provider: &Provider,
    loaded: Loaded,
    wanted: &Wanted,
    refreshed: Refreshed,
    lease: Lease,
) -> Result<AccessToken, Failure> {
    let is_used_up = lease.is_used_up(&refreshed.tokens);
    let kept = write_down(context, id, provider, loaded, wanted, refreshed).await;
    if !is_used_up {
        lease.give_back(context).await;
    }
    kept
}

/// Stores it beside whatever else has become of the session meanwhile. A session that has ended stays away (K14).
async fn write_down(
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
    let mut write = interval(BETWEEN_WRITES);
    write.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut unstored = Failure::SignedOut;
    let until = context.clock.now().plus(TO_WRITE);
    for _ in 0..WRITES {
        write.tick().await;
        if context.clock.now() > until {
            break;
        }
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
            Ok(Replaced::Conflict) => match context.sessions.load(id, now).await {
                Ok(again) => loaded = again.ok_or(Failure::SignedOut)?,
                Err(error) => unstored = Failure::unstored(&error),
            },
            // The new refresh token is worth another try.
            Err(error) => unstored = Failure::unstored(&error),
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
    id_token: Option<String>,
    roles: Roles,
}

impl News {
    async fn of(provider: &Provider, identity: &Identity, tokens: &TokenSet) -> News {
        let claims = identity.claims().iter().map(|(name, value)| (name.to_owned(), value.clone())).collect();
        let id_token = identity.id_token().map(|token| token.expose().to_owned());
        News {
            account: identity.account().clone(),
            claims,
            id_token,
            roles: roles::fetch(provider, identity, tokens).await,
        }
    }

    fn write(&self, data: &mut SessionData) {
        data.claims.clone_from(&self.claims);
        data.id_token.clone_from(&self.id_token);
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
