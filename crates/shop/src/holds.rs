use domain::order::OrderStatus;

use crate::admin::{Admin, CsrfProof};
use crate::{Client, Error, Purpose, Shop, checkout};

pub use store::holds::{HeldLine, Hold};

/// The most open orders in the admin's list.
pub const MOST_LISTED: i64 = 200;

/// The reason why the admin cannot end an order.
#[derive(Debug, thiserror::Error)]
pub enum ReleaseError {
    /// There is no such order.
    #[error("There is no such order.")]
    NotFound,
    /// It is not open any more: it was paid or has ended meanwhile.
    #[error("That order is not open any more.")]
    NotOpen,
    /// The database or Stripe failed.
    #[error(transparent)]
    Failed(#[from] Error),
}

/// The orders that hold goods, newest first, at most [`MOST_LISTED`].
pub async fn list(shop: &Shop, _: &Admin) -> Result<Vec<Hold>, Error> {
    Ok(store::holds::open(&shop.store, MOST_LISTED).await?)
}

/// Ends an open order: first its payment page, then what it holds is free again. An order that was
/// paid at the last moment stays paid.
///
/// # Errors
/// When it is not open, or the database or Stripe fails; then it goes on holding.
pub async fn release(shop: &Shop, csrf: &CsrfProof) -> Result<(), ReleaseError> {
    let number = csrf.number();
    let order = find(shop, number).await?;
    if order.status != OrderStatus::Pending {
        return Err(ReleaseError::NotOpen);
    }
    checkout::end_open(shop, &order).await?;
    match find(shop, number).await?.status {
        OrderStatus::Expired => {
            tracing::info!(order.number = number, "the admin ended an open order");
            Ok(())
        }
        _ => Err(ReleaseError::NotOpen),
    }
}

async fn find(shop: &Shop, number: i64) -> Result<domain::order::Order, ReleaseError> {
    let order = store::orders::by_number(&shop.store, number)
        .await
        .map_err(Error::from)?;
    order.ok_or(ReleaseError::NotFound)
}

/// A code of a client for the database. Who has it and not the installation's secret reads no
/// address from it.
pub(crate) fn client_code(shop: &Shop, client: Client) -> String {
    let network = client.network().to_string();
    shop.secret
        .short_mac(Purpose::ClientNetwork, &[network.as_str()])
}
