//! Early fraud warnings: one comes with the payment by a certain test card, and is done with when the charge is refunded
//! or disputed.

use sqlx::SqliteConnection;

use crate::app::{App, Cause};
use crate::events;
use crate::objects::Object;
use crate::objects::early_fraud_warning::{self, KIND, is_actionable};
use crate::store::objects;

/// The test card of which the bank warns.
const WARNED_OF: &str = "createIssuerFraudRecord";

/// Warns of a charge that was just made, if its test card is the one for that. Returns the ids of the events.
pub(super) async fn open_for_card(
    app: &App,
    db: &mut SqliteConnection,
    cause: &Cause,
    charge: &Object,
) -> sqlx::Result<Vec<String>> {
    if !is_warned_of(charge) {
        return Ok(Vec::new());
    }
    let warning = early_fraud_warning::create(charge, app.clock.now());
    objects::insert(db, &warning).await?;
    let kind = "radar.early_fraud_warning.created";
    Ok(vec![events::record(app, db, cause, kind, &warning).await?])
}

/// Looks again at the warning of a charge that was refunded or disputed.
pub(super) async fn review(
    app: &App,
    db: &mut SqliteConnection,
    cause: &Cause,
    charge: &Object,
) -> sqlx::Result<()> {
    if !is_warned_of(charge) {
        return Ok(());
    }
    let Some(mut warning) = objects::find_by(db, KIND, "charge", charge.id()).await? else {
        return Ok(());
    };
    let before = warning.body().clone();
    warning.set("actionable", is_actionable(charge));
    if *warning.body() != before {
        objects::update(db, &warning).await?;
        let kind = "radar.early_fraud_warning.updated";
        events::record_change(app, db, cause, kind, &before, &warning).await?;
    }
    Ok(())
}

fn is_warned_of(charge: &Object) -> bool {
    charge.private()["test_card"] == WARNED_OF
}
