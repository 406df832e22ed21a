//! Settlement of a payment after the shopper left: bank debits come through or fail, authorizations
//! are captured, given up, or run out.

use sqlx::SqliteConnection;

use super::confirm::{bank_error, enter_payment};
use super::{checkout_sessions, disputes, early_fraud_warnings};
use crate::app::Scope;
use crate::debits;
use crate::http::ApiError;
use crate::objects::payment_method::Instrument;
use crate::objects::{Charge, CheckoutSession, PaymentIntent, PaymentMethod};
use crate::store::objects;

/// Lets a bank debit come through or fail.
///
/// # Errors
/// When the payment intent is not processing.
pub(crate) async fn settle(
    scope: &mut Scope<'_>,
    mut intent: PaymentIntent,
    succeed: bool,
) -> Result<PaymentIntent, ApiError> {
    if intent.text("status") != "processing" {
        let message = format!(
            "PaymentIntent {} is {} and waits for no bank.",
            intent.id(),
            intent.text("status")
        );
        return Err(ApiError::invalid(message).executed());
    }
    let mut charge = latest_charge(scope.db, &intent).await?;
    let method = method_of(scope.db, &charge).await?;
    let (charge_event, intent_event) = if succeed {
        charge.arrive();
        enter_payment(scope, &mut charge).await?;
        intent.succeed(charge.integer("amount_captured"));
        ("charge.succeeded", "payment_intent.succeeded")
    } else {
        let instrument = method.instrument();
        let decline = match &instrument {
            Some(Instrument::Debit(account)) => {
                account.fate().unwrap_or(debits::failure(account.scheme))
            }
            _ => debits::failure(debits::Scheme::UsBankAccount),
        };
        charge.fail(&decline);
        intent.fail(bank_error(&decline, Some(&charge), method.body()));
        ("charge.failed", "payment_intent.payment_failed")
    };
    objects::update(scope.db, &charge).await?;
    objects::update(scope.db, &intent).await?;
    scope.record(charge_event, &charge).await?;
    scope.record(intent_event, &intent).await?;
    if let Some(session) = intent.session() {
        checkout_sessions::finish_later(scope, session, succeed).await?;
    }
    Ok(intent)
}

/// Takes `amount` minor units of an authorization, all of it unless given, and lets go of the rest.
/// The caller has checked that this is possible.
pub(crate) async fn capture(
    scope: &mut Scope<'_>,
    mut intent: PaymentIntent,
    amount: Option<i64>,
) -> sqlx::Result<PaymentIntent> {
    let mut charge = latest_charge(scope.db, &intent).await?;
    let before = charge.body().clone();
    let amount = amount.unwrap_or(intent.integer("amount_capturable"));
    charge.capture(amount);
    enter_payment(scope, &mut charge).await?;
    intent.succeed(amount);
    objects::update(scope.db, &charge).await?;
    objects::update(scope.db, &intent).await?;
    scope
        .record_change("charge.captured", &before, &charge)
        .await?;
    disputes::open_for_card(scope, &charge).await?;
    early_fraud_warnings::open_for_card(scope, &charge).await?;
    scope.record("payment_intent.succeeded", &intent).await?;
    if let Some(id) = intent.session()
        && let Some(mut session) = objects::get::<CheckoutSession>(scope.db, id).await?
    {
        session.paid();
        objects::update(scope.db, &session).await?;
    }
    Ok(intent)
}

/// Ends a payment intent that nobody will pay, and gives an authorization back. The caller has
/// checked that this is possible.
pub(crate) async fn cancel(
    scope: &mut Scope<'_>,
    mut intent: PaymentIntent,
    reason: Option<&str>,
) -> sqlx::Result<PaymentIntent> {
    if intent.text("status") == "requires_capture" {
        let mut charge = latest_charge(scope.db, &intent).await?;
        let before = charge.body().clone();
        charge.release();
        objects::update(scope.db, &charge).await?;
        scope
            .record_change("charge.refunded", &before, &charge)
            .await?;
    }
    intent.cancel(reason, scope.app.clock.now());
    objects::update(scope.db, &intent).await?;
    scope.record("payment_intent.canceled", &intent).await?;
    Ok(intent)
}

/// Takes the step of a payment intent that is due.
pub(super) async fn run_due_step(
    scope: &mut Scope<'_>,
    intent: PaymentIntent,
) -> Result<(), ApiError> {
    match intent.due_step() {
        "expire" => {
            cancel(scope, intent, Some("automatic")).await?;
        }
        _ => {
            let charge = latest_charge(scope.db, &intent).await?;
            let method = method_of(scope.db, &charge).await?;
            let fails = method
                .instrument()
                .is_some_and(|instrument| instrument.decline().is_some());
            settle(scope, intent, !fails).await?;
        }
    }
    Ok(())
}

async fn latest_charge(db: &mut SqliteConnection, intent: &PaymentIntent) -> sqlx::Result<Charge> {
    objects::get_one(db, intent.text("latest_charge")).await
}

async fn method_of(db: &mut SqliteConnection, charge: &Charge) -> sqlx::Result<PaymentMethod> {
    objects::get_one(db, charge.text("payment_method")).await
}
