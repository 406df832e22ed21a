use std::collections::VecDeque;

use domain::order::{Effect, Notification, Resolution, ResolutionError, Shipment};
use store::{Commit, Rollback};

use super::apply::finish;
use crate::admin::CsrfProof;
use crate::{Error, Shop};

/// The error of an order that cannot be marked as shipped.
#[derive(Debug, thiserror::Error)]
pub enum ShipError {
    /// There is no such order.
    #[error("There is no such order.")]
    NotFound,
    /// Its goods are not the shopper's.
    #[error("Only a paid order whose goods are there can be shipped.")]
    NothingToShip,
    /// It was made in test mode, and this is a live shop.
    #[error("This is a test order: no money was paid, so it is not shipped.")]
    TestOrder,
    /// The database failed.
    #[error(transparent)]
    Failed(#[from] Error),
}

/// The error of a flag that cannot be resolved.
#[derive(Debug, thiserror::Error)]
pub enum ResolveError {
    /// There is no such order.
    #[error("There is no such order.")]
    NotFound,
    /// The order does not need this decision.
    #[error(transparent)]
    NotAllowed(#[from] ResolutionError),
    /// The database failed.
    #[error(transparent)]
    Failed(#[from] Error),
}

/// Resolves an order's flag as the admin decided, with a note to remember why.
///
/// # Errors
/// When there is no such flag, or the database fails.
pub async fn resolve(
    shop: &Shop,
    csrf: &CsrfProof,
    resolution: Resolution,
    note: Option<&str>,
) -> Result<(), ResolveError> {
    let resolved = shop
        .store
        .transaction(async |mut tx| {
            let Some(order) = store::orders::lock_by_number(&mut tx, csrf.number()).await? else {
                return Ok(Rollback(Err(ResolveError::NotFound)));
            };
            let mut next = order.clone();
            let effects = match next.resolve(resolution, shop.now()) {
                Ok(effects) => effects,
                Err(error) => return Ok(Rollback(Err(error.into()))),
            };
            finish(&mut tx, &order, next, effects.into(), shop.now()).await?;
            store::orders::set_flag_note(&mut tx, &order.id, note).await?;
            Ok(Commit(tx, Ok(())))
        })
        .await
        .map_err(Error::from)?;
    shop.wake_worker();
    resolved
}

/// Marks an order as shipped and tells the shopper. Said again, it corrects carrier and number; the
/// shopper is told once.
///
/// # Errors
/// When there is nothing to ship, or the database fails.
pub async fn ship(
    shop: &Shop,
    csrf: &CsrfProof,
    carrier: Option<&str>,
    tracking_number: Option<&str>,
) -> Result<(), ShipError> {
    let has_shipped = shop
        .store
        .transaction(async |mut tx| {
            let Some(order) = store::orders::lock_by_number(&mut tx, csrf.number()).await? else {
                return Ok(Rollback(None));
            };
            if shop.is_test_order(&order) {
                return Ok(Rollback(Some(Err(ShipError::TestOrder))));
            }
            let is_due = order.can_be_shipped();
            if is_due {
                let mut next = order.clone();
                let first = order.shipment.as_ref().map(|shipment| shipment.shipped_at);
                next.shipment = Some(Shipment {
                    shipped_at: first.unwrap_or_else(|| shop.now()),
                    carrier: carrier.map(str::to_owned),
                    tracking_number: tracking_number.map(str::to_owned),
                });
                let effects = VecDeque::from([Effect::Notify(Notification::Shipped)]);
                finish(&mut tx, &order, next, effects, shop.now()).await?;
            }
            Ok(Commit(
                tx,
                Some(is_due.then_some(()).ok_or(ShipError::NothingToShip)),
            ))
        })
        .await
        .map_err(Error::from)?;
    shop.wake_worker();
    has_shipped.unwrap_or(Err(ShipError::NotFound))
}
