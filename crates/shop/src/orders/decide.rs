use domain::order::{Resolution, ResolutionError};
use store::{Commit, Rollback};

use super::apply::finish;
use crate::admin::CsrfProof;
use crate::{Error, Shop};

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
