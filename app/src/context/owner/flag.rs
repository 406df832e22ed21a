use domain::order::Resolution;
use shop::orders::ResolveError;

use super::OrderForm;
use crate::context::{see_other, shop, unavailable};
use crate::error::ActionError;

/// The longest note about a decision, in characters.
pub(crate) const LONGEST_NOTE: usize = 500;

/// Resolves an order's flag, and shows the order or why that is not possible.
pub(crate) async fn resolve_flag(
    form: &OrderForm,
    resolution: &str,
    note: &str,
) -> Result<(), ActionError> {
    let number = form.number;
    let page = |result: &str| format!("/admin/orders/{number}?flag={result}#result");
    let Some(csrf) = form
        .authorize(&format!("/admin/orders/{number}"), &page("stale"))
        .await?
    else {
        return Ok(());
    };
    let resolution = Resolution::parse(resolution).ok_or(ActionError::BadRequest)?;
    let note: String = note.trim().chars().take(LONGEST_NOTE).collect();
    let note = Some(note).filter(|note| !note.is_empty());
    match shop::orders::resolve(&shop(), &csrf, resolution, note.as_deref()).await {
        Ok(()) => see_other(&page("resolved")),
        Err(ResolveError::NotAllowed(_)) => see_other(&page("refused")),
        Err(ResolveError::NotFound) => return Err(ActionError::NotFound),
        Err(ResolveError::Failed(error)) => return Err(unavailable(&error)),
    }
    Ok(())
}
