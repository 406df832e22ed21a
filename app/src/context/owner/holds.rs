use shop::holds::ReleaseError;

use super::OrderForm;
use crate::context::{see_other, shop, unavailable};
use crate::error::ActionError;

/// Ends an open order and shows what is still held, or why it did not end.
pub(crate) async fn release(form: &OrderForm) -> Result<(), ActionError> {
    let Some(csrf) = form
        .authorize("/admin/holds", "/admin/holds?notice=stale")
        .await?
    else {
        return Ok(());
    };
    see_other(match shop::holds::release(&shop(), &csrf).await {
        Ok(()) => "/admin/holds?notice=released",
        Err(ReleaseError::NotOpen) => "/admin/holds?notice=not_open",
        Err(ReleaseError::NotFound) => "/admin/holds?notice=not_found",
        Err(ReleaseError::Failed(error)) => {
            unavailable(&error);
            "/admin/holds?notice=failed"
        }
    });
    Ok(())
}
