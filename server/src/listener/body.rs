use std::io;
use std::pin::Pin;
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};

use axum::body::{Body, Bytes, HttpBody};
use hyper::body::{Frame, Incoming, SizeHint};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::Sleep;

use super::Limits;
use super::connections::{Phase, Ticket};

/// The bytes of all requests' bodies that are kept at a time.
#[derive(Clone, Debug)]
pub(super) struct BodyBudget(Arc<Semaphore>);

/// The part of the budget that one request keeps until it is answered, and why its body was
/// refused, if it was.
#[derive(Debug)]
pub(super) struct BodyAccount {
    budget: BodyBudget,
    kept: Mutex<Option<OwnedSemaphorePermit>>,
    refusal: AtomicU8,
}

/// The reason why a body was not read to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    /// It came too slowly.
    Overdue = 1,
    /// Too many bytes of other bodies are being kept.
    Busy = 2,
}

/// The bytes of a body that are taken whatever others send: more than forms and nearly all events
/// have.
const FREE: usize = 8 * 1024;

/// A request's body that ends with an error at its deadlines. They run while somebody waits for
/// it, not while a handler is busy with something else.
pub(super) struct RequestBody {
    body: Incoming,
    limits: Limits,
    ticket: Arc<Ticket>,
    account: Arc<BodyAccount>,
    read: usize,
    /// The end of the whole body's time, from the first look at it.
    end: Option<Pin<Box<Sleep>>>,
    /// The end of the next piece's time, while it is waited for.
    next: Option<Pin<Box<Sleep>>>,
}

/// A response's body. When all of it was handed out, its connection is idle as soon as it is sent.
pub(super) struct ResponseBody {
    body: Body,
    ticket: Arc<Ticket>,
}

impl BodyBudget {
    /// `bytes` beyond the first 8 KB of each body.
    pub(super) fn new(bytes: usize) -> Self {
        Self(Arc::new(Semaphore::new(bytes)))
    }

    pub(super) fn account(&self) -> BodyAccount {
        BodyAccount {
            budget: self.clone(),
            kept: Mutex::default(),
            refusal: AtomicU8::new(0),
        }
    }
}

impl BodyAccount {
    /// The reason why the body was refused, if it was.
    pub(super) fn refusal(&self) -> Option<Refusal> {
        match self.refusal.load(Ordering::Relaxed) {
            1 => Some(Refusal::Overdue),
            2 => Some(Refusal::Busy),
            _ => None,
        }
    }

    fn refuse(&self, refusal: Refusal) -> axum::Error {
        self.refusal.store(refusal as u8, Ordering::Relaxed);
        axum::Error::new(match refusal {
            Refusal::Overdue => io::Error::new(io::ErrorKind::TimedOut, "the body came too slowly"),
            Refusal::Busy => io::Error::other("too many large bodies are being read"),
        })
    }

    /// Counts bytes before they are kept; answers whether there is room for them.
    fn take(&self, bytes: usize) -> bool {
        let Ok(bytes) = u32::try_from(bytes) else {
            return false;
        };
        let Ok(more) = Arc::clone(&self.budget.0).try_acquire_many_owned(bytes) else {
            return false;
        };
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        match &mut *kept {
            Some(kept) => kept.merge(more),
            None => *kept = Some(more),
        }
        true
    }
}

impl RequestBody {
    pub(super) fn new(
        body: Incoming,
        limits: Limits,
        ticket: Arc<Ticket>,
        account: Arc<BodyAccount>,
    ) -> Self {
        Self {
            body,
            limits,
            ticket,
            account,
            read: 0,
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
            let error = self.account.refuse(Refusal::Overdue);
            return Poll::Ready(Some(Err(error)));
        }
        let frame = ready!(Pin::new(&mut self.body).poll_frame(cx));
        self.next = None;
        if let Some(Ok(frame)) = &frame {
            let bytes = frame.data_ref().map_or(0, Bytes::len);
            let before = self.read.max(FREE);
            self.read = self.read.saturating_add(bytes);
            let beyond = self.read.saturating_sub(before);
            if beyond > 0 && !self.account.take(beyond) {
                let error = self.account.refuse(Refusal::Busy);
                return Poll::Ready(Some(Err(error)));
            }
        }
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
        ticket.enter(Phase::Sending);
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
        self.ticket.note_end();
    }
}
