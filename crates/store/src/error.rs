/// What can go wrong with a database. The text is for the log, never for a browser.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Another transaction won. The whole transaction can be tried again.
    #[error("another transaction won")]
    Conflict(#[source] sqlx::Error),
    /// The database cannot be reached, or is too busy.
    #[error("the database cannot be reached")]
    Unavailable(#[source] sqlx::Error),
    /// A row holds something that the shop never writes.
    #[error("the database holds an unexpected value in {0}")]
    Corrupt(&'static str),
    /// The schema could not be brought up to date.
    #[error("the database could not be migrated")]
    Migrate(#[from] sqlx::migrate::MigrateError),
    /// `DATABASE_URL` is of a kind that the shop does not know.
    #[error("DATABASE_URL must begin with sqlite: or postgres:")]
    UnknownEngine,
    /// Anything else, such as a statement that the database refuses.
    #[error("the database refused")]
    Refused(#[source] sqlx::Error),
}

impl Error {
    /// Whether the whole transaction may be tried again.
    pub const fn is_conflict(&self) -> bool {
        matches!(self, Self::Conflict(_))
    }

    /// A row is not as this transaction read it.
    pub(crate) const fn overtaken() -> Self {
        Self::Conflict(sqlx::Error::RowNotFound)
    }
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        match &error {
            sqlx::Error::Database(database) if is_conflict(database.as_ref()) => {
                Self::Conflict(error)
            }
            sqlx::Error::Io(_)
            | sqlx::Error::Tls(_)
            | sqlx::Error::PoolTimedOut
            | sqlx::Error::PoolClosed => Self::Unavailable(error),
            _ => Self::Refused(error),
        }
    }
}

/// PostgreSQL's serialization failure and deadlock, SQLite's busy and locked in their extended forms, and a unique
/// row that another transaction wrote first: in each case the same transaction, run again, sees what the other did.
fn is_conflict(error: &dyn sqlx::error::DatabaseError) -> bool {
    error.is_unique_violation()
        || matches!(
            error.code().as_deref(),
            Some("40001" | "40P01" | "5" | "6" | "261" | "262" | "517")
        )
}
