use leptos_router::location::Url;
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
    let (carrier, tracking_number) = (clipped(carrier), clipped(tracking_number));
    let typed = |notice: &str, part: &str| {
        let value = |text: &Option<String>| Url::escape(text.as_deref().unwrap_or_default());
        format!(
            "/admin/orders/{number}?{notice}carrier={}&tracking_number={}#{part}",
            value(&carrier),
            value(&tracking_number)
        )
    };
    let stale = typed("shipping=stale&", "result");
    let Some(csrf) = form.authorize(&typed("", "shipping"), &stale).await? else {
        return Ok(());
    };
    let shop = shop();
    let shipped = shop::orders::ship(&shop, &csrf, carrier.as_deref(), tracking_number.as_deref());
    match shipped.await {
        Ok(()) => see_other(&format!("/admin/orders/{number}?shipping=saved#result")),
        Err(ShipError::NothingToShip | ShipError::TestOrder) => {
            see_other(&format!("/admin/orders/{number}?shipping=refused#result"));
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
