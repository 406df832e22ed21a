use shop::orders::ShipError;

use crate::context::{see_other, shop, unavailable};
use crate::error::ActionError;

/// The longest name of a carrier and the longest number that are kept, in characters.
pub(crate) const LONGEST: usize = 80;

/// Marks an order as shipped and shows it, or why it cannot be.
pub(crate) async fn ship(
    number: &str,
    carrier: &str,
    tracking_number: &str,
) -> Result<(), ActionError> {
    let Some(admin) = super::authorize().await? else {
        return Ok(());
    };
    let number = number.parse().map_err(|_| ActionError::BadRequest)?;
    let (carrier, tracking_number) = (clipped(carrier), clipped(tracking_number));
    let shop = shop();
    let shipped = shop::orders::ship(
        &shop,
        &admin,
        number,
        carrier.as_deref(),
        tracking_number.as_deref(),
    );
    match shipped.await {
        Ok(()) => see_other(&format!("/admin/orders/{number}?shipping=saved#shipping")),
        Err(ShipError::NothingToShip) => {
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
