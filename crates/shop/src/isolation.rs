use std::panic::AssertUnwindSafe;

use futures_util::FutureExt;

use crate::Error;

/// Keeps a panic of one piece of background work from ending the work that comes after it: the
/// panic hook logs it, and here it becomes an error.
pub(crate) async fn isolated<T>(work: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
    AssertUnwindSafe(work)
        .catch_unwind()
        .await
        .unwrap_or(Err(Error::TaskFailed))
}
