//! A new database of every kind.

use crate::scratch::Scratch;

/// Addresses: a file, and with the feature `postgres` a database of bytes and one that sorts as German does. Keys are compared
/// byte by byte in all of them.
pub(crate) fn all(scratch: &Scratch) -> Vec<String> {
    #[cfg(feature = "postgres")]
    let servers = ["", "TEMPLATE template0 ENCODING 'UTF8' LOCALE_PROVIDER icu ICU_LOCALE 'de-DE' LOCALE 'C.UTF-8'"]
        .map(|options| local_servers::Postgres::shared().database_with(options));
    #[cfg(not(feature = "postgres"))]
    let servers = Vec::new();
    let mut databases = vec![scratch.file(&format!("{}.db", entra_sso::users::UserId::random()))];
    databases.extend(servers);
    databases
}
