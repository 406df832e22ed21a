//! Starting and stopping: the listener, the router and the background tasks.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::routing::{any, get};
use axum::{Router, middleware};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::app::deliveries::Deliveries;
use crate::app::in_flight::InFlight;
use crate::app::{App, Shared};
use crate::clock::Clock;
use crate::config::{Config, StartError};
use crate::endpoints::OPERATIONS;
use crate::faults::Switchboard;
use crate::recorder::{self, Recorder};
use crate::store::{Store, settings};
use crate::wire::{Listener, Wire};
use crate::{api, control, dashboard, forms, hosts, pages, payments, webhooks};

/// The time that [`Sandbox::shutdown`] waits for requests that are still running.
const GRACE: Duration = Duration::from_secs(5);

/// The interval at which the background task looks for due steps. Each request looks as well, so
/// this only decides how late the webhook may be.
const DUE_INTERVAL: Duration = Duration::from_secs(1);

/// A running sandbox. Dropping it leaves the server running until the runtime ends;
/// [`Sandbox::shutdown`] stops it.
#[derive(Debug)]
pub struct Sandbox {
    addr: SocketAddr,
    app: Shared,
    stop: watch::Sender<bool>,
    server: JoinHandle<()>,
    background: Vec<JoinHandle<()>>,
}

/// Starts a sandbox and returns once it accepts connections. Deliveries that an earlier run left
/// pending resume.
///
/// # Errors
/// When the configuration is refused, the state file cannot be opened, or the address is taken; see
/// [`StartError`].
pub async fn start(config: Config) -> Result<Sandbox, StartError> {
    config.check()?;
    let store = Store::open(&config.state, config.lock_timeout).await?;
    let listener = TcpListener::bind(config.addr).await?;
    let addr = listener.local_addr()?;
    let offset = settings::clock_offset(&mut *store.read().await?).await?;
    let faults = switchboard(&store, &config).await?;
    let operations = OPERATIONS
        .iter()
        .map(|operation| format!("{} /v1/{}", operation.method, operation.path));
    let recorder =
        Recorder::open(config.record.as_deref(), operations).map_err(StartError::Record)?;
    let app = Arc::new(App {
        base_url: config
            .public_origin()?
            .unwrap_or_else(|| format!("http://{addr}")),
        clock: Clock::with_offset(offset),
        deliveries: Deliveries::new(&config)?,
        faults,
        in_flight: InFlight::default(),
        recorder: Arc::new(recorder),
        store,
        config,
    });

    let mut transaction = app.store.begin().await?;
    let webhooks = &app.config.webhooks;
    webhooks::webhook_endpoints::configure(&mut transaction, webhooks, app.clock.now()).await?;
    transaction.commit().await?;

    let (stop, stopped) = watch::channel(false);
    let background = vec![
        tokio::spawn(webhooks::run(Arc::clone(&app))),
        tokio::spawn(keep_time(Arc::clone(&app))),
    ];
    let router = router(Arc::clone(&app));
    let server = tokio::spawn(async move {
        let service = router.into_make_service_with_connect_info::<Wire>();
        let graceful = axum::serve(Listener::from(listener), service)
            .with_graceful_shutdown(until_stopped(stopped));
        if let Err(error) = graceful.await {
            tracing::error!(%error, "the server ended");
        }
    });
    Ok(Sandbox {
        addr,
        app,
        stop,
        server,
        background,
    })
}

impl Sandbox {
    /// The address it listens on.
    #[must_use]
    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// The origin of its API and pages, such as `http://127.0.0.1:12111`, without a trailing slash.
    #[must_use]
    pub fn base_url(&self) -> &str {
        &self.app.base_url
    }

    /// Stops: no new connections, running requests get a few seconds, deliveries end where they are
    /// and resume with the next start on the same state file.
    pub async fn shutdown(mut self) {
        for task in &self.background {
            task.abort();
        }
        self.stop.send_replace(true);
        if tokio::time::timeout(GRACE, &mut self.server).await.is_err() {
            self.server.abort();
        }
        self.app.deliveries.stop().await;
        self.app.store.close().await;
    }
}

fn router(app: Shared) -> Router {
    let without_password = dashboard::routes()
        .merge(control::routes().layer(middleware::from_fn(dashboard::send_back)));
    Router::new()
        .merge(without_password)
        .route(
            "/c/pay/{session}",
            get(pages::pay::show).post(pages::pay::submit),
        )
        .route(
            "/c/pay/{session}/authenticate",
            get(pages::authenticate::show).post(pages::authenticate::submit),
        )
        .route("/c/recover/{session}", get(pages::recover::show))
        .route(
            "/c/authenticate/{intent}",
            get(pages::authenticate::show_intent).post(pages::authenticate::submit_intent),
        )
        .route("/i/{invoice}", get(pages::invoice::show))
        .route("/i/{invoice}/pdf", get(pages::invoice::download))
        .route("/assets/{name}", get(pages::assets::serve))
        .route("/assets/brand.css", get(pages::brand::serve))
        .layer(middleware::from_fn(forms::limit))
        .route("/v1/{*path}", any(api::handle))
        .fallback(api::handle)
        .layer(middleware::from_fn_with_state(
            Arc::clone(&app),
            hosts::check,
        ))
        .layer(middleware::from_fn_with_state(
            Arc::clone(&app.recorder),
            recorder::exchange,
        ))
        .with_state(app)
}

/// The switches as they are configured, or else as they were when the sandbox stopped.
async fn switchboard(store: &Store, config: &Config) -> Result<Switchboard, StartError> {
    let mut transaction = store.begin().await?;
    let (stored, run) = settings::faults(&mut transaction).await?;
    let (faults, run) = match &config.faults {
        Some(faults) => (faults.clone(), 0),
        None => (stored, run + 1),
    };
    settings::set_faults(&mut transaction, &faults, run).await?;
    transaction.commit().await?;
    Ok(Switchboard::new(faults, run))
}

async fn until_stopped(mut stopped: watch::Receiver<bool>) {
    // An error means that the handle was dropped without a shutdown; then the server runs on.
    if stopped.wait_for(|stop| *stop).await.is_err() {
        std::future::pending::<()>().await;
    }
}

async fn keep_time(app: Shared) {
    let mut ticks = tokio::time::interval(DUE_INTERVAL);
    loop {
        ticks.tick().await;
        if let Err(error) = payments::catch_up(&app).await {
            tracing::error!(?error, "could not do what is due");
        }
    }
}
