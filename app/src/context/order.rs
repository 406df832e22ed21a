use domain::id::OrderToken;
use domain::order::{Order, OrderStatus};

use crate::context::{cart, shop, unavailable};
use crate::error::ActionError;

/// The order behind a page's address; `None` for a token that is none, which a wrong one looks no different from.
pub(crate) async fn view(
    token: &str,
    session_id: Option<&str>,
) -> Result<Option<Order>, shop::Error> {
    let Ok(token) = OrderToken::parse(token) else {
        return Ok(None);
    };
    let order = shop::orders::view(&shop(), &token, session_id).await?;
    if let Some(order) = &order {
        cart::forget_bought(order).await?;
    }
    Ok(order)
}

/// Where the order's money is.
pub(crate) async fn progress(token: &str) -> Result<OrderStatus, ActionError> {
    match view(token, None).await {
        Ok(Some(order)) => Ok(order.status),
        Ok(None) => Err(ActionError::NotFound),
        Err(error) => Err(unavailable(&error)),
    }
}
