//! The Checkout Session.

use serde_json::{Value, json};

use super::{Object, line_item};
use crate::currency::Currency;
use crate::ids;

/// What a merchant asks for, checked.
#[derive(Debug)]
pub(crate) struct SessionInput {
    pub(crate) lines: Vec<Line>,
    pub(crate) currency: Currency,
    /// The sum of the lines in minor units.
    pub(crate) total: i64,
    pub(crate) success_url: String,
    pub(crate) cancel_url: Option<String>,
    pub(crate) client_reference_id: Option<String>,
    pub(crate) customer_email: Option<String>,
    /// Unix seconds.
    pub(crate) expires_at: i64,
    pub(crate) metadata: Value,
    /// Members that the payment intent is to have.
    pub(crate) payment_intent_data: Value,
    pub(crate) allowed_payment_method_types: Option<Vec<String>>,
    /// The kinds of payment methods that the pay page offers, at least one.
    pub(crate) payment_method_types: Vec<String>,
    pub(crate) locale: Option<String>,
    pub(crate) submit_type: Option<String>,
    pub(crate) billing_address_collection: Option<String>,
    pub(crate) origin_context: Option<String>,
    pub(crate) integration_identifier: Option<String>,
    pub(crate) phone: bool,
    pub(crate) adaptive_pricing: bool,
}

/// One line of a session, with its price and product given in place.
#[derive(Debug)]
pub(crate) struct Line {
    pub(crate) currency: Currency,
    /// Minor units for one.
    pub(crate) unit_amount: i64,
    pub(crate) quantity: i64,
    pub(crate) metadata: Value,
    pub(crate) tax_behavior: Option<String>,
    pub(crate) name: String,
    pub(crate) description: Option<String>,
    pub(crate) images: Vec<String>,
    pub(crate) product_metadata: Value,
    pub(crate) tax_code: Option<String>,
    pub(crate) unit_label: Option<String>,
}

/// A new session and the products that its lines brought along.
#[derive(Debug)]
pub(crate) struct Created {
    pub(crate) session: Object,
    pub(crate) products: Vec<Object>,
}

/// Who paid, as the pay page learned it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Customer {
    pub(crate) email: String,
    pub(crate) name: Option<String>,
    pub(crate) phone: Option<String>,
    /// In the shape of Stripe's addresses, or null.
    pub(crate) address: Value,
}

/// Makes an open session, payable on the page under `base_url`. `now` is in Unix seconds.
pub(crate) fn create(input: &SessionInput, base_url: &str, now: i64) -> Created {
    let id = ids::session();
    let products: Vec<Object> = input
        .lines
        .iter()
        .map(|line| line_item::product(line, now))
        .collect();
    let items: Vec<Value> = input
        .lines
        .iter()
        .zip(&products)
        .map(|(line, product)| line_item::item(line, product, now))
        .collect();
    let mut session = Object::new(body(input, &id, &format!("{base_url}/c/pay/{id}"), now));
    session.set_private("line_items", items);
    session.set_private("payment_intent_data", input.payment_intent_data.clone());
    Created { session, products }
}

/// The line items of a session, in the order in which they were given.
pub(crate) fn line_items(session: &Object) -> &[Value] {
    session.private()["line_items"]
        .as_array()
        .map_or(&[], Vec::as_slice)
}

/// How the discounts of a session come about.
pub(crate) fn breakdown(session: &Object) -> Value {
    match &session.private()["breakdown"] {
        Value::Null => json!({ "discounts": [], "taxes": [] }),
        breakdown => breakdown.clone(),
    }
}

/// The address to which the shopper goes after paying.
pub(crate) fn success_url(session: &Object) -> String {
    session
        .text("success_url")
        .replace("{CHECKOUT_SESSION_ID}", session.id())
}

/// Turns the session complete: the shopper has done what was theirs to do.
pub(crate) fn complete(session: &mut Object, customer: &Customer) {
    session.set("status", "complete");
    session.set("url", Value::Null);
    session.set("customer_details", customer_details(customer));
}

/// The money has come. A session with nothing to pay keeps its `no_payment_required`.
pub(crate) fn paid(session: &mut Object) {
    if session.text("payment_status") == "unpaid" {
        session.set("payment_status", "paid");
    }
}

/// Turns the session expired.
pub(crate) fn expire(session: &mut Object) {
    session.set("status", "expired");
    session.set("url", Value::Null);
}

fn customer_details(customer: &Customer) -> Value {
    json!({
        "address": customer.address,
        "business_name": null,
        "email": customer.email,
        "individual_name": null,
        "name": customer.name,
        "phone": customer.phone,
        "tax_exempt": "none",
        "tax_ids": [],
    })
}

fn payment_method_options(types: &[String]) -> Value {
    let options = |kind: &String| match kind.as_str() {
        "card" => json!({ "request_three_d_secure": "automatic" }),
        "us_bank_account" => json!({ "verification_method": "automatic" }),
        _ => json!({}),
    };
    types
        .iter()
        .map(|kind| (kind.clone(), options(kind)))
        .collect()
}

fn body(input: &SessionInput, id: &str, url: &str, now: i64) -> Value {
    let known_email = |email: &String| {
        customer_details(&Customer {
            email: email.clone(),
            ..Customer::default()
        })
    };
    json!({
        "id": id,
        "object": "checkout.session",
        "adaptive_pricing": { "enabled": input.adaptive_pricing },
        "after_expiration": null,
        "allow_promotion_codes": null,
        "allowed_payment_method_types": input.allowed_payment_method_types,
        "amount_subtotal": input.total,
        "amount_total": input.total,
        "automatic_tax": { "enabled": false, "liability": null, "provider": null, "status": null },
        "billing_address_collection": input.billing_address_collection,
        "branding_settings": {
            "background_color": "#ffffff",
            "border_style": "rounded",
            "button_color": "#0074d4",
            "display_name": "Sandbox",
            "font_family": "default",
            "icon": null,
            "logo": null,
        },
        "cancel_url": input.cancel_url,
        "client_reference_id": input.client_reference_id,
        "client_secret": null,
        "collected_information": { "business_name": null, "individual_name": null, "shipping_details": null },
        "consent": null,
        "consent_collection": null,
        "created": now,
        "currency": input.currency.code(),
        "currency_conversion": null,
        "custom_fields": [],
        "custom_text": {
            "after_submit": null,
            "shipping_address": null,
            "submit": null,
            "terms_of_service_acceptance": null,
        },
        "customer": null,
        "customer_account": null,
        "customer_creation": "if_required",
        "customer_details": input.customer_email.as_ref().map(known_email),
        "customer_email": input.customer_email,
        "discounts": [],
        "expires_at": input.expires_at,
        "integration_identifier": input.integration_identifier,
        "invoice": null,
        "invoice_creation": {
            "enabled": false,
            "invoice_data": {
                "account_tax_ids": null,
                "custom_fields": null,
                "description": null,
                "footer": null,
                "issuer": null,
                "metadata": {},
                "rendering_options": null,
            },
        },
        "livemode": false,
        "locale": input.locale,
        "managed_payments": { "enabled": false },
        "metadata": input.metadata,
        "mode": "payment",
        "origin_context": input.origin_context,
        "payment_intent": null,
        "payment_link": null,
        "payment_method_collection": "if_required",
        "payment_method_configuration_details": null,
        "payment_method_options": payment_method_options(&input.payment_method_types),
        "payment_method_types": input.payment_method_types,
        "payment_status": if input.total == 0 { "no_payment_required" } else { "unpaid" },
        "permissions": null,
        "phone_number_collection": { "enabled": input.phone },
        "recovered_from": null,
        "saved_payment_method_options": null,
        "setup_intent": null,
        "shipping_address_collection": null,
        "shipping_cost": null,
        "shipping_options": [],
        "status": "open",
        "submit_type": input.submit_type,
        "subscription": null,
        "success_url": input.success_url,
        "total_details": { "amount_discount": 0, "amount_shipping": 0, "amount_tax": 0 },
        "ui_mode": "hosted_page",
        "url": url,
        "wallet_options": null,
    })
}
