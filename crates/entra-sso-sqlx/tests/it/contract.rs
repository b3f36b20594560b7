//! The contract that every store of users keeps (I1, I3, I12, I13, F-40, F-41).

use std::sync::Arc;

use entra_sso::{
    StoreError,
    oidc::{AccountKey, AccountKind, Timestamp},
    testing::{user_directory_contract, user_store_contract},
    users::{
        Created, Link, Linked, MicrosoftAccount, NewUser, Picture, Updated, User, UserId, UserLookup, UserStore,
        UserUpdate,
    },
};
use entra_sso_sqlx::SqliteStore;
use tokio::task::JoinSet;

use crate::scratch::Scratch;

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_file_keeps_the_contract() {
    let scratch = Scratch::new();
    user_store_contract(SqliteStore::open(&scratch.file("users.db")).await.expect("opened")).await;
    user_directory_contract(SqliteStore::open(&scratch.file("directory.db")).await.expect("opened")).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_database_in_memory_keeps_the_contract() {
    user_store_contract(SqliteStore::in_memory().await.expect("opened")).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn an_applications_own_pool_keeps_the_contract() {
    let scratch = Scratch::new();
    let url = format!("sqlite://{}?mode=rwc", scratch.file("application.db"));
    let pool = sqlx::SqlitePool::connect(&url).await.expect("connected");
    // The application's own tables and migrations stand in the same database.
    for own in [
        "CREATE TABLE _sqlx_migrations (version BIGINT PRIMARY KEY, description TEXT, installed_on TIMESTAMP, success \
         BOOLEAN, checksum BLOB, execution_time BIGINT)",
        "INSERT INTO _sqlx_migrations VALUES (1, 'theirs', 0, TRUE, x'00', 0)",
        "CREATE TABLE users (id INTEGER PRIMARY KEY)",
    ] {
        sqlx::query(own).execute(&pool).await.expect("the application's own");
    }
    user_store_contract(SqliteStore::from_pool(pool.clone()).await.expect("opened")).await;
    let theirs: i64 = sqlx::query_scalar("SELECT count(*) FROM _sqlx_migrations").fetch_one(&pool).await.expect("read");
    assert_eq!(theirs, 1, "the application's record of migrations is as it was");
}

/// Two replicas on one file: each call goes to one of them in turn.
struct TwoReplicas([SqliteStore; 2], std::sync::atomic::AtomicUsize);

impl TwoReplicas {
    fn next(&self) -> &SqliteStore {
        &self.0[self.1.fetch_add(1, std::sync::atomic::Ordering::Relaxed) % 2]
    }
}

impl UserStore for TwoReplicas {
    async fn find(&self, lookup: UserLookup) -> Result<Option<User>, StoreError> {
        self.next().find(lookup).await
    }

    async fn create(&self, user: NewUser) -> Result<Created, StoreError> {
        self.next().create(user).await
    }

    async fn link(&self, link: Link) -> Result<Linked, StoreError> {
        self.next().link(link).await
    }

    async fn update(&self, update: UserUpdate) -> Result<Updated, StoreError> {
        self.next().update(update).await
    }

    async fn picture(&self, user: &UserId) -> Result<Option<Picture>, StoreError> {
        self.next().picture(user).await
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_replicas_on_one_file_keep_the_contract() {
    let scratch = Scratch::new();
    let open = async || SqliteStore::open(&scratch.file("users.db")).await.expect("opened");
    let replicas = [open().await, open().await];
    user_store_contract(TwoReplicas(replicas, std::sync::atomic::AtomicUsize::new(0))).await;
}

#[tokio::test]
async fn users_are_there_after_a_restart() {
    let scratch = Scratch::new();
    let file = scratch.file("users.db");
    let users = SqliteStore::open(&file).await.expect("opened");
    let user = users.create(adele()).await.expect("created").into_user().expect("a user");
    users.close().await;
    let users = SqliteStore::open(&file).await.expect("opened again");
    assert_eq!(users.find(UserLookup::Id(user.id.clone())).await.expect("found"), Some(user));
}

/// "Leaves nothing half-done": a caller who goes away in the middle leaves a whole user or none.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_dropped_create_leaves_nothing_half_done() {
    let scratch = Scratch::new();
    let file = scratch.file("users.db");
    let users = Arc::new(SqliteStore::open(&file).await.expect("opened"));
    let mut dropped = JoinSet::new();
    for _ in 0..50 {
        let users = users.clone();
        dropped.spawn(async move { users.create(adele()).await });
    }
    for _ in 0..7 {
        tokio::task::yield_now().await;
    }
    dropped.shutdown().await;
    let user = users.create(adele()).await.expect("created after the others went away").into_user().expect("a user");
    let counts: (i64, i64) = sqlx::query_as(
        "SELECT (SELECT count(*) FROM entra_sso_user WHERE has_picture), (SELECT count(*) FROM entra_sso_picture)",
    )
    .fetch_one(&sqlx::SqlitePool::connect(&format!("sqlite://{file}")).await.expect("connected"))
    .await
    .expect("counted");
    assert_eq!(counts, (1, 1));
    assert_eq!(users.picture(&user.id).await.expect("read"), adele().picture);
}

/// A row that nobody of us wrote is an error, never a user.
#[tokio::test]
async fn a_row_that_cannot_be_is_corrupt() {
    let scratch = Scratch::new();
    let file = scratch.file("users.db");
    let users = SqliteStore::open(&file).await.expect("opened");
    let user = users.create(adele()).await.expect("created").into_user().expect("a user");
    let pool = sqlx::SqlitePool::connect(&format!("sqlite://{file}")).await.expect("connected");
    sqlx::query("UPDATE entra_sso_picture SET content_type = 'text/html'").execute(&pool).await.expect("changed");
    let error = users.picture(&user.id).await.expect_err("a picture that is a page");
    assert_eq!(error.to_string(), "the store holds a record that cannot be read");
    sqlx::query("UPDATE entra_sso_user SET account_kind = 'Entra'").execute(&pool).await.expect("changed");
    let error = users.find(UserLookup::Id(user.id)).await.expect_err("an account of an unknown kind");
    assert_eq!(error.to_string(), "the store holds a record that cannot be read");
}

#[tokio::test]
async fn a_closed_store_is_unavailable_and_not_empty() {
    let users = SqliteStore::in_memory().await.expect("opened");
    users.close().await;
    let error = users.find(UserLookup::Id(UserId::random())).await.expect_err("closed");
    assert_eq!(error.to_string(), "the store is not available");
}

fn adele() -> NewUser {
    let key = AccountKey::new(AccountKind::Entra, "11111111-1111-4111-8111-111111111111", "adele");
    let mut new = NewUser::new("adele@contoso.example", Timestamp::from_unix(1_800_000_000));
    new.account = Some(MicrosoftAccount::new(key));
    new.picture = Picture::new("image/png", &b"\x89PNG"[..]);
    new
}
