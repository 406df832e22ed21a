//! The HTML of the pay page.

use axum::http::StatusCode;
use axum::response::Response;

use super::fields::{self, BILLING, Fields};
use super::form::{LIVES_THERE, RequestedFields, Typed};
use super::{errors, methods, names, questions, shipping, summary};
use crate::cards::FieldError;
use crate::checkout::Summary;
use crate::objects::CheckoutSession;
use crate::pages::{brand, document, icons, notice};

const SCRIPT: &str = "<script src=\"/assets/pay.js\" defer></script>\n";

/// The first button of a form is the one that Enter presses. It has to be Pay, and the others come
/// before it.
const ENTER: &str =
    "<button class=\"enter\" type=\"submit\" tabindex=\"-1\" aria-hidden=\"true\">Pay</button>\n";

/// The content of the page.
pub(super) struct View<'a> {
    pub(super) session: &'a CheckoutSession,
    pub(super) order: &'a Summary,
    pub(super) requested: RequestedFields,
    pub(super) typed: &'a Typed,
    pub(super) errors: &'a [FieldError],
    /// The id of the element at which the shopper goes on, unless something is wrong.
    pub(super) focus: &'a str,
}

/// The page. It is always 200: a decline is what this page is for, and browsers log other statuses
/// as failures.
pub(super) fn render(view: &View<'_>) -> Response {
    let summary = summary::render(view);
    let fields = [
        contact(view),
        shipping::render(view),
        methods::render(view),
        billing_address(view),
        questions::custom_fields(view),
        questions::consent(view),
    ]
    .concat();
    let alert = errors::summary(view, &[&summary, &fields]);
    let body = format!(
        "{}<main>\n<form class=\"checkout\" method=\"post\" novalidate>\n{ENTER}{summary}\
         <div class=\"payment\">\n{alert}{fields}{}</div>\n</form>\n</main>",
        notice(),
        finish(view)
    );
    let title = match view.errors {
        [] => view.title(),
        _ => format!("Error: {}", view.title()),
    };
    let class = format!("checkout-page {}", brand::class(view.session));
    let head = brand::link(view.session) + SCRIPT;
    document(StatusCode::OK, &title, class.trim_end(), &head, &body)
}

/// Fields that belong together. `inside` is HTML.
pub(super) fn fieldset(legend: &str, inside: &str) -> String {
    format!("<fieldset>\n<legend>{legend}</legend>\n{inside}</fieldset>\n")
}

fn contact(view: &View<'_>) -> String {
    let email = if view.order.email.is_none() {
        view.fields().input(fields::EMAIL, &view.typed.email)
    } else {
        view.fields().locked(fields::EMAIL, &view.typed.email)
    };
    let phone = if view.requested.phone {
        view.fields().input(fields::PHONE, &view.typed.phone)
    } else {
        String::new()
    };
    fieldset("Contact", &(email + &phone + &names::render(view)))
}

/// The billing address, if it is asked for, or may be elsewhere than where the goods go. Only a
/// country is asked for beside the card.
fn billing_address(view: &View<'_>) -> String {
    let (fields, billing) = (view.fields(), &view.typed.billing);
    let address = match (
        view.requested.address,
        view.is_shipped() && view.requested.card,
    ) {
        (true, _) => billing.render(fields, &BILLING, &[]),
        (false, true) => billing.render_country(fields, &BILLING, &[]),
        (false, false) => return String::new(),
    };
    if !view.is_shipped() {
        return fieldset("Billing address", &address);
    }
    let checked = if view.typed.lives_there {
        " checked"
    } else {
        ""
    };
    let same = format!(
        "<label class=\"box\"><input type=\"checkbox\" name=\"{LIVES_THERE}\"{checked}> Same as the shipping address</label>\n"
    );
    fieldset(
        "Billing address",
        &format!("{same}<div class=\"elsewhere\">\n{address}</div>\n"),
    )
}

/// The button, and what pressing it means.
fn finish(view: &View<'_>) -> String {
    let (verb, lock, note) = if view.requested.payment() {
        let total = view.order.currency.format(view.order.total);
        (view.verb(), icons::LOCK, format!("You pay {total}."))
    } else {
        ("Complete order", "", "There is nothing to pay.".to_owned())
    };
    let before = questions::text(view.session, "submit");
    let after = questions::reuse(view) + &questions::text(view.session, "after_submit");
    format!(
        "<div class=\"finish\">\n{before}<input type=\"hidden\" name=\"expectedAmount\" value=\"{}\">\n\
         <button class=\"button\" type=\"submit\">{lock}{verb}</button>\n\
         {after}<p class=\"fine\" role=\"status\">{note} This page belongs to a local sandbox, not to Stripe.</p>\n</div>\n",
        view.order.total
    )
}

impl<'a> View<'a> {
    pub(super) fn fields(&self) -> Fields<'a> {
        Fields {
            errors: self.errors,
            focus: self.focus,
        }
    }

    /// True if there is a shipping address.
    pub(super) fn is_shipped(&self) -> bool {
        !self.order.shipping_countries.is_empty()
    }

    /// The seller.
    pub(super) fn shop(&self) -> String {
        brand::shop(self.session)
    }

    /// The title of the page, such as `Pay shop.example`.
    pub(super) fn title(&self) -> String {
        let shop = self.shop();
        match self.verb() {
            "Donate" => format!("Donate to {shop}"),
            "Book" => format!("Book with {shop}"),
            "Subscribe" => format!("Subscribe to {shop}"),
            verb => format!("{verb} {shop}"),
        }
    }

    /// The label of the button, as the merchant's `submit_type` asks for it.
    fn verb(&self) -> &'static str {
        match self.session.text("submit_type") {
            "book" => "Book",
            "donate" => "Donate",
            "subscribe" => "Subscribe",
            _ => "Pay",
        }
    }
}
