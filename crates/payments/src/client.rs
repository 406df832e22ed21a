use domain::address::Address;
use domain::id::OrderId;
use serde::Serialize;
use serde_json::Value;
use stripe_checkout::CheckoutSessionMode;
use stripe_checkout::checkout_session::{
    CreateCheckoutSession, CreateCheckoutSessionBrandingSettings, CreateCheckoutSessionLineItems,
    CreateCheckoutSessionLineItemsPriceData, CreateCheckoutSessionPaymentIntentData,
    CreateCheckoutSessionPaymentIntentDataShipping,
    CreateCheckoutSessionPaymentIntentDataShippingAddress, ExpireCheckoutSession, ProductData,
    RetrieveCheckoutSession,
};
use stripe_client_core::{RequestBuilder, StripeMethod, StripeRequest};
use url::Url;

use crate::error::ApiError;
use crate::list::{PAGE, Since};
use crate::stats::{Operation, OperationStats};
use crate::transport::{Call, Transport};
use crate::{CheckoutSession, LineItem, NewCheckoutSession, RetryPolicy, SecretKey, SessionStatus};

#[derive(Serialize)]
struct CreatedQuery<'a> {
    created: Since,
    limit: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    starting_after: Option<&'a str>,
}

/// Stripe's API, or the sandbox's. Every call has a timeout, and is tried again with the same
/// idempotency key when the answer was lost. Its clones share their connections and their numbers.
#[derive(Clone, Debug)]
pub struct Stripe {
    pub(crate) transport: Transport,
    pay_pages: Vec<String>,
}

/// The origin of Stripe's pay page, unless the merchant has it at their own domain.
const CHECKOUT: &str = "https://checkout.stripe.com";

impl Stripe {
    /// `api_base` is Stripe's own unless given.
    ///
    /// # Errors
    /// When `api_base` is not an address.
    pub fn new(
        key: &SecretKey,
        api_base: Option<&str>,
        policy: RetryPolicy,
    ) -> Result<Self, ApiError> {
        let transport = Transport::new(key, api_base, policy)?;
        let mut pay_pages = vec![CHECKOUT.to_owned()];
        // A sandbox has both at one address.
        pay_pages.extend(api_base.and_then(origin));
        Ok(Self {
            transport,
            pay_pages,
        })
    }

    /// Also takes Checkout Sessions whose pay page is at `checkout_origin`: Stripe's, at the
    /// merchant's own domain.
    ///
    /// Source: <https://docs.stripe.com/payments/checkout/custom-domains>
    #[must_use]
    pub fn with_checkout_origin(mut self, checkout_origin: &str) -> Self {
        self.pay_pages.extend(origin(checkout_origin));
        self
    }

    /// The origins at which a pay page may be.
    pub fn pay_pages(&self) -> &[String] {
        &self.pay_pages
    }

    /// True if `url` is a pay page that a shopper may be sent to.
    ///
    /// # Errors
    /// When it is at another origin than Stripe's or the configured one; the text names the
    /// setting.
    pub fn check_pay_page(&self, url: &str) -> Result<(), ApiError> {
        let Some(found) = origin(url) else {
            let text = "the address of Stripe's pay page is none".to_owned();
            return Err(ApiError::Configuration(text));
        };
        if self.pay_pages.contains(&found) {
            return Ok(());
        }
        Err(ApiError::Configuration(format!(
            "Stripe's pay page is at {found}, where the shop's forms may not lead; \
             set STRIPE_CHECKOUT_ORIGIN={found} if that is your domain at Stripe"
        )))
    }

    /// The statistics of the calls since the start.
    pub fn stats(&self) -> Vec<OperationStats> {
        self.transport.counters.read()
    }

    /// Makes a Checkout Session. The same payment and attempt again gives the same session, however
    /// often and at the same time it is asked for.
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
            idempotency_key: Some(new.idempotency_key()),
        };
        self.transport.call(call, parse_created_session).await
    }

    /// Asks for a Checkout Session, with its PaymentIntent where the key may read that: a
    /// restricted key needs a permission for each object that is expanded.
    ///
    /// # Errors
    /// When Stripe does not know it or cannot be reached.
    pub async fn checkout_session(&self, id: &str) -> Result<CheckoutSession, ApiError> {
        let plain = RetrieveCheckoutSession::new(id);
        let expanded = plain.clone().expand(["payment_intent".to_owned()]);
        let call = |request: RetrieveCheckoutSession| Call {
            operation: Operation::RetrieveCheckoutSession,
            request: request.build(),
            idempotency_key: None,
        };
        match self.transport.call(call(expanded), parse_session).await {
            Err(ApiError::Forbidden { .. }) => {
                self.transport.call(call(plain), parse_session).await
            }
            answer => answer,
        }
    }

    /// Looks for the Checkout Sessions that were made for an order since `created` (Unix seconds).
    ///
    /// # Errors
    /// When Stripe refuses or cannot be reached.
    pub async fn checkout_sessions_of(
        &self,
        order: &OrderId,
        created: i64,
    ) -> Result<Vec<CheckoutSession>, ApiError> {
        let request = |after: Option<&str>| {
            RequestBuilder::new(StripeMethod::Get, "/checkout/sessions").query(&CreatedQuery {
                created: Since { gte: created },
                limit: PAGE,
                starting_after: after,
            })
        };
        let objects = self.list(Operation::ListCheckoutSessions, request).await?;
        let is_own = |object: &&Value| object["client_reference_id"] == order.as_str();
        let read = |object: &Value| {
            CheckoutSession::parse(object)
                .inspect_err(
                    |error| tracing::warn!(%error, "skipped an unreadable Checkout Session"),
                )
                .ok()
        };
        Ok(objects.iter().filter(is_own).filter_map(read).collect())
    }

    /// Ends an open Checkout Session, so that it can no longer be paid.
    ///
    /// # Errors
    /// When it is not open, or Stripe cannot be reached.
    pub async fn expire_checkout_session(&self, id: &str) -> Result<CheckoutSession, ApiError> {
        // It can end only once, so it needs no key: a second attempt is refused if the first one
        // got through.
        let call = Call {
            operation: Operation::ExpireCheckoutSession,
            request: ExpireCheckoutSession::new(id).build(),
            idempotency_key: None,
        };
        self.transport.call(call, parse_session).await
    }
}

/// The origin of an address, as browsers write it.
fn origin(address: &str) -> Option<String> {
    let origin = Url::parse(address).ok()?.origin();
    origin.is_tuple().then(|| origin.ascii_serialization())
}

fn parse_session(body: &[u8]) -> Result<CheckoutSession, &'static str> {
    let object = serde_json::from_slice(body).map_err(|_| "an answer that is not Stripe's")?;
    CheckoutSession::parse(&object).map_err(|_| "a session without its id or amount")
}

/// A session that was just made tells where it can be paid, or that it ended.
fn parse_created_session(body: &[u8]) -> Result<CheckoutSession, &'static str> {
    let session = parse_session(body)?;
    if session.url.is_none() && session.status == SessionStatus::Unknown {
        return Err("a session without its address");
    }
    Ok(session)
}

fn creation(new: &NewCheckoutSession) -> CreateCheckoutSession {
    let mut intent = CreateCheckoutSessionPaymentIntentData::new();
    intent.description = Some(format!("Order {}", new.order_number));
    intent.metadata = Some([("order_id".to_owned(), new.order.to_string())].into());
    intent.shipping = new.ship_to.as_ref().map(shipping);
    let mut request = CreateCheckoutSession::new()
        .mode(CheckoutSessionMode::Payment)
        .client_reference_id(new.order.to_string())
        .metadata([
            ("order_number".to_owned(), new.order_number.to_string()),
            ("installation_mark".to_owned(), new.mark.clone()),
        ])
        .line_items(new.line_items.iter().map(line_item).collect::<Vec<_>>())
        .payment_intent_data(intent)
        .expires_at(new.expires_at)
        .success_url(new.success_url.clone())
        .cancel_url(new.cancel_url.clone());
    if let Some(name) = &new.display_name {
        let mut branding = CreateCheckoutSessionBrandingSettings::new();
        branding.display_name = Some(name.clone());
        request = request.branding_settings(branding);
    }
    if let Some(email) = &new.customer_email {
        request = request.customer_email(email.clone());
    }
    request
}

fn shipping(to: &Address) -> CreateCheckoutSessionPaymentIntentDataShipping {
    let mut address = CreateCheckoutSessionPaymentIntentDataShippingAddress::new(to.line1.clone());
    address.line2.clone_from(&to.line2);
    address.city.clone_from(&to.city);
    address.state.clone_from(&to.region);
    address.postal_code.clone_from(&to.postal_code);
    address.country = Some(to.country.to_string());
    let mut shipping =
        CreateCheckoutSessionPaymentIntentDataShipping::new(address, to.name.clone());
    shipping.phone.clone_from(&to.phone);
    shipping
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
