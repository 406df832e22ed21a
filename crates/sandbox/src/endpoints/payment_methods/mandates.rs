//! Mandates: the shopper's consent to later charges of a payment method.

use crate::http::ApiError;
use crate::http::params::Params;

/// Reads `mandate_data`, of which nothing is kept: no bank here asks for a mandate. An empty value
/// is none.
pub(crate) fn read(params: &mut Params) -> Result<(), ApiError> {
    if params.clears("mandate_data") {
        return Ok(());
    }
    let Some(mut mandate) = params.object("mandate_data")? else {
        return Ok(());
    };
    let (name, acceptance) = (
        mandate.name("customer_acceptance"),
        mandate.object("customer_acceptance")?,
    );
    mandate.finish()?;
    read_acceptance(acceptance.ok_or_else(|| ApiError::missing(&name))?)
}

fn read_acceptance(mut acceptance: Params) -> Result<(), ApiError> {
    acceptance.integer("accepted_at")?;
    let (name, kind) = (
        acceptance.name("type"),
        acceptance.choice("type", &["offline", "online"])?,
    );
    // Nothing is known of what was agreed to on paper, so a client may send it as an empty value.
    if !acceptance.clears("offline")
        && let Some(offline) = acceptance.object("offline")?
    {
        offline.finish()?;
    }
    if let Some(mut online) = acceptance.object("online")? {
        online.text("ip_address", 5000)?;
        online.text("user_agent", 5000)?;
        online.finish()?;
    }
    acceptance.finish()?;
    match kind {
        Some(_) => Ok(()),
        None => Err(ApiError::missing(&name)),
    }
}
