//! Refunds: giving money back, and what becomes of it later.

use serde_json::Value;
use sqlx::SqliteConnection;

use super::{balance, early_fraud_warnings};
use crate::app::Scope;
use crate::currency::Currency;
use crate::http::ApiError;
use crate::http::amounts::check_step;
use crate::objects::balance_transaction::Reason;
use crate::objects::refund::{Course, RefundParams, Status};
use crate::objects::{Charge, Dispute, Refund};
use crate::store::objects;

/// The time until a refund is settled that does not succeed or fail at once, in seconds.
const LATER: i64 = 60;

/// The failure reason of a refund unless another one is wanted.
const FAILURE_REASON: &str = "expired_or_canceled_card";

/// The page on which Stripe explains authorizations to those who mistake one for a payment.
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

/// Refunds a charge, all of it or a part.
///
/// # Errors
/// In Stripe's words when the charge has nothing to give back, has less, or is disputed.
pub(crate) async fn issue(
    scope: &mut Scope<'_>,
    mut charge: Charge,
    params: &RefundParams,
) -> Result<Refund, ApiError> {
    let amount = amount(scope.db, &charge, params.amount).await?;
    let course = match (params.course, charge.private()["test_card"].as_str()) {
        (Course::OfCard, Some("pendingRefund")) => Course::Pending,
        (Course::OfCard, Some("refundFail")) => Course::Fails,
        (course, _) => course,
    };
    let status = match course {
        Course::Pending => Status::Pending,
        Course::RequiresAction => Status::RequiresAction,
        Course::OfCard | Course::Fails => Status::Succeeded,
    };
    let now = scope.app.clock.now();
    let mut refund = Refund::create(params, &charge, amount, status, now);
    match course {
        Course::OfCard | Course::RequiresAction => {}
        Course::Pending => refund.plan("succeed", now + LATER),
        Course::Fails => refund.plan("fail", now + LATER),
    }
    let entry = balance::enter(scope, Reason::Refund, amount, &refund, &charge).await?;
    refund.set("balance_transaction", entry.id());
    objects::insert(scope.db, &refund).await?;
    scope.record("refund.created", &refund).await?;

    let before = charge.body().clone();
    charge.refund(&refund, amount);
    objects::update(scope.db, &charge).await?;
    scope
        .record_change("charge.refunded", &before, &charge)
        .await?;
    early_fraud_warnings::review(scope, &charge).await?;
    Ok(refund)
}

/// Lets a refund arrive that is pending or waits for the shopper.
///
/// # Errors
/// When it does neither.
pub(crate) async fn succeed(scope: &mut Scope<'_>, mut refund: Refund) -> Result<Refund, ApiError> {
    if !matches!(refund.status(), Status::Pending | Status::RequiresAction) {
        return Err(unfit(&refund, "succeed"));
    }
    let before = refund.body().clone();
    refund.succeed();
    save(scope, &before, &refund).await?;
    Ok(refund)
}

/// Lets a refund come back, even one that had succeeded: the charge can be refunded again. `reason`
/// is one of [`FAILURE_REASONS`].
///
/// # Errors
/// When it has failed before, or was canceled.
pub(crate) async fn fail(
    scope: &mut Scope<'_>,
    mut refund: Refund,
    reason: Option<&str>,
) -> Result<Refund, ApiError> {
    if matches!(refund.status(), Status::Failed | Status::Canceled) {
        return Err(unfit(&refund, "fail"));
    }
    let before = refund.body().clone();
    let reason = reason.unwrap_or(FAILURE_REASON);
    return_money(scope, &mut refund, Status::Failed, reason).await?;
    scope
        .record_change("refund.failed", &before, &refund)
        .await?;
    Ok(refund)
}

/// Takes back a refund that waits for the shopper, as the merchant may.
///
/// # Errors
/// When it does not wait for the shopper.
pub(crate) async fn cancel(scope: &mut Scope<'_>, mut refund: Refund) -> Result<Refund, ApiError> {
    if refund.status() != Status::RequiresAction {
        let message = "Canceling this refund is unsupported.";
        return Err(ApiError::invalid(message).executed());
    }
    let reason = "merchant_request";
    return_money(scope, &mut refund, Status::Canceled, reason).await?;
    Ok(refund)
}

/// Ends a refund for which the shopper never said where the money shall go.
///
/// # Errors
/// When it does not wait for the shopper.
pub(crate) async fn expire(scope: &mut Scope<'_>, refund: Refund) -> Result<Refund, ApiError> {
    if refund.status() != Status::RequiresAction {
        return Err(unfit(&refund, "expire"));
    }
    fail(scope, refund, Some("unknown")).await
}

/// Writes a refund that was changed, with the events that tell so.
pub(crate) async fn save(
    scope: &mut Scope<'_>,
    before: &Value,
    refund: &Refund,
) -> sqlx::Result<()> {
    objects::update(scope.db, refund).await?;
    if let Some(mut charge) = objects::get::<Charge>(scope.db, refund.text("charge")).await? {
        charge.keep_refund(refund);
        objects::update(scope.db, &charge).await?;
    }
    scope
        .record_change("refund.updated", before, refund)
        .await?;
    scope
        .record_change("charge.refund.updated", before, refund)
        .await?;
    Ok(())
}

/// Takes the step of a refund that is due.
pub(super) async fn run_due_step(scope: &mut Scope<'_>, refund: Refund) -> Result<(), ApiError> {
    match refund.due_step() {
        "fail" => fail(scope, refund, None).await?,
        "expire" => expire(scope, refund).await?,
        _ => succeed(scope, refund).await?,
    };
    Ok(())
}

/// True if a charge was charged back and is not to be refunded; one that was won back or is only
/// inquired about is.
pub(crate) async fn is_charged_back(
    db: &mut SqliteConnection,
    charge: &Charge,
) -> sqlx::Result<bool> {
    let dispute = objects::find_by::<Dispute>(db, "charge", charge.id()).await?;
    Ok(dispute.is_some_and(|dispute| dispute.get("is_charge_refundable") == false))
}

/// The money of a refund comes back: the charge can be refunded again.
async fn return_money(
    scope: &mut Scope<'_>,
    refund: &mut Refund,
    status: Status,
    reason: &str,
) -> Result<(), ApiError> {
    let mut charge = objects::get_one::<Charge>(scope.db, refund.text("charge")).await?;
    let amount = refund.integer("amount");
    let entry = balance::enter(scope, Reason::RefundFailure, amount, refund, &charge).await?;
    let before = refund.body().clone();
    refund.return_money(status, reason, &entry);
    charge.refund(refund, -amount);
    objects::update(scope.db, &charge).await?;
    save(scope, &before, refund).await?;
    early_fraud_warnings::review(scope, &charge).await?;
    Ok(())
}

/// The amount to refund, in minor units, if the charge can give it.
async fn amount(
    db: &mut SqliteConnection,
    charge: &Charge,
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
    let left = charge.refundable();
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

fn unfit(refund: &Refund, verb: &str) -> ApiError {
    ApiError::invalid(format!(
        "Refund {} is {} and cannot {verb} any more.",
        refund.id(),
        refund.text("status")
    ))
    .executed()
}
