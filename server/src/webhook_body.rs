use std::sync::Arc;

use axum::body::{Body, Bytes, HttpBody};
use http_body_util::BodyExt;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Reads the bodies of webhooks, which anybody can send. Bytes are counted before they are kept:
/// small bodies, as Stripe's events are, are always taken, and of large ones a few at a time.
#[derive(Clone, Debug)]
pub(crate) struct WebhookBodies(Arc<Semaphore>);

/// A body that was read. While it is there it counts.
#[derive(Debug)]
pub(crate) struct WebhookBody {
    pub(crate) bytes: Vec<u8>,
    _large: Option<OwnedSemaphorePermit>,
}

/// The error of reading a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// It is larger than any event.
    TooLarge,
    /// Too many large ones are being read.
    Busy,
    /// It did not arrive.
    Incomplete,
}

/// The largest body, in bytes. Stripe's events are a hundredth of it.
const LARGEST: usize = 1024 * 1024;

/// The largest body that is always taken, in bytes.
const SMALL: usize = 64 * 1024;

/// The number of larger ones that are read at a time.
const LARGE_AT_A_TIME: usize = 8;

impl Default for WebhookBodies {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(LARGE_AT_A_TIME)))
    }
}

impl WebhookBodies {
    pub(crate) async fn read(&self, mut body: Body) -> Result<WebhookBody, Refusal> {
        let announced = body.size_hint().exact().unwrap_or_default();
        let mut large = None;
        self.count(usize::try_from(announced).unwrap_or(usize::MAX), &mut large)?;
        let mut bytes = Vec::new();
        while let Some(frame) = body.frame().await {
            let frame = frame.map_err(|_| Refusal::Incomplete)?;
            let piece: Bytes = frame.into_data().unwrap_or_default();
            self.count(bytes.len().saturating_add(piece.len()), &mut large)?;
            bytes.extend_from_slice(&piece);
        }
        Ok(WebhookBody {
            bytes,
            _large: large,
        })
    }

    fn count(
        &self,
        length: usize,
        large: &mut Option<OwnedSemaphorePermit>,
    ) -> Result<(), Refusal> {
        if length > LARGEST {
            return Err(Refusal::TooLarge);
        }
        if length > SMALL && large.is_none() {
            let permit = Arc::clone(&self.0).try_acquire_owned();
            *large = Some(permit.map_err(|_| Refusal::Busy)?);
        }
        Ok(())
    }
}
