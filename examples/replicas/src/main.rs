//! Several processes of one application: users in PostgreSQL, sessions in Redis, any number of replicas behind a balancer.
//!
//! This is what a production application looks like. A replica keeps nothing of its own, so that a sign-in may begin at one of
//! them, come back to another, and be used at a third; one may be replaced while users work; and a store that is away for a
//! moment costs pages that say so (503), never somebody's session.
//!
//! 1. Settings come from the environment (`MICROSOFT_SSO_…`); `docs/operations.md` says which of them matter here. What this
//!    application adds is in `environment.rs`.
//! 2. `secret_keys` is the same everywhere: what one replica seals, all open.
//! 3. `/health/live`, `/health/ready` and `/health/stores` are for who looks after replicas, and need no session.
//! 4. After SIGTERM `/health/ready` says 503; then nobody is let in any more, the requests under way are finished, and the process
//!    ends, within bounds of time.
//! 5. Metrics are at `MICROSOFT_SSO_METRICS_LISTEN`, on a listener of their own.

#![forbid(unsafe_code)]

mod environment;
mod health;
mod pages;
mod stop;

use std::error::Error;

use axum::{Router, http::HeaderValue, response::Response, routing::get};
use entra_sso::{EntraSso, Settings};
use entra_sso_redis::RedisStore;
use entra_sso_sqlx::PostgresStore;
use tokio::net::TcpListener;
use tracing_subscriber::EnvFilter;

use self::{environment::Environment, stop::Stop};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let environment = Environment::read()?;
    tracing_subscriber::fmt().with_env_filter(EnvFilter::new(&environment.log)).with_ansi(false).init();
    // Before anything that takes time: whoever stops a process that is still starting is heard.
    let stop = Stop::on_sigterm()?;
    let sso = sso(Settings::from_env()?).await?;
    let metrics = sso.serve_metrics().await?;
    // Last, so that nobody is let in before there is somebody to answer.
    let listener = TcpListener::bind(environment.listen).await?;
    tracing::info!(address = %listener.local_addr()?, "listening");
    let app = app(&sso, &stop, &environment.replica)?;
    stop.serve(listener, app, environment.patience).await?;
    // A refresh runs beside the requests. What it brings has to reach the store: the token before it may be good no more.
    sso.shutdown().await;
    if let Some(metrics) = metrics {
        metrics.stop().await;
    }
    tracing::info!("stopped");
    Ok(())
}

/// Sign-in with the stores that the settings name. A store that does not answer now ends the process, with its name in the
/// error: who starts replicas starts another one.
async fn sso(settings: Settings) -> Result<EntraSso, Box<dyn Error>> {
    let database = settings.database_url.as_ref().ok_or("MICROSOFT_SSO_DATABASE_URL is not set")?;
    let database = PostgresStore::open(database.expose()).await?;
    let redis = match &settings.redis_url {
        Some(url) => Some(RedisStore::open(url.expose()).await?),
        None => None,
    };
    // Users are the database's. Where sessions are, `session_store` decides: without it they are in Redis, when there is one.
    let builder = EntraSso::builder(settings).managed_users(database.clone()).database(database);
    Ok(match redis {
        Some(redis) => builder.redis(redis).build()?,
        None => builder.build()?,
    })
}

fn app(sso: &EntraSso, stop: &Stop, replica: &str) -> Result<Router, Box<dyn Error>> {
    let replica = HeaderValue::from_str(replica)?;
    let name = move |mut answer: Response| {
        answer.headers_mut().insert("x-replica", replica.clone());
        async { answer }
    };
    Ok(Router::new()
        .route("/", get(pages::home))
        .route("/private", get(pages::private))
        .route("/profile", get(pages::profile))
        .merge(health::routes(sso, stop))
        .merge(sso.routes())
        .layer(sso.layer())
        // Which replica answered: for who reads logs, and for the tests of this example.
        .layer(axum::middleware::map_response(name)))
}
