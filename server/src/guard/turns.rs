use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::body::{Body, HttpBody, to_bytes};
use axum::extract::{Request, State};
use axum::http::{Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use shop::Client;
use text::Text;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Lets each client have a few requests under way at a time; its others wait in a line of their
/// own. So a flood from one client delays the requests of another by no more than those few.
#[derive(Clone, Debug, Default)]
pub(crate) struct Turns(Arc<Mutex<HashMap<Client, Arc<Semaphore>>>>);

/// A turn. It is over when this is dropped.
#[derive(Debug)]
struct Turn {
    turns: Turns,
    client: Client,
    line: Arc<Semaphore>,
    permit: Option<OwnedSemaphorePermit>,
}

/// The number of requests of a client that are under way at a time.
const AT_A_TIME: usize = 16;

/// The time for which a request counts as under way. One that takes longer waits for others, such
/// as Stripe or a lock in the database, and takes no computing time from anybody.
const LONGEST_TURN: Duration = Duration::from_millis(250);

/// The time that a request waits for its turn.
const PATIENCE: Duration = Duration::from_secs(10);

/// The largest form, in bytes. The largest that a page of ours sends is a hundredth of it.
const LARGEST_FORM: usize = 64 * 1024;

/// Reads the form of a request, lets it wait for its client's turn, and answers it. Forms come
/// first, so that slow ones keep nobody of the same client waiting.
pub(crate) async fn take_turns(
    State(turns): State<Turns>,
    request: Request,
    next: Next,
) -> Response {
    let client = request.extensions().get().copied();
    let request = if is_upload(&request) {
        request
    } else {
        match with_whole_form(request).await {
            Ok(request) => request,
            Err(response) => return response,
        }
    };
    let turn = turns.wait(client.unwrap_or(Client::UNKNOWN));
    let Ok(turn) = tokio::time::timeout(PATIENCE, turn).await else {
        return (
            StatusCode::SERVICE_UNAVAILABLE,
            [(header::RETRY_AFTER, "10")],
            Text::default().error().too_many_requests(),
        )
            .into_response();
    };
    let mut response = std::pin::pin!(next.run(request));
    tokio::select! {
        biased;
        response = &mut response => response,
        () = tokio::time::sleep(LONGEST_TURN) => {
            drop(turn);
            response.await
        }
    }
}

/// True for a file that the admin uploads. It is read where it is taken in, after the admin's session
/// was checked.
fn is_upload(request: &Request) -> bool {
    let path = request.uri().path();
    request.method() == Method::POST
        && path.starts_with("/admin/downloads/")
        && path.ends_with("/files")
}

async fn with_whole_form(request: Request) -> Result<Request, Response> {
    let too_large = || {
        let text = Text::default().error().form_too_large();
        (StatusCode::PAYLOAD_TOO_LARGE, text).into_response()
    };
    let (parts, body) = request.into_parts();
    if body.is_end_stream() {
        return Ok(Request::from_parts(parts, body));
    }
    let largest = u64::try_from(LARGEST_FORM).unwrap_or(u64::MAX);
    if body.size_hint().lower() > largest {
        return Err(too_large());
    }
    match to_bytes(body, LARGEST_FORM).await {
        Ok(bytes) => Ok(Request::from_parts(parts, Body::from(bytes))),
        Err(error) if is_too_large(&error) => Err(too_large()),
        // Whoever reads the body says what was wrong with it, to a client that is still there.
        Err(_) => Err(StatusCode::BAD_REQUEST.into_response()),
    }
}

fn is_too_large(error: &axum::Error) -> bool {
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        if cause.is::<http_body_util::LengthLimitError>() {
            return true;
        }
        source = cause.source();
    }
    false
}

impl Turns {
    async fn wait(&self, client: Client) -> Turn {
        let line = {
            let mut lines = self.lock();
            let line = lines
                .entry(client)
                .or_insert_with(|| Arc::new(Semaphore::new(AT_A_TIME)));
            Arc::clone(line)
        };
        // Whoever gives up waiting leaves the line in order, too.
        let mut turn = Turn {
            turns: self.clone(),
            client,
            line,
            permit: None,
        };
        // The semaphore is never closed.
        turn.permit = Arc::clone(&turn.line).acquire_owned().await.ok();
        turn
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Client, Arc<Semaphore>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        drop(self.permit.take());
        let mut lines = self.turns.lock();
        // One is the map's and one this turn's; nobody can get another without the map.
        if Arc::strong_count(&self.line) <= 2 {
            lines.remove(&self.client);
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::net::Ipv4Addr;

    use super::*;

    fn client(number: u32) -> Client {
        Client::new(Ipv4Addr::from_bits(number).into())
    }

    async fn is_let_in(turns: &Turns, client: Client) -> Option<Turn> {
        tokio::time::timeout(Duration::from_millis(1), turns.wait(client))
            .await
            .ok()
    }

    #[tokio::test]
    async fn client_waits_for_its_own_requests_and_for_nobody_elses() {
        let turns = Turns::default();
        let mut held = Vec::new();
        for _ in 0..AT_A_TIME {
            held.push(is_let_in(&turns, client(1)).await.unwrap());
        }
        assert!(is_let_in(&turns, client(1)).await.is_none());
        assert!(is_let_in(&turns, client(2)).await.is_some());
        held.pop();
        assert!(is_let_in(&turns, client(1)).await.is_some());
    }

    #[tokio::test]
    async fn client_without_requests_is_forgotten() {
        let turns = Turns::default();
        let held = is_let_in(&turns, client(1)).await.unwrap();
        drop(is_let_in(&turns, client(2)).await);
        assert_eq!(turns.lock().len(), 1);
        drop(held);
        assert!(turns.lock().is_empty());
    }
}
