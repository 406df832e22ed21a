use domain::id::ParcelId;
use domain::order::{Effect, Order, ParcelError, ParcelRequest};
use store::{Commit, Rollback};
use uuid::Uuid;

use super::apply::finish;
use crate::admin::CsrfProof;
use crate::{Error, Shop};

/// The error of a parcel that cannot be sent or changed.
#[derive(Debug, thiserror::Error)]
pub enum ShipError {
    /// There is no such order.
    #[error("There is no such order.")]
    NotFound,
    /// The order's rules refuse it.
    #[error(transparent)]
    NotAllowed(#[from] ParcelError),
    /// It was made in test mode, and this is a live shop.
    #[error("This is a test order: no money was paid, so it is not shipped.")]
    TestOrder,
    /// The database failed.
    #[error(transparent)]
    Failed(#[from] Error),
}

/// A name for a parcel that a form is about to send.
pub fn new_parcel_id() -> ParcelId {
    ParcelId::parse(&Uuid::now_v7().to_string()).expect("a UUID is hexadecimal digits and dashes")
}

/// Sends a parcel of an order and tells the shopper. The same decision again changes nothing.
///
/// # Errors
/// When it would hold more than what is left to ship, or the database fails.
pub async fn ship(shop: &Shop, csrf: &CsrfProof, request: ParcelRequest) -> Result<(), ShipError> {
    change(shop, csrf, |order, now| {
        if shop.is_test_order(order) {
            return Err(ShipError::TestOrder);
        }
        Ok(order.ship(request.clone(), now)?)
    })
    .await
}

/// Corrects the carrier and the number of a parcel. The shopper is not told again.
///
/// # Errors
/// When there is no such parcel, or the database fails.
pub async fn correct_parcel(
    shop: &Shop,
    csrf: &CsrfProof,
    id: &ParcelId,
    carrier: Option<&str>,
    tracking_number: Option<&str>,
) -> Result<(), ShipError> {
    change(shop, csrf, |order, _| {
        let owned = |text: Option<&str>| text.map(str::to_owned);
        order.correct_parcel(id, owned(carrier), owned(tracking_number))?;
        Ok(Vec::new())
    })
    .await
}

/// Marks a parcel as delivered.
///
/// # Errors
/// When there is no such parcel, or the database fails.
pub async fn deliver_parcel(shop: &Shop, csrf: &CsrfProof, id: &ParcelId) -> Result<(), ShipError> {
    change(shop, csrf, |order, now| {
        order.deliver_parcel(id, now)?;
        Ok(Vec::new())
    })
    .await
}

/// Changes an order under its lock, and writes it down unless that is refused.
async fn change(
    shop: &Shop,
    csrf: &CsrfProof,
    decide: impl Fn(&mut Order, i64) -> Result<Vec<Effect>, ShipError> + Sync,
) -> Result<(), ShipError> {
    let changed = shop
        .store
        .transaction(async |mut tx| {
            let Some(order) = store::orders::lock_by_number(&mut tx, csrf.number()).await? else {
                return Ok(Rollback(Err(ShipError::NotFound)));
            };
            let mut next = order.clone();
            let now = shop.now();
            let effects = match decide(&mut next, now) {
                Ok(effects) => effects,
                Err(error) => return Ok(Rollback(Err(error))),
            };
            finish(&mut tx, &order, next, effects.into(), now).await?;
            Ok(Commit(tx, Ok(())))
        })
        .await
        .map_err(Error::from)?;
    shop.wake_worker();
    changed
}
