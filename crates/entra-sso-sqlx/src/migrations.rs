//! Bringing the tables up to date.

use sqlx::{
    SqlStr,
    migrate::{Migrate, MigrateError, Migration, MigrationType, Migrator},
};

/// Where the migrations that have run are recorded; an application's own stand in `_sqlx_migrations`.
const RECORD: &str = "entra_sso_migration";

/// Runs those that have not run yet, numbered from 1. The caller sees to it that nobody else does at the same time.
pub(crate) async fn run(
    migrations: &[(&'static str, &'static str)],
    connection: &mut impl Migrate,
) -> Result<(), MigrateError> {
    let migrations = (1..).zip(migrations).map(|(number, (name, sql))| {
        Migration::new(number, (*name).into(), MigrationType::Simple, SqlStr::from_static(sql), false)
    });
    let mut migrator = Migrator::with_migrations(migrations.collect());
    migrator.set_locking(false).dangerous_set_table_name(RECORD);
    migrator.run_direct(None, connection, false).await
}
