//! The merchant's own questions and texts: custom fields, the terms of service, news, texts.

use serde_json::Value;

use super::view::{View, fieldset};
use crate::cards::FieldError;
use crate::checkout;
use crate::forms::Form;
use crate::objects::CheckoutSession;
use crate::objects::checkout_session::Shopper;
use crate::pages::escape;

/// The names of the custom fields, of which there are three at most, in their order.
const CUSTOM: [&str; 3] = ["customField0", "customField1", "customField2"];
const TERMS: &str = "termsOfServiceConsentCheckbox";
const PROMOTIONS: &str = "promotionsConsentCheckbox";
const SAVE: &str = "savePaymentMethod";

/// The answers, as typed.
#[derive(Debug, Default)]
pub(super) struct Answers {
    custom: [String; 3],
    accepts_terms: bool,
    wants_promotions: bool,
    saves_method: bool,
}

impl Answers {
    /// The answers of an earlier attempt, or else what the merchant suggests.
    pub(super) fn at_first(session: &CheckoutSession, known: Option<&Shopper>) -> Self {
        let mut answers = Self::default();
        for (answer, field) in answers.custom.iter_mut().zip(session.custom_fields()) {
            let given = known.map(|known| known.answers.get(key(field)).map(String::as_str));
            let suggested = details(field)["default_value"].as_str();
            *answer = given.unwrap_or(suggested).unwrap_or_default().to_owned();
        }
        if let Some(known) = known {
            answers.accepts_terms = known.accepts_terms;
            answers.wants_promotions = known.wants_promotions;
            answers.saves_method = known.saves_method;
        }
        answers
    }

    pub(super) fn read(form: &Form) -> Self {
        Self {
            custom: CUSTOM.map(|name| form.text(name).to_owned()),
            accepts_terms: form.text(TERMS) == "on",
            wants_promotions: form.text(PROMOTIONS) == "on",
            saves_method: form.text(SAVE) == "on",
        }
    }

    /// Everything that is wrong with the answers.
    pub(super) fn wrong(&self, session: &CheckoutSession) -> Vec<FieldError> {
        let custom = CUSTOM.into_iter().zip(&self.custom);
        let mut errors: Vec<FieldError> = custom
            .zip(session.custom_fields())
            .filter_map(|((name, answer), field)| {
                let message = checkout::answer_problem(field, answer)?;
                Some(FieldError::new(name, "custom_field_invalid", &message))
            })
            .collect();
        if asks_terms(session) && !self.accepts_terms {
            let message = "Please accept the terms of service to go on.";
            errors.push(FieldError::new(TERMS, "consent_required", message));
        }
        errors
    }

    /// Adds the answers to what is known of the shopper.
    pub(super) fn fill(&self, session: &CheckoutSession, customer: &mut Shopper) {
        customer.answers = session
            .custom_fields()
            .zip(&self.custom)
            .map(|(field, answer)| (key(field).to_owned(), answer.clone()))
            .collect();
        customer.accepts_terms = self.accepts_terms;
        customer.wants_promotions = self.wants_promotions;
        customer.saves_method = self.saves_method && session.lets_save();
    }
}

/// The custom fields.
pub(super) fn custom_fields(view: &View<'_>) -> String {
    let fields: String = CUSTOM
        .into_iter()
        .zip(&view.typed.answers.custom)
        .zip(view.session.custom_fields())
        .map(|((name, answer), field)| custom_field(view, name, answer, field))
        .collect();
    match fields.as_str() {
        "" => fields,
        _ => fieldset("More about your order", &fields),
    }
}

/// The boxes for saving the payment method, for news and for the terms, beside the button.
pub(super) fn consent(view: &View<'_>) -> String {
    let shop = escape(&view.shop());
    let answers = &view.typed.answers;
    let mut boxes = String::new();
    if view.session.lets_save() && view.requested.payment() {
        let label = format!("Save my payment details for future purchases from {shop}");
        boxes += &checkbox(view, SAVE, &label, answers.saves_method);
    }
    if view.session.get("consent_collection")["promotions"] == "auto" {
        let label = format!("{shop} may send me news and offers");
        boxes += &checkbox(view, PROMOTIONS, &label, answers.wants_promotions);
    }
    if asks_terms(view.session) {
        let label = match custom_text(view.session, "terms_of_service_acceptance") {
            Some(text) => escape(text),
            None => format!("I accept the terms of service of {shop}"),
        };
        boxes += &checkbox(view, TERMS, &label, answers.accepts_terms);
    }
    match boxes.as_str() {
        "" => boxes,
        _ => format!("<div class=\"consent\">\n{boxes}</div>\n"),
    }
}

/// The merchant's label of one of the custom fields.
pub(super) fn label_of(session: &CheckoutSession, id: &str) -> Option<String> {
    let at = CUSTOM.iter().position(|name| *name == id)?;
    session
        .custom_fields()
        .nth(at)
        .map(|field| label(field).to_owned())
}

/// The notice about later payments, unless the merchant tells it elsewhere.
pub(super) fn reuse(view: &View<'_>) -> String {
    let agreement = &view.session.get("consent_collection")["payment_method_reuse_agreement"];
    if agreement["position"] == "hidden" || !view.requested.payment() {
        return String::new();
    }
    let shop = escape(&view.shop());
    let text = match view.session.future_usage() {
        Some("off_session") => format!(
            "By paying, you allow {shop} to charge you for future payments in accordance with their terms."
        ),
        Some(_) => format!("Your payment details will be saved for future purchases from {shop}."),
        None => return String::new(),
    };
    format!("<p class=\"fine\">{text}</p>\n")
}

/// The merchant's text at one of the places of `custom_text`.
pub(super) fn text(session: &CheckoutSession, place: &str) -> String {
    custom_text(session, place).map_or_else(String::new, |text| {
        format!("<p class=\"fine\">{}</p>\n", escape(text))
    })
}

fn custom_field(view: &View<'_>, name: &str, answer: &str, field: &Value) -> String {
    let is_optional = field["optional"] == true;
    let optional = match is_optional {
        true => " <span class=\"optional\">(optional)</span>",
        false => "",
    };
    let (state, error) = (view.fields().state(name), view.fields().error_below(name));
    let required = if is_optional { "" } else { " required" };
    let input = match field["type"].as_str() {
        Some("dropdown") => {
            let options: String = std::iter::once(option("", "", answer))
                .chain(
                    details(field)["options"]
                        .as_array()
                        .into_iter()
                        .flatten()
                        .map(|one| {
                            let text = |member: &str| one[member].as_str().unwrap_or_default();
                            option(text("value"), text("label"), answer)
                        }),
                )
                .collect();
            format!("<select id=\"{name}\" name=\"{name}\"{required}{state}>\n{options}</select>")
        }
        kind => {
            let digits = match kind {
                Some("numeric") => " inputmode=\"numeric\"",
                _ => "",
            };
            let longest = details(field)["maximum_length"].as_i64().unwrap_or(255);
            format!(
                "<input id=\"{name}\" name=\"{name}\" type=\"text\"{digits} maxlength=\"{longest}\" autocomplete=\"off\" \
                 value=\"{}\"{required}{state}>",
                escape(answer)
            )
        }
    };
    format!(
        "<div class=\"field\">\n<label for=\"{name}\">{}{optional}</label>\n{input}\n{error}</div>\n",
        escape(label(field))
    )
}

fn option(value: &str, label: &str, chosen: &str) -> String {
    let selected = if value == chosen { " selected" } else { "" };
    format!(
        "<option value=\"{}\"{selected}>{}</option>\n",
        escape(value),
        escape(label)
    )
}

/// A box with a label, which is HTML.
fn checkbox(view: &View<'_>, name: &str, label: &str, is_checked: bool) -> String {
    let (state, error) = (view.fields().state(name), view.fields().error_below(name));
    let checked = if is_checked { " checked" } else { "" };
    format!(
        "<div>\n<label class=\"box\"><input type=\"checkbox\" id=\"{name}\" name=\"{name}\"{checked}{state}> \
         <span>{label}</span></label>\n{error}</div>\n"
    )
}

fn asks_terms(session: &CheckoutSession) -> bool {
    session.get("consent_collection")["terms_of_service"] == "required"
}

fn custom_text<'a>(session: &'a CheckoutSession, place: &str) -> Option<&'a str> {
    session.get("custom_text")[place]["message"].as_str()
}

fn key(field: &Value) -> &str {
    field["key"].as_str().unwrap_or_default()
}

fn label(field: &Value) -> &str {
    field["label"]["custom"].as_str().unwrap_or_default()
}

fn details(field: &Value) -> &Value {
    &field[field["type"].as_str().unwrap_or_default()]
}
