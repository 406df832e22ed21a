use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, ready};

use axum::body::{Body, Bytes, HttpBody};
use hyper::body::{Frame, Incoming, SizeHint};
use tokio::time::Sleep;

use super::Limits;
use super::connections::{Phase, Ticket};

/// Whether a request's body came too slowly.
#[derive(Debug, Default)]
pub(super) struct Overdue(AtomicBool);

/// A request's body that ends with an error at its deadlines. They run while somebody waits for
/// it, not while a handler is busy with something else.
pub(super) struct RequestBody {
    body: Incoming,
    limits: Limits,
    ticket: Arc<Ticket>,
    overdue: Arc<Overdue>,
    /// The end of the whole body's time, from the first look at it.
    end: Option<Pin<Box<Sleep>>>,
    /// The end of the next piece's time, while it is waited for.
    next: Option<Pin<Box<Sleep>>>,
}

/// A response's body, after which its connection is idle.
pub(super) struct ResponseBody {
    body: Body,
    ticket: Arc<Ticket>,
}

impl Overdue {
    pub(super) fn is_set(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

impl RequestBody {
    pub(super) fn new(
        body: Incoming,
        limits: Limits,
        ticket: Arc<Ticket>,
        overdue: Arc<Overdue>,
    ) -> Self {
        Self {
            body,
            limits,
            ticket,
            overdue,
            end: None,
            next: None,
        }
    }

    fn is_overdue(&mut self, cx: &mut Context<'_>) -> bool {
        let limits = self.limits;
        let end = self
            .end
            .get_or_insert_with(|| Box::pin(tokio::time::sleep(limits.body)));
        let next = self
            .next
            .get_or_insert_with(|| Box::pin(tokio::time::sleep(limits.body_idle)));
        end.as_mut().poll(cx).is_ready() || next.as_mut().poll(cx).is_ready()
    }
}

impl HttpBody for RequestBody {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        if self.is_overdue(cx) {
            self.overdue.0.store(true, Ordering::Relaxed);
            let error = io::Error::new(io::ErrorKind::TimedOut, "the body came too slowly");
            return Poll::Ready(Some(Err(axum::Error::new(error))));
        }
        let frame = ready!(Pin::new(&mut self.body).poll_frame(cx));
        self.next = None;
        if frame.is_none() || self.body.is_end_stream() {
            self.ticket.enter(Phase::Response);
        }
        Poll::Ready(frame.map(|frame| frame.map_err(axum::Error::new)))
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl ResponseBody {
    pub(super) fn new(body: Body, ticket: Arc<Ticket>) -> Self {
        ticket.enter(Phase::Response);
        Self { body, ticket }
    }
}

impl HttpBody for ResponseBody {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl Drop for ResponseBody {
    fn drop(&mut self) {
        self.ticket.enter(Phase::Idle);
    }
}
