use std::pin::Pin;
use std::task::{Context, Poll};

use axum::BoxError;
use axum::body::{Body, Bytes, HttpBody};
use hyper::body::Frame;
use tokio::sync::mpsc;

/// The parts that wait for a slow reader.
const WAITING_PARTS: usize = 2;

/// A body that is made while it is sent.
struct Parts(mpsc::Receiver<Result<Bytes, BoxError>>);

/// A body, and the way its parts come in. An error breaks the connection off, so that no half body
/// looks whole.
pub(crate) fn channel() -> (mpsc::Sender<Result<Bytes, BoxError>>, Body) {
    let (sender, receiver) = mpsc::channel(WAITING_PARTS);
    (sender, Body::new(Parts(receiver)))
}

impl HttpBody for Parts {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        let part = self.0.poll_recv(context);
        part.map(|part| part.map(|part| part.map(Frame::data)))
    }
}
