use axum::body::{Body, to_bytes};
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use payments::event::{Event, ParseEventError};
use payments::signature::{self, Secrets};
use shop::webhooks::ReceiveError;
use shop::{Clock, Shop};

/// What the route needs to tell Stripe's requests from others, and to act on them.
#[derive(Clone, Debug)]
pub(crate) struct Endpoint {
    shop: Shop,
    secrets: Secrets,
    clock: Clock,
}

/// The largest body, in bytes. Stripe's events are a hundredth of it.
const LARGEST_BODY: usize = 1024 * 1024;

impl Endpoint {
    pub(crate) const fn new(shop: Shop, secrets: Secrets, clock: Clock) -> Self {
        Self {
            shop,
            secrets,
            clock,
        }
    }
}

/// Takes an event. Only a 2xx tells Stripe not to send it again, so that is said last.
pub(crate) async fn receive(
    State(endpoint): State<Endpoint>,
    headers: HeaderMap,
    body: Body,
) -> (StatusCode, &'static str) {
    let Ok(body) = to_bytes(body, LARGEST_BODY).await else {
        return (StatusCode::PAYLOAD_TOO_LARGE, "the body is too large");
    };
    let header = headers
        .get("stripe-signature")
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    if let Err(error) = signature::verify(&endpoint.secrets, header, &body, endpoint.clock.now()) {
        tracing::warn!(webhook.error = %error, "a webhook was refused");
        return (StatusCode::BAD_REQUEST, "the signature is not valid");
    }
    let event = match Event::parse(&body) {
        Ok(event) => event,
        Err(error) => {
            tracing::error!(webhook.error = %error, "a signed webhook cannot be read");
            return match error {
                ParseEventError::NotAnEvent(_) => {
                    (StatusCode::BAD_REQUEST, "the body is not an event")
                }
                // Sent again it reads no better, but Stripe shows the owner that it failed.
                ParseEventError::Incomplete { .. } => {
                    (StatusCode::UNPROCESSABLE_ENTITY, "the event is incomplete")
                }
            };
        }
    };
    match shop::webhooks::receive(&endpoint.shop, &event).await {
        Ok(()) => (StatusCode::OK, "received"),
        // Not taken and not a success: Stripe shows the owner that the endpoint or key is another's.
        Err(error @ (ReceiveError::WrongMode | ReceiveError::WrongAccount)) => {
            tracing::error!(stripe.event_id = event.id, %error, "event refused");
            (
                StatusCode::CONFLICT,
                "this event is for another mode or Stripe account than this shop's",
            )
        }
        Err(error) => {
            tracing::error!(
                stripe.event_id = event.id,
                error = &error as &dyn std::error::Error,
                "an event could not be recorded"
            );
            (StatusCode::INTERNAL_SERVER_ERROR, "try again later")
        }
    }
}
