//! The contract, on databases of different languages.

use entra_sso::testing::{user_directory_contract, user_store_contract};
use entra_sso_sqlx::PostgresStore;
use local_servers::Postgres;

/// A database of bytes, and one that sorts as German does: keys are compared byte by byte in both.
const DATABASES: [&str; 2] =
    ["", "TEMPLATE template0 ENCODING 'UTF8' LOCALE_PROVIDER icu ICU_LOCALE 'de-DE' LOCALE 'C.UTF-8'"];

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn every_database_keeps_the_contract() {
    for options in DATABASES {
        let url = || Postgres::shared().database_with(options);
        user_store_contract(PostgresStore::open(&url()).await.expect("opened")).await;
        user_directory_contract(PostgresStore::open(&url()).await.expect("opened")).await;
    }
}
