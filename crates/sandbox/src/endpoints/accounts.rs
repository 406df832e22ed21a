//! The merchant's own account, which is the only one.

use axum::http::HeaderMap;
use serde_json::{Value, json};

use crate::http::lookup::only_expand;
use crate::http::{ApiError, Call};

const ID: &str = "acct_1SandboxSandbox";

/// When the account was made, in Unix seconds: 1 January 2026.
const CREATED: i64 = 1_767_225_600;

pub(super) async fn own(call: &mut Call<'_>) -> Result<Value, ApiError> {
    only_expand(call)?;
    Ok(account())
}

pub(super) async fn retrieve(call: &mut Call<'_>, id: &str) -> Result<Value, ApiError> {
    only_expand(call)?;
    if id == ID {
        Ok(account())
    } else {
        Err(inaccessible(id))
    }
}

/// Refuses a request that is to be made for a connected account, as there are none.
pub(crate) fn check(headers: &HeaderMap) -> Result<(), ApiError> {
    let named = ["stripe-account", "stripe-context"]
        .iter()
        .filter_map(|header| headers.get(*header))
        .map(|account| String::from_utf8_lossy(account.as_bytes()));
    for account in named {
        if account != ID {
            return Err(inaccessible(&account));
        }
    }
    Ok(())
}

fn inaccessible(account: &str) -> ApiError {
    let message = format!(
        "The provided key does not have access to account '{account}' (or that account does not exist). Application \
         access may have been revoked."
    );
    ApiError::forbidden(&message).code("account_invalid")
}

/// An account that may do everything and owes nothing.
fn account() -> Value {
    let nothing_due = json!({
        "alternatives": [],
        "current_deadline": null,
        "currently_due": [],
        "disabled_reason": null,
        "errors": [],
        "eventually_due": [],
        "past_due": [],
        "pending_verification": [],
    });
    json!({
        "id": ID,
        "object": "account",
        "business_profile": {
            "annual_revenue": null,
            "estimated_worker_count": null,
            "mcc": "5734",
            "minority_owned_business_designation": null,
            "name": "Sandbox",
            "product_description": null,
            "support_address": null,
            "support_email": null,
            "support_phone": null,
            "support_url": null,
            "url": null,
        },
        "business_type": "company",
        "capabilities": { "card_payments": "active", "transfers": "active" },
        "charges_enabled": true,
        "controller": { "type": "account" },
        "country": "US",
        "created": CREATED,
        "default_currency": "usd",
        "details_submitted": true,
        "email": "merchant@example.com",
        "external_accounts": {
            "object": "list",
            "data": [],
            "has_more": false,
            "url": format!("/v1/accounts/{ID}/external_accounts"),
        },
        "future_requirements": nothing_due,
        "metadata": {},
        "payouts_enabled": true,
        "requirements": nothing_due,
        "settings": {
            "bacs_debit_payments": { "display_name": null, "service_user_number": null },
            "branding": { "icon": null, "logo": null, "primary_color": null, "secondary_color": null },
            "card_issuing": { "tos_acceptance": { "date": null, "ip": null } },
            "card_payments": {
                "decline_on": { "avs_failure": false, "cvc_failure": false },
                "statement_descriptor_prefix": null,
                "statement_descriptor_prefix_kana": null,
                "statement_descriptor_prefix_kanji": null,
            },
            "dashboard": { "display_name": "Sandbox", "timezone": "Etc/UTC" },
            "invoices": { "default_account_tax_ids": null, "hosted_payment_method_save": null },
            "payments": {
                "statement_descriptor": "SANDBOX",
                "statement_descriptor_kana": null,
                "statement_descriptor_kanji": null,
            },
            "payouts": {
                "debit_negative_balances": true,
                "schedule": { "delay_days": 2, "interval": "daily" },
                "statement_descriptor": null,
            },
            "sepa_debit_payments": {},
        },
        "tos_acceptance": { "date": null, "ip": null, "user_agent": null },
        "type": "standard",
    })
}
