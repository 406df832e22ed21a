use domain::id::OrderToken;
use domain::order::OrderStatus;

use crate::{Error, Shop, checkout};

/// The reason why an order is not canceled.
#[derive(Debug, thiserror::Error)]
pub enum CancelError {
    /// There is no such order.
    #[error("there is no such order")]
    NotFound,
    /// It is not waiting for its payment any more.
    #[error("the order is not waiting for its payment any more")]
    NotOpen,
    /// The database or Stripe failed.
    #[error(transparent)]
    Failed(#[from] Error),
}

/// Ends an order that is not paid yet, for who holds its page's address: first its payment page,
/// then what it holds is free again. An order that was paid at the last moment stays paid.
///
/// # Errors
/// When it is not open, or the database or Stripe fails; then it goes on holding.
pub async fn cancel(shop: &Shop, token: &OrderToken) -> Result<(), CancelError> {
    let find = async || {
        let order = store::orders::by_token(&shop.store, token).await;
        order.map_err(Error::from)?.ok_or(CancelError::NotFound)
    };
    let order = find().await?;
    if order.status != OrderStatus::Pending {
        return Err(CancelError::NotOpen);
    }
    checkout::end_open(shop, &order).await?;
    match find().await?.status {
        OrderStatus::Expired => Ok(()),
        _ => Err(CancelError::NotOpen),
    }
}
