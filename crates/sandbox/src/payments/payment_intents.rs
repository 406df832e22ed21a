//! Payment intents that a merchant made, without a Checkout Session.

use serde_json::Value;

use super::confirm::{Attempt, Outcome, Terms};
use crate::app::Scope;
use crate::objects::{
    Object, PaymentIntent, PaymentMethod, payment_intent, payment_method_options,
};
use crate::store::objects;

/// Tries to pay an intent, whose method may then be kept for its customer.
pub(crate) async fn confirm(
    scope: &mut Scope<'_>,
    intent: &mut PaymentIntent,
    method: &mut PaymentMethod,
    terms: &Terms,
) -> sqlx::Result<Outcome> {
    let mut attempt = Attempt {
        scope,
        events: Vec::new(),
    };
    let outcome = attempt.confirm(intent, method, terms).await?;
    keep_method(scope, intent, method, outcome).await?;
    Ok(outcome)
}

/// Goes on after the bank's page. Nothing happens to an intent that does not wait for it.
pub(crate) async fn authenticate_intent(
    scope: &mut Scope<'_>,
    intent: &mut PaymentIntent,
    passed: bool,
) -> sqlx::Result<()> {
    if !waits_for_authentication(intent) {
        return Ok(());
    }
    let method = objects::get::<PaymentMethod>(scope.db, intent.text("payment_method")).await?;
    let mut attempt = Attempt {
        scope,
        events: Vec::new(),
    };
    let outcome = attempt.resume(intent, passed).await?;
    if let Some(mut method) = method {
        keep_method(scope, intent, &mut method, outcome).await?;
    }
    Ok(())
}

/// True if an intent of the merchant's own waits for the shopper at the bank's page.
pub(crate) fn waits_for_authentication(intent: &Object) -> bool {
    intent.text("status") == "requires_action" && payment_intent::session_of(intent).is_none()
}

/// Attaches a payment method to a customer.
pub(crate) async fn attach(
    scope: &mut Scope<'_>,
    method: &mut PaymentMethod,
    customer: Value,
) -> sqlx::Result<()> {
    let before = method.body().clone();
    method.set("customer", customer);
    objects::update(scope.db, method).await?;
    scope
        .record_change("payment_method.attached", &before, method)
        .await?;
    Ok(())
}

/// Fulfills `setup_future_usage`: the method of a payment that went well is attached to the
/// customer.
pub(super) async fn keep_method(
    scope: &mut Scope<'_>,
    intent: &PaymentIntent,
    method: &mut PaymentMethod,
    outcome: Outcome,
) -> sqlx::Result<()> {
    let went_well = matches!(
        outcome,
        Outcome::Succeeded | Outcome::Authorized | Outcome::Processing
    );
    let usage = payment_method_options::future_usage(intent, method.text("type"));
    if !went_well || usage.is_none() {
        return Ok(());
    }
    make_ready(scope, intent, method).await
}

/// A payment method can be used without the shopper from now on, and is kept for the intent's
/// customer, if there is one.
pub(super) async fn make_ready(
    scope: &mut Scope<'_>,
    intent: &Object,
    method: &mut PaymentMethod,
) -> sqlx::Result<()> {
    method.set_up();
    objects::update(scope.db, method).await?;
    let customer = intent.get("customer");
    if !customer.is_null() && method.get("customer").is_null() {
        attach(scope, method, customer.clone()).await?;
    }
    Ok(())
}
