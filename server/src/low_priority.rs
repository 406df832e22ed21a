use std::io;

use axum::extract::{Request, State};
use axum::http::{Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use tokio::runtime::{Builder, Handle, Runtime};
use tokio::task::JoinHandle;

/// The priority of a thread.
#[cfg_attr(target_os = "linux", path = "low_priority/linux.rs")]
#[cfg_attr(not(target_os = "linux"), path = "low_priority/other.rs")]
mod nice;

/// A thread on which the admin's pages are made, behind the store's: lists take as much computing
/// time as is left. Nothing that writes runs here, for a transaction on a thread that waits would
/// keep the others waiting.
#[derive(Debug)]
pub(crate) struct LowPriority(Option<Runtime>);

/// Ends a task whose result nobody waits for any more.
struct AbortOnDrop<T>(JoinHandle<T>);

impl LowPriority {
    /// # Errors
    /// When the operating system gives no thread.
    pub(crate) fn start() -> io::Result<Self> {
        let runtime = Builder::new_multi_thread()
            .worker_threads(1)
            .max_blocking_threads(1)
            .thread_name("low-priority")
            .on_thread_start(nice::step_back)
            .enable_all()
            .build()?;
        Ok(Self(Some(runtime)))
    }

    /// The handle to spawn tasks with; none once it was stopped.
    pub(crate) fn handle(&self) -> Option<Handle> {
        self.0.as_ref().map(|runtime| runtime.handle().clone())
    }
}

impl Drop for LowPriority {
    fn drop(&mut self) {
        // Waiting for it is not allowed in a task, and nothing that it does has to end.
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}

impl<T> Drop for AbortOnDrop<T> {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// Makes the admin's pages on the thread of `handle`.
pub(crate) async fn admin_pages(
    State(handle): State<Handle>,
    request: Request,
    next: Next,
) -> Response {
    let is_read = matches!(*request.method(), Method::GET | Method::HEAD);
    if !is_read || !is_admin_page(request.uri().path()) {
        return next.run(request).await;
    }
    let mut task = AbortOnDrop(handle.spawn(next.run(request)));
    match (&mut task.0).await {
        Ok(response) => response,
        Err(error) => match error.try_into_panic() {
            Ok(panic) => std::panic::resume_unwind(panic),
            // The server is stopping.
            Err(_) => StatusCode::SERVICE_UNAVAILABLE.into_response(),
        },
    }
}

/// True if a path is one of the admin's pages.
pub(crate) fn is_admin_page(path: &str) -> bool {
    path == "/admin" || path.starts_with("/admin/")
}
