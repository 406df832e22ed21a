use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use payments::event::{Event, ParseEventError};
use payments::signature::{Secrets, Signature, SignatureError};
use shop::webhooks::ReceiveError;
use shop::{Clock, Shop};

use crate::throttle::Throttle;
use crate::webhook_body::{Refusal, WebhookBodies};

/// The state of the route: what tells Stripe's requests from others, and acts on them.
#[derive(Clone, Debug)]
pub(crate) struct Endpoint {
    shop: Shop,
    secrets: Secrets,
    clock: Clock,
    bodies: WebhookBodies,
    refusals: Arc<Throttle>,
}

impl Endpoint {
    pub(crate) fn new(shop: Shop, secrets: Secrets, clock: Clock) -> Self {
        Self {
            shop,
            secrets,
            clock,
            bodies: WebhookBodies::default(),
            refusals: Arc::default(),
        }
    }
}

/// Takes an event. Only a 2xx tells Stripe not to send it again, so that is said last. What costs
/// least comes first: the header's time, then the body, then its MAC.
pub(crate) async fn receive(
    State(endpoint): State<Endpoint>,
    headers: HeaderMap,
    body: Body,
) -> Response {
    let header = headers
        .get("stripe-signature")
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let signature = match Signature::parse(header, endpoint.clock.now()) {
        Ok(signature) => signature,
        Err(error) => return refuse_signature(&endpoint, error),
    };
    let body = match endpoint.bodies.read(body).await {
        Ok(body) => body,
        Err(refusal) => return refuse_body(refusal),
    };
    if let Err(error) = signature.verify(&endpoint.secrets, &body.bytes) {
        return refuse_signature(&endpoint, error);
    }
    accept(&endpoint, &body.bytes).await.into_response()
}

fn refuse_signature(endpoint: &Endpoint, error: SignatureError) -> Response {
    if let Some(others) = endpoint.refusals.admit() {
        tracing::warn!(webhook.error = %error, webhook.others = others, "a webhook was refused");
    }
    (StatusCode::BAD_REQUEST, "the signature is not valid").into_response()
}

fn refuse_body(refusal: Refusal) -> Response {
    match refusal {
        Refusal::TooLarge => {
            (StatusCode::PAYLOAD_TOO_LARGE, "the body is too large").into_response()
        }
        Refusal::Busy => (
            StatusCode::SERVICE_UNAVAILABLE,
            [(header::RETRY_AFTER, "10")],
            "too many large bodies are being read; try again later",
        )
            .into_response(),
        Refusal::Incomplete => {
            (StatusCode::BAD_REQUEST, "the body did not arrive whole").into_response()
        }
    }
}

/// Acts on a body that Stripe signed.
async fn accept(endpoint: &Endpoint, body: &[u8]) -> (StatusCode, &'static str) {
    let event = match Event::parse(body) {
        Ok(event) => event,
        Err(error) => {
            tracing::error!(webhook.error = %error, "signed webhook holds a malformed event");
            return match error {
                ParseEventError::NotAnEvent(_) => {
                    (StatusCode::BAD_REQUEST, "the body is not an event")
                }
                // Sent again it reads no better, but Stripe shows the admin that it failed.
                ParseEventError::Incomplete { .. } => {
                    (StatusCode::UNPROCESSABLE_ENTITY, "the event is incomplete")
                }
            };
        }
    };
    match shop::webhooks::receive(&endpoint.shop, &event).await {
        Ok(()) => (StatusCode::OK, "received"),
        // Not taken and not a success: Stripe shows the admin that the endpoint or key is
        // another's.
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
                "recording a webhook event failed"
            );
            (StatusCode::INTERNAL_SERVER_ERROR, "try again later")
        }
    }
}
