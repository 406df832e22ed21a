//! The HTML of the pay page.

use axum::http::StatusCode;
use axum::response::Response;
use serde_json::Value;

use super::fields::{self, Fields};
use super::form::{Asked, Typed};
use super::{methods, summary};
use crate::cards::FieldError;
use crate::objects::Object;
use crate::pages::{document, host, icons, money, notice};

const SCRIPT: &str = "<script src=\"/assets/pay.js\" defer></script>\n";

/// What is on the page.
pub(super) struct View<'a> {
    pub(super) session: &'a Object,
    /// Each line item with its product.
    pub(super) lines: &'a [(&'a Value, Option<Object>)],
    pub(super) asked: Asked,
    pub(super) typed: &'a Typed,
    pub(super) errors: &'a [FieldError],
}

/// The page. It is always 200: a decline is what this page is for, and browsers log other statuses as failures.
pub(super) fn render(view: &View<'_>) -> Response {
    let body = format!(
        "{}<main>\n<form class=\"checkout\" method=\"post\" novalidate>\n{}{}</form>\n</main>",
        notice(),
        summary::render(view),
        payment(view)
    );
    let title = match view.errors {
        [] => view.title(),
        _ => format!("Error: {}", view.title()),
    };
    document(StatusCode::OK, &title, "checkout-page", SCRIPT, &body)
}

fn payment(view: &View<'_>) -> String {
    let fields = contact(view) + &methods::render(view) + &billing_address(view);
    let alert = view.fields().summary(&fields);
    let (verb, lock, note) = if view.asked.payment() {
        let total = money(
            view.session.integer("amount_total"),
            view.session.text("currency"),
        );
        (view.verb(), icons::LOCK, format!("You pay {total}."))
    } else {
        ("Complete order", "", "There is nothing to pay.".to_owned())
    };
    format!(
        "<div class=\"payment\">\n{alert}{fields}\
         <div class=\"finish\">\n<button class=\"button\" type=\"submit\">{lock}{verb}</button>\n\
         <p class=\"fine\">{note} This page belongs to a local sandbox, not to Stripe.</p>\n</div>\n</div>\n"
    )
}

fn contact(view: &View<'_>) -> String {
    let email = if view.session.text("customer_email").is_empty() {
        view.fields().input(fields::EMAIL, &view.typed.email)
    } else {
        view.fields().locked(fields::EMAIL, &view.typed.email)
    };
    let phone = if view.asked.phone {
        view.fields().input(fields::PHONE, &view.typed.phone)
    } else {
        String::new()
    };
    fieldset("Contact", &(email + &phone))
}

fn billing_address(view: &View<'_>) -> String {
    if !view.asked.address {
        return String::new();
    }
    let (fields, typed) = (view.fields(), view.typed);
    let inside = [
        fields.country(fields::BILLING_COUNTRY, &typed.country),
        fields.input(fields::BILLING_LINE1, &typed.line1),
        fields.input(fields::BILLING_LINE2, &typed.line2),
        "<div class=\"pair\">\n".to_owned(),
        fields.input(fields::BILLING_CITY, &typed.city),
        fields.input(fields::BILLING_POSTAL_CODE, &typed.postal_code),
        "</div>\n".to_owned(),
        fields.input(fields::BILLING_STATE, &typed.state),
    ];
    fieldset("Billing address", &inside.concat())
}

/// Fields that belong together. `inside` is HTML.
pub(super) fn fieldset(legend: &str, inside: &str) -> String {
    format!("<fieldset>\n<legend>{legend}</legend>\n{inside}</fieldset>\n")
}

impl<'a> View<'a> {
    pub(super) fn fields(&self) -> Fields<'a> {
        Fields(self.errors)
    }

    /// What the page is for, such as `Pay shop.example`.
    pub(super) fn title(&self) -> String {
        let shop = host(self.session.text("success_url"));
        match self.verb() {
            "Donate" => format!("Donate to {shop}"),
            "Book" => format!("Book with {shop}"),
            "Subscribe" => format!("Subscribe to {shop}"),
            verb => format!("{verb} {shop}"),
        }
    }

    /// What the button says, as the merchant's `submit_type` asks for it.
    fn verb(&self) -> &'static str {
        match self.session.text("submit_type") {
            "book" => "Book",
            "donate" => "Donate",
            "subscribe" => "Subscribe",
            _ => "Pay",
        }
    }
}
