//! The HTML of the pay page.

use axum::http::StatusCode;
use axum::response::Response;
use serde_json::Value;

use super::pay_form::{Asked, Typed};
use super::{escape, host, money, page, pay_methods};
use crate::cards::FieldError;
use crate::objects::Object;

/// What is on the page.
pub(super) struct View<'a> {
    pub(super) session: &'a Object,
    /// Each line item with its product.
    pub(super) lines: &'a [(&'a Value, Option<Object>)],
    pub(super) asked: Asked,
    pub(super) typed: &'a Typed,
    pub(super) errors: &'a [FieldError],
}

/// One field of the form.
pub(super) struct Field<'a> {
    pub(super) name: &'static str,
    pub(super) label: &'static str,
    pub(super) kind: &'static str,
    pub(super) autocomplete: &'static str,
    pub(super) placeholder: &'static str,
    pub(super) value: &'a str,
    pub(super) locked: bool,
}

/// The page. It is always 200: a decline is what this page is for, and browsers log other statuses as failures.
pub(super) fn render(view: &View<'_>) -> Response {
    let main = format!(
        "<main class=\"checkout\">\n{}\n{}\n</main>",
        summary(view),
        form(view)
    );
    page(
        StatusCode::OK,
        &format!("Pay {}", host(view.session.text("success_url"))),
        "checkout-page",
        &main,
    )
}

fn summary(view: &View<'_>) -> String {
    let session = view.session;
    let currency = session.text("currency");
    let total = money(session.integer("amount_total"), currency);
    let lines: String = view
        .lines
        .iter()
        .map(|(item, product)| line(item, product.as_ref(), currency))
        .collect();
    let shop = escape(host(session.text("success_url")));
    let back = match session.text("cancel_url") {
        "" => String::new(),
        url => format!(
            r#"<a class="back" href="{}"><span aria-hidden="true">←</span> Back to {}</a>"#,
            escape(url),
            escape(host(url))
        ),
    };
    format!(
        r#"<section class="summary" aria-labelledby="summary-title">
{back}
<h1 id="summary-title">Pay {shop}</h1>
<p class="total">{total}</p>
<ul class="lines">
{lines}</ul>
<dl class="sums">
<div><dt>Subtotal</dt><dd>{}</dd></div>
<div class="due"><dt>Total due</dt><dd>{total}</dd></div>
</dl>
</section>"#,
        money(session.integer("amount_subtotal"), currency)
    )
}

fn line(item: &Value, product: Option<&Object>, currency: &str) -> String {
    let name = escape(item["description"].as_str().unwrap_or_default());
    let quantity = item["quantity"].as_i64().unwrap_or(1);
    let amount = money(item["amount_total"].as_i64().unwrap_or(0), currency);
    let each = money(item["price"]["unit_amount"].as_i64().unwrap_or(0), currency);
    let each = if quantity > 1 {
        format!(" · {each} each")
    } else {
        String::new()
    };
    let image = product
        .and_then(|product| product.get("images")[0].as_str())
        .map_or_else(String::new, |url| {
            format!(
                r#"<img src="{}" alt="" width="56" height="56">"#,
                escape(url)
            )
        });
    let description = match product.map(|product| product.text("description")) {
        None | Some("") => String::new(),
        Some(text) => format!("<span class=\"description\">{}</span>\n", escape(text)),
    };
    format!(
        r#"<li>
{image}<span class="what"><span class="name">{name}</span>
{description}<span class="quantity">Qty {quantity}{each}</span></span>
<span class="amount">{amount}</span>
</li>
"#
    )
}

fn form(view: &View<'_>) -> String {
    let typed = view.typed;
    let email = Field {
        value: &typed.email,
        locked: !view.session.text("customer_email").is_empty(),
        ..Field::new("email", "Email", "email", "email")
    };
    let mut contact = view.field(&email);
    if view.asked.phone {
        contact += &view.field(&Field {
            value: &typed.phone,
            ..Field::new("phoneNumber", "Phone", "tel", "tel")
        });
    }
    let methods = pay_methods::render(view);
    let address = if view.asked.address {
        address(view)
    } else {
        String::new()
    };
    let (button, note) = if view.asked.payment() {
        (
            "Pay",
            format!(
                "You pay {}.",
                money(
                    view.session.integer("amount_total"),
                    view.session.text("currency")
                )
            ),
        )
    } else {
        ("Complete order", "There is nothing to pay.".to_owned())
    };
    // A single error is told where it is, with the focus on it.
    let alert = match view.errors {
        [] | [_] => "",
        _ => "<p class=\"alert\" role=\"alert\">Please check the fields marked below.</p>",
    };
    format!(
        r#"<form class="payment" method="post" novalidate>
{alert}<fieldset>
<legend>Contact</legend>
{contact}</fieldset>
{methods}{address}<button class="button" type="submit">{button}</button>
<p class="fine">{note} This page belongs to a local sandbox, not to Stripe.</p>
</form>"#
    )
}

fn address(view: &View<'_>) -> String {
    let typed = view.typed;
    let fields = [
        Field {
            value: &typed.line1,
            ..Field::new(
                "billingAddressLine1",
                "Address",
                "text",
                "billing address-line1",
            )
        },
        Field {
            value: &typed.city,
            ..Field::new("billingLocality", "City", "text", "billing address-level2")
        },
        Field {
            value: &typed.postal_code,
            ..Field::new(
                "billingPostalCode",
                "Postal code",
                "text",
                "billing postal-code",
            )
        },
        Field {
            value: &typed.country,
            placeholder: "US",
            ..Field::new(
                "billingCountry",
                "Country (two letters)",
                "text",
                "billing country",
            )
        },
    ];
    let fields: String = fields.iter().map(|field| view.field(field)).collect();
    format!("<fieldset>\n<legend>Billing address</legend>\n{fields}</fieldset>\n")
}

impl View<'_> {
    pub(super) fn field(&self, field: &Field<'_>) -> String {
        let Field {
            name,
            label,
            autocomplete,
            placeholder,
            ..
        } = field;
        let value = escape(field.value);
        let error = self.errors.iter().find(|error| error.field == *name);
        let (state, message) = error.map_or_else(Default::default, |error| {
            let state = format!(r#" aria-invalid="true" aria-describedby="{name}-error""#);
            let (code, message) = (escape(&error.code), escape(&error.message));
            (
                state,
                format!(
                    "<p class=\"error\" id=\"{name}-error\" data-code=\"{code}\">{message}</p>\n"
                ),
            )
        });
        let kind = match field.kind {
            // Card digits are grouped by blanks, which a number field would refuse.
            "card" => r#"type="text" inputmode="numeric" maxlength="40""#.to_owned(),
            kind => format!(r#"type="{kind}" maxlength="500""#),
        };
        let locked = if field.locked { " readonly" } else { "" };
        // The first wrong field has the focus, so that the keyboard and a screen reader start there.
        let focus = if error.is_some() && self.errors.first() == error {
            " autofocus"
        } else {
            ""
        };
        format!(
            r#"<div class="field">
<label for="{name}">{label}</label>
<input id="{name}" name="{name}" {kind} autocomplete="{autocomplete}" placeholder="{placeholder}" value="{value}" required{locked}{state}{focus}>
{message}</div>
"#
        )
    }
}

impl Field<'_> {
    pub(super) fn new(
        name: &'static str,
        label: &'static str,
        kind: &'static str,
        autocomplete: &'static str,
    ) -> Self {
        Self {
            name,
            label,
            kind,
            autocomplete,
            placeholder: "",
            value: "",
            locked: false,
        }
    }
}
