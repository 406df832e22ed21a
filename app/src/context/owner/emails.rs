use super::OrderForm;
use crate::context::{see_other, shop, unavailable};
use crate::error::ActionError;

/// Has an e-mail of an order sent again and shows the e-mails.
pub(crate) async fn send_again(form: &OrderForm, id: &str) -> Result<(), ActionError> {
    let Some(csrf) = form
        .authorize("/admin/emails", "/admin/emails?notice=stale")
        .await?
    else {
        return Ok(());
    };
    let is_waiting = shop::mail::send_again(&shop(), &csrf, id)
        .await
        .map_err(|error| unavailable(&error))?;
    see_other(if is_waiting {
        "/admin/emails?notice=sending"
    } else {
        "/admin/emails?notice=gone"
    });
    Ok(())
}
