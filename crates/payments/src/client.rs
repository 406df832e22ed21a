use stripe_checkout::CheckoutSessionMode;
use stripe_checkout::checkout_session::{
    CreateCheckoutSession, CreateCheckoutSessionLineItems, CreateCheckoutSessionLineItemsPriceData,
    CreateCheckoutSessionPaymentIntentData, ExpireCheckoutSession, ProductData,
    RetrieveCheckoutSession,
};
use stripe_client_core::StripeRequest;

use crate::error::ApiError;
use crate::stats::{Operation, OperationStats};
use crate::transport::{Call, Transport};
use crate::{CheckoutSession, LineItem, NewCheckoutSession, Patience, SecretKey};

/// Stripe's API, or the sandbox's. Every call has a timeout, and is tried again with the same idempotency key when the
/// answer was lost. Its clones share their connections and their numbers.
#[derive(Clone, Debug)]
pub struct Stripe {
    pub(crate) transport: Transport,
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
        let transport = Transport::new(key, api_base, patience)?;
        Ok(Self { transport })
    }

    /// How the calls went since the start.
    pub fn stats(&self) -> Vec<OperationStats> {
        self.transport.counters.read()
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
        let call = Call {
            operation: Operation::CreateCheckoutSession,
            request: creation(new).build(),
            idempotency_key: Some(format!("checkout-{}", new.order)),
        };
        self.transport.call(call, told).await
    }

    /// Asks for a Checkout Session.
    ///
    /// # Errors
    /// When Stripe does not know it or cannot be reached.
    pub async fn checkout_session(&self, id: &str) -> Result<CheckoutSession, ApiError> {
        let call = Call {
            operation: Operation::RetrieveCheckoutSession,
            request: RetrieveCheckoutSession::new(id).build(),
            idempotency_key: None,
        };
        self.transport.call(call, told).await
    }

    /// Ends an open Checkout Session, so that it can no longer be paid.
    ///
    /// # Errors
    /// When it is not open, or Stripe cannot be reached.
    pub async fn expire_checkout_session(&self, id: &str) -> Result<CheckoutSession, ApiError> {
        // It can end only once, so it needs no key: a second attempt is refused if the first one got through.
        let call = Call {
            operation: Operation::ExpireCheckoutSession,
            request: ExpireCheckoutSession::new(id).build(),
            idempotency_key: None,
        };
        self.transport.call(call, told).await
    }
}

fn told(body: &[u8]) -> Result<CheckoutSession, &'static str> {
    let object = serde_json::from_slice(body).map_err(|_| "an answer that is not Stripe's")?;
    CheckoutSession::read(&object).map_err(|_| "a session without its id or amount")
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
