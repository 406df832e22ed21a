use std::borrow::Cow;

use sqlx::SqlSafeStr;
use sqlx::migrate::{Migration, MigrationType, Migrator};

use crate::Engine;

/// The files of `migrations` that both engines take: version, description and statements.
const FILES: [(i64, &str, &str); 13] = [
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
    (
        11,
        "checkout",
        include_str!("../../../migrations/0011_checkout.sql"),
    ),
    (
        12,
        "parcels",
        include_str!("../../../migrations/0012_parcels.sql"),
    ),
    (
        15,
        "digital",
        include_str!("../../../migrations/0015_digital.sql"),
    ),
    (
        17,
        "refund of shipping",
        include_str!("../../../migrations/0017_refund_of_shipping.sql"),
    ),
];

/// The files of `migrations/sqlite`: what each engine writes in its own way, such as triggers.
const SQLITE_FILES: [(i64, &str, &str); 2] = [
    (
        10,
        "catalog version",
        include_str!("../../../migrations/sqlite/0010_catalog_version.sql"),
    ),
    (
        14,
        "checkout version",
        include_str!("../../../migrations/sqlite/0014_checkout_version.sql"),
    ),
];

/// The files of `migrations/postgres`, with the versions of those for SQLite.
const POSTGRES_FILES: [(i64, &str, &str); 2] = [
    (
        10,
        "catalog version",
        include_str!("../../../migrations/postgres/0010_catalog_version.sql"),
    ),
    (
        14,
        "checkout version",
        include_str!("../../../migrations/postgres/0014_checkout_version.sql"),
    ),
];

/// Brings a database up to date. What was applied is known by its version, and by a checksum, so that
/// a file that was edited later is an error.
pub(crate) fn migrator(engine: Engine) -> Migrator {
    let own = match engine {
        Engine::Sqlite => SQLITE_FILES,
        Engine::Postgres => POSTGRES_FILES,
    };
    let migration = |(version, description, sql): (i64, &'static str, &'static str)| {
        Migration::new(
            version,
            Cow::Borrowed(description),
            MigrationType::Simple,
            sql.into_sql_str(),
            false,
        )
    };
    // They are applied in the order of their versions.
    Migrator::with_migrations(FILES.into_iter().chain(own).map(migration).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn every_file_of_migrations_is_embedded_as_sqlx_reads_it() {
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
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../migrations");
        for (engine, own) in [(Engine::Sqlite, "sqlite"), (Engine::Postgres, "postgres")] {
            let mut files = Vec::new();
            for folder in [folder.to_owned(), format!("{folder}/{own}")] {
                let read = Migrator::new(std::path::Path::new(&folder)).await;
                files.extend(described(&read.expect("the files are readable")));
            }
            files.sort();
            assert_eq!(described(&migrator(engine)), files);
        }
    }
}
