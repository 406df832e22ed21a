use shop::orders::ShipError;

use super::OrderForm;
use crate::context::{see_other, shop, unavailable};
use crate::error::ActionError;

/// The longest name of a carrier and the longest number that are kept, in characters.
pub(crate) const LONGEST: usize = 80;

/// Marks an order as shipped and shows it, or why it cannot be.
pub(crate) async fn ship(
    form: &OrderForm,
    carrier: &str,
    tracking_number: &str,
) -> Result<(), ActionError> {
    let number = form.number;
    let stale = format!("/admin/orders/{number}?shipping=stale#shipping");
    let Some(permit) = form.authorize(&stale).await? else {
        return Ok(());
    };
    let (carrier, tracking_number) = (clipped(carrier), clipped(tracking_number));
    let shop = shop();
    let shipped = shop::orders::ship(
        &shop,
        &permit,
        carrier.as_deref(),
        tracking_number.as_deref(),
    );
    match shipped.await {
        Ok(()) => see_other(&format!("/admin/orders/{number}?shipping=saved#shipping")),
        Err(ShipError::NothingToShip | ShipError::TestOrder) => {
            see_other(&format!("/admin/orders/{number}?shipping=refused#shipping"));
        }
        Err(ShipError::NotFound) => return Err(ActionError::NotFound),
        Err(ShipError::Failed(error)) => return Err(unavailable(&error)),
    }
    Ok(())
}

fn clipped(text: &str) -> Option<String> {
    let text: String = text.trim().chars().take(LONGEST).collect();
    Some(text).filter(|text| !text.is_empty())
}
