//! F-82: four replicas start at once, on a new database and on one of the version before.

use entra_sso::{
    oidc::Timestamp,
    session::{SessionBody, SessionKey, SessionStore, StoredSession},
    users::{UserId, UserLookup, UserStore},
};
use entra_sso_sqlx::Database;
use sqlx::migrate::{Migration, MigrationType, Migrator};
use tokio::task::JoinSet;

use crate::{
    databases::{self, count, execute, is_postgres},
    scratch::Scratch,
};

const ROUNDS: usize = 20;
const REPLICAS: u8 = 4;

/// The migrations before the one of sessions.
const OF_SQLITE: [(&str, &str); 2] = [
    ("users", include_str!("../../migrations/sqlite/0001_users.sql")),
    ("account in the user's row", include_str!("../../migrations/sqlite/0002_account_in_the_users_row.sql")),
];
#[cfg(feature = "postgres")]
const OF_POSTGRES: [(&str, &str); 1] = [("users", include_str!("../../migrations/postgres/0001_users.sql"))];

const USER: &str = "INSERT INTO entra_sso_user (id, username, first_name, first_name_key, last_name, last_name_key, is_active, \
    staff, superuser, date_joined, has_picture) VALUES ('a', 'adele', '', '', '', '', TRUE, 8, 8, 100, FALSE)";

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn four_replicas_start_at_once_on_a_new_database() {
    for round in 0..ROUNDS {
        let scratch = Scratch::new();
        for url in databases::each(&scratch) {
            start(&url, round).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn four_replicas_start_at_once_on_the_version_before() {
    for round in 0..ROUNDS {
        let scratch = Scratch::new();
        for url in databases::each(&scratch) {
            make_version_before(&url).await;
            execute(&url, USER).await;
            for database in start(&url, round).await {
                let adele = UserStore::find(&database, UserLookup::Id(UserId::new("a"))).await.expect("found");
                assert!(adele.expect("she is there").is_superuser(), "round {round}");
            }
        }
    }
}

/// All of them come up, and each can begin a session.
async fn start(url: &str, round: usize) -> Vec<Database> {
    let mut replicas = JoinSet::new();
    for number in 0..REPLICAS {
        let url = url.to_owned();
        replicas.spawn(async move {
            let database = Database::open(&url).await.unwrap_or_else(|error| panic!("round {round}: {error:?}"));
            let deadline = Timestamp::from_unix(i64::MAX / 2);
            let body = SessionBody::Sealed(vec![number].into());
            let session = StoredSession::new(UserId::new("a"), "authority", deadline, deadline, body);
            SessionStore::create(&database, SessionKey::from_bytes([number; 32]), session).await.expect("created");
            database
        });
    }
    let replicas = replicas.join_all().await;
    let migrations = if is_postgres(url) { 2 } else { 3 };
    assert_eq!(count(url, "entra_sso_migration").await, migrations, "round {round}: each migration ran once");
    assert_eq!(count(url, "entra_sso_session").await, u64::from(REPLICAS), "round {round}");
    replicas
}

async fn make_version_before(url: &str) {
    if is_postgres(url) {
        #[cfg(feature = "postgres")]
        {
            let pool = sqlx::PgPool::connect(url).await.expect("connected");
            migrator(&OF_POSTGRES).run(&pool).await.expect("migrated");
            pool.close().await;
        }
    } else {
        let pool = sqlx::SqlitePool::connect(&format!("sqlite://{url}?mode=rwc")).await.expect("connected");
        migrator(&OF_SQLITE).run(&pool).await.expect("migrated");
        pool.close().await;
    }
}

fn migrator(migrations: &[(&'static str, &'static str)]) -> Migrator {
    let migrations = (1..).zip(migrations).map(|(number, (name, sql))| {
        Migration::new(number, (*name).into(), MigrationType::Simple, sqlx::SqlStr::from_static(sql), false)
    });
    let mut migrator = Migrator::with_migrations(migrations.collect());
    migrator.dangerous_set_table_name("entra_sso_migration");
    migrator
}
