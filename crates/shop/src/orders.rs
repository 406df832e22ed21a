use std::time::Duration;

use domain::id::OrderToken;
use domain::order::Order;

use crate::admin::Admin;
use crate::{Error, Shop, checkout};

/// Facts, applied to orders in the database.
mod apply;
/// Orders that the shopper takes back before paying.
mod cancel;
/// Decisions of the admin about flags.
mod decide;
/// Parcels of the admin's.
mod parcels;
/// Stock that moves with an order.
mod stock;
/// The export of what is to be packed.
mod to_ship;
/// The import of tracking numbers.
mod tracking_import;
/// Refunds and disputes that came before their payment.
mod unmatched;

pub(crate) use apply::{Applied, apply, finish, settle};
pub use cancel::{CancelError, cancel};
pub use decide::{ResolveError, resolve};
pub use parcels::{ShipError, correct_parcel, deliver_parcel, new_parcel_id, ship};
pub(crate) use stock::in_lock_order;
pub use store::orders::OrderSummary;
pub use to_ship::ToShipExport;
pub use tracking_import::{
    MOST_ROWS, RowProblem, RowProblemKind, TrackingImport, import_tracking, preview_tracking,
    text_of_file,
};
pub(crate) use unmatched::{apply_unmatched, apply_unmatched_or_log};

/// The time that an order's page waits for Stripe. It is followed by questions to the database, so
/// nothing is lost.
const ASK_TIMEOUT: Duration = Duration::from_secs(3);

/// The pause after a question to Stripe about one order, in seconds: anybody who knows an order's
/// page can cause a question.
const ASK_INTERVAL: i64 = 5;

/// The number of orders on a page of the admin's list.
pub const PER_PAGE: i64 = 50;

/// The order behind the address of its page. When the shopper comes back from Stripe with the
/// order's own `session_id` and the webhook is late, Stripe is asked, and its answer is applied as
/// the webhook's would be.
///
/// # Errors
/// When the database fails. When Stripe does, the order is shown as it is.
pub async fn view(
    shop: &Shop,
    token: &OrderToken,
    session_id: Option<&str>,
) -> Result<Option<Order>, Error> {
    let Some(order) = store::orders::by_token(&shop.store, token).await? else {
        return Ok(None);
    };
    let Some(payment) = order.open_payment() else {
        return Ok(Some(order));
    };
    let is_own = session_id.is_some() && session_id == payment.reference.as_deref();
    if !is_own || !checkout::claim_status_check(shop, &payment.id, ASK_INTERVAL).await? {
        return Ok(Some(order));
    }
    match tokio::time::timeout(ASK_TIMEOUT, checkout::ask(shop, &order, payment)).await {
        Ok(Ok(_)) => {}
        Ok(Err(error)) => {
            tracing::warn!(order.id = %order.id, error = &error as &dyn std::error::Error, "payment status request failed");
        }
        Err(_) => {
            tracing::warn!(order.id = %order.id, "payment status request timed out");
        }
    }
    Ok(store::orders::by_token(&shop.store, token).await?)
}

/// The orders that have money in them or need the admin's eye, newest first, and whether there are
/// more.
pub async fn list(shop: &Shop, _: &Admin, page: i64) -> Result<(Vec<OrderSummary>, bool), Error> {
    Ok(store::orders::paid(&shop.store, page.max(0), PER_PAGE).await?)
}

/// The number of orders of which pieces are to be packed.
pub async fn count_to_ship(shop: &Shop, _: &Admin) -> Result<i64, Error> {
    Ok(store::orders::count_to_ship(&shop.store).await?)
}

/// One order, for the admin.
pub async fn by_number(shop: &Shop, _: &Admin, number: i64) -> Result<Option<Order>, Error> {
    Ok(store::orders::by_number(&shop.store, number).await?)
}

/// The admin's note about the decision on an order's last flag.
pub async fn flag_note(shop: &Shop, _: &Admin, number: i64) -> Result<Option<String>, Error> {
    Ok(store::orders::flag_note(&shop.store, number).await?)
}
