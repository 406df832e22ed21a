// An argument of an action is a field of its form.
#![allow(clippy::too_many_arguments)]

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::error::ActionError;

/// Pieces of one line that are given back, as the owner typed it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PiecesForm {
    /// What.
    pub variant: String,
    /// How many are paid back.
    pub quantity: String,
    /// How many of them are on the shelf again.
    pub restocked: String,
}

/// Gives money of an order back. `decision` makes a second click the same refund; `offered` is what the field of the
/// amount held before the owner typed; `shown` is the amount that the owner was asked about, in minor units: without it
/// they are asked first.
#[server(prefix = "/api", endpoint = "refund_order")]
pub async fn refund_order(
    #[server(default)] number: String,
    #[server(default)] csrf_token: String,
    #[server(default)] decision: String,
    #[server(default)] amount: String,
    #[server(default)] offered: String,
    #[server(default)] shown: String,
    #[server(default)] reason: String,
    #[server(default)] note: String,
    #[server(default)] pieces: Vec<PiecesForm>,
) -> Result<(), ActionError> {
    let target = crate::context::owner::OrderForm::read(&number, csrf_token)?;
    let form = crate::context::owner::RefundForm {
        decision,
        amount,
        offered,
        reason,
        note,
        pieces,
    };
    crate::context::owner::refund(&target, form, &shown).await
}

/// Has a letter sent again that waits.
#[server(prefix = "/api", endpoint = "send_letter")]
pub async fn send_letter(
    #[server(default)] number: String,
    #[server(default)] csrf_token: String,
    #[server(default)] id: String,
) -> Result<(), ActionError> {
    let target = crate::context::owner::OrderForm::read(&number, csrf_token)?;
    crate::context::owner::send_again(&target, &id).await
}

/// Marks an order as shipped, or corrects how it was.
#[server(prefix = "/api", endpoint = "ship_order")]
pub async fn ship_order(
    #[server(default)] number: String,
    #[server(default)] csrf_token: String,
    #[server(default)] carrier: String,
    #[server(default)] tracking_number: String,
) -> Result<(), ActionError> {
    let target = crate::context::owner::OrderForm::read(&number, csrf_token)?;
    crate::context::owner::ship(&target, &carrier, &tracking_number).await
}

/// Ends an open order, so that what it holds is free again.
#[server(prefix = "/api", endpoint = "release_order")]
pub async fn release_order(
    #[server(default)] number: String,
    #[server(default)] csrf_token: String,
) -> Result<(), ActionError> {
    let target = crate::context::owner::OrderForm::read(&number, csrf_token)?;
    crate::context::owner::release(&target).await
}

/// Resolves an order's flag as the owner decided.
#[server(prefix = "/api", endpoint = "resolve_order_flag")]
pub async fn resolve_order_flag(
    #[server(default)] number: String,
    #[server(default)] csrf_token: String,
    #[server(default)] resolution: String,
    #[server(default)] note: String,
) -> Result<(), ActionError> {
    let target = crate::context::owner::OrderForm::read(&number, csrf_token)?;
    crate::context::owner::resolve_flag(&target, &resolution, &note).await
}
