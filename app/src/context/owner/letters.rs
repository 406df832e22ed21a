use super::OrderForm;
use crate::context::{see_other, shop, unavailable};
use crate::error::ActionError;

/// Has a letter of an order sent again and shows the letters.
pub(crate) async fn send_again(form: &OrderForm, id: &str) -> Result<(), ActionError> {
    let Some(permit) = form
        .authorize("/admin/letters", "/admin/letters?notice=stale")
        .await?
    else {
        return Ok(());
    };
    let is_waiting = shop::mail::send_again(&shop(), &permit, id)
        .await
        .map_err(|error| unavailable(&error))?;
    see_other(if is_waiting {
        "/admin/letters?notice=sending"
    } else {
        "/admin/letters?notice=gone"
    });
    Ok(())
}
