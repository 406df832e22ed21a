//! The Checkout Session.

mod body;
mod choices;
mod copy;
mod names;

pub(crate) use self::body::branding;
pub(crate) use self::names::{LONGEST_NAME, Name, Wanted};

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::customer::Customer;
use super::object::Object;
use super::shipping_rate::ShippingRate;
use crate::currency::Currency;
use crate::ids;

object_type! {
    /// A Checkout Session.
    CheckoutSession = "checkout.session";
}

/// The parameters of a new session, checked, with everything that ids name at hand.
#[derive(Debug)]
pub(crate) struct SessionInput {
    pub(crate) currency: Currency,
    /// As [`crate::objects::line_item::create`] makes them.
    pub(crate) line_items: Vec<Value>,
    /// The kinds of payment methods that the pay page offers, at least one.
    pub(crate) payment_method_types: Vec<String>,
    /// Options of the kinds of payment methods, for
    /// [`crate::objects::payment_method_options::change`].
    pub(crate) payment_method_options: Map<String, Value>,
    /// Members that the payment intent is to have.
    pub(crate) payment_intent_data: Value,
    /// The merchant's own customer.
    pub(crate) customer: Option<Customer>,
    /// For `address`, `name` and `shipping`, whether the customer is to be changed to what the
    /// shopper enters; or null.
    pub(crate) customer_update: Value,
    /// The `allow_redisplay` of the session's payment methods, if the merchant says so.
    pub(crate) allow_redisplay: Option<String>,
    /// The shipping rates to choose from; the first is chosen until the shopper takes another.
    pub(crate) shipping_rates: Vec<ShippingRate>,
    /// Further members of the session, as Stripe names them.
    pub(crate) members: Map<String, Value>,
}

/// The shopper's details, as the pay page collected them.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Shopper {
    pub(crate) email: String,
    pub(crate) name: Option<String>,
    pub(crate) phone: Option<String>,
    /// In the shape of Stripe's addresses, or null.
    pub(crate) address: Value,
    /// The recipient, if the session asks for one.
    pub(crate) shipping: Option<Recipient>,
    /// The answers to the session's custom fields by their keys; an empty one is none.
    #[serde(default)]
    pub(crate) answers: BTreeMap<String, String>,
    /// True if the terms of service were accepted.
    #[serde(default)]
    pub(crate) accepts_terms: bool,
    /// True if the merchant may send promotions.
    #[serde(default)]
    pub(crate) wants_promotions: bool,
    /// The shopper's own name, if the session asks for it.
    #[serde(default)]
    pub(crate) individual_name: Option<String>,
    /// The name of the business that buys, if the session asks for it.
    #[serde(default)]
    pub(crate) business_name: Option<String>,
    /// True if the payment method is to be saved for later purchases.
    #[serde(default)]
    pub(crate) saves_method: bool,
}

/// To whom goods are shipped.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Recipient {
    pub(crate) name: String,
    /// In the shape of Stripe's addresses.
    pub(crate) address: Value,
}

impl Shopper {
    /// One of the names that a session can ask for.
    pub(crate) fn named(&self, name: Name) -> &Option<String> {
        match name {
            Name::Individual => &self.individual_name,
            Name::Business => &self.business_name,
        }
    }

    /// The place of one of the names that a session can ask for.
    pub(crate) fn named_mut(&mut self, name: Name) -> &mut Option<String> {
        match name {
            Name::Individual => &mut self.individual_name,
            Name::Business => &mut self.business_name,
        }
    }
}

impl CheckoutSession {
    /// Makes an open session, payable on the page under `base_url`. It has no amounts until it is
    /// priced. `now` is in Unix seconds.
    pub(crate) fn create(input: SessionInput, base_url: &str, now: i64) -> Self {
        let id = ids::session();
        let mut session = Self(Object::new(body::new(
            &input,
            &id,
            &format!("{base_url}/c/pay/{id}"),
            now,
        )));
        session.set_line_items(input.line_items);
        session.set_private("payment_intent_data", input.payment_intent_data);
        session.set_private("customer_update", input.customer_update);
        session.set_private("allow_redisplay", input.allow_redisplay);
        session.apply(input.members);
        let known = match &input.customer {
            None => session.text("customer_email"),
            Some(customer) => customer.text("email"),
        };
        if !known.is_empty() {
            let details = customer_details(&Shopper {
                email: known.to_owned(),
                ..Shopper::default()
            });
            session.set("customer_details", details);
        }
        session.offer_shipping(&input.shipping_rates);
        session
    }

    /// The line items of a session, in the order in which they were given.
    pub(crate) fn line_items(&self) -> &[Value] {
        self.private()["line_items"]
            .as_array()
            .map_or(&[], Vec::as_slice)
    }

    /// The later use for which the merchant keeps the payment method, `on_session` or
    /// `off_session`, if it does: the most that is said of any kind on offer.
    pub(crate) fn future_usage(&self) -> Option<&str> {
        let types = self.get("payment_method_types").as_array();
        let kinds = types.into_iter().flatten().filter_map(Value::as_str);
        // In the alphabet, `off_session` comes first.
        kinds.filter_map(|kind| self.future_usage_of(kind)).min()
    }

    /// The later use for which payment methods of a kind are kept.
    fn future_usage_of(&self, kind: &str) -> Option<&str> {
        let said = self.get("payment_method_options")[kind]["setup_future_usage"].as_str();
        let data = self.private()["payment_intent_data"]["setup_future_usage"].as_str();
        said.or(data).filter(|usage| *usage != "none")
    }

    /// True if the shopper may save the payment method for later purchases.
    pub(crate) fn lets_save(&self) -> bool {
        self.get("saved_payment_method_options")["payment_method_save"] == "enabled"
    }

    /// The `allow_redisplay` of a payment method of a kind with which the session was paid.
    pub(crate) fn allow_redisplay(&self, kind: &str, customer: &Shopper) -> &str {
        match self.private()["allow_redisplay"].as_str() {
            Some(said) => said,
            None if customer.saves_method => "always",
            None if self.future_usage_of(kind).is_some() => "limited",
            None => "unspecified",
        }
    }

    /// The fields that the merchant added to the page.
    pub(crate) fn custom_fields(&self) -> impl Iterator<Item = &Value> {
        self.get("custom_fields").as_array().into_iter().flatten()
    }

    /// Sets the line items of a session.
    pub(crate) fn set_line_items(&mut self, items: Vec<Value>) {
        self.set_private("line_items", items);
    }

    /// The breakdown of a session's discounts.
    pub(crate) fn breakdown(&self) -> Value {
        match &self.private()["breakdown"] {
            Value::Null => json!({ "discounts": [], "taxes": [] }),
            breakdown => breakdown.clone(),
        }
    }

    /// True if an invoice is made when the session is paid.
    pub(crate) fn makes_invoice(&self) -> bool {
        self.get("invoice_creation")["enabled"] == true
    }

    /// True if a customer is made of a shopper who is none yet: because the merchant always wants
    /// one, or because an invoice needs one.
    pub(crate) fn makes_customer(&self) -> bool {
        self.text("customer_creation") == "always" || self.makes_invoice()
    }

    /// The address to which the shopper goes after paying.
    pub(crate) fn success_url(&self) -> String {
        self.text("success_url")
            .replace("{CHECKOUT_SESSION_ID}", self.id())
    }

    /// Keeps what the pay page learned of the shopper. The bank's page may come in between, and
    /// knows nothing of it.
    pub(crate) fn collect(&mut self, customer: &Shopper) {
        self.set_private("collected", json!(customer));
    }

    /// The shopper's details, if somebody tried to pay.
    pub(crate) fn collected(&self) -> Option<Shopper> {
        Shopper::deserialize(&self.private()["collected"]).ok()
    }

    /// Turns the session complete: the shopper has done what was theirs to do.
    pub(crate) fn complete(&mut self, customer: &Shopper) {
        self.set("status", "complete");
        self.set("url", Value::Null);
        self.set("customer_details", customer_details(customer));
        if let Some(made) = self.private()["new_customer"]
            .as_str()
            .map(ToOwned::to_owned)
        {
            self.set("customer", made);
        }
        self.record_answers(customer);
        for name in Name::ALL {
            let path = format!("/{}", name.member());
            self.set_in("collected_information", &path, customer.named(name).clone());
        }
        if let Some(to) = &customer.shipping {
            let details = json!({ "address": to.address, "name": to.name });
            self.set_in("collected_information", "/shipping_details", details);
        }
    }

    /// Writes down what the shopper answered.
    fn record_answers(&mut self, customer: &Shopper) {
        let mut fields: Vec<Value> = self.custom_fields().cloned().collect();
        for field in &mut fields {
            let kind = field["type"].as_str().unwrap_or_default().to_owned();
            let answer = field["key"]
                .as_str()
                .and_then(|key| customer.answers.get(key));
            field[kind]["value"] = json!(answer.filter(|answer| !answer.is_empty()));
        }
        self.set("custom_fields", fields);
        let asked = self.get("consent_collection");
        if !asked.is_null() {
            let promotions = match (asked["promotions"] == "auto", customer.wants_promotions) {
                (false, _) => None,
                (true, true) => Some("opt_in"),
                (true, false) => Some("opt_out"),
            };
            let terms = (asked["terms_of_service"] == "required" && customer.accepts_terms)
                .then_some("accepted");
            self.set(
                "consent",
                json!({ "promotions": promotions, "terms_of_service": terms }),
            );
        }
    }

    /// The money has come. A session with nothing to pay keeps its `no_payment_required`.
    pub(crate) fn paid(&mut self) {
        if self.text("payment_status") == "unpaid" {
            self.set("payment_status", "paid");
        }
    }

    /// Turns the session expired.
    pub(crate) fn expire(&mut self) {
        self.set("status", "expired");
        self.set("url", Value::Null);
    }
}

fn customer_details(customer: &Shopper) -> Value {
    json!({
        "address": customer.address,
        "business_name": customer.business_name,
        "email": customer.email,
        "individual_name": customer.individual_name,
        "name": customer.name,
        "phone": customer.phone,
        "tax_exempt": "none",
        "tax_ids": [],
    })
}
