/// A tenth of the computing time of others when there is not enough for all.
const NICENESS: i32 = 10;

/// Lowers the priority of this thread and of those that it starts. On Linux it is a thread's own.
pub(super) fn step_back() {
    if let Err(error) = rustix::process::nice(NICENESS) {
        tracing::debug!(%error, "a thread keeps its priority");
    }
}
