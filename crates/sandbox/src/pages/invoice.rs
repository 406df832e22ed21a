//! The invoice as the customer sees it, on a screen or on paper, with what was paid and refunded.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde_json::Value;
use sqlx::SqliteConnection;
use time::OffsetDateTime;
use time::macros::format_description;

use super::{PageError, document, escape, money, not_found, notice};
use crate::app::Shared;
use crate::checkout::{self, Summary};
use crate::countries;
use crate::objects::{Object, invoice};
use crate::payments;
use crate::store::objects;

pub(crate) async fn show(
    State(app): State<Shared>,
    Path(id): Path<String>,
) -> Result<Response, PageError> {
    payments::catch_up(&app).await?;
    let mut db = app.store.read().await?;
    let invoice = objects::find_kind(&mut db, "invoice", &id)
        .await?
        .ok_or_else(not_found)?;
    let charge = charge_of(&mut db, &invoice).await?;
    let order = order_of(&mut db, &invoice).await?;
    let title = format!("Invoice {}", invoice.text("number"));
    let body = format!(
        "{}<main class=\"card invoice\">\n{}</main>",
        notice(),
        render(&invoice, order.as_ref(), charge.as_ref())
    );
    Ok(document(StatusCode::OK, &title, "centered", "", &body))
}

/// What was sold, with the names that discounts and shipping options have.
async fn order_of(db: &mut SqliteConnection, invoice: &Object) -> sqlx::Result<Option<Summary>> {
    let session = invoice.private()["checkout_session"].as_str();
    match objects::find(db, session.unwrap_or_default()).await? {
        None => Ok(None),
        Some(session) => Ok(Some(checkout::summary(db, &session).await?)),
    }
}

/// The charge by which it was paid, unless there was nothing to pay.
async fn charge_of(db: &mut SqliteConnection, invoice: &Object) -> sqlx::Result<Option<Object>> {
    let Some(id) = invoice::payments(invoice).next() else {
        return Ok(None);
    };
    let Some(payment) = objects::find(db, id).await? else {
        return Ok(None);
    };
    let intent = payment.get("payment")["payment_intent"].as_str();
    let Some(intent) = objects::find(db, intent.unwrap_or_default()).await? else {
        return Ok(None);
    };
    objects::find(db, intent.text("latest_charge")).await
}

fn render(invoice: &Object, order: Option<&Summary>, charge: Option<&Object>) -> String {
    let paid_at = &invoice.get("status_transitions")["paid_at"];
    let memo = match invoice.text("description") {
        "" => String::new(),
        text => format!("<p class=\"text\">{}</p>\n", escape(text)),
    };
    let footer = match invoice.text("footer") {
        "" => String::new(),
        text => format!("<p class=\"text fine\">{}</p>\n", escape(text)),
    };
    format!(
        "<div class=\"head\">\n<h1>Invoice</h1>\n<span class=\"tag paid\">Paid</span>\n</div>\n\
         <p><span class=\"total\">{}</span> paid on {}</p>\n{memo}\
         <dl class=\"facts\">\n{}</dl>\n<div class=\"parties\">\n{}</div>\n{}\
         <dl class=\"sums\">\n{}</dl>\n{footer}",
        amount(invoice, "amount_paid"),
        date(paid_at),
        facts(invoice, charge),
        parties(invoice),
        lines(invoice),
        sums(invoice, order, charge),
    )
}

fn facts(invoice: &Object, charge: Option<&Object>) -> String {
    let mut facts = vec![
        ("Invoice number".to_owned(), escape(invoice.text("number"))),
        (
            "Date of issue".to_owned(),
            date(invoice.get("effective_at")),
        ),
        (
            "Payment method".to_owned(),
            charge.map_or_else(String::new, |charge| escape(&paid_with(charge))),
        ),
    ];
    let fields = invoice.get("custom_fields").as_array();
    facts.extend(fields.into_iter().flatten().map(|field| {
        let text = |member: &str| escape(field[member].as_str().unwrap_or_default());
        (text("name"), text("value"))
    }));
    facts
        .iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| format!("<div><dt>{name}</dt><dd>{value}</dd></div>\n"))
        .collect()
}

/// The brand or the bank, and the last digits.
fn paid_with(charge: &Object) -> String {
    let details = charge.get("payment_method_details");
    let kind = details["type"].as_str().unwrap_or_default();
    let text = |member: &str| details[kind][member].as_str();
    let name = match kind {
        "card" => match text("brand").unwrap_or_default() {
            "amex" => "American Express",
            "mastercard" => "Mastercard",
            "visa" => "Visa",
            _ => "Card",
        },
        "sepa_debit" => "SEPA Direct Debit",
        _ => "Bank account",
    };
    format!("{name} •••• {}", text("last4").unwrap_or_default())
}

fn parties(invoice: &Object) -> String {
    let country = invoice.text("account_country");
    let seller = vec![
        invoice.text("account_name"),
        countries::name(country).unwrap_or(country),
    ];
    let mut buyer = vec![invoice.text("customer_name")];
    let address = address(invoice.get("customer_address"));
    buyer.extend(address.iter().map(String::as_str));
    buyer.extend([
        invoice.text("customer_email"),
        invoice.text("customer_phone"),
    ]);
    let shipping = invoice.get("shipping_details");
    let mut recipient = vec![shipping["name"].as_str().unwrap_or_default()];
    let to = self::address(&shipping["address"]);
    recipient.extend(to.iter().map(String::as_str));
    [("From", seller), ("Bill to", buyer), ("Ship to", recipient)]
        .into_iter()
        .map(|(title, lines)| party(title, &lines))
        .collect()
}

/// Somebody's name and address; nothing if nothing is known.
fn party(title: &str, lines: &[&str]) -> String {
    let lines: Vec<String> = lines
        .iter()
        .filter(|line| !line.is_empty())
        // A long e-mail address may break where it is read in two.
        .map(|line| escape(line).replace('@', "@<wbr>"))
        .collect();
    if lines.is_empty() {
        return String::new();
    }
    format!(
        "<section>\n<h2>{title}</h2>\n<address>{}</address>\n</section>\n",
        lines.join("<br>")
    )
}

/// The lines of an address.
fn address(address: &Value) -> Vec<String> {
    let text = |member: &str| address[member].as_str().unwrap_or_default();
    let joined = |parts: &[&str], between: &str| {
        let parts: Vec<&str> = parts
            .iter()
            .copied()
            .filter(|part| !part.is_empty())
            .collect();
        parts.join(between)
    };
    let region = joined(&[text("state"), text("postal_code")], " ");
    let country = text("country");
    vec![
        text("line1").to_owned(),
        text("line2").to_owned(),
        joined(&[text("city"), &region], ", "),
        countries::name(country).unwrap_or(country).to_owned(),
    ]
}

fn lines(invoice: &Object) -> String {
    let currency = invoice.text("currency");
    let row = |line: &Value| {
        let each = line["pricing"]["unit_amount_decimal"]
            .as_str()
            .and_then(|amount| amount.parse().ok())
            .map_or_else(String::new, |each| money(each, currency));
        format!(
            "<tr><th scope=\"row\">{}</th><td>{} × {each}</td><td>{}</td></tr>\n",
            escape(line["description"].as_str().unwrap_or_default()),
            line["quantity"],
            money(line["amount"].as_i64().unwrap_or_default(), currency)
        )
    };
    let rows: String = invoice::lines(invoice).iter().map(row).collect();
    format!(
        "<table>\n<thead><tr><th scope=\"col\">Description</th><th scope=\"col\">Quantity</th>\
         <th scope=\"col\">Amount</th></tr></thead>\n<tbody>\n{rows}</tbody>\n</table>\n"
    )
}

fn sums(invoice: &Object, order: Option<&Summary>, charge: Option<&Object>) -> String {
    let sum = |member: &str| amount(invoice, member);
    let row = |class: &str, label: &str, amount: &str| {
        format!("<div{class}><dt>{label}</dt><dd>{amount}</dd></div>\n")
    };
    let named = |label: &str, name: &str| format!("{label} <small>{}</small>", escape(name));
    let mut rows = row("", "Subtotal", &sum("subtotal"));
    if let Some(discount) = order.and_then(|order| order.discount.as_ref()) {
        let name = match &discount.code {
            None => discount.name.clone(),
            Some(code) => format!("{code}, {}", discount.name),
        };
        let off = money(-discount.amount, invoice.text("currency"));
        rows += &row("", &named("Discount", &name), &off);
    }
    if let Some(option) = order.and_then(|order| order.shipping.iter().find(|it| it.chosen)) {
        rows += &row(
            "",
            &named("Shipping", &option.name),
            &sum("amount_shipping"),
        );
    }
    rows += &row(" class=\"due\"", "Total", &sum("total"));
    rows += &row("", "Amount paid", &sum("amount_paid"));
    rows += &row("", "Amount due", &sum("amount_remaining"));
    if let Some(charge) = charge.filter(|charge| charge.integer("amount_refunded") > 0) {
        rows += &row("", "Refunded", &amount(charge, "amount_refunded"));
    }
    rows
}

fn amount(object: &Object, member: &str) -> String {
    money(object.integer(member), object.text("currency"))
}

/// A Unix second as a day in UTC, such as `November 25, 2026`.
fn date(seconds: &Value) -> String {
    let shown = format_description!("[month repr:long] [day padding:none], [year]");
    let exact = format_description!("[year]-[month]-[day]");
    seconds
        .as_i64()
        .and_then(|seconds| OffsetDateTime::from_unix_timestamp(seconds).ok())
        .and_then(|time| Some((time.format(shown).ok()?, time.format(exact).ok()?)))
        .map_or_else(String::new, |(shown, exact)| {
            format!("<time datetime=\"{exact}\">{shown}</time>")
        })
}
