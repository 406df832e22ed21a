use std::convert::Infallible;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, HttpBody};
use axum::extract::ConnectInfo;
use axum::http::{HeaderValue, Request, Response, StatusCode, header};
use axum::response::IntoResponse;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use text::Text;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{mpsc, watch};
use tower::ServiceExt;

/// Request bodies with deadlines, and responses that tell when they are sent.
mod body;
/// The open connections, and which of them is closed when there are too many.
mod connections;
/// The number of files that the process may have open.
#[cfg_attr(unix, path = "listener/open_files/unix.rs")]
#[cfg_attr(not(unix), path = "listener/open_files/other.rs")]
mod open_files;
/// A socket whose reader may not stall.
mod stream;

use crate::proxies::TrustedProxies;
use body::{BodyBudget, Refusal, RequestBody, ResponseBody};
use connections::{Connections, Phase, Ticket};
use stream::Stream;

/// Limits of connections, so that slow, silent and many clients cost next to nothing.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    /// Connections at a time. Beyond it the one that is least in use makes room for a new one.
    pub(crate) connections: usize,
    /// Connections at a time of one client. Trusted proxies have as many as there are, and so have
    /// loopback and private addresses.
    pub(crate) client_connections: usize,
    /// From opening a connection to the end of its first request's head.
    pub(crate) first_head: Duration,
    /// From the end of a response to the end of the next request's head. Longer than proxies keep
    /// their connections, so that none sends a request into a connection that ends.
    pub(crate) idle: Duration,
    /// Between two pieces of a request's body.
    pub(crate) body_idle: Duration,
    /// A request's body as a whole.
    pub(crate) body: Duration,
    /// While the client takes nothing of what is sent to it.
    pub(crate) write_idle: Duration,
    /// The largest head of a request, in bytes.
    pub(crate) head_bytes: usize,
    /// The most bytes that wait in memory to be taken by one client, or to be read from it.
    pub(crate) buffer_bytes: usize,
    /// The most bytes of all requests' bodies at a time, beyond the first few of each.
    pub(crate) body_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 2048,
            client_connections: 256,
            first_head: Duration::from_secs(10),
            idle: Duration::from_secs(75),
            body_idle: Duration::from_secs(10),
            body: Duration::from_secs(30),
            write_idle: Duration::from_secs(30),
            head_bytes: 32 * 1024,
            buffer_bytes: 64 * 1024,
            body_bytes: 24 * 1024 * 1024,
        }
    }
}

/// Files that are not connections of clients: the database, Stripe, mail, pages.
const OTHER_FILES: usize = 256;

/// The pause when no connection can be accepted, as when no file can be opened.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// Serves until `stop`; then the requests that are under way have `stop_timeout` to end.
pub(crate) async fn serve(
    listener: TcpListener,
    router: Router,
    limits: Limits,
    proxies: TrustedProxies,
    stop: impl Future<Output = ()>,
    stop_timeout: Duration,
) {
    let files = open_files::raise_limit();
    let connections = limits
        .connections
        .min(files.saturating_sub(OTHER_FILES))
        .max(16);
    let limits = Limits {
        connections,
        ..limits
    };
    let connections = Arc::new(Connections::new(
        limits.connections,
        limits.client_connections,
        proxies,
    ));
    let budget = BodyBudget::new(limits.body_bytes);
    let (stopping, stopped) = watch::channel(false);
    let (serving, mut served) = mpsc::channel::<()>(1);
    let mut stop = pin!(stop);
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = &mut stop => break,
        };
        let (stream, addr) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                tracing::warn!(%error, "accepting a connection failed");
                connections.make_room();
                tokio::time::sleep(ACCEPT_PAUSE).await;
                continue;
            }
        };
        let Some(ticket) = connections.admit(addr.ip()) else {
            continue;
        };
        let stopped = stopped.clone();
        let serving = serving.clone();
        let exchange = Exchange {
            addr,
            ticket: Arc::new(ticket),
            router: router.clone(),
            limits,
            budget: budget.clone(),
        };
        tokio::spawn(async move {
            connection(stream, exchange, stopped).await;
            drop(serving);
        });
    }
    drop(listener);
    drop(serving);
    stopping.send_replace(true);
    if tokio::time::timeout(stop_timeout, served.recv())
        .await
        .is_err()
    {
        tracing::warn!("some connections were still open");
    }
}

/// The parts that the requests of one connection are answered with.
#[derive(Clone)]
struct Exchange {
    addr: SocketAddr,
    ticket: Arc<Ticket>,
    router: Router,
    limits: Limits,
    budget: BodyBudget,
}

/// Serves one connection to its end.
async fn connection(stream: TcpStream, exchange: Exchange, mut stopped: watch::Receiver<bool>) {
    // Without it the last packet of an answer waits until the client has acknowledged the one
    // before, which clients delay by 40 ms.
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "a connection ended before it began");
        return;
    }
    let (limits, ticket) = (exchange.limits, Arc::clone(&exchange.ticket));
    let service = service_fn(|request| {
        let exchange = exchange.clone();
        async move { Ok::<_, Infallible>(respond(request, exchange).await) }
    });
    let stream = Stream::new(stream, Arc::clone(&ticket), limits.write_idle);
    let stream = TokioIo::new(stream);
    let mut connection = pin!(
        http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(limits.idle)
            .max_header_size(limits.head_bytes)
            .max_buf_size(limits.buffer_bytes)
            .serve_connection(stream, service)
    );
    let mut first_head = pin!(tokio::time::sleep(limits.first_head));
    let mut is_first = true;
    let mut is_stopping = false;
    loop {
        tokio::select! {
            ended = &mut connection => {
                if let Err(error) = ended {
                    tracing::debug!(%error, "a connection ended early");
                }
                return;
            }
            () = ticket.closed() => return,
            () = &mut first_head, if is_first => {
                if ticket.phase() == Phase::FirstHead {
                    return;
                }
                is_first = false;
            }
            _ = stopped.wait_for(|is_stopping| *is_stopping), if !is_stopping => {
                is_stopping = true;
                if ticket.phase() == Phase::FirstHead {
                    return;
                }
                connection.as_mut().graceful_shutdown();
            }
        }
    }
}

async fn respond(request: Request<Incoming>, exchange: Exchange) -> Response<Body> {
    let Exchange {
        addr,
        ticket,
        router,
        limits,
        budget,
    } = exchange;
    let account = Arc::new(budget.account());
    let has_body = !request.body().is_end_stream();
    ticket.enter(if has_body {
        Phase::Body
    } else {
        Phase::Response
    });
    let mut request = request.map(|body| {
        if has_body {
            Body::new(RequestBody::new(
                body,
                limits,
                Arc::clone(&ticket),
                Arc::clone(&account),
            ))
        } else {
            Body::empty()
        }
    });
    request.extensions_mut().insert(ConnectInfo(addr));
    let response = router.oneshot(request).await;
    let response = match (response, account.refusal()) {
        // Whatever the handler made of a body that did not come.
        (Ok(_), Some(refusal)) => refuse_body(refusal),
        (Ok(response), None) => response,
        (Err(never), _) => match never {},
    };
    response.map(|body| Body::new(ResponseBody::new(body, ticket)))
}

fn refuse_body(refusal: Refusal) -> Response<Body> {
    let text = Text::default().error();
    let (status, text) = match refusal {
        Refusal::Overdue => (StatusCode::REQUEST_TIMEOUT, text.too_slow()),
        Refusal::Busy => (
            StatusCode::SERVICE_UNAVAILABLE,
            text.too_many_large_requests(),
        ),
    };
    let mut response = (status, text).into_response();
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CONNECTION, "close"),
        (header::CACHE_CONTROL, "no-store"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if refusal == Refusal::Busy {
        headers.insert(header::RETRY_AFTER, HeaderValue::from_static("10"));
    }
    response
}
