//! The stores that the settings name.

use entra_sso::settings::{CallbackCache, SessionStoreChoice, Settings};
use entra_sso_redis::RedisStore;
use entra_sso_sqlx::Database;

#[cfg(feature = "demo")]
use crate::failure::Failure;

/// Whether a store answers that the settings name; None: they name none.
pub(crate) type Answer = Option<Result<(), String>>;

/// What came of trying.
pub(crate) struct Tried {
    /// The store of sessions.
    pub(crate) sessions: Answer,
    /// The store of used sign-ins.
    pub(crate) callback_cache: Answer,
}

/// Goes to each store that the settings name. Nothing is made or changed there.
pub(crate) async fn try_all(settings: &Settings) -> Tried {
    let (mut redis, mut database) = (None, None);
    if let Some(url) = settings.redis_url.as_ref().filter(|_| needs_redis(settings)) {
        redis = Some(RedisStore::open(url.expose()).await.map(drop).map_err(|error| error.to_string()));
    }
    if let Some(url) = settings.database_url.as_ref().filter(|_| needs_database(settings)) {
        database = Some(Database::reach(url.expose()).await.map_err(|error| error.to_string()));
    }
    Tried {
        sessions: match settings.session_store {
            Some(SessionStoreChoice::Redis) => redis.clone(),
            Some(SessionStoreChoice::Database) => database.clone(),
            _ => None,
        },
        callback_cache: match settings.callback_cache_name {
            CallbackCache::Redis => redis,
            CallbackCache::Database => database,
            _ => None,
        },
    }
}

fn needs_redis(settings: &Settings) -> bool {
    settings.session_store == Some(SessionStoreChoice::Redis) || settings.callback_cache_name == CallbackCache::Redis
}

fn needs_database(settings: &Settings) -> bool {
    settings.session_store == Some(SessionStoreChoice::Database)
        || settings.callback_cache_name == CallbackCache::Database
}

/// Opens them for an application of the command's own.
#[cfg(feature = "demo")]
pub(crate) async fn open(settings: &Settings) -> Result<(Option<RedisStore>, Option<Database>), Failure> {
    let (mut redis, mut database) = (None, None);
    if let Some(url) = settings.redis_url.as_ref().filter(|_| needs_redis(settings)) {
        redis = Some(RedisStore::open(url.expose()).await.map_err(Failure::new)?);
    }
    if let Some(url) = settings.database_url.as_ref().filter(|_| needs_database(settings)) {
        database = Some(Database::open(url.expose()).await.map_err(Failure::new)?);
    }
    Ok((redis, database))
}
