//! Payment pages: what the hosted pay page shows and does, for programs instead of shoppers.
//!
//! Stripe does not document them; its own command line completes Checkout Sessions with them. Here
//! they are also how a test goes through a checkout without a browser.

use serde_json::{Value, json};

use super::payment_methods;
use crate::checkout::{self, Summary};
use crate::http::lookup::{self, only_expand};
use crate::http::params::Params;
use crate::http::{ApiError, Call, address_params};
use crate::objects::checkout_session::{LONGEST_NAME, Name, Recipient, Shopper};
use crate::objects::payment_method::Instrument;
use crate::objects::{CheckoutSession, PaymentIntent, PaymentMethod, payment_method_options};
use crate::payments::{self, Outcome};

/// `GET /v1/payment_pages/{session}`.
pub(super) async fn retrieve(call: &mut Call<'_>, id: &str) -> Result<Value, ApiError> {
    only_expand(call)?;
    let session = lookup::find::<CheckoutSession>(call, id).await?;
    page(call, &session).await
}

/// `POST /v1/payment_pages/{session}`: makes the choices that the page offers.
pub(super) async fn update(call: &mut Call<'_>, id: &str) -> Result<Value, ApiError> {
    let mut params = call.take_params();
    let mut session = open(call, id).await?;
    let removes_code = params.clears("promotion_code");
    let code = params.text("promotion_code", 500)?;
    let rate = params.text("shipping_rate", 5000)?;
    let lines = quantities(&mut params, "line_items", "id", 1)?;
    let optional = quantities(&mut params, "optional_items", "price", 0)?;
    params.finish()?;
    for (line, quantity) in lines {
        checkout::change_quantity(call.app, call.db, &mut session, &line, quantity).await?;
    }
    for (price, quantity) in optional {
        checkout::take_optional(call.app, call.db, &mut session, &price, quantity).await?;
    }
    if removes_code {
        checkout::remove_code(call.db, &mut session).await?;
    }
    if let Some(code) = code {
        checkout::apply_code(call.app, call.db, &mut session, &code, "").await?;
    }
    if let Some(rate) = rate {
        checkout::choose_shipping(call.db, &mut session, &rate).await?;
    }
    page(call, &session).await
}

/// `POST /v1/payment_pages/{session}/confirm`: pays.
pub(super) async fn confirm(call: &mut Call<'_>, id: &str) -> Result<Value, ApiError> {
    let mut params = call.take_params();
    let mut session = open(call, id).await?;
    let method = method(call, &mut params, &session).await?;
    let expected = params.integer("expected_amount")?;
    let customer = customer(call, &mut params, &session, method.as_ref()).await?;
    params.finish()?;
    let total = session.integer("amount_total");
    if expected.is_some_and(|expected| expected != total) {
        let message = format!("The Checkout Session's total amount due is {total}.");
        return Err(ApiError::parameter("expected_amount", message)
            .code("checkout_amount_mismatch")
            .executed());
    }
    let (outcome, _) =
        payments::pay(&mut call.scope(), &mut session, method.as_ref(), &customer).await?;
    match outcome {
        Outcome::Declined(_) => {
            let intent = session.text("payment_intent");
            let intent =
                lookup::find_param::<PaymentIntent>(call, intent, "payment_intent").await?;
            Err(ApiError::refused(&intent))
        }
        Outcome::DiscountEnded => Err(ApiError::invalid(
            session.discount_ended().unwrap_or_default(),
        )
        .code("coupon_expired")
        .executed()
        .committed()),
        _ => page(call, &session).await,
    }
}

/// Reads an array of ids, each with a quantity.
fn quantities(
    params: &mut Params,
    member: &str,
    id: &str,
    least: i64,
) -> Result<Vec<(String, i64)>, ApiError> {
    let read = |mut item: Params| {
        let named = item.required_text(id, 5000)?;
        let quantity = item
            .integer_from("quantity", least)?
            .ok_or_else(|| ApiError::missing(&item.name("quantity")))?;
        item.finish()?;
        Ok((named, quantity))
    };
    params.objects(member)?.into_iter().map(read).collect()
}

/// The summary of a session, and the session itself.
async fn page(call: &mut Call<'_>, session: &CheckoutSession) -> Result<Value, ApiError> {
    let summary = checkout::summary(call.db, session).await?;
    Ok(json!({
        "object": "payment_page",
        "session": session.body(),
        "summary": summary,
    }))
}

async fn open(call: &mut Call<'_>, id: &str) -> Result<CheckoutSession, ApiError> {
    let session = lookup::find::<CheckoutSession>(call, id).await?;
    match session.text("status") {
        "open" => Ok(session),
        status => {
            let message = format!("This Checkout Session is not open any more: it is {status}.");
            Err(ApiError::invalid(message).executed())
        }
    }
}

/// The payment method that is to pay, which has to be one that the session takes; none where there
/// is nothing to pay.
async fn method(
    call: &mut Call<'_>,
    params: &mut Params,
    session: &CheckoutSession,
) -> Result<Option<PaymentMethod>, ApiError> {
    let param = "payment_method";
    let id = params.text(param, 5000)?;
    if session.integer("amount_total") == 0 {
        return Ok(None);
    }
    let id = id.ok_or_else(|| ApiError::missing(param))?;
    let method = payment_methods::resolve(call, &id).await?;
    let types = session.get("payment_method_types").as_array();
    if !types.is_some_and(|types| types.iter().any(|kind| kind == method.text("type"))) {
        let message = format!(
            "This Checkout Session takes {}, and the PaymentMethod {id} is a {}.",
            session.get("payment_method_types"),
            method.text("type")
        );
        return Err(ApiError::parameter(param, message));
    }
    if let Some(Instrument::Card(card)) = method.instrument()
        && let Some(message) = payment_method_options::refusal(session, &card)
    {
        let reason = Some("card_not_supported");
        return Err(ApiError::card("card_declined", reason, Some(param), &message).executed());
    }
    let owner = method.text("customer");
    if !owner.is_empty() && owner != session.text("customer") {
        let message = format!("The PaymentMethod {id} belongs to another customer.");
        return Err(ApiError::parameter(param, message));
    }
    Ok(Some(method))
}

/// The shopper's details: those of the payment method, and the recipient.
async fn customer(
    call: &mut Call<'_>,
    params: &mut Params,
    session: &CheckoutSession,
    method: Option<&PaymentMethod>,
) -> Result<Shopper, ApiError> {
    let summary = checkout::summary(call.db, session).await?;
    let mut customer = method
        .map(|method| payments::customer_of(method.body()))
        .unwrap_or_default();
    let given = params.email("email")?;
    if let Some(email) = summary.email.as_ref().or(given.as_ref()) {
        customer.email.clone_from(email);
    }
    if customer.email.is_empty() {
        return Err(ApiError::missing("email"));
    }
    customer.shipping = recipient(params, &summary)?;
    for name in Name::ALL {
        *customer.named_mut(name) = params.text(name.member(), LONGEST_NAME)?;
    }
    let saves = params.boolean("save_payment_method")? == Some(true);
    if saves && !session.lets_save() {
        let message = "This Checkout Session does not offer to save the payment method.";
        return Err(ApiError::parameter("save_payment_method", message));
    }
    customer.saves_method = saves;
    answers(params, &mut customer)?;
    checkout::check_answers(session, &customer)?;
    Ok(customer)
}

/// Reads the answers to the session's own questions.
fn answers(params: &mut Params, customer: &mut Shopper) -> Result<(), ApiError> {
    if let Some(mut fields) = params.object("custom_fields")? {
        for key in fields.members() {
            if let Some(answer) = fields.text(&key, 5000)? {
                customer.answers.insert(key, answer);
            }
        }
        fields.finish()?;
    }
    if let Some(mut consent) = params.object("consent")? {
        customer.accepts_terms = consent.choice("terms_of_service", &["accepted"])?.is_some();
        let promotions = consent.choice("promotions", &["opt_in", "opt_out"])?;
        customer.wants_promotions = promotions.as_deref() == Some("opt_in");
        consent.finish()?;
    }
    Ok(())
}

/// The recipient, whom a session either asks for or does not.
fn recipient(params: &mut Params, summary: &Summary) -> Result<Option<Recipient>, ApiError> {
    let shipping = address_params::shipping(params, "shipping")?.filter(|to| !to.is_null());
    let countries = &summary.shipping_countries;
    let Some(to) = shipping else {
        return match countries.is_empty() {
            true => Ok(None),
            false => Err(ApiError::missing("shipping")),
        };
    };
    if countries.is_empty() {
        let message = "This Checkout Session does not ask for a shipping address.";
        return Err(ApiError::parameter("shipping", message));
    }
    let country = to["address"]["country"].as_str().unwrap_or_default();
    if !countries.iter().any(|known| known == country) {
        let message = format!(
            "This Checkout Session does not ship to `{country}`, only to {}.",
            countries.join(", ")
        );
        return Err(ApiError::parameter("shipping[address][country]", message));
    }
    Ok(Some(Recipient {
        name: to["name"].as_str().unwrap_or_default().to_owned(),
        address: to["address"].clone(),
    }))
}
