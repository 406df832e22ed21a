use sqlx::{AnyConnection, AssertSqlSafe, Connection, Executor};
use store::Store;
use tempfile::TempDir;
use uuid::Uuid;

/// A database of its own for one test: a file, or, when `TEST_POSTGRES_URL` names a server, a
/// schema there.
pub struct Database {
    pub url: String,
    _folder: TempDir,
}

impl Database {
    /// An empty one.
    pub async fn empty() -> Self {
        sqlx::any::install_default_drivers();
        let folder = tempfile::tempdir().unwrap();
        let url = match std::env::var("TEST_POSTGRES_URL") {
            Ok(server) => {
                let schema = format!("test_{}", Uuid::now_v7().simple());
                let mut connection = AnyConnection::connect(&server).await.unwrap();
                let create = AssertSqlSafe(format!("CREATE SCHEMA {schema}"));
                connection.execute(create).await.unwrap();
                let separator = if server.contains('?') { '&' } else { '?' };
                format!("{server}{separator}options=-csearch_path={schema}")
            }
            Err(_) => format!(
                "sqlite://{}?mode=rwc",
                folder.path().join("shop.db").display()
            ),
        };
        Self {
            url,
            _folder: folder,
        }
    }

    /// One with its tables, and the store on it.
    pub async fn migrated() -> (Self, Store) {
        let database = Self::empty().await;
        let store = Store::open(&database.url).await.unwrap();
        store.migrate().await.unwrap();
        (database, store)
    }

    /// Runs a statement past the store, as another tool would.
    pub async fn run(&self, sql: &str) {
        self.try_run(sql).await.unwrap();
    }

    /// The same, with the database's refusal.
    pub async fn try_run(&self, sql: &str) -> sqlx::Result<()> {
        let mut connection = AnyConnection::connect(&self.url).await?;
        connection.execute(AssertSqlSafe(sql.to_owned())).await?;
        connection.close().await
    }

    /// Leaves a demo shop without zones, taxes and discounts: a cart then costs what its lines cost,
    /// and leads straight to the payment page.
    pub async fn drop_checkout_rules(&self) {
        for table in ["shipping_rates", "shipping_zones", "tax_rates", "discounts"] {
            self.run(&format!("DELETE FROM {table}")).await;
        }
    }

    /// The one number that a statement answers.
    pub async fn number(&self, sql: &str) -> i64 {
        let mut connection = AnyConnection::connect(&self.url).await.unwrap();
        let (number,): (i64,) = sqlx::query_as(AssertSqlSafe(sql.to_owned()))
            .fetch_one(&mut connection)
            .await
            .unwrap();
        connection.close().await.unwrap();
        number
    }

    /// The stock on hand of a variant, held pieces included.
    pub async fn on_hand(&self, variant: &str) -> i64 {
        let sql = format!("SELECT on_hand FROM variants WHERE id = '{variant}'");
        self.number(&sql).await
    }

    /// The number of held pieces of a variant.
    pub async fn held(&self, variant: &str) -> i64 {
        let sql = format!("SELECT held FROM variants WHERE id = '{variant}'");
        self.number(&sql).await
    }

    /// The texts of the one column that a statement answers.
    pub async fn texts(&self, sql: &str) -> Vec<String> {
        let mut connection = AnyConnection::connect(&self.url).await.unwrap();
        let rows: Vec<(String,)> = sqlx::query_as(AssertSqlSafe(sql.to_owned()))
            .fetch_all(&mut connection)
            .await
            .unwrap();
        connection.close().await.unwrap();
        rows.into_iter().map(|(text,)| text).collect()
    }
}
