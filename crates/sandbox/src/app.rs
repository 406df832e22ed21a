//! The state that every part of a running sandbox shares.

pub(crate) mod deliveries;
pub(crate) mod in_flight;

use std::sync::Arc;

use sqlx::SqliteConnection;

use self::deliveries::Deliveries;
use self::in_flight::InFlight;
use crate::clock::Clock;
use crate::config::Config;
use crate::faults::Switchboard;
use crate::recorder::Recorder;
use crate::store::Store;

/// The shared state, cheap to clone into each request.
pub(crate) type Shared = Arc<App>;

/// One running sandbox.
#[derive(Debug)]
pub(crate) struct App {
    pub(crate) config: Config,
    /// The origin under which browsers reach this sandbox, without a trailing slash.
    pub(crate) base_url: String,
    pub(crate) clock: Clock,
    pub(crate) store: Store,
    pub(crate) deliveries: Deliveries,
    pub(crate) faults: Switchboard,
    pub(crate) recorder: Arc<Recorder>,
    /// The idempotency keys whose first request has not been answered yet.
    pub(crate) in_flight: InFlight,
}

/// The cause of what happens, as an event's `request` member tells it. Things that time or a
/// shopper did have no request.
#[derive(Debug, Clone, Default)]
pub(crate) struct Cause {
    pub(crate) request: Option<String>,
    pub(crate) idempotency_key: Option<String>,
}

/// A transaction in which something happens: the sandbox, its state file, and the cause that events
/// tell.
#[derive(Debug)]
pub(crate) struct Scope<'a> {
    pub(crate) app: &'a App,
    pub(crate) db: &'a mut SqliteConnection,
    pub(crate) cause: &'a Cause,
}

impl<'a> Scope<'a> {
    pub(crate) fn new(app: &'a App, db: &'a mut SqliteConnection, cause: &'a Cause) -> Self {
        Self { app, db, cause }
    }
}
