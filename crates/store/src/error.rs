/// Errors of the database. The text is for the log, never for a browser.
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
    /// True if the whole transaction may be tried again.
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
            sqlx::Error::Database(database) if is_unavailable(database.as_ref()) => {
                Self::Unavailable(error)
            }
            sqlx::Error::Io(_)
            | sqlx::Error::Tls(_)
            | sqlx::Error::WorkerCrashed
            | sqlx::Error::PoolTimedOut
            | sqlx::Error::PoolClosed => Self::Unavailable(error),
            _ => Self::Refused(error),
        }
    }
}

/// PostgreSQL's serialization failure, deadlock and lock timeout, SQLite's busy and locked in their
/// extended forms, and a unique row that another transaction wrote first: in each case the same
/// transaction, run again, sees what the other did.
fn is_conflict(error: &dyn sqlx::error::DatabaseError) -> bool {
    error.is_unique_violation()
        || matches!(
            error.code().as_deref(),
            Some("40001" | "40P01" | "55P03" | "5" | "6" | "261" | "262" | "517")
        )
}

/// The database is there and cannot do it now: PostgreSQL's classes of connection, resource,
/// operator and system errors, its time limits and a server that only reads; SQLite out of memory,
/// on a file that cannot be read or written, or on a full disk.
fn is_unavailable(error: &dyn sqlx::error::DatabaseError) -> bool {
    let code = error.code();
    let code = code.as_deref().unwrap_or_default();
    if code.len() == 5 {
        return matches!(&code[..2], "08" | "53" | "57" | "58")
            || matches!(code, "25P03" | "25006");
    }
    // The lowest byte of an extended code is the primary one.
    code.parse::<u32>()
        .is_ok_and(|code| matches!(code & 0xff, 7 | 8 | 10 | 13 | 14))
}
