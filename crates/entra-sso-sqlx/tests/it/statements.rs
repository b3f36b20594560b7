//! "A known user's login costs at most three SQL statements": find, change, and a picture where there is a new one.
//!
//! BEGIN and COMMIT around the last two are not counted: they ask for nothing. Nor is what a new connection is set up with.

use std::{
    collections::HashMap,
    fmt,
    sync::{Arc, Mutex, OnceLock},
    thread,
};

use entra_sso::{
    oidc::{AccountKey, AccountKind, Timestamp},
    session::{Replaced, SessionBody, SessionKey, SessionQuery, SessionStore, SessionUpdate, StoredSession},
    users::{
        Change, Grant, GrantChange, MicrosoftAccount, NewUser, Picture, UserId, UserLookup, UserStore, UserUpdate,
    },
};
use entra_sso_sqlx::SqliteStore;
use sqlx::sqlite::{SqliteConnectOptions, SqlitePoolOptions};
use tracing::{
    Event, Level, Metadata, Subscriber,
    field::{Field, Visit},
    span,
};

use crate::scratch::Scratch;

const MOST: usize = 3;
/// The name of the thread of SQLite's connections.
const SQLITE: &str = "statements-on-sqlite";

#[tokio::test]
async fn a_known_users_login_on_sqlite() {
    let scratch = Scratch::new();
    // SQLite's statements run, and are told of, in a thread of their own.
    let options = SqliteConnectOptions::new().filename(scratch.file("users.db")).create_if_missing(true);
    // One connection: what a new one is set up with is no part of a login.
    let pool = SqlitePoolOptions::new().max_connections(1).connect_with(options.thread_name(|_| SQLITE.to_owned()));
    let users = SqliteStore::from_pool(pool.await.expect("connected")).await.expect("opened");
    logs_in_with_few_statements(&users, SQLITE).await;
    each_call_is_one_statement(&users, SQLITE).await;
}

#[cfg(feature = "postgres")]
#[tokio::test]
async fn a_known_users_login_on_postgres() {
    let url = local_servers::Postgres::shared().database();
    let users = entra_sso_sqlx::PostgresStore::open(&url).await.expect("opened");
    let thread = thread::current();
    let thread = thread.name().expect("a test's thread has its name");
    logs_in_with_few_statements(&users, thread).await;
    each_call_is_one_statement(&users, thread).await;
}

async fn logs_in_with_few_statements(users: &impl UserStore, thread: &str) {
    let key = AccountKey::new(AccountKind::Entra, "tenant", "object");
    let mut new = NewUser::new("adele", Timestamp::from_unix(0));
    new.account = Some(MicrosoftAccount::new(key.clone()));
    let id = users.create(new).await.expect("created").into_user().expect("a user").id;
    let mut plain = UserUpdate::of(id);
    plain.last_login = Some(Timestamp::from_unix(1));
    plain.staff = GrantChange::set(Grant::List, true);
    let mut always = plain.clone();
    always.first_name = Some("Adele".to_owned());
    always.email = Change::Set("adele@contoso.example".to_owned());
    always.locale = Change::Set("de-DE".to_owned());
    let mut with_picture = always.clone();
    with_picture.picture = Change::sent(Picture::new("image/png", &b"\x89PNG"[..]));
    let mut everything = with_picture.clone();
    everything.first_superuser = true;
    everything.unique_email = true;
    for (update, expected, what) in [
        (plain, 2, "without always_update_user_data"),
        (always, 2, "with always_update_user_data"),
        (with_picture, 3, "and a picture"),
        (everything, 3, "and a unique address and the first superuser"),
    ] {
        asked_by(thread);
        users.find(UserLookup::Account(key.clone())).await.expect("found").expect("he is there");
        users.update(update).await.expect("updated").into_user().expect("he is there");
        let seen = asked_by(thread);
        assert_eq!(seen.len(), expected, "{what}: {seen:#?}");
        assert!(seen.len() <= MOST, "{what}: {seen:#?}");
    }
}

/// Sessions and marks: one statement a call; another one to see why nothing was replaced, or to sweep now and then.
async fn each_call_is_one_statement(store: &impl SessionStore, thread: &str) {
    let (key, other) = (SessionKey::from_bytes([1; 32]), SessionKey::from_bytes([2; 32]));
    let deadline = Timestamp::from_unix(i64::MAX / 2);
    let body = || SessionBody::Sealed(vec![1].into());
    let session = || StoredSession::new(UserId::new("a"), "authority", deadline, deadline, body());
    let asked = async |call: &str, expected: usize| {
        let seen = asked_by(thread);
        assert_eq!(seen.len(), expected, "{call}: {seen:#?}");
    };
    asked_by(thread);
    store.create(key, session()).await.expect("created");
    asked("create, and the first sweep", 2).await;
    store.create(other, session()).await.expect("created");
    asked("create", 1).await;
    assert!(store.load(&key).await.expect("loaded").is_some());
    asked("load", 1).await;
    for (seen, update, replaced, expected) in [
        (0, SessionUpdate::Touch(deadline), Replaced::Yes, 1),
        (0, SessionUpdate::Recheck, Replaced::Yes, 1),
        (0, SessionUpdate::Body(body()), Replaced::Yes, 1),
        (0, SessionUpdate::Body(body()), Replaced::Conflict, 2),
    ] {
        let what = format!("{update:?} of version {seen}");
        assert_eq!(store.replace(&key, seen, update).await.expect("replaced"), replaced, "{what}");
        asked(&what, expected).await;
    }
    assert_eq!(store.find(SessionQuery::OfUser(UserId::new("a"))).await.expect("found").len(), 2);
    asked("find", 1).await;
    assert_eq!(store.delete(&[key, other]).await.expect("deleted"), 2);
    asked("delete", 1).await;
    for expected in [2, 1] {
        let _ = store.mark([3; 32], deadline).await.expect("marked");
        asked("mark, which sweeps the first time", expected).await;
    }
    store.forget([3; 32]).await.expect("forgotten");
    asked("forget", 1).await;
}

/// What was asked in this thread since the last look.
fn asked_by(thread: &str) -> Vec<String> {
    static LOG: OnceLock<Statements> = OnceLock::new();
    let log = LOG.get_or_init(|| {
        let log = Statements::default();
        tracing::subscriber::set_global_default(log.clone()).expect("nobody else in these tests reads the log");
        log
    });
    log.0.lock().expect("no panic").remove(thread).unwrap_or_default()
}

/// Collects what sqlx says that it asks, by the name of the thread.
#[derive(Clone, Default)]
struct Statements(Arc<Mutex<HashMap<String, Vec<String>>>>);

impl Subscriber for Statements {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target() == "sqlx::query" && *metadata.level() <= Level::DEBUG
    }

    fn event(&self, event: &Event<'_>) {
        let mut statement = Summary::default();
        event.record(&mut statement);
        let is_frame = ["BEGIN", "COMMIT", "SELECT set_config"].iter().any(|word| statement.0.starts_with(word));
        if !is_frame {
            let thread = thread::current().name().unwrap_or_default().to_owned();
            self.0.lock().expect("no panic").entry(thread).or_default().push(statement.0);
        }
    }

    fn new_span(&self, _: &span::Attributes<'_>) -> span::Id {
        span::Id::from_u64(1)
    }

    fn record(&self, _: &span::Id, _: &span::Record<'_>) {}

    fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}

    fn enter(&self, _: &span::Id) {}

    fn exit(&self, _: &span::Id) {}
}

#[derive(Default)]
struct Summary(String);

impl Visit for Summary {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        if field.name() == "summary" {
            format!("{value:?}").trim_matches('"').clone_into(&mut self.0);
        }
    }
}
