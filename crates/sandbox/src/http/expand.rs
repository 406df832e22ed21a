//! `expand`: ids in an answer become the objects they name.

mod members;

use serde_json::Value;
use sqlx::SqliteConnection;

use self::members::members;
use super::error::ApiError;
use super::list::envelope;
use super::operation::Shape;
use crate::objects::{
    CheckoutSession, Invoice, InvoicePayment, ObjectType, currency_options, line_item,
};
use crate::store::objects;

/// The most segments of a path. Source: Stripe's documentation of `expand`.
const MAX_LEVELS: usize = 4;

/// Refuses what no answer of an operation could expand, before the operation does anything.
pub(crate) fn check(answers: Shape, paths: &[(String, String)]) -> Result<(), ApiError> {
    for (_, path) in paths {
        if path.split('.').count() > MAX_LEVELS {
            let message = format!(
                "You cannot expand more than {MAX_LEVELS} levels of a property. Property: {path}"
            );
            return Err(ApiError::invalid(message));
        }
        let (first, inner) = path.split_once('.').unwrap_or((path, ""));
        let known = match (answers, first, inner) {
            (Shape::List(_), "data", "") => true,
            (Shape::List(shape), "data", inner) => is_expandable(shape, inner),
            (Shape::List(_), ..) => {
                let message = format!(
                    "This property cannot be expanded ({first}). You may want to try expanding 'data.{first}' instead."
                );
                return Err(ApiError::invalid(message));
            }
            (Shape::Object(shape), ..) => is_expandable(shape, path),
        };
        if !known {
            let message = format!("This property cannot be expanded ({path}).");
            return Err(ApiError::invalid(message));
        }
    }
    Ok(())
}

/// True if an object of this shape can have the path, whether it has it now or not.
fn is_expandable(shape: &'static str, path: &str) -> bool {
    let mut shapes = vec![shape];
    for segment in path.split('.') {
        shapes = shapes
            .into_iter()
            .filter_map(|shape| members(shape).iter().find(|(member, _)| *member == segment))
            .flat_map(|(_, targets)| targets.iter().copied())
            .collect();
        if shapes.is_empty() {
            return false;
        }
    }
    true
}

/// Expands paths that [`check`] let pass, such as `data.payment_intent.latest_charge`.
pub(crate) async fn apply(
    db: &mut SqliteConnection,
    answer: &mut Value,
    paths: &[(String, String)],
) -> Result<(), ApiError> {
    for (_, path) in paths {
        expand(db, answer, path).await?;
    }
    leave_out(answer, line_item::UNIT_AMOUNT);
    let items = match answer["data"][0]["object"] == "item" {
        true => "data",
        false => "line_items.data",
    };
    for member in line_item::ON_REQUEST {
        let place = format!("{items}.{member}");
        if !paths.iter().any(|(_, path)| path.contains(&place)) {
            leave_out(answer, member);
        }
    }
    Ok(())
}

/// Takes a member away from every line item.
fn leave_out(value: &mut Value, member: &str) {
    match value {
        Value::Array(elements) => {
            for element in elements {
                leave_out(element, member);
            }
        }
        Value::Object(members) if members.get("object").is_some_and(|kind| kind == "item") => {
            members.remove(member);
        }
        Value::Object(members) => {
            for place in ["data", "line_items"] {
                if let Some(inner) = members.get_mut(place) {
                    leave_out(inner, member);
                }
            }
        }
        _ => {}
    }
}

async fn expand(db: &mut SqliteConnection, answer: &mut Value, path: &str) -> Result<(), ApiError> {
    let mut level = vec![answer];
    for segment in path.split('.') {
        let mut next = Vec::new();
        for value in level {
            load(db, value, segment).await?;
            match value.get_mut(segment) {
                Some(Value::Array(elements)) => next.extend(elements),
                Some(member) if member.is_object() => next.push(member),
                _ => {}
            }
        }
        level = next;
    }
    Ok(())
}

/// Puts objects in the place of their ids, or what is only there on request in its place.
async fn load(db: &mut SqliteConnection, target: &mut Value, member: &str) -> Result<(), ApiError> {
    let has_more = ["total_details", "fixed_amount", "restrictions"].contains(&member);
    if target.get(member).is_none() || (has_more && target[member].is_object()) {
        return include(db, target, member).await;
    }
    match &mut target[member] {
        Value::Array(elements) => {
            for element in elements {
                replace(db, element, member).await?;
            }
            Ok(())
        }
        id => replace(db, id, member).await,
    }
}

/// Puts the object in the place of its id.
async fn replace(
    db: &mut SqliteConnection,
    place: &mut Value,
    member: &str,
) -> Result<(), ApiError> {
    let Some(id) = place.as_str() else {
        return Ok(());
    };
    let found = match member {
        "coupon" => objects::find_deleted_too(db, "coupon", id).await?,
        _ => objects::find(db, id).await?,
    };
    if let Some(found) = found {
        *place = found.into_body();
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
            let session: CheckoutSession = objects::typed(found)?;
            let url = format!("/v1/checkout/sessions/{id}/line_items");
            target[member] = envelope(&url, session.line_items().to_vec(), false);
        }
        ("checkout.session", "total_details") => {
            let session: CheckoutSession = objects::typed(found)?;
            target[member]["breakdown"] = session.breakdown();
        }
        ("invoice", "payments") => {
            let invoice: Invoice = objects::typed(found)?;
            let mut payments = Vec::new();
            for id in invoice.payments() {
                payments.extend(objects::get::<InvoicePayment>(db, id).await?);
            }
            let payments = payments.into_iter().map(ObjectType::into_body).collect();
            target[member] = envelope("/v1/invoice_payments", payments, false);
        }
        ("price" | "coupon", "currency_options") => {
            target[member] = currency_options::all(&found);
        }
        ("shipping_rate", "fixed_amount") | ("promotion_code", "restrictions") => {
            target[member]["currency_options"] = currency_options::all(&found);
        }
        _ => {
            if let Some(value) = found.private()["on_request"].get(member) {
                target[member] = value.clone();
            }
        }
    }
    Ok(())
}
