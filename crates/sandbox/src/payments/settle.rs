//! What becomes of a payment after the shopper left: bank debits come through or fail, authorizations are captured,
//! given up, or run out.

use sqlx::SqliteConnection;

use super::confirm::{bank_error, enter_payment};
use super::{checkout_sessions, disputes, early_fraud_warnings};
use crate::app::{App, Cause};
use crate::http::ApiError;
use crate::objects::payment_method::{self, Instrument};
use crate::objects::{Object, charge, checkout_session, payment_intent};
use crate::store::objects;
use crate::{debits, events};

/// Lets a bank debit come through or fail.
///
/// # Errors
/// When the payment intent is not processing.
pub(crate) async fn settle(
    app: &App,
    db: &mut SqliteConnection,
    cause: &Cause,
    mut intent: Object,
    succeed: bool,
) -> Result<Object, ApiError> {
    if intent.text("status") != "processing" {
        let message = format!(
            "PaymentIntent {} is {} and waits for no bank.",
            intent.id(),
            intent.text("status")
        );
        return Err(ApiError::invalid(message).executed());
    }
    let mut charge = latest_charge(db, &intent).await?;
    let method = method_of(db, &charge).await?;
    let (charge_event, intent_event) = if succeed {
        charge::arrive(&mut charge);
        enter_payment(app, db, &mut charge).await?;
        payment_intent::succeed(&mut intent, charge.integer("amount_captured"));
        ("charge.succeeded", "payment_intent.succeeded")
    } else {
        let instrument = payment_method::instrument(&method);
        let decline = match &instrument {
            Some(Instrument::Debit(account)) => {
                account.fate().unwrap_or(debits::failure(account.scheme))
            }
            _ => debits::failure(debits::Scheme::UsBankAccount),
        };
        charge::fail(&mut charge, &decline);
        payment_intent::fail(
            &mut intent,
            bank_error(&decline, Some(&charge), method.body()),
        );
        ("charge.failed", "payment_intent.payment_failed")
    };
    objects::update(db, &charge).await?;
    objects::update(db, &intent).await?;
    events::record(app, db, cause, charge_event, &charge).await?;
    events::record(app, db, cause, intent_event, &intent).await?;
    if let Some(session) = payment_intent::session(&intent) {
        checkout_sessions::finish_later(app, db, cause, session, succeed).await?;
    }
    Ok(intent)
}

/// Takes `amount` minor units of an authorization, all of it unless given, and lets go of the rest. The caller has
/// checked that this is possible.
pub(crate) async fn capture(
    app: &App,
    db: &mut SqliteConnection,
    cause: &Cause,
    mut intent: Object,
    amount: Option<i64>,
) -> sqlx::Result<Object> {
    let mut charge = latest_charge(db, &intent).await?;
    let before = charge.body().clone();
    let amount = amount.unwrap_or(intent.integer("amount_capturable"));
    charge::capture(&mut charge, amount);
    enter_payment(app, db, &mut charge).await?;
    payment_intent::succeed(&mut intent, amount);
    objects::update(db, &charge).await?;
    objects::update(db, &intent).await?;
    events::record_change(app, db, cause, "charge.captured", &before, &charge).await?;
    disputes::open_for_card(app, db, cause, &charge).await?;
    early_fraud_warnings::open_for_card(app, db, cause, &charge).await?;
    events::record(app, db, cause, "payment_intent.succeeded", &intent).await?;
    if let Some(id) = payment_intent::session(&intent)
        && let Some(mut session) = objects::find(db, id).await?
    {
        checkout_session::paid(&mut session);
        objects::update(db, &session).await?;
    }
    Ok(intent)
}

/// Ends a payment intent that nobody will pay, and gives an authorization back. The caller has checked that this is
/// possible.
pub(crate) async fn cancel(
    app: &App,
    db: &mut SqliteConnection,
    cause: &Cause,
    mut intent: Object,
    reason: Option<&str>,
) -> sqlx::Result<Object> {
    if intent.text("status") == "requires_capture" {
        let mut charge = latest_charge(db, &intent).await?;
        let before = charge.body().clone();
        charge::release(&mut charge);
        objects::update(db, &charge).await?;
        events::record_change(app, db, cause, "charge.refunded", &before, &charge).await?;
    }
    payment_intent::cancel(&mut intent, reason, app.clock.now());
    objects::update(db, &intent).await?;
    events::record(app, db, cause, "payment_intent.canceled", &intent).await?;
    Ok(intent)
}

/// What time alone does to a payment intent.
pub(super) async fn step(
    app: &App,
    db: &mut SqliteConnection,
    intent: Object,
) -> Result<(), ApiError> {
    let cause = Cause::default();
    match intent.due_step() {
        "expire" => {
            cancel(app, db, &cause, intent, Some("automatic")).await?;
        }
        _ => {
            let charge = latest_charge(db, &intent).await?;
            let method = method_of(db, &charge).await?;
            let fails = payment_method::instrument(&method)
                .is_some_and(|instrument| instrument.decline().is_some());
            settle(app, db, &cause, intent, !fails).await?;
        }
    }
    Ok(())
}

async fn latest_charge(db: &mut SqliteConnection, intent: &Object) -> sqlx::Result<Object> {
    objects::find(db, intent.text("latest_charge"))
        .await?
        .ok_or(sqlx::Error::RowNotFound)
}

async fn method_of(db: &mut SqliteConnection, charge: &Object) -> sqlx::Result<Object> {
    objects::find(db, charge.text("payment_method"))
        .await?
        .ok_or(sqlx::Error::RowNotFound)
}
