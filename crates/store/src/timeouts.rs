use std::time::Duration;

/// The deadlines of the database, after which the shop goes on without it. On PostgreSQL the
/// server's own limits are the shorter ones, so that it answers with an error before the connection
/// is given up.
#[derive(Clone, Copy, Debug)]
pub struct Timeouts {
    /// Getting a connection: from the pool, by its turn, or a new one.
    pub acquire: Duration,
    /// Showing that a pooled connection still leads to the database.
    pub ping: Duration,
    /// A read, all its statements together.
    pub read: Duration,
    /// A transaction, from BEGIN to COMMIT.
    pub transaction: Duration,
    /// Waiting for a lock that another transaction holds; on SQLite that is another process.
    pub lock: Duration,
    /// PostgreSQL: a statement.
    pub statement: Duration,
    /// PostgreSQL: a transaction whose client says nothing more, because its machine is frozen.
    pub idle_in_transaction: Duration,
    /// Seeing whether the database takes a write.
    pub readiness: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            acquire: Duration::from_secs(5),
            ping: Duration::from_secs(1),
            read: Duration::from_secs(8),
            transaction: Duration::from_secs(10),
            lock: Duration::from_secs(2),
            statement: Duration::from_secs(7),
            idle_in_transaction: Duration::from_secs(6),
            readiness: Duration::from_secs(3),
        }
    }
}

impl Timeouts {
    /// Makes a PostgreSQL session keep to these. What the server or `DATABASE_URL` already limits
    /// stays as it is, and what a compatible database does not know is left out.
    ///
    /// `tcp_user_timeout` is the server's side of a client whose machine is gone: it ends the
    /// session, and with it the session's locks.
    pub(crate) fn session(&self) -> String {
        let settings = [
            ("lock_timeout", "0", self.lock),
            ("statement_timeout", "0", self.statement),
            (
                "idle_in_transaction_session_timeout",
                "0",
                self.idle_in_transaction,
            ),
            ("tcp_user_timeout", "0", self.transaction),
        ]
        .map(|(name, unset, limit)| format!("('{name}', '{unset}', '{}')", limit.as_millis()))
        .join(", ");
        // Seconds, and Linux' own default of two hours.
        let keepalive = "('tcp_keepalives_idle', '7200', '30'), \
             ('tcp_keepalives_interval', '75', '5'), ('tcp_keepalives_count', '9', '3')";
        format!(
            "SELECT set_config(name, limits.wanted, false) \
             FROM (VALUES {settings}, {keepalive}) AS limits (name, unset, wanted) \
             WHERE current_setting(name, true) = limits.unset"
        )
    }
}
