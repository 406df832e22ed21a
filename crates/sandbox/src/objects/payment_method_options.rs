//! The `payment_method_options`, by kind of payment method, of a session or a payment intent.

use serde_json::{Map, Value, json};

use super::object::Object;
use crate::cards::Card;

const MEMBER: &str = "payment_method_options";

/// Options for the pay page alone, so that the payment intent of a session does not have it.
const OF_PAGE: &[&str] = &["installments", "restrictions"];

/// The options of a kind on a session, unless the merchant says otherwise.
pub(crate) fn of_session(kind: &str) -> Value {
    match kind {
        "card" => json!({ "request_three_d_secure": "automatic" }),
        "us_bank_account" => json!({ "verification_method": "automatic" }),
        _ => json!({}),
    }
}

/// Sets which kinds of payment methods a payment or setup intent takes, with the options of each;
/// what was said about a kind before stays.
pub(crate) fn offer(intent: &mut Object, types: &[String]) {
    let default = default(intent);
    let options = types.iter().map(|kind| {
        let options = match &intent.get(MEMBER)[kind] {
            Value::Null => default(kind),
            said => said.clone(),
        };
        (kind.clone(), options)
    });
    let options: Value = options.collect();
    intent.set(MEMBER, options);
    intent.set("payment_method_types", types);
}

/// Changes the options of a payment or setup intent, as [`change`] does.
pub(crate) fn change_of(intent: &mut Object, changes: &Map<String, Value>) {
    let mut options = intent.get(MEMBER).clone();
    change(&mut options, changes, default(intent));
    intent.set(MEMBER, options);
}

/// Changes options kind by kind. A member that is null is taken away, and a kind that is null
/// starts over from what `default` says of it.
pub(crate) fn change(
    options: &mut Value,
    changes: &Map<String, Value>,
    default: fn(&str) -> Value,
) {
    for (kind, members) in changes {
        let Some(members) = members.as_object() else {
            options[kind] = default(kind);
            continue;
        };
        if options[kind].is_null() {
            options[kind] = default(kind);
        }
        let Some(place) = options[kind].as_object_mut() else {
            continue;
        };
        for (member, value) in members {
            match value {
                Value::Null => place.remove(member),
                value => place.insert(member.clone(), value.clone()),
            };
        }
    }
}

/// The options that the payment intent of a session has.
pub(crate) fn passed_on(session: &Object) -> Value {
    let mut changes = session.get(MEMBER).as_object().cloned().unwrap_or_default();
    for members in changes.values_mut().filter_map(Value::as_object_mut) {
        members.retain(|member, _| !OF_PAGE.contains(&member.as_str()));
    }
    let mut options = json!({});
    change(&mut options, &changes, of_intent);
    options
}

/// True if the merchant wants the shopper to authenticate where the card can.
pub(crate) fn wants_authentication(intent: &Object) -> bool {
    let requested = &intent.get(MEMBER)["card"]["request_three_d_secure"];
    requested == "any" || requested == "challenge"
}

/// True if money from a kind of payment method is only reserved at first.
pub(crate) fn captures_later(intent: &Object, kind: &str) -> bool {
    intent.text("capture_method") == "manual"
        || intent.get(MEMBER)[kind]["capture_method"] == "manual"
}

/// The later use for which a payment method of a kind is kept, `on_session` or `off_session`, if it
/// is: what the options say goes before what the payment intent itself says.
pub(crate) fn future_usage<'a>(intent: &'a Object, kind: &str) -> Option<&'a str> {
    match intent.get(MEMBER)[kind]["setup_future_usage"].as_str() {
        Some("none") => None,
        Some(usage) => Some(usage),
        None => intent.get("setup_future_usage").as_str(),
    }
}

/// The day on which a bank account is to be debited, as `YYYY-MM-DD`.
pub(crate) fn target_date<'a>(intent: &'a Object, kind: &str) -> Option<&'a str> {
    intent.get(MEMBER)[kind]["target_date"].as_str()
}

/// The reason for the shopper why a session does not take a card, if it does not.
pub(crate) fn refusal(session: &Object, card: &Card) -> Option<String> {
    let restrictions = &session.get(MEMBER)["card"]["restrictions"];
    let blocks = |member: &str, name: &str| {
        let mut blocked = restrictions[member].as_array().into_iter().flatten();
        blocked.any(|one| one == name)
    };
    let kind = if blocks("brands_blocked", card.brand.network()) {
        card.brand.label()
    } else if blocks("funding_types_blocked", card.funding()) {
        match card.funding() {
            "debit" => "Debit",
            "prepaid" => "Prepaid",
            _ => "Credit",
        }
    } else {
        return None;
    };
    Some(format!(
        "{kind} cards are not accepted here. Please use another card."
    ))
}

/// The default options of a kind on an intent, unless the merchant says otherwise.
fn default(intent: &Object) -> fn(&str) -> Value {
    match intent.kind() {
        "setup_intent" => of_setup,
        _ => of_intent,
    }
}

/// The options of a kind on a payment intent, unless the merchant says otherwise.
fn of_intent(kind: &str) -> Value {
    match kind {
        "card" => json!({
            "installments": null,
            "mandate_options": null,
            "network": null,
            "request_three_d_secure": "automatic",
        }),
        "us_bank_account" => json!({ "verification_method": "automatic" }),
        _ => json!({}),
    }
}

/// The options of a kind on a setup intent, unless the merchant says otherwise.
fn of_setup(kind: &str) -> Value {
    let mut options = of_intent(kind);
    if let Some(options) = options.as_object_mut() {
        options.remove("installments");
    }
    options
}
