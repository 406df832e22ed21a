use std::borrow::Cow;

use sqlx::SqlSafeStr;
use sqlx::migrate::{Migration, MigrationType, Migrator};

/// The files of `migrations`: version, description and statements.
const FILES: [(i64, &str, &str); 9] = [
    (
        1,
        "catalog",
        include_str!("../../../migrations/0001_catalog.sql"),
    ),
    (
        2,
        "orders",
        include_str!("../../../migrations/0002_orders.sql"),
    ),
    (
        3,
        "admin",
        include_str!("../../../migrations/0003_admin.sql"),
    ),
    (
        4,
        "payments",
        include_str!("../../../migrations/0004_payments.sql"),
    ),
    (
        5,
        "payments table",
        include_str!("../../../migrations/0005_payments_table.sql"),
    ),
    (
        6,
        "clients",
        include_str!("../../../migrations/0006_clients.sql"),
    ),
    (
        7,
        "early fraud warnings",
        include_str!("../../../migrations/0007_early_fraud_warnings.sql"),
    ),
    (
        8,
        "orders list",
        include_str!("../../../migrations/0008_orders_list.sql"),
    ),
    (
        9,
        "products in order",
        include_str!("../../../migrations/0009_products_in_order.sql"),
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
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../migrations");
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
