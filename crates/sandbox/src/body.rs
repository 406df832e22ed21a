//! Reading the bodies of requests.

use std::future::poll_fn;
use std::pin::Pin;

use axum::body::{Body, Bytes, HttpBody};

/// The largest body that is looked at, in bytes.
pub(crate) const LIMIT: usize = 1024 * 1024;

/// A body up to this size is read to its end before it is refused, so that the client gets to read
/// the answer.
const DRAINED: usize = 32 * 1024 * 1024;

/// The whole body, or nothing if it is too large or ends early. Of one that is too large nothing is
/// kept: many at once must not fill the memory.
pub(crate) async fn read(mut body: Body) -> Option<Bytes> {
    let mut kept = Vec::new();
    let mut length: usize = 0;
    while let Some(frame) = poll_fn(|context| Pin::new(&mut body).poll_frame(context)).await {
        let Ok(data) = frame.ok()?.into_data() else {
            continue;
        };
        length = length.saturating_add(data.len());
        if length > DRAINED {
            return None;
        }
        if length > LIMIT {
            kept = Vec::new();
        } else {
            kept.extend_from_slice(&data);
        }
    }
    (length <= LIMIT).then(|| Bytes::from(kept))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::{LIMIT, read};
    use axum::body::Body;

    #[tokio::test]
    async fn a_body_is_read_whole_or_not_at_all() {
        for (length, whole) in [(0, true), (1, true), (LIMIT, true), (LIMIT + 1, false)] {
            let body = read(Body::from(vec![b'x'; length])).await;
            assert_eq!(body.map(|body| body.len()), whole.then_some(length));
        }
    }
}
