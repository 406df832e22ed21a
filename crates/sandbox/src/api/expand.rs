//! `expand`: ids in an answer become the objects they name.

use serde_json::Value;
use sqlx::SqliteConnection;

use super::ApiError;
use super::list::envelope;
use crate::objects::session;
use crate::store::objects;

const MAX_LEVELS: usize = 4;

/// What a path has reached, with the shape it has. Shapes are named after the `object` member, and those inside that
/// have none after where they are: `checkout.session.total_details`.
struct Reached<'a> {
    value: &'a mut Value,
    shape: String,
}

/// Expands the paths that a request asked for, such as `data.payment_intent.latest_charge`.
pub(super) async fn apply(
    db: &mut SqliteConnection,
    answer: &mut Value,
    paths: &[(String, String)],
) -> Result<(), ApiError> {
    for (param, path) in paths {
        if path.split('.').filter(|segment| *segment != "data").count() > MAX_LEVELS {
            let message = format!(
                "You cannot expand more than {MAX_LEVELS} levels of a property. Property: {path}"
            );
            return Err(ApiError::parameter(param, message));
        }
        expand(db, answer, path, param).await?;
    }
    Ok(())
}

async fn expand(
    db: &mut SqliteConnection,
    answer: &mut Value,
    path: &str,
    param: &str,
) -> Result<(), ApiError> {
    let mut level = vec![Reached::new(answer, "")];
    for segment in path.split('.') {
        let mut next = Vec::new();
        for reached in level {
            if !is_expandable(&reached.shape, segment) {
                return Err(ApiError::parameter(
                    param,
                    format!("This property cannot be expanded ({path})."),
                ));
            }
            load(db, reached.value, segment).await?;
            let place = format!("{}.{segment}", reached.shape);
            match reached.value.get_mut(segment) {
                Some(Value::Array(elements)) => {
                    next.extend(
                        elements
                            .iter_mut()
                            .map(|element| Reached::new(element, &place)),
                    );
                }
                Some(member) if member.is_object() => next.push(Reached::new(member, &place)),
                _ => {}
            }
        }
        level = next;
    }
    Ok(())
}

/// Puts the object in the place of its id, or what is only there on request in its place.
async fn load(db: &mut SqliteConnection, target: &mut Value, member: &str) -> Result<(), ApiError> {
    if target.get(member).is_none() || (member == "total_details" && target[member].is_object()) {
        return include(db, target, member).await;
    }
    let Some(id) = target[member].as_str() else {
        return Ok(());
    };
    let found = match member {
        "coupon" => objects::find_deleted_too(db, "coupon", id).await?,
        _ => objects::find(db, id).await?,
    };
    if let Some(found) = found {
        target[member] = found.into_body();
    }
    Ok(())
}

/// Adds a member that is left out unless it is asked for.
async fn include(
    db: &mut SqliteConnection,
    target: &mut Value,
    member: &str,
) -> Result<(), ApiError> {
    let (kind, id) = (
        target["object"].as_str().unwrap_or_default(),
        target["id"].as_str().unwrap_or_default(),
    );
    let Some(found) = objects::find_deleted_too(db, kind, id).await? else {
        return Ok(());
    };
    match (kind, member) {
        ("checkout.session", "line_items") => {
            let url = format!("/v1/checkout/sessions/{id}/line_items");
            target[member] = envelope(&url, session::line_items(&found).to_vec(), false);
        }
        ("checkout.session", "total_details") => {
            target[member]["breakdown"] = session::breakdown(&found);
        }
        _ => {
            if let Some(value) = found.private()["on_request"].get(member) {
                target[member] = value.clone();
            }
        }
    }
    Ok(())
}

impl<'a> Reached<'a> {
    fn new(value: &'a mut Value, place: &str) -> Self {
        let shape = value["object"].as_str().unwrap_or(place).to_owned();
        Self { value, shape }
    }
}

fn is_expandable(shape: &str, member: &str) -> bool {
    let members: &[&str] = match shape {
        "list" => &["data"],
        "checkout.session" => &[
            "customer",
            "discounts",
            "invoice",
            "line_items",
            "payment_intent",
            "payment_link",
            "setup_intent",
            "shipping_cost",
            "shipping_options",
            "subscription",
            "total_details",
        ],
        "checkout.session.discounts" => &["coupon", "promotion_code"],
        "checkout.session.shipping_cost" => &["shipping_rate", "taxes"],
        "checkout.session.shipping_options" => &["shipping_rate"],
        "checkout.session.total_details" => &["breakdown"],
        "checkout.session.total_details.breakdown" => &["discounts", "taxes"],
        "checkout.session.total_details.breakdown.discounts" => &["discount"],
        "coupon" => &["applies_to", "currency_options"],
        "discount" => &["customer", "promotion_code", "source"],
        "discount.source" | "promotion_code.promotion" => &["coupon"],
        "payment_intent" => &[
            "application",
            "customer",
            "latest_charge",
            "on_behalf_of",
            "payment_method",
            "review",
        ],
        "charge" => &[
            "application",
            "application_fee",
            "balance_transaction",
            "customer",
            "failure_balance_transaction",
            "on_behalf_of",
            "payment_intent",
            "refunds",
            "review",
            "source_transfer",
        ],
        "payment_method" => &["customer"],
        "refund" => &[
            "balance_transaction",
            "charge",
            "customer",
            "failure_balance_transaction",
            "payment_intent",
            "payment_method",
            "source_transfer_reversal",
            "transfer_reversal",
        ],
        "dispute" => &["balance_transactions", "charge", "payment_intent"],
        "balance_transaction" => &["source"],
        "item" => &["price"],
        "price" => &["currency_options", "product", "tiers"],
        "product" => &["default_price", "tax_code"],
        "promotion_code" => &["customer", "promotion"],
        "shipping_rate" => &["tax_code"],
        "customer" => &["default_source", "sources", "subscriptions", "tax_ids"],
        _ => &[],
    };
    members.contains(&member)
}
