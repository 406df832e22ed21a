use domain::id::{OrderId, RefundId};
use domain::money::Money;
use domain::order::{RefundFact, RefundReason};
use serde_json::Value;
use stripe_client_core::StripeRequest;
use stripe_core::refund::{CreateRefund, CreateRefundReason, ListRefund, RetrieveRefund};

use crate::client::Stripe;
use crate::error::{ApiError, Unreachable};
use crate::event::RefundObject;
use crate::list::PAGE;
use crate::stats::Operation;
use crate::transport::Call;

/// Money to give back.
#[derive(Clone, Debug)]
pub struct NewRefund {
    /// The decision: makes the idempotency key, so that it moves money once.
    pub id: RefundId,
    /// The number of its idempotency key, from 1: how often it was begun with a new one.
    pub attempt: u32,
    /// The order.
    pub order: OrderId,
    /// The payment that is given back (`pi_…`).
    pub payment_reference: String,
    /// The amount.
    pub amount: Money,
    /// The reason.
    pub reason: Option<RefundReason>,
}

impl Stripe {
    /// Gives money back. The same decision again gives the same refund, however often and at the
    /// same time it is asked for.
    ///
    /// # Errors
    /// When Stripe refuses or cannot be reached.
    pub async fn create_refund(&self, new: &NewRefund) -> Result<RefundFact, ApiError> {
        let mut request = CreateRefund::new()
            .payment_intent(new.payment_reference.clone())
            .amount(new.amount.amount())
            .metadata([
                ("order_id".to_owned(), new.order.to_string()),
                ("refund_id".to_owned(), new.id.to_string()),
            ]);
        if let Some(reason) = new.reason {
            request = request.reason(match reason {
                RefundReason::Duplicate => CreateRefundReason::Duplicate,
                RefundReason::Fraudulent => CreateRefundReason::Fraudulent,
                RefundReason::RequestedByCustomer => CreateRefundReason::RequestedByCustomer,
            });
        }
        let call = Call {
            operation: Operation::CreateRefund,
            request: request.build(),
            idempotency_key: Some(match new.attempt {
                0 | 1 => format!("refund-{}", new.id),
                attempt => format!("refund-{}-{attempt}", new.id),
            }),
        };
        self.transport.call(call, parse_refund).await
    }

    /// Asks for a refund (`re_…`).
    ///
    /// # Errors
    /// When Stripe does not know it or cannot be reached.
    pub async fn refund(&self, stripe_id: &str) -> Result<RefundFact, ApiError> {
        let call = Call {
            operation: Operation::RetrieveRefund,
            request: RetrieveRefund::new(stripe_id).build(),
            idempotency_key: None,
        };
        self.transport.call(call, parse_refund).await
    }

    /// Asks for all refunds of a payment (`pi_…`), the newest first, whoever made them. One with a
    /// status that this version of the shop does not know is left out.
    ///
    /// # Errors
    /// When Stripe refuses or cannot be reached.
    pub async fn refunds_of(&self, payment_reference: &str) -> Result<Vec<RefundFact>, ApiError> {
        let request = |after: Option<&str>| {
            let mut request = ListRefund::new()
                .payment_intent(payment_reference)
                .limit(PAGE);
            if let Some(id) = after {
                request = request.starting_after(id);
            }
            request.build()
        };
        self.list(Operation::ListRefunds, request)
            .await?
            .iter()
            .filter_map(|object| parse_known_refund(object).transpose())
            .collect::<Result<_, _>>()
            .map_err(|why| ApiError::Unreachable(Unreachable::silent(why)))
    }
}

fn parse_refund(body: &[u8]) -> Result<RefundFact, &'static str> {
    let object = serde_json::from_slice(body).map_err(|_| "an answer that is not Stripe's")?;
    parse_known_refund(&object)?.ok_or("a refund of a status that is not known")
}

fn parse_known_refund(object: &Value) -> Result<Option<RefundFact>, &'static str> {
    let event = RefundObject::parse(object)
        .and_then(RefundObject::into_event)
        .map_err(|_| "a refund without its amount or time")?;
    Ok(event.map(|event| event.fact))
}
