//! The versions of the state file.

use std::borrow::Cow;

use sqlx::SqlSafeStr;
use sqlx::migrate::{Migration, MigrationType, Migrator};

/// The files of `migrations`: version, description and statements.
const FILES: [(i64, &str, &str); 6] = [
    (
        1,
        "objects",
        include_str!("../../migrations/0001_objects.sql"),
    ),
    (
        2,
        "faults",
        include_str!("../../migrations/0002_faults.sql"),
    ),
    (
        3,
        "webhook endpoints",
        include_str!("../../migrations/0003_webhook_endpoints.sql"),
    ),
    (
        4,
        "events by object",
        include_str!("../../migrations/0004_events_by_object.sql"),
    ),
    (10, "money", include_str!("../../migrations/0010_money.sql")),
    (
        20,
        "indexes",
        include_str!("../../migrations/0020_indexes.sql"),
    ),
];

/// Brings a database up to date. What was applied is known by its version, and by a checksum, so that
/// a file that was edited later is an error.
pub(crate) fn migrator() -> Migrator {
    let migration = |(version, description, sql): (i64, &'static str, &'static str)| {
        Migration::new(
            version,
            Cow::Borrowed(description),
            MigrationType::Simple,
            sql.into_sql_str(),
            false,
        )
    };
    Migrator::with_migrations(FILES.into_iter().map(migration).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn every_file_of_migrations_is_embedded_as_sqlx_reads_it() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/migrations");
        let files = Migrator::new(std::path::Path::new(folder))
            .await
            .expect("the files are readable");
        let described = |migrator: &Migrator| {
            let each = migrator.iter().map(|migration| {
                (
                    migration.version,
                    migration.description.to_string(),
                    migration.checksum.to_vec(),
                )
            });
            each.collect::<Vec<_>>()
        };
        assert_eq!(described(&migrator()), described(&files));
    }
}
