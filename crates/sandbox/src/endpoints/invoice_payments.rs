//! Invoice Payments, which say by what an invoice was paid.

use serde_json::Value;

use crate::http::{ApiError, Call, list, lookup};
use crate::objects::{InvoicePayment, ObjectType};
use crate::store::objects::Selection;

pub(super) async fn list(call: &mut Call<'_>) -> Result<Value, ApiError> {
    let mut params = call.take_params();
    let mut selection = Selection {
        kind: "invoice_payment",
        ..Selection::default()
    };
    if let Some(mut payment) = params.object("payment")? {
        payment.refuse_unsupported(&["payment_record"])?;
        let kind = payment
            .choice("type", &["payment_intent", "payment_record"])?
            .ok_or_else(|| ApiError::missing(&payment.name("type")))?;
        selection.members.push(("payment.type", vec![kind]));
        let (param, intent) = (
            payment.name("payment_intent"),
            payment.text("payment_intent", 5000)?,
        );
        payment.finish()?;
        if let Some(id) = intent {
            list::check_exists(call, "payment_intent", &id, &param).await?;
            selection.members.push(("payment.payment_intent", vec![id]));
        }
    }
    list::narrow(call, &mut params, &mut selection, &["invoice"]).await?;
    let status = params.choice("status", &["canceled", "open", "paid"])?;
    selection
        .members
        .extend(status.map(|status| ("status", vec![status])));
    list::page(call, params, selection, "/v1/invoice_payments").await
}

pub(super) async fn retrieve(call: &mut Call<'_>, id: &str) -> Result<Value, ApiError> {
    lookup::only_expand(call)?;
    let payment = lookup::find::<InvoicePayment>(call, id).await?;
    Ok(payment.into_body())
}
