//! Disputes: opening, answering and deciding them, and what they do to the merchant's balance.

use serde_json::Value;
use sqlx::SqliteConnection;

use super::{balance, early_fraud_warnings};
use crate::app::{App, Cause};
use crate::events;
use crate::http::ApiError;
use crate::objects::balance_transaction::Reason;
use crate::objects::dispute::{self, Kind, Status};
use crate::objects::{Object, charge};
use crate::store::objects;

/// How long the bank thinks about evidence that decides by itself, in seconds.
const REVIEW: i64 = 5;

/// Disputes a charge that was just made, if its test card is one for that.
pub(super) async fn open_for_card(
    app: &App,
    db: &mut SqliteConnection,
    cause: &Cause,
    charge: &Object,
) -> sqlx::Result<Vec<String>> {
    let (kind, reason) = match charge.private()["test_card"].as_str() {
        Some("createDispute") => (Kind::Chargeback, "fraudulent"),
        Some("createDisputeProductNotReceived") => (Kind::Chargeback, "product_not_received"),
        Some("createDisputeInquiry") => (Kind::Inquiry, "general"),
        _ => return Ok(Vec::new()),
    };
    let (_, events) = create(app, db, cause, charge.clone(), kind, reason).await?;
    Ok(events)
}

/// Disputes what is left of a charge, for one of [`dispute::REASONS`].
///
/// # Errors
/// When the charge did not succeed, has nothing left, or is disputed already.
pub(crate) async fn open(
    app: &App,
    db: &mut SqliteConnection,
    cause: &Cause,
    charge: Object,
    kind: Kind,
    reason: &str,
) -> Result<Object, ApiError> {
    let refusal = if charge.text("status") != "succeeded" || charge.get("captured") != true {
        "has taken no money, so there is nothing to dispute"
    } else if charge::refundable(&charge) == 0 {
        "has been refunded in full, so there is nothing left to dispute"
    } else if charge.get("disputed") == true {
        "is disputed already"
    } else {
        let (dispute, _) = create(app, db, cause, charge, kind, reason).await?;
        return Ok(dispute);
    };
    let message = format!("Charge {} {refusal}.", charge.id());
    Err(ApiError::invalid(message).executed())
}

/// Writes changed evidence or metadata, and sends the evidence to the bank if `submit` says so. Evidence that decides
/// by itself is answered some seconds later.
///
/// # Errors
/// When the dispute is closed.
pub(crate) async fn update(
    app: &App,
    db: &mut SqliteConnection,
    cause: &Cause,
    before: &Value,
    mut dispute: Object,
    submit: bool,
) -> Result<Object, ApiError> {
    check_open(&dispute)?;
    if submit {
        dispute::submit(&mut dispute);
        let decision = match dispute.get("evidence")["uncategorized_text"].as_str() {
            Some("winning_evidence") => Some("win"),
            Some("losing_evidence") => Some("lose"),
            Some("escalate_inquiry_evidence") => Some("escalate"),
            _ => None,
        };
        if let Some(step) = decision {
            dispute.plan(step, app.clock.now() + REVIEW);
        }
    }
    if dispute.body() == before {
        return Ok(dispute);
    }
    objects::update(db, &dispute).await?;
    events::record_change(app, db, cause, "charge.dispute.updated", before, &dispute).await?;
    if submit && let Some(charge) = objects::find(db, dispute.text("charge")).await? {
        events::record(app, db, cause, "charge.updated", &charge).await?;
    }
    Ok(dispute)
}

/// Decides for the merchant: the money comes back, the fee does not. Banks also change their mind, so a lost dispute can
/// still be won. An inquiry is closed.
///
/// # Errors
/// When it was won before, or the inquiry is closed.
pub(crate) async fn win(
    app: &App,
    db: &mut SqliteConnection,
    cause: &Cause,
    mut dispute: Object,
) -> Result<Object, ApiError> {
    let before = dispute.body().clone();
    match dispute::status(&dispute) {
        Status::WarningClosed | Status::Won => return Err(closed()),
        Status::WarningNeedsResponse | Status::WarningUnderReview => {
            dispute::close(&mut dispute, Status::WarningClosed);
        }
        Status::NeedsResponse | Status::UnderReview | Status::Lost => {
            dispute::close(&mut dispute, Status::Won);
            enter(app, db, Reason::DisputeReversal, &mut dispute).await?;
            let kind = "charge.dispute.funds_reinstated";
            events::record_change(app, db, cause, kind, &before, &dispute).await?;
        }
    }
    finish(app, db, cause, &before, dispute).await
}

/// Decides against the merchant, who may also do so and accept the dispute. An inquiry is closed, since only an
/// escalated one takes money.
///
/// # Errors
/// When it is closed.
pub(crate) async fn lose(
    app: &App,
    db: &mut SqliteConnection,
    cause: &Cause,
    mut dispute: Object,
) -> Result<Object, ApiError> {
    check_open(&dispute)?;
    let before = dispute.body().clone();
    let status = if is_inquiry(&dispute) {
        Status::WarningClosed
    } else {
        Status::Lost
    };
    dispute::close(&mut dispute, status);
    finish(app, db, cause, &before, dispute).await
}

/// Turns an inquiry into a chargeback over what is left of the charge.
///
/// # Errors
/// When it is not an open inquiry, or the charge was refunded in full.
pub(crate) async fn escalate(
    app: &App,
    db: &mut SqliteConnection,
    cause: &Cause,
    mut dispute: Object,
) -> Result<Object, ApiError> {
    check_open(&dispute)?;
    if !is_inquiry(&dispute) {
        return Err(ApiError::invalid("Only an inquiry can be escalated.").executed());
    }
    let left = objects::find(db, dispute.text("charge"))
        .await?
        .map_or(0, |charge| charge::refundable(&charge));
    if left == 0 {
        let message = "The charge has been refunded in full, so the inquiry cannot be escalated.";
        return Err(ApiError::invalid(message).executed());
    }
    let before = dispute.body().clone();
    dispute.set("amount", left.min(dispute.integer("amount")));
    dispute::charge_back(&mut dispute, app.clock.now());
    enter(app, db, Reason::DisputeWithdrawal, &mut dispute).await?;
    objects::update(db, &dispute).await?;
    for kind in ["charge.dispute.updated", "charge.dispute.funds_withdrawn"] {
        events::record_change(app, db, cause, kind, &before, &dispute).await?;
    }
    Ok(dispute)
}

/// What time alone does to a dispute.
pub(super) async fn step(
    app: &App,
    db: &mut SqliteConnection,
    mut dispute: Object,
) -> Result<(), ApiError> {
    let cause = Cause::default();
    match dispute.due_step() {
        "win" => win(app, db, &cause, dispute).await?,
        "escalate" if is_inquiry(&dispute) => {
            match escalate(app, db, &cause, dispute.clone()).await {
                Ok(dispute) => dispute,
                // Refunded in the meantime, which is what an inquiry is for.
                Err(_) => lose(app, db, &cause, dispute).await?,
            }
        }
        "time_is_up" => {
            dispute.set_in("evidence_details", "/past_due", true);
            lose(app, db, &cause, dispute).await?
        }
        _ => lose(app, db, &cause, dispute).await?,
    };
    Ok(())
}

/// A dispute with its first events, whose ids are returned as well.
async fn create(
    app: &App,
    db: &mut SqliteConnection,
    cause: &Cause,
    mut charge: Object,
    kind: Kind,
    reason: &str,
) -> sqlx::Result<(Object, Vec<String>)> {
    let amount = charge::refundable(&charge);
    let mut dispute = dispute::create(&charge, kind, reason, amount, app.clock.now());
    charge.set("disputed", true);
    objects::update(db, &charge).await?;
    if kind == Kind::Chargeback {
        enter(app, db, Reason::DisputeWithdrawal, &mut dispute).await?;
    }
    objects::insert(db, &dispute).await?;
    let mut events =
        vec![events::record(app, db, cause, "charge.dispute.created", &dispute).await?];
    if kind == Kind::Chargeback {
        let kind = "charge.dispute.funds_withdrawn";
        events.push(events::record(app, db, cause, kind, &dispute).await?);
    }
    early_fraud_warnings::review(app, db, cause, &charge).await?;
    Ok((dispute, events))
}

async fn finish(
    app: &App,
    db: &mut SqliteConnection,
    cause: &Cause,
    before: &Value,
    dispute: Object,
) -> Result<Object, ApiError> {
    objects::update(db, &dispute).await?;
    events::record_change(app, db, cause, "charge.dispute.closed", before, &dispute).await?;
    Ok(dispute)
}

/// Moves the dispute's amount, and shows the entry in the dispute.
async fn enter(
    app: &App,
    db: &mut SqliteConnection,
    reason: Reason,
    dispute: &mut Object,
) -> sqlx::Result<()> {
    let charge = objects::find(db, dispute.text("charge"))
        .await?
        .ok_or(sqlx::Error::RowNotFound)?;
    let entry =
        balance::enter(app, db, reason, dispute.integer("amount"), dispute, &charge).await?;
    let mut entries = dispute.get("balance_transactions").clone();
    if let Some(list) = entries.as_array_mut() {
        list.push(entry.into_body());
    }
    dispute.set("balance_transactions", entries);
    Ok(())
}

fn is_inquiry(dispute: &Object) -> bool {
    matches!(
        dispute::status(dispute),
        Status::WarningNeedsResponse | Status::WarningUnderReview
    )
}

fn check_open(dispute: &Object) -> Result<(), ApiError> {
    match dispute::status(dispute) {
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
