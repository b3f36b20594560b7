//! A server that goes away in the middle: an idle connection is replaced, and what cannot be reached is an error of the store.

use std::time::{Duration, Instant};

use entra_sso::{
    StoreError,
    oidc::Timestamp,
    session::{
        Mark, Replaced, SessionBody, SessionKey, SessionQuery, SessionStore, SessionUpdate, StoredSession,
        UsedStates as _,
    },
    users::{NewUser, UserId, UserLookup, UserStore, UserUpdate},
};
use entra_sso_sqlx::{OpenErrorKind, PostgresStore};
use local_servers::{DurablePostgres, Postgres};
use tokio::{task::JoinSet, time::timeout};

/// More than the pool has connections.
const CROWD: u8 = 50;
/// "The store is not available" comes no later than this, two seconds and the machine's own time.
const SOON: Duration = Duration::from_secs(4);

#[tokio::test]
async fn a_lost_database_is_not_nobody() {
    let server = Postgres::shared();
    let url = server.database();
    let users = PostgresStore::open(&url).await.expect("opened");
    let id = new_user(&users, "adele").await.expect("created");
    let name = url.rsplit_once("localhost/").and_then(|(_, rest)| rest.split_once('?')).expect("a database").0;
    server.execute(&format!("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"));
    let found = UserStore::find(&users, UserLookup::Id(id.clone())).await.expect("over a new connection");
    assert!(found.is_some(), "he is there");

    server.execute(&format!("DROP DATABASE {name} WITH (FORCE)"));
    for _ in 0..2 {
        let error = UserStore::find(&users, UserLookup::Id(id.clone())).await.expect_err("the database is gone");
        assert_eq!(error.to_string(), "the store is not available", "{error:?}");
    }
}

/// Every connection of the pool is dead after it. Nobody notices, whatever he does first.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_server_that_was_killed_and_restarted_has_lost_nothing_and_nobody_notices() {
    let server = DurablePostgres::start();
    let store = PostgresStore::open(&server.database()).await.expect("opened");
    let id = new_user(&store, "adele").await.expect("created");
    let mut sessions = 0;
    for round in 0..6_u8 {
        in_a_crowd(&store, move |store, number| async move {
            SessionStore::create(&store, key(round, number), session()).await.expect("created before");
        })
        .await;
        sessions += usize::from(CROWD);
        server.kill();
        let slowest = while_it_is_away(&store, key(round, 0)).await;
        server.restart();

        let restarted = now();
        after_the_restart(&store, round, &id).await;
        if round == 4 {
            sessions += usize::from(CROWD);
        }
        println!(
            "round {round}: an answer while it was away after {slowest:?} at most; all served {:?} after the restart",
            restarted.elapsed()
        );
    }
    let kept = store.find_sessions().await;
    assert_eq!(kept, sessions, "sessions that were created, and are there");
    assert!(UserStore::find(&store, UserLookup::Id(id)).await.expect("found").is_some());
}

/// Who accepts a connection and says nothing is no reason to wait for long.
#[tokio::test]
async fn a_server_that_says_nothing_is_unreachable() {
    let silent = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("postgres://u:s3cret@{}/x", silent.local_addr().expect("bound"));
    let error = timeout(SOON, PostgresStore::open(&url)).await.expect("soon").expect_err("nobody answers");
    assert_eq!(error.kind(), OpenErrorKind::Unreachable, "{error:?}");
    assert!(!format!("{error} {error:?}").contains("s3cret"), "{error:?}");
}

/// Each round another call is the first one that meets the dead connections.
async fn after_the_restart(store: &PostgresStore, round: u8, id: &UserId) {
    match round {
        0 => {
            in_a_crowd(store, move |store, number| async move {
                assert!(store.load(&key(round, number)).await.expect("loaded").is_some(), "a lost session");
            })
            .await;
        }
        1 => {
            in_a_crowd(store, move |store, number| async move {
                let touch = SessionUpdate::Touch(deadline());
                assert_eq!(store.replace(&key(round, number), 0, touch).await.expect("touched"), Replaced::Yes);
            })
            .await;
        }
        2 => {
            in_a_crowd(store, move |store, number| async move {
                let body = SessionUpdate::Body(SessionBody::Sealed(vec![2].into()));
                assert_eq!(store.replace(&key(round, number), 0, body).await.expect("replaced"), Replaced::Yes);
            })
            .await;
        }
        3 => {
            in_a_crowd(store, move |store, number| async move {
                let marked = store.mark(*key(round, number).as_bytes(), deadline()).await;
                assert_eq!(marked.expect("marked"), Mark::First);
            })
            .await;
        }
        4 => {
            in_a_crowd(store, move |store, number| async move {
                SessionStore::create(&store, key(round, 100 + number), session()).await.expect("created after");
            })
            .await;
        }
        _ => {
            new_user(store, "megan").await.expect("created after");
            let mut update = UserUpdate::of(id.clone());
            update.last_login = Some(Timestamp::from_unix(7));
            assert!(store.update(update).await.expect("updated").into_user().is_some());
        }
    }
}

/// Every call says that the store is away, and says it soon. Gives the longest time that one took.
async fn while_it_is_away(store: &PostgresStore, key: SessionKey) -> Duration {
    let mut slowest = Duration::ZERO;
    let mut calls: JoinSet<(Duration, Option<StoreError>)> = JoinSet::new();
    for call in 0..40_u8 {
        let store = store.clone();
        calls.spawn(async move {
            let begun = now();
            let error = match call % 5 {
                0 => store.load(&key).await.err(),
                1 => store.replace(&key, 0, SessionUpdate::Recheck).await.err(),
                2 => store.mark([call; 32], deadline()).await.err(),
                3 => SessionStore::create(&store, SessionKey::from_bytes([call; 32]), session()).await.err(),
                _ => UserStore::find(&store, UserLookup::Id(UserId::new("a"))).await.err(),
            };
            (begun.elapsed(), error)
        });
    }
    for (took, error) in calls.join_all().await {
        let error = error.expect("the server is away, and a call was answered");
        assert_eq!(error.to_string(), "the store is not available", "{error:?}");
        slowest = slowest.max(took);
    }
    assert!(slowest < SOON, "an answer took {slowest:?}");
    slowest
}

async fn in_a_crowd<F: Future<Output = ()> + Send + 'static>(
    store: &PostgresStore,
    mut call: impl FnMut(PostgresStore, u8) -> F,
) {
    let mut crowd = JoinSet::new();
    for number in 0..CROWD {
        crowd.spawn(call(store.clone(), number));
    }
    crowd.join_all().await;
}

/// Questions with a short name.
trait Kept {
    async fn find_sessions(&self) -> usize;
}

impl Kept for PostgresStore {
    async fn find_sessions(&self) -> usize {
        let of_user = SessionQuery::OfUser(UserId::new("adele"));
        SessionStore::find(self, of_user).await.expect("found").len()
    }
}

async fn new_user(store: &PostgresStore, name: &str) -> Result<UserId, StoreError> {
    let created = UserStore::create(store, NewUser::new(name, Timestamp::from_unix(0))).await?;
    Ok(created.into_user().expect("a user").id)
}

fn session() -> StoredSession {
    let body = SessionBody::Sealed(vec![1; 500].into());
    StoredSession::new(UserId::new("adele"), "authority", deadline(), deadline(), body)
}

fn deadline() -> Timestamp {
    Timestamp::from_unix(i64::MAX / 2)
}

fn key(round: u8, number: u8) -> SessionKey {
    let mut bytes = [round; 32];
    bytes[31] = number;
    SessionKey::from_bytes(bytes)
}

#[expect(clippy::disallowed_methods, reason = "how long a caller waits is what is measured")]
fn now() -> Instant {
    Instant::now()
}
