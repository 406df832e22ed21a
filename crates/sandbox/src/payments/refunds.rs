//! Refunds: giving money back, and what becomes of it later.

use serde_json::{Value, json};
use sqlx::SqliteConnection;

use super::{balance, early_fraud_warnings};
use crate::app::{App, Cause};
use crate::currency::Currency;
use crate::events;
use crate::http::ApiError;
use crate::http::amounts::check_step;
use crate::objects::balance_transaction::Reason;
use crate::objects::refund::{self, RefundInput, Status};
use crate::objects::{Object, charge};
use crate::store::objects;

/// How long a refund takes that does not succeed or fail at once, in seconds.
const LATER: i64 = 60;

/// What a failed refund says unless something else is wanted.
const FAILURE_REASON: &str = "expired_or_canceled_card";

/// Where Stripe explains authorizations to those who mistake one for a payment.
pub(crate) const HOLDS: &str = "https://stripe.com/docs/payments/place-a-hold-on-a-payment-method";

/// The reasons that a merchant can give, in the order in which Stripe names them.
pub(crate) const REASONS: &[&str] = &["duplicate", "fraudulent", "requested_by_customer"];

/// The reasons that Stripe tells for a refund that failed.
pub(crate) const FAILURE_REASONS: &[&str] = &[
    "charge_for_pending_refund_disputed",
    "declined",
    "expired_or_canceled_card",
    "insufficient_funds",
    "lost_or_stolen_card",
    "merchant_request",
    "unknown",
];

/// A refund that somebody asks for.
#[derive(Debug, Default)]
pub(crate) struct Request {
    /// Minor units; everything that is left unless given.
    pub(crate) amount: Option<i64>,
    pub(crate) reason: Option<String>,
    /// An object of texts, or null.
    pub(crate) metadata: Value,
    pub(crate) instructions_email: Option<String>,
    pub(crate) course: Course,
}

/// How a refund goes on.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Course {
    /// As the test card of its charge says; most succeed at once.
    #[default]
    OfCard,
    /// Pending, and succeeded later.
    Pending,
    /// Succeeded, and failed later.
    Fails,
    /// Waits for the shopper to say where the money shall go.
    RequiresAction,
}

/// Refunds a charge, all of it or a part.
///
/// # Errors
/// In Stripe's words when the charge has nothing to give back, has less, or is disputed.
pub(crate) async fn issue(
    app: &App,
    db: &mut SqliteConnection,
    cause: &Cause,
    mut charge: Object,
    request: &Request,
) -> Result<Object, ApiError> {
    let amount = amount(db, &charge, request.amount).await?;
    let course = match (request.course, charge.private()["test_card"].as_str()) {
        (Course::OfCard, Some("pendingRefund")) => Course::Pending,
        (Course::OfCard, Some("refundFail")) => Course::Fails,
        (course, _) => course,
    };
    let now = app.clock.now();
    let input = RefundInput {
        amount,
        reason: request.reason.as_deref(),
        metadata: if request.metadata.is_object() {
            request.metadata.clone()
        } else {
            json!({})
        },
        instructions_email: request.instructions_email.as_deref(),
        status: match course {
            Course::Pending => Status::Pending,
            Course::RequiresAction => Status::RequiresAction,
            Course::OfCard | Course::Fails => Status::Succeeded,
        },
    };
    let mut refund = refund::create(&input, &charge, now);
    match course {
        Course::OfCard | Course::RequiresAction => {}
        Course::Pending => refund.plan("succeed", now + LATER),
        Course::Fails => refund.plan("fail", now + LATER),
    }
    let entry = balance::enter(app, db, Reason::Refund, amount, &refund, &charge).await?;
    refund.set("balance_transaction", entry.id());
    objects::insert(db, &refund).await?;
    events::record(app, db, cause, "refund.created", &refund).await?;

    let before = charge.body().clone();
    charge::refund(&mut charge, &refund, amount);
    objects::update(db, &charge).await?;
    events::record_change(app, db, cause, "charge.refunded", &before, &charge).await?;
    early_fraud_warnings::review(app, db, cause, &charge).await?;
    Ok(refund)
}

/// Lets a refund arrive that is pending or waits for the shopper.
///
/// # Errors
/// When it does neither.
pub(crate) async fn succeed(
    app: &App,
    db: &mut SqliteConnection,
    cause: &Cause,
    mut refund: Object,
) -> Result<Object, ApiError> {
    if !matches!(
        refund::status(&refund),
        Status::Pending | Status::RequiresAction
    ) {
        return Err(unfit(&refund, "succeed"));
    }
    let before = refund.body().clone();
    refund::succeed(&mut refund);
    save(app, db, cause, &before, &refund).await?;
    Ok(refund)
}

/// Lets a refund come back, even one that had succeeded: the charge can be refunded again. `reason` is one of
/// [`FAILURE_REASONS`].
///
/// # Errors
/// When it has failed before, or was canceled.
pub(crate) async fn fail(
    app: &App,
    db: &mut SqliteConnection,
    cause: &Cause,
    mut refund: Object,
    reason: Option<&str>,
) -> Result<Object, ApiError> {
    if matches!(refund::status(&refund), Status::Failed | Status::Canceled) {
        return Err(unfit(&refund, "fail"));
    }
    let before = refund.body().clone();
    let reason = reason.unwrap_or(FAILURE_REASON);
    return_money(app, db, cause, &mut refund, Status::Failed, reason).await?;
    events::record_change(app, db, cause, "refund.failed", &before, &refund).await?;
    Ok(refund)
}

/// Takes back a refund that waits for the shopper, as the merchant may.
///
/// # Errors
/// When it does not wait for the shopper.
pub(crate) async fn cancel(
    app: &App,
    db: &mut SqliteConnection,
    cause: &Cause,
    mut refund: Object,
) -> Result<Object, ApiError> {
    if refund::status(&refund) != Status::RequiresAction {
        let message = "Canceling this refund is unsupported.";
        return Err(ApiError::invalid(message).executed());
    }
    let reason = "merchant_request";
    return_money(app, db, cause, &mut refund, Status::Canceled, reason).await?;
    Ok(refund)
}

/// Ends a refund for which the shopper never said where the money shall go.
///
/// # Errors
/// When it does not wait for the shopper.
pub(crate) async fn expire(
    app: &App,
    db: &mut SqliteConnection,
    cause: &Cause,
    refund: Object,
) -> Result<Object, ApiError> {
    if refund::status(&refund) != Status::RequiresAction {
        return Err(unfit(&refund, "expire"));
    }
    fail(app, db, cause, refund, Some("unknown")).await
}

/// Writes a refund that was changed, with the events that tell so.
pub(crate) async fn save(
    app: &App,
    db: &mut SqliteConnection,
    cause: &Cause,
    before: &Value,
    refund: &Object,
) -> sqlx::Result<()> {
    objects::update(db, refund).await?;
    if let Some(mut charge) = objects::find(db, refund.text("charge")).await? {
        charge::keep_refund(&mut charge, refund);
        objects::update(db, &charge).await?;
    }
    events::record_change(app, db, cause, "refund.updated", before, refund).await?;
    events::record_change(app, db, cause, "charge.refund.updated", before, refund).await?;
    Ok(())
}

/// What time alone does to a refund.
pub(super) async fn step(
    app: &App,
    db: &mut SqliteConnection,
    refund: Object,
) -> Result<(), ApiError> {
    let cause = Cause::default();
    match refund.due_step() {
        "fail" => fail(app, db, &cause, refund, None).await?,
        "expire" => expire(app, db, &cause, refund).await?,
        _ => succeed(app, db, &cause, refund).await?,
    };
    Ok(())
}

/// Whether a charge was charged back and is not to be refunded; one that was won back or is only inquired about is.
pub(crate) async fn is_charged_back(
    db: &mut SqliteConnection,
    charge: &Object,
) -> sqlx::Result<bool> {
    let dispute = objects::find_by(db, "dispute", "charge", charge.id()).await?;
    Ok(dispute.is_some_and(|dispute| dispute.get("is_charge_refundable") == false))
}

/// The money of a refund comes back: the charge can be refunded again.
async fn return_money(
    app: &App,
    db: &mut SqliteConnection,
    cause: &Cause,
    refund: &mut Object,
    status: Status,
    reason: &str,
) -> Result<(), ApiError> {
    let mut charge = objects::find(db, refund.text("charge"))
        .await?
        .ok_or(sqlx::Error::RowNotFound)?;
    let amount = refund.integer("amount");
    let entry = balance::enter(app, db, Reason::RefundFailure, amount, refund, &charge).await?;
    let before = refund.body().clone();
    refund::return_money(refund, status, reason, &entry);
    charge::refund(&mut charge, refund, -amount);
    objects::update(db, &charge).await?;
    save(app, db, cause, &before, refund).await?;
    early_fraud_warnings::review(app, db, cause, &charge).await?;
    Ok(())
}

/// How much to give back, in minor units, if the charge can give it.
async fn amount(
    db: &mut SqliteConnection,
    charge: &Object,
    wanted: Option<i64>,
) -> Result<i64, ApiError> {
    let id = charge.id();
    let intent = charge.text("payment_intent");
    if charge.text("status") != "succeeded" {
        let message =
            format!("This PaymentIntent ({intent}) does not have a successful charge to refund.");
        return Err(ApiError::invalid(message).executed());
    }
    if charge.get("captured") != true {
        let message = format!(
            "This uncaptured Charge was created by a PaymentIntent ({intent}). You must cancel the PaymentIntent to \
             reverse the authorization instead of refunding the Charge directly. For more information, see {HOLDS}"
        );
        return Err(ApiError::invalid(message).executed());
    }
    let left = charge::refundable(charge);
    if left <= 0 {
        let message = format!("Charge {id} has already been refunded.");
        return Err(ApiError::invalid(message)
            .code("charge_already_refunded")
            .executed());
    }
    if is_charged_back(db, charge).await? {
        let message = format!("Charge {id} has been charged back; cannot issue a refund.");
        return Err(ApiError::invalid(message)
            .code("charge_disputed")
            .executed());
    }
    let currency = Currency::find(charge.text("currency"));
    if let (Some(amount), Some(currency)) = (wanted, currency) {
        check_step(amount, currency, "amount")?;
    }
    match wanted {
        Some(amount) if amount > left => {
            let format = |amount| {
                currency.map_or_else(|| format!("{amount}"), |currency| currency.format(amount))
            };
            let message = format!(
                "Refund amount ({}) is greater than unrefunded amount on charge ({})",
                format(amount),
                format(left)
            );
            Err(ApiError::parameter("amount", message).executed())
        }
        wanted => Ok(wanted.unwrap_or(left)),
    }
}

fn unfit(refund: &Object, verb: &str) -> ApiError {
    ApiError::invalid(format!(
        "Refund {} is {} and cannot {verb} any more.",
        refund.id(),
        refund.text("status")
    ))
    .executed()
}
