use std::sync::Arc;
use std::time::Duration;

use rand::Rng;
use stripe::{Client, ClientBuilder, IdempotencyKey, RequestStrategy, StripeError, StripeRequest};
use stripe_checkout::CheckoutSessionMode;
use stripe_checkout::checkout_session::{
    CreateCheckoutSession, CreateCheckoutSessionLineItems, CreateCheckoutSessionLineItemsPriceData,
    CreateCheckoutSessionPaymentIntentData, ExpireCheckoutSession, ProductData,
    RetrieveCheckoutSession,
};

use crate::{CheckoutSession, LineItem, NewCheckoutSession, SecretKey};

/// Stripe's API, or the sandbox's. Every call has a timeout, and is tried again with the same idempotency key when the
/// answer was lost.
#[derive(Clone, Debug)]
pub struct Stripe {
    client: Client,
    pauses: Arc<[Duration]>,
    total: Duration,
}

/// How long to wait for Stripe before giving up.
#[derive(Clone, Debug)]
pub struct Patience {
    /// How long one attempt may take.
    pub timeout: Duration,
    /// How long to wait at most before each further attempt.
    pub pauses: Vec<Duration>,
    /// How long all attempts of one call may take together.
    pub total: Duration,
}

/// Why Stripe did not do what it was asked. The text is for the log; it holds no data of a shopper.
#[derive(Debug, thiserror::Error)]
pub enum ApiError {
    /// Stripe understood and refused.
    #[error("Stripe refused: {code} (status {status}, parameter {param})")]
    Refused {
        /// The HTTP status.
        status: u16,
        /// Stripe's error code, or its type where it has none.
        code: String,
        /// The parameter that is at fault, if one is.
        param: String,
    },
    /// There was no answer, or none that makes sense; whether it was done is not known.
    #[error("Stripe cannot be reached: {0}")]
    Unreachable(&'static str),
    /// The configuration cannot work.
    #[error("the Stripe client cannot be set up: {0}")]
    Configuration(String),
}

/// As long as a shopper waits, too.
impl Default for Patience {
    fn default() -> Self {
        Self {
            timeout: Duration::from_secs(8),
            pauses: [200, 600, 1500].map(Duration::from_millis).to_vec(),
            total: Duration::from_secs(12),
        }
    }
}

impl Stripe {
    /// `api_base` is Stripe's own unless given.
    ///
    /// # Errors
    /// When `api_base` is not an address.
    pub fn new(
        key: &SecretKey,
        api_base: Option<&str>,
        patience: Patience,
    ) -> Result<Self, ApiError> {
        let mut builder = ClientBuilder::new(key.expose()).timeout(patience.timeout);
        if let Some(base) = api_base {
            if !is_address(base) {
                let text = format!("{base:?} is no http:// or https:// address");
                return Err(ApiError::Configuration(text));
            }
            // Without the slash async-stripe would glue its path to the last segment.
            builder = builder.url(format!("{}/", base.trim_end_matches('/')));
        }
        let client = builder
            .build()
            .map_err(|error| ApiError::Configuration(error.to_string()))?;
        Ok(Self {
            client,
            pauses: patience.pauses.into(),
            total: patience.total,
        })
    }

    /// Makes a Checkout Session. The same order again gives the same session, however often and at the same time it is
    /// asked for.
    ///
    /// # Errors
    /// When Stripe refuses or cannot be reached.
    pub async fn create_checkout_session(
        &self,
        new: &NewCheckoutSession,
    ) -> Result<CheckoutSession, ApiError> {
        let key = IdempotencyKey::new(format!("checkout-{}", new.order))
            .map_err(|error| ApiError::Configuration(error.to_string()))?;
        let request = creation(new);
        self.send(&request, &RequestStrategy::Idempotent(key)).await
    }

    /// Asks for a Checkout Session.
    ///
    /// # Errors
    /// When Stripe does not know it or cannot be reached.
    pub async fn checkout_session(&self, id: &str) -> Result<CheckoutSession, ApiError> {
        self.send(&RetrieveCheckoutSession::new(id), &RequestStrategy::Once)
            .await
    }

    /// Ends an open Checkout Session, so that it can no longer be paid.
    ///
    /// # Errors
    /// When it is not open, or Stripe cannot be reached.
    pub async fn expire_checkout_session(&self, id: &str) -> Result<CheckoutSession, ApiError> {
        self.send(&ExpireCheckoutSession::new(id), &RequestStrategy::Once)
            .await
    }

    async fn send<R>(
        &self,
        request: &R,
        strategy: &RequestStrategy,
    ) -> Result<CheckoutSession, ApiError>
    where
        R: StripeRequest<Output = stripe_checkout::CheckoutSession>,
    {
        tokio::time::timeout(self.total, self.try_to_send(request, strategy))
            .await
            .unwrap_or(Err(ApiError::Unreachable("no answer in time")))
    }

    async fn try_to_send<R>(
        &self,
        request: &R,
        strategy: &RequestStrategy,
    ) -> Result<CheckoutSession, ApiError>
    where
        R: StripeRequest<Output = stripe_checkout::CheckoutSession>,
    {
        let mut pauses = self.pauses.iter();
        loop {
            let attempt = request.customize().request_strategy(strategy.clone());
            let error = match attempt.send(&self.client).await {
                Ok(session) => {
                    return CheckoutSession::try_from(session)
                        .map_err(|_| ApiError::Unreachable("a session without an amount"));
                }
                Err(error) => error,
            };
            match pauses.next() {
                Some(pause) if is_passing(&error) => {
                    tracing::warn!(stripe.error = %ApiError::from(error), "trying Stripe again");
                    tokio::time::sleep(shortened(*pause)).await;
                }
                _ => return Err(error.into()),
            }
        }
    }
}

fn creation(new: &NewCheckoutSession) -> CreateCheckoutSession {
    let mut intent = CreateCheckoutSessionPaymentIntentData::new();
    intent.description = Some(format!("Order {}", new.order_number));
    intent.metadata = Some([("order_id".to_owned(), new.order.to_string())].into());
    let mut request = CreateCheckoutSession::new()
        .mode(CheckoutSessionMode::Payment)
        .client_reference_id(new.order.to_string())
        .metadata([("order_number".to_owned(), new.order_number.to_string())])
        .line_items(new.line_items.iter().map(line_item).collect::<Vec<_>>())
        .payment_intent_data(intent)
        .expires_at(new.expires_at)
        .success_url(new.success_url.clone())
        .cancel_url(new.cancel_url.clone());
    if let Some(email) = &new.customer_email {
        request = request.customer_email(email.clone());
    }
    request
}

fn line_item(item: &LineItem) -> CreateCheckoutSessionLineItems {
    let mut product = ProductData::new(item.name.clone());
    product.description = item.description.clone();
    product.images = item.image_url.clone().map(|url| vec![url]);
    let currency: stripe_types::Currency = item
        .unit_price
        .currency()
        .code()
        .parse()
        .unwrap_or_else(|never: std::convert::Infallible| match never {});
    let mut price = CreateCheckoutSessionLineItemsPriceData::new(currency);
    price.unit_amount = Some(item.unit_price.amount());
    price.product_data = Some(product);
    let mut line = CreateCheckoutSessionLineItems::new();
    line.price_data = Some(price);
    line.quantity = Some(u64::from(item.quantity));
    line
}

fn is_address(base: &str) -> bool {
    let host = base
        .strip_prefix("https://")
        .or_else(|| base.strip_prefix("http://"));
    host.is_some_and(|host| !host.is_empty() && host.bytes().all(|byte| byte.is_ascii_graphic()))
}

/// Half of the pause up to all of it, so that two clicks that got in each other's way do not meet again.
fn shortened(pause: Duration) -> Duration {
    rand::rng().random_range(pause / 2..=pause)
}

/// Whether the same request may do better in a moment.
///
/// Source: <https://docs.stripe.com/error-low-level>
fn is_passing(error: &StripeError) -> bool {
    match error {
        StripeError::Stripe(_, status) => matches!(status, 409 | 424 | 429 | 500..),
        StripeError::JSONDeserialize(_) | StripeError::ClientError(_) | StripeError::Timeout => {
            true
        }
        StripeError::ConfigError(_) => false,
    }
}

impl From<StripeError> for ApiError {
    fn from(error: StripeError) -> Self {
        match error {
            StripeError::Stripe(error, status) if status < 500 => Self::Refused {
                status,
                code: error
                    .code
                    .map_or_else(|| error.type_.to_string(), |code| code.to_string()),
                param: error.param.unwrap_or_else(|| "none".to_owned()),
            },
            StripeError::Stripe(..) => Self::Unreachable("an error on its side"),
            StripeError::JSONDeserialize(_) => Self::Unreachable("an answer that is not Stripe's"),
            StripeError::ClientError(_) => Self::Unreachable("the connection failed"),
            StripeError::Timeout => Self::Unreachable("no answer in time"),
            StripeError::ConfigError(error) => Self::Configuration(error),
        }
    }
}
