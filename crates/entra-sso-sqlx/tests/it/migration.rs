//! A database of the first version, with users in it.

use entra_sso::{
    oidc::{AccountKey, AccountKind, Timestamp},
    users::{Grant, Grants, Picture, User, UserDirectory, UserId, UserLookup, UserQuery, UserStore, UserUpdate},
};
use entra_sso_sqlx::SqliteStore;

use crate::scratch::Scratch;

/// What the first version left: a user with account and picture, one who was prepared, one with a name outside ASCII.
const USERS: &str = "
INSERT INTO entra_sso_user VALUES
    ('a', 'Adele', 'Adele@contoso.example', 'Adele', 'Vance', 1, 1, 1, 100, 200),
    ('b', 'prepared', NULL, '', '', 0, 0, 0, 100, NULL),
    ('c', 'megan', NULL, 'Megan', 'Özdemir', 1, 1, 0, 100, NULL);
INSERT INTO entra_sso_microsoft_account VALUES
    ('a', 'entra', 'tenant', 'Object', 'adele@contoso.example', 'de-DE'),
    ('c', 'b2c', 'tenant', 'Object', NULL, NULL);
INSERT INTO entra_sso_picture VALUES ('a', 'image/png', x'89504e47');
INSERT INTO entra_sso_meta VALUES ('mark', 'microsoft');
";

#[tokio::test]
async fn users_of_the_first_version_are_all_there() {
    let scratch = Scratch::new();
    let file = scratch.file("users.db");
    make_first_version(&file).await;
    let users = SqliteStore::open(&file).await.expect("opened");

    let key = AccountKey::new(AccountKind::Entra, "tenant", "Object");
    let adele = users.find(UserLookup::Account(key)).await.expect("found").expect("she is there");
    let admin = Grants::of(Grant::Admin);
    assert_eq!(
        (adele.id.as_str(), adele.username.as_str(), adele.email.as_deref()),
        ("a", "Adele", Some("Adele@contoso.example"))
    );
    assert_eq!((adele.staff, adele.superuser, adele.is_active), (admin, admin, true));
    assert_eq!((adele.date_joined, adele.last_login), (Timestamp::from_unix(100), Some(Timestamp::from_unix(200))));
    let account = adele.account.expect("her account");
    assert_eq!(
        (account.user_principal_name.as_deref(), account.locale.as_deref()),
        (Some("adele@contoso.example"), Some("de-DE"))
    );
    assert!(account.has_picture);
    let picture = Picture::new("image/png", &b"\x89PNG"[..]);
    assert_eq!(users.picture(&UserId::new("a")).await.expect("read"), picture);

    let prepared = find(&users, "b").await;
    assert_eq!((prepared.account, prepared.is_active, prepared.staff), (None, false, Grants::NONE));
    let mut query = UserQuery::new();
    query.text = Some("özd".to_owned());
    let found = users.search(query).await.expect("searched").users;
    assert_eq!(found.iter().map(|user| user.id.as_str()).collect::<Vec<_>>(), ["c"]);
    assert!(!found[0].account.as_ref().expect("an account").has_picture);

    let mut first = UserUpdate::of(UserId::new("c"));
    first.first_superuser = true;
    let megan = users.update(first).await.expect("updated").into_user().expect("she is there");
    assert!(!megan.is_superuser(), "there was a superuser before");
    assert_eq!(users.database_mark().await.expect("read").as_deref(), Some("microsoft"));
    assert!(users.delete(&UserId::new("a"), false).await.is_ok());
    assert_eq!(users.picture(&UserId::new("a")).await.expect("read"), None, "a picture goes with its user");
}

async fn find(users: &SqliteStore, id: &str) -> User {
    users.find(UserLookup::Id(UserId::new(id))).await.expect("found").expect("he is there")
}

/// As the first version made it: its migration, recorded as having run.
async fn make_first_version(file: &str) {
    let first = include_str!("../../migrations/sqlite/0001_users.sql");
    let mut migrator = sqlx::migrate::Migrator::with_migrations(vec![sqlx::migrate::Migration::new(
        1,
        "users".into(),
        sqlx::migrate::MigrationType::Simple,
        sqlx::SqlStr::from_static(first),
        false,
    )]);
    migrator.dangerous_set_table_name("entra_sso_migration");
    let pool = sqlx::SqlitePool::connect(&format!("sqlite://{file}?mode=rwc")).await.expect("connected");
    migrator.run(&pool).await.expect("the first migration");
    sqlx::raw_sql(USERS).execute(&pool).await.expect("users");
    pool.close().await;
}
