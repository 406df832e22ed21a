//! The buttons that an object has.

use sqlx::SqliteConnection;

use super::html::{form, hidden, select};
use crate::currency::money;
use crate::objects::{Charge, Object, WebhookEndpoint, dispute};
use crate::pages::escape;
use crate::payments::refunds;
use crate::store::objects;

/// The forms with which something can be done to an object, in the state in which it is.
pub(super) async fn action_forms(
    db: &mut SqliteConnection,
    object: &Object,
) -> sqlx::Result<String> {
    let id = object.id();
    let forms = match (object.kind(), object.text("status")) {
        ("checkout.session", "open") => {
            format!(
                "<a class=\"go\" href=\"/c/pay/{}\">Open the pay page</a>\n",
                escape(id)
            ) + &form(&format!("/sandbox/sessions/{id}/expire"), "", "Expire")
        }
        ("payment_intent", "processing") => debit(id),
        ("charge", "succeeded") => charge(db, &objects::typed(object.clone())?).await?,
        ("refund", status) => refund(id, status),
        ("dispute", status) => dispute(id, status),
        ("event", _) => resends(db, object).await?,
        ("webhook_endpoint", status) => endpoint(id, status),
        _ => String::new(),
    };
    if forms.is_empty() {
        return Ok(forms);
    }
    Ok(format!("<div class=\"actions\">\n{forms}</div>\n"))
}

fn debit(id: &str) -> String {
    let button = |outcome, label| {
        form(
            &format!("/sandbox/payment_intents/{id}/settle"),
            &hidden("outcome", outcome),
            label,
        )
    };
    button("succeed", "Let the debit succeed") + &button("fail", "Let the debit fail")
}

async fn charge(db: &mut SqliteConnection, charge: &Charge) -> sqlx::Result<String> {
    let path = format!("/sandbox/charges/{}", charge.id());
    let left = charge.refundable();
    if left <= 0 {
        return Ok(String::new());
    }
    let mut forms = String::new();
    if !refunds::is_charged_back(db, charge).await? {
        let amount = format!(
            "<label>Amount <input type=\"text\" inputmode=\"decimal\" name=\"amount\" autocomplete=\"off\" \
             placeholder=\"all: {}\"></label>",
            escape(&money(left, charge.text("currency")))
        );
        let reasons = [&[""], refunds::REASONS].concat();
        let reason = select("reason", "Reason", &reasons);
        forms += &form(&format!("{path}/refund"), &(amount + &reason), "Refund");
    }
    if charge.get("disputed") != true {
        let reason = select("reason", "Reason", dispute::REASONS);
        let kind = select("kind", "Kind", &["chargeback", "inquiry"]);
        forms += &form(
            &format!("{path}/dispute"),
            &(reason + &kind),
            "Dispute this",
        );
    }
    Ok(forms)
}

fn refund(id: &str, status: &str) -> String {
    let path = format!("/sandbox/refunds/{id}");
    let fail = || {
        let reason = select("failure_reason", "Reason", refunds::FAILURE_REASONS);
        form(&format!("{path}/fail"), &reason, "Fail this refund")
    };
    match status {
        "pending" => form(&format!("{path}/succeed"), "", "Let it arrive") + &fail(),
        "succeeded" => fail(),
        _ => String::new(),
    }
}

fn dispute(id: &str, status: &str) -> String {
    let button = |decision: &str, label: &str| {
        form(&format!("/sandbox/disputes/{id}/{decision}"), "", label)
    };
    match status {
        "needs_response" | "under_review" => button("win", "Win") + &button("lose", "Lose"),
        "warning_needs_response" | "warning_under_review" => {
            button("escalate", "Escalate to a chargeback") + &button("win", "Close the inquiry")
        }
        "lost" => button("win", "Win after all"),
        _ => String::new(),
    }
}

/// To all endpoints that want the event, or to one of them.
async fn resends(db: &mut SqliteConnection, event: &Object) -> sqlx::Result<String> {
    let mut forms = resend(event.id(), None, "Resend to all");
    for endpoint in objects::all::<WebhookEndpoint>(db).await? {
        if endpoint.wants(event.text("type")) {
            let label = format!("Resend to {}", endpoint.text("url"));
            forms += &resend(event.id(), Some(endpoint.id()), &label);
        }
    }
    Ok(forms)
}

/// The button that sends an event again, to one endpoint or to all that want it.
pub(super) fn resend(event: &str, endpoint: Option<&str>, label: &str) -> String {
    let only = endpoint.map_or_else(String::new, |id| hidden("webhook_endpoint", id));
    form(&format!("/sandbox/events/{event}/resend"), &only, label)
}

fn endpoint(id: &str, status: &str) -> String {
    let path = format!("/sandbox/webhook_endpoints/{id}");
    let switch = match status {
        "enabled" => form(&format!("{path}/disable"), "", "Disable"),
        _ => form(&format!("{path}/enable"), "", "Enable"),
    };
    let keep = select(
        "expires_in",
        "The old secret signs for",
        &["0", "3600", "86400"],
    )
    .replace(">0<", ">no longer<")
    .replace(">3600<", ">an hour<")
    .replace(">86400<", ">a day<");
    switch + &form(&format!("{path}/roll"), &keep, "Roll the secret")
}
