//! Disputes: opening, answering and deciding them, and what they do to the merchant's balance.

use serde_json::Value;

use super::{balance, early_fraud_warnings};
use crate::app::Scope;
use crate::http::ApiError;
use crate::objects::balance_transaction::Reason;
use crate::objects::dispute::{Kind, Status};
use crate::objects::{Charge, Dispute, ObjectType};
use crate::store::objects;

/// The time of the bank's review of evidence that decides by itself, in seconds.
const REVIEW: i64 = 5;

/// Disputes a charge that was just made, if its test card is one for that.
pub(super) async fn open_for_card(
    scope: &mut Scope<'_>,
    charge: &Charge,
) -> sqlx::Result<Vec<String>> {
    let (kind, reason) = match charge.private()["test_card"].as_str() {
        Some("createDispute") => (Kind::Chargeback, "fraudulent"),
        Some("createDisputeProductNotReceived") => (Kind::Chargeback, "product_not_received"),
        Some("createDisputeInquiry") => (Kind::Inquiry, "general"),
        _ => return Ok(Vec::new()),
    };
    let (_, events) = create(scope, charge.clone(), kind, reason).await?;
    Ok(events)
}

/// Disputes what is left of a charge, for one of [`dispute::REASONS`].
///
/// # Errors
/// When the charge did not succeed, has nothing left, or is disputed already.
pub(crate) async fn open(
    scope: &mut Scope<'_>,
    charge: Charge,
    kind: Kind,
    reason: &str,
) -> Result<Dispute, ApiError> {
    let refusal = if charge.text("status") != "succeeded" || charge.get("captured") != true {
        "has taken no money, so there is nothing to dispute"
    } else if charge.refundable() == 0 {
        "has been refunded in full, so there is nothing left to dispute"
    } else if charge.get("disputed") == true {
        "is disputed already"
    } else {
        let (dispute, _) = create(scope, charge, kind, reason).await?;
        return Ok(dispute);
    };
    let message = format!("Charge {} {refusal}.", charge.id());
    Err(ApiError::invalid(message).executed())
}

/// Writes changed evidence or metadata, and sends the evidence to the bank if `submit` says so.
/// Evidence that decides by itself is answered some seconds later.
///
/// # Errors
/// When the dispute is closed.
pub(crate) async fn update(
    scope: &mut Scope<'_>,
    before: &Value,
    mut dispute: Dispute,
    submit: bool,
) -> Result<Dispute, ApiError> {
    check_open(&dispute)?;
    if submit {
        dispute.submit();
        let decision = match dispute.get("evidence")["uncategorized_text"].as_str() {
            Some("winning_evidence") => Some("win"),
            Some("losing_evidence") => Some("lose"),
            Some("escalate_inquiry_evidence") => Some("escalate"),
            _ => None,
        };
        if let Some(step) = decision {
            dispute.plan(step, scope.app.clock.now() + REVIEW);
        }
    }
    if dispute.body() == before {
        return Ok(dispute);
    }
    objects::update(scope.db, &dispute).await?;
    scope
        .record_change("charge.dispute.updated", before, &dispute)
        .await?;
    if submit && let Some(charge) = objects::get::<Charge>(scope.db, dispute.text("charge")).await?
    {
        scope.record("charge.updated", &charge).await?;
    }
    Ok(dispute)
}

/// Decides for the merchant: the money comes back, the fee does not. Banks also change their mind,
/// so a lost dispute can still be won. An inquiry is closed.
///
/// # Errors
/// When it was won before, or the inquiry is closed.
pub(crate) async fn win(scope: &mut Scope<'_>, mut dispute: Dispute) -> Result<Dispute, ApiError> {
    let before = dispute.body().clone();
    match dispute.status() {
        Status::WarningClosed | Status::Won => return Err(closed()),
        Status::WarningNeedsResponse | Status::WarningUnderReview => {
            dispute.close(Status::WarningClosed);
        }
        Status::NeedsResponse | Status::UnderReview | Status::Lost => {
            dispute.close(Status::Won);
            enter(scope, Reason::DisputeReversal, &mut dispute).await?;
            let kind = "charge.dispute.funds_reinstated";
            scope.record_change(kind, &before, &dispute).await?;
        }
    }
    record_closed(scope, &before, dispute).await
}

/// Decides against the merchant, who may also do so and accept the dispute. An inquiry is closed,
/// since only an escalated one takes money.
///
/// # Errors
/// When it is closed.
pub(crate) async fn lose(scope: &mut Scope<'_>, mut dispute: Dispute) -> Result<Dispute, ApiError> {
    check_open(&dispute)?;
    let before = dispute.body().clone();
    let status = if is_inquiry(&dispute) {
        Status::WarningClosed
    } else {
        Status::Lost
    };
    dispute.close(status);
    record_closed(scope, &before, dispute).await
}

/// Turns an inquiry into a chargeback over what is left of the charge.
///
/// # Errors
/// When it is not an open inquiry, or the charge was refunded in full.
pub(crate) async fn escalate(
    scope: &mut Scope<'_>,
    mut dispute: Dispute,
) -> Result<Dispute, ApiError> {
    check_open(&dispute)?;
    if !is_inquiry(&dispute) {
        return Err(ApiError::invalid("Only an inquiry can be escalated.").executed());
    }
    let left = objects::get::<Charge>(scope.db, dispute.text("charge"))
        .await?
        .map_or(0, |charge| charge.refundable());
    if left == 0 {
        let message = "The charge has been refunded in full, so the inquiry cannot be escalated.";
        return Err(ApiError::invalid(message).executed());
    }
    let before = dispute.body().clone();
    let amount = left.min(dispute.integer("amount"));
    dispute.set("amount", amount);
    dispute.charge_back(scope.app.clock.now());
    enter(scope, Reason::DisputeWithdrawal, &mut dispute).await?;
    objects::update(scope.db, &dispute).await?;
    for kind in ["charge.dispute.updated", "charge.dispute.funds_withdrawn"] {
        scope.record_change(kind, &before, &dispute).await?;
    }
    Ok(dispute)
}

/// Takes the step of a dispute that is due.
pub(super) async fn run_due_step(
    scope: &mut Scope<'_>,
    mut dispute: Dispute,
) -> Result<(), ApiError> {
    match dispute.due_step() {
        "win" => win(scope, dispute).await?,
        "escalate" if is_inquiry(&dispute) => {
            match escalate(scope, dispute.clone()).await {
                Ok(dispute) => dispute,
                // Refunded in the meantime, which is what an inquiry is for.
                Err(_) => lose(scope, dispute).await?,
            }
        }
        "time_is_up" => {
            dispute.set_in("evidence_details", "/past_due", true);
            lose(scope, dispute).await?
        }
        _ => lose(scope, dispute).await?,
    };
    Ok(())
}

/// A dispute with its first events, whose ids are returned as well.
async fn create(
    scope: &mut Scope<'_>,
    mut charge: Charge,
    kind: Kind,
    reason: &str,
) -> sqlx::Result<(Dispute, Vec<String>)> {
    let amount = charge.refundable();
    let mut dispute = Dispute::create(&charge, kind, reason, amount, scope.app.clock.now());
    charge.set("disputed", true);
    objects::update(scope.db, &charge).await?;
    if kind == Kind::Chargeback {
        enter(scope, Reason::DisputeWithdrawal, &mut dispute).await?;
    }
    objects::insert(scope.db, &dispute).await?;
    let mut events = vec![scope.record("charge.dispute.created", &dispute).await?];
    if kind == Kind::Chargeback {
        let kind = "charge.dispute.funds_withdrawn";
        events.push(scope.record(kind, &dispute).await?);
    }
    early_fraud_warnings::review(scope, &charge).await?;
    Ok((dispute, events))
}

async fn record_closed(
    scope: &mut Scope<'_>,
    before: &Value,
    dispute: Dispute,
) -> Result<Dispute, ApiError> {
    objects::update(scope.db, &dispute).await?;
    scope
        .record_change("charge.dispute.closed", before, &dispute)
        .await?;
    Ok(dispute)
}

/// Moves the dispute's amount, and shows the entry in the dispute.
async fn enter(scope: &mut Scope<'_>, reason: Reason, dispute: &mut Dispute) -> sqlx::Result<()> {
    let charge = objects::get_one::<Charge>(scope.db, dispute.text("charge")).await?;
    let entry = balance::enter(scope, reason, dispute.integer("amount"), dispute, &charge).await?;
    let mut entries = dispute.get("balance_transactions").clone();
    if let Some(list) = entries.as_array_mut() {
        list.push(entry.into_body());
    }
    dispute.set("balance_transactions", entries);
    Ok(())
}

fn is_inquiry(dispute: &Dispute) -> bool {
    matches!(
        dispute.status(),
        Status::WarningNeedsResponse | Status::WarningUnderReview
    )
}

fn check_open(dispute: &Dispute) -> Result<(), ApiError> {
    match dispute.status() {
        Status::WarningClosed | Status::Won | Status::Lost => Err(closed()),
        Status::WarningNeedsResponse
        | Status::WarningUnderReview
        | Status::NeedsResponse
        | Status::UnderReview => Ok(()),
    }
}

fn closed() -> ApiError {
    ApiError::invalid("This dispute is already closed").executed()
}
