//! `expand`: ids in an answer become the objects they name.

use serde_json::Value;
use sqlx::SqliteConnection;

use super::ApiError;
use super::list::envelope;
use crate::objects::session;
use crate::store::objects;

const MAX_LEVELS: usize = 4;

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
    let mut level = vec![answer];
    for segment in path.split('.') {
        let mut next = Vec::new();
        for target in level {
            if !is_expandable(target, segment) {
                return Err(ApiError::parameter(
                    param,
                    format!("This property cannot be expanded ({path})."),
                ));
            }
            load(db, target, segment).await?;
            match target.get_mut(segment) {
                Some(Value::Array(elements)) => next.extend(elements.iter_mut()),
                Some(member) if member.is_object() => next.push(member),
                _ => {}
            }
        }
        level = next;
    }
    Ok(())
}

/// Puts the object in the place of its id.
async fn load(db: &mut SqliteConnection, target: &mut Value, member: &str) -> Result<(), ApiError> {
    if target["object"] == "checkout.session"
        && member == "line_items"
        && target.get(member).is_none()
    {
        let id = target["id"].as_str().unwrap_or_default();
        let Some(found) = objects::find(db, id).await? else {
            return Ok(());
        };
        let url = format!("/v1/checkout/sessions/{id}/line_items");
        target[member] = envelope(&url, session::line_items(&found).to_vec(), false);
        return Ok(());
    }
    let Some(id) = target.get(member).and_then(Value::as_str) else {
        return Ok(());
    };
    if let Some(found) = objects::find(db, id).await? {
        target[member] = found.into_body();
    }
    Ok(())
}

fn is_expandable(target: &Value, member: &str) -> bool {
    let members: &[&str] = match target["object"].as_str().unwrap_or_default() {
        "list" => &["data"],
        "checkout.session" => &[
            "customer",
            "invoice",
            "line_items",
            "payment_intent",
            "payment_link",
            "setup_intent",
            "subscription",
        ],
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
        "price" => &["product"],
        _ => &[],
    };
    members.contains(&member)
}
