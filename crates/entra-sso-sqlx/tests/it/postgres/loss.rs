//! A server that goes away in the middle: an idle connection is replaced, and what cannot be reached is an error of the store.

use entra_sso::{
    oidc::Timestamp,
    users::{NewUser, UserLookup, UserStore},
};
use entra_sso_sqlx::PostgresStore;
use local_servers::Postgres;

#[tokio::test]
async fn a_lost_database_is_not_nobody() {
    let server = Postgres::shared();
    let url = server.database();
    let users = PostgresStore::open(&url).await.expect("opened");
    let created = users.create(NewUser::new("adele", Timestamp::from_unix(0))).await.expect("created");
    let id = created.into_user().expect("a user").id;
    let name = url.rsplit_once("localhost/").and_then(|(_, rest)| rest.split_once('?')).expect("a database").0;
    server.execute(&format!("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"));
    let found = users.find(UserLookup::Id(id.clone())).await.expect("over a new connection");
    assert!(found.is_some(), "he is there");

    server.execute(&format!("DROP DATABASE {name} WITH (FORCE)"));
    for _ in 0..2 {
        let error = users.find(UserLookup::Id(id.clone())).await.expect_err("the database is gone");
        assert_eq!(error.to_string(), "the store is not available", "{error:?}");
    }
}
