//! The members of a new session.

use serde_json::{Value, json};

use super::SessionInput;
use crate::objects::payment_method_options;

/// The default branding of the account's pages.
pub(crate) fn branding() -> Value {
    json!({
        "background_color": "#ffffff",
        "border_style": "rounded",
        "button_color": "#0074d4",
        "display_name": "Sandbox",
        "font_family": "default",
        "icon": null,
        "logo": null,
    })
}

/// All members of a session that is open under `url` from `now`, in Unix seconds, as they are
/// before anything is set.
pub(super) fn new(input: &SessionInput, id: &str, url: &str, now: i64) -> Value {
    json!({
        "id": id,
        "object": "checkout.session",
        "adaptive_pricing": { "enabled": false },
        "after_expiration": null,
        "allow_promotion_codes": null,
        "allowed_payment_method_types": null,
        "amount_subtotal": 0,
        "amount_total": 0,
        "automatic_tax": { "enabled": false, "liability": null, "provider": null, "status": null },
        "billing_address_collection": null,
        "branding_settings": branding(),
        "cancel_url": null,
        "client_reference_id": null,
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
        "customer": input.customer.as_ref().map(|customer| customer.id()),
        "customer_account": null,
        "customer_creation": if input.customer.is_none() { Some("if_required") } else { None },
        "customer_details": null,
        "customer_email": null,
        "discounts": [],
        "expires_at": null,
        "integration_identifier": null,
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
        "locale": null,
        "managed_payments": { "enabled": false },
        "metadata": {},
        "mode": "payment",
        "origin_context": null,
        "payment_intent": null,
        "payment_link": null,
        "payment_method_collection": "if_required",
        "payment_method_configuration_details": null,
        "payment_method_options": payment_method_options(input),
        "payment_method_types": input.payment_method_types,
        "payment_status": "unpaid",
        "permissions": null,
        "phone_number_collection": { "enabled": false },
        "recovered_from": null,
        "saved_payment_method_options": null,
        "setup_intent": null,
        "shipping_address_collection": null,
        "shipping_cost": null,
        "shipping_options": [],
        "status": "open",
        "submit_type": null,
        "subscription": null,
        "success_url": null,
        "total_details": { "amount_discount": 0, "amount_shipping": 0, "amount_tax": 0 },
        "ui_mode": "hosted_page",
        "url": url,
        "wallet_options": null,
    })
}

fn payment_method_options(input: &SessionInput) -> Value {
    let types = input.payment_method_types.iter();
    let mut options = types
        .map(|kind| (kind.clone(), payment_method_options::of_session(kind)))
        .collect();
    let changes = &input.payment_method_options;
    payment_method_options::change(&mut options, changes, payment_method_options::of_session);
    options
}
