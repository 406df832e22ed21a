//! Features of a new Checkout Session that are switched on, or can only be switched off here.

use serde_json::{Map, Value, json};

use crate::http::ApiError;
use crate::http::params::{Params, collect};

/// Reads all of them, as members of the session.
pub(super) fn read(params: &mut Params) -> Result<Map<String, Value>, ApiError> {
    only_elsewhere(params)?;
    switched_off(params)?;
    Ok(collect([
        ("name_collection", name_collection(params)?),
        ("saved_payment_method_options", saving(params)?),
        ("tax_id_collection", tax_id_collection(params)?),
        ("wallet_options", wallet_options(params)?),
    ]))
}

/// Reads what the payment methods of the session are to say about being shown again.
pub(super) fn allow_redisplay(params: &mut Params) -> Result<Option<String>, ApiError> {
    let Some(mut given) = params.object("payment_method_data")? else {
        return Ok(None);
    };
    let redisplay = given.choice("allow_redisplay", &["always", "limited", "unspecified"])?;
    given.finish()?;
    Ok(redisplay)
}

/// Refuses that the shopper may save a payment method of which nobody would be the customer.
pub(super) fn check_saving(
    members: &Map<String, Value>,
    has_customer: bool,
) -> Result<(), ApiError> {
    let saves = members
        .get("saved_payment_method_options")
        .is_some_and(|options| options["payment_method_save"] == "enabled");
    let makes_one = members
        .get("customer_creation")
        .is_some_and(|creation| creation == "always");
    if !saves || has_customer || makes_one {
        return Ok(());
    }
    let param = "saved_payment_method_options[payment_method_save]";
    let message = format!(
        "`{param}` can only be `enabled` with a `customer`, or with `customer_creation` set to `always`."
    );
    Err(ApiError::parameter(param, message))
}

/// Refuses what Stripe's hosted page does not take in `payment` mode either.
fn only_elsewhere(params: &Params) -> Result<(), ApiError> {
    for (member, place) in [
        ("permissions", "when `ui_mode` is `elements`"),
        (
            "redirect_on_completion",
            "when `ui_mode` is `embedded_page`",
        ),
        (
            "return_url",
            "when `ui_mode` is `elements` or `embedded_page`",
        ),
        ("setup_intent_data", "in `setup` mode"),
        ("subscription_data", "in `subscription` mode"),
    ] {
        if params.has(member) {
            let message = format!("`{member}` can only be used {place}.");
            return Err(ApiError::parameter(member, message));
        }
    }
    Ok(())
}

fn switched_off(params: &mut Params) -> Result<(), ApiError> {
    for member in ["automatic_tax", "managed_payments"] {
        if let Some(mut given) = params.object(member)? {
            if !given.off("enabled")? && member == "automatic_tax" {
                return Err(ApiError::missing(&given.name("enabled")));
            }
            given.refuse_unsupported(&["liability"])?;
            given.finish()?;
        }
    }
    Ok(())
}

fn tax_id_collection(params: &mut Params) -> Result<Option<Value>, ApiError> {
    let Some(mut given) = params.object("tax_id_collection")? else {
        return Ok(None);
    };
    if !given.off("enabled")? {
        return Err(ApiError::missing(&given.name("enabled")));
    }
    let required = given.choice("required", &["if_supported", "never"])?;
    given.finish()?;
    let required = required.as_deref().unwrap_or("never");
    Ok(Some(json!({ "enabled": false, "required": required })))
}

fn name_collection(params: &mut Params) -> Result<Option<Value>, ApiError> {
    let Some(mut given) = params.object("name_collection")? else {
        return Ok(None);
    };
    let mut names = json!({});
    for kind in ["business", "individual"] {
        if let Some(mut name) = given.object(kind)? {
            let enabled = name
                .boolean("enabled")?
                .ok_or_else(|| ApiError::missing(&name.name("enabled")))?;
            let optional = name.boolean("optional")?.unwrap_or(false);
            name.finish()?;
            names[kind] = json!({ "enabled": enabled, "optional": optional });
        }
    }
    given.finish()?;
    Ok(Some(names))
}

/// The page shows no saved payment methods, so that there are none to filter or to remove.
fn saving(params: &mut Params) -> Result<Option<Value>, ApiError> {
    let Some(mut given) = params.object("saved_payment_method_options")? else {
        return Ok(None);
    };
    given.refuse_unsupported(&["allow_redisplay_filters"])?;
    let remove = given.name("payment_method_remove");
    if given
        .choice("payment_method_remove", &["disabled", "enabled"])?
        .is_some_and(|text| text == "enabled")
    {
        let message = format!(
            "The page of this sandbox shows no saved payment methods, so {remove} can only be disabled."
        );
        return Err(ApiError::parameter(remove, message));
    }
    let save = given.choice("payment_method_save", &["disabled", "enabled"])?;
    given.finish()?;
    Ok(Some(json!({
        "allow_redisplay_filters": ["always"],
        "payment_method_remove": "disabled",
        "payment_method_save": save,
    })))
}

/// There is no Link here, so that it is never displayed.
fn wallet_options(params: &mut Params) -> Result<Option<Value>, ApiError> {
    let Some(mut given) = params.object("wallet_options")? else {
        return Ok(None);
    };
    let mut options = json!({});
    if let Some(mut link) = given.object("link")? {
        options["link"] = match link.choice("display", &["auto", "never"])? {
            Some(display) => json!({ "display": display }),
            None => json!({}),
        };
        link.finish()?;
    }
    given.finish()?;
    Ok(Some(options))
}
