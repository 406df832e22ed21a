//! Early fraud warnings: one comes with the payment by a certain test card, and is done with when
//! the charge is refunded or disputed.

use crate::app::Scope;
use crate::objects::early_fraud_warning::is_actionable;
use crate::objects::{Charge, EarlyFraudWarning};
use crate::store::objects;

/// The test card of which the bank warns.
const WARNED_OF: &str = "createIssuerFraudRecord";

/// Warns of a charge that was just made, if its test card is the one for that. Returns the ids of
/// the events.
pub(super) async fn open_for_card(
    scope: &mut Scope<'_>,
    charge: &Charge,
) -> sqlx::Result<Vec<String>> {
    if !is_warned_of(charge) {
        return Ok(Vec::new());
    }
    let warning = EarlyFraudWarning::create(charge, scope.app.clock.now());
    objects::insert(scope.db, &warning).await?;
    let kind = "radar.early_fraud_warning.created";
    Ok(vec![scope.record(kind, &warning).await?])
}

/// Looks again at the warning of a charge that was refunded or disputed.
pub(super) async fn review(scope: &mut Scope<'_>, charge: &Charge) -> sqlx::Result<()> {
    if !is_warned_of(charge) {
        return Ok(());
    }
    let Some(mut warning) =
        objects::find_by::<EarlyFraudWarning>(scope.db, "charge", charge.id()).await?
    else {
        return Ok(());
    };
    let before = warning.body().clone();
    warning.set("actionable", is_actionable(charge));
    if *warning.body() != before {
        objects::update(scope.db, &warning).await?;
        let kind = "radar.early_fraud_warning.updated";
        scope.record_change(kind, &before, &warning).await?;
    }
    Ok(())
}

fn is_warned_of(charge: &Charge) -> bool {
    charge.private()["test_card"] == WARNED_OF
}
