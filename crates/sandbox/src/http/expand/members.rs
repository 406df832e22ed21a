//! The members that can be expanded, and what they become.

/// The members of a shape that can be expanded, each with the shapes of what it becomes. A shape is
/// named after the `object` member, and one inside that has none after where it is; what the
/// sandbox never has is [`ABSENT`]. Source: `x-expandableFields` of Stripe's OpenAPI description.
pub(crate) fn members(shape: &str) -> &'static [(&'static str, &'static [&'static str])] {
    match shape {
        "checkout.session" => &[
            ("customer", &["customer"]),
            ("discounts", &["checkout.session.discounts"]),
            ("invoice", &["invoice"]),
            ("line_items", &["list of item"]),
            ("payment_intent", &["payment_intent"]),
            ("payment_link", ABSENT),
            ("setup_intent", ABSENT),
            ("shipping_cost", &["checkout.session.shipping_cost"]),
            ("shipping_options", &["checkout.session.shipping_options"]),
            ("subscription", ABSENT),
            ("total_details", &["checkout.session.total_details"]),
        ],
        "checkout.session.discounts" => &[
            ("coupon", &["coupon"]),
            ("promotion_code", &["promotion_code"]),
        ],
        "checkout.session.shipping_cost" => {
            &[("shipping_rate", &["shipping_rate"]), ("taxes", ABSENT)]
        }
        "checkout.session.shipping_options" => &[("shipping_rate", &["shipping_rate"])],
        "checkout.session.total_details" => {
            &[("breakdown", &["checkout.session.total_details.breakdown"])]
        }
        "checkout.session.total_details.breakdown" => {
            &[("discounts", &["item.discounts"]), ("taxes", ABSENT)]
        }
        "invoice" => &[
            ("account_tax_ids", ABSENT),
            ("application", ABSENT),
            ("confirmation_secret", ABSENT),
            ("customer", &["customer"]),
            ("default_payment_method", &["payment_method"]),
            ("default_source", ABSENT),
            ("discounts", &["discount"]),
            ("from_invoice", ABSENT),
            ("latest_revision", ABSENT),
            ("lines", &["list of line_item"]),
            ("on_behalf_of", ABSENT),
            ("parent", ABSENT),
            ("payments", &["list of invoice_payment"]),
            ("shipping_cost", &["checkout.session.shipping_cost"]),
            ("test_clock", ABSENT),
            ("total_discount_amounts", DISCOUNTED),
            ("total_pretax_credit_amounts", DISCOUNTED),
            ("total_taxes", ABSENT),
        ],
        "list of line_item" => &[("data", &["line_item"])],
        "line_item" => &[
            ("discount_amounts", DISCOUNTED),
            ("discounts", &["discount"]),
            ("parent", ABSENT),
            ("pretax_credit_amounts", DISCOUNTED),
            ("pricing", &["line_item.pricing"]),
            ("subscription", ABSENT),
            ("taxes", ABSENT),
        ],
        "line_item.pricing" => &[("price_details", &["line_item.pricing.price_details"])],
        "line_item.pricing.price_details" => &[("price", &["price"])],
        "list of invoice_payment" => &[("data", &["invoice_payment"])],
        "invoice_payment" => &[
            ("invoice", &["invoice"]),
            ("payment", &["invoice_payment.payment"]),
        ],
        "invoice_payment.payment" => &[
            ("charge", ABSENT),
            ("payment_intent", &["payment_intent"]),
            ("payment_record", ABSENT),
        ],
        "list of item" => &[("data", &["item"])],
        "item" => &[
            ("adjustable_quantity", ABSENT),
            ("discounts", &["item.discounts"]),
            ("price", &["price"]),
            ("taxes", ABSENT),
        ],
        "item.discounts" => &[("discount", &["discount"])],
        "coupon" => &[
            ("applies_to", ABSENT),
            ("currency_options", &["currency_options"]),
        ],
        "discount" => &[
            ("customer", &["customer"]),
            ("promotion_code", &["promotion_code"]),
            ("source", &["discount.source"]),
        ],
        "discount.source" | "promotion_code.promotion" => &[("coupon", &["coupon"])],
        "promotion_code" => &[
            ("customer", &["customer"]),
            ("promotion", &["promotion_code.promotion"]),
            ("restrictions", &["promotion_code.restrictions"]),
        ],
        "promotion_code.restrictions" | "shipping_rate.fixed_amount" => {
            &[("currency_options", &["currency_options"])]
        }
        "payment_intent" => &[
            ("application", ABSENT),
            ("customer", &["customer"]),
            ("last_payment_error", &["payment_intent.last_payment_error"]),
            ("latest_charge", &["charge"]),
            ("on_behalf_of", ABSENT),
            ("payment_method", &["payment_method"]),
            ("review", ABSENT),
        ],
        "setup_intent" => &[
            ("application", ABSENT),
            ("customer", &["customer"]),
            ("last_setup_error", &["setup_intent.last_setup_error"]),
            ("latest_attempt", &["setup_attempt"]),
            ("mandate", ABSENT),
            ("on_behalf_of", ABSENT),
            ("payment_method", &["payment_method"]),
            ("single_use_mandate", ABSENT),
        ],
        "setup_attempt" => &[
            ("application", ABSENT),
            ("customer", &["customer"]),
            ("on_behalf_of", ABSENT),
            ("payment_method", &["payment_method"]),
            ("setup_error", &["setup_intent.last_setup_error"]),
            ("setup_intent", &["setup_intent"]),
        ],
        "setup_intent.last_setup_error" => &[("payment_method", &["payment_method"])],
        "payment_intent.last_payment_error" => &[("payment_method", &["payment_method"])],
        "charge" => &[
            ("application", ABSENT),
            ("application_fee", ABSENT),
            ("balance_transaction", &["balance_transaction"]),
            ("customer", &["customer"]),
            ("failure_balance_transaction", &["balance_transaction"]),
            ("on_behalf_of", ABSENT),
            ("payment_intent", &["payment_intent"]),
            ("refunds", &["list of refund"]),
            ("review", ABSENT),
            ("source_transfer", ABSENT),
            ("transfer", ABSENT),
        ],
        "list of refund" => &[("data", &["refund"])],
        "payment_method" => &[("customer", &["customer"])],
        "refund" => &[
            ("balance_transaction", &["balance_transaction"]),
            ("charge", &["charge"]),
            ("customer", &["customer"]),
            ("failure_balance_transaction", &["balance_transaction"]),
            ("payment_intent", &["payment_intent"]),
            ("payment_method", &["payment_method"]),
            ("source_transfer_reversal", ABSENT),
            ("transfer_reversal", ABSENT),
        ],
        "dispute" => &[
            ("balance_transactions", &["balance_transaction"]),
            ("charge", &["charge"]),
            ("evidence", &["dispute.evidence"]),
            ("payment_intent", &["payment_intent"]),
        ],
        "dispute.evidence" => &[
            ("cancellation_policy", ABSENT),
            ("customer_communication", ABSENT),
            ("customer_signature", ABSENT),
            ("duplicate_charge_documentation", ABSENT),
            ("receipt", ABSENT),
            ("refund_policy", ABSENT),
            ("service_documentation", ABSENT),
            ("shipping_documentation", ABSENT),
            ("uncategorized_file", ABSENT),
        ],
        "balance_transaction" => &[("source", &["charge", "refund", "dispute"])],
        "price" => &[
            ("currency_options", &["currency_options"]),
            ("product", &["product"]),
            ("tiers", ABSENT),
        ],
        "product" => &[("default_price", &["price"]), ("tax_code", ABSENT)],
        "shipping_rate" => &[
            ("fixed_amount", &["shipping_rate.fixed_amount"]),
            ("tax_code", ABSENT),
        ],
        "customer" => &[
            ("cash_balance", ABSENT),
            ("default_source", ABSENT),
            ("discount", &["discount"]),
            ("invoice_settings", &["customer.invoice_settings"]),
            ("sources", ABSENT),
            ("subscriptions", ABSENT),
            ("tax", ABSENT),
            ("tax_ids", ABSENT),
            ("test_clock", ABSENT),
        ],
        "customer.invoice_settings" => &[("default_payment_method", &["payment_method"])],
        "radar.early_fraud_warning" => &[
            ("charge", &["charge"]),
            ("payment_intent", &["payment_intent"]),
        ],
        _ => &[],
    }
}

/// The shape of what a discount takes off.
const DISCOUNTED: &[&str] = &["item.discounts"];

/// The shape of what Stripe has and the sandbox does not: nothing in it can be expanded.
const ABSENT: &[&str] = &["absent"];
