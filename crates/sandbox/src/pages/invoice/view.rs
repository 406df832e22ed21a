//! The texts of an invoice.

use serde_json::Value;
use sqlx::SqliteConnection;
use time::OffsetDateTime;
use time::macros::format_description;

use crate::cards::Brand;
use crate::checkout::{self, Summary};
use crate::countries;
use crate::currency::money;
use crate::objects::{Charge, CheckoutSession, Invoice, InvoicePayment, Object, PaymentIntent};
use crate::store::objects;

/// An invoice that was paid, with what was refunded since.
pub(super) struct InvoiceView {
    pub(super) number: String,
    pub(super) amount: String,
    pub(super) paid_on: String,
    /// The merchant's memo; can be empty.
    pub(super) memo: String,
    /// The merchant's footer; can be empty.
    pub(super) footer: String,
    /// Names and values.
    pub(super) facts: Vec<(String, String)>,
    /// The seller, the payer and the recipient, each as the lines of an address.
    pub(super) parties: Vec<(&'static str, Vec<String>)>,
    pub(super) lines: Vec<Line>,
    pub(super) sums: Vec<Sum>,
}

/// The lines that were sold.
pub(super) struct Line {
    pub(super) description: String,
    /// The quantity, and the price of one.
    pub(super) quantity: String,
    pub(super) amount: String,
}

/// One row of what it comes to.
pub(super) struct Sum {
    pub(super) label: &'static str,
    /// The name of the discount or of the shipping option; can be empty.
    pub(super) name: String,
    pub(super) amount: String,
    pub(super) is_total: bool,
}

impl InvoiceView {
    /// The invoice with this id, if there is one.
    pub(super) async fn load(db: &mut SqliteConnection, id: &str) -> sqlx::Result<Option<Self>> {
        let Some(invoice) = objects::get::<Invoice>(db, id).await? else {
            return Ok(None);
        };
        let charge = charge_of(db, &invoice).await?;
        let order = order_of(db, &invoice).await?;
        Ok(Some(Self {
            number: invoice.text("number").to_owned(),
            amount: amount(&invoice, "amount_paid"),
            paid_on: date(&invoice.get("status_transitions")["paid_at"]),
            memo: invoice.text("description").to_owned(),
            footer: invoice.text("footer").to_owned(),
            facts: facts(&invoice, charge.as_ref()),
            parties: parties(&invoice),
            lines: lines(&invoice),
            sums: sums(&invoice, order.as_ref(), charge.as_ref()),
        }))
    }
}

/// The order, with the names that discounts and shipping options have.
async fn order_of(db: &mut SqliteConnection, invoice: &Invoice) -> sqlx::Result<Option<Summary>> {
    let session = invoice.private()["checkout_session"].as_str();
    match objects::get::<CheckoutSession>(db, session.unwrap_or_default()).await? {
        None => Ok(None),
        Some(session) => Ok(Some(checkout::summary(db, &session).await?)),
    }
}

/// The charge by which it was paid, unless there was nothing to pay.
async fn charge_of(db: &mut SqliteConnection, invoice: &Invoice) -> sqlx::Result<Option<Charge>> {
    let Some(id) = invoice.payments().next() else {
        return Ok(None);
    };
    let Some(payment) = objects::get::<InvoicePayment>(db, id).await? else {
        return Ok(None);
    };
    let intent = payment.get("payment")["payment_intent"].as_str();
    let Some(intent) = objects::get::<PaymentIntent>(db, intent.unwrap_or_default()).await? else {
        return Ok(None);
    };
    objects::get::<Charge>(db, intent.text("latest_charge")).await
}

fn facts(invoice: &Invoice, charge: Option<&Charge>) -> Vec<(String, String)> {
    let mut facts = vec![
        (
            "Invoice number".to_owned(),
            invoice.text("number").to_owned(),
        ),
        (
            "Date of issue".to_owned(),
            date(invoice.get("effective_at")),
        ),
    ];
    facts.extend(charge.map(|charge| ("Payment method".to_owned(), paid_with(charge))));
    let fields = invoice.get("custom_fields").as_array();
    facts.extend(fields.into_iter().flatten().map(|field| {
        let text = |member: &str| field[member].as_str().unwrap_or_default().to_owned();
        (text("name"), text("value"))
    }));
    facts
}

/// The brand or the kind of account, and the last digits.
fn paid_with(charge: &Charge) -> String {
    let details = charge.get("payment_method_details");
    let kind = details["type"].as_str().unwrap_or_default();
    let text = |member: &str| details[kind][member].as_str().unwrap_or_default();
    let name = match kind {
        "card" => Brand::named(text("brand")).label(),
        "sepa_debit" => "SEPA Direct Debit",
        _ => "Bank account",
    };
    format!("{name} •••• {}", text("last4"))
}

fn parties(invoice: &Invoice) -> Vec<(&'static str, Vec<String>)> {
    let text = |member: &str| invoice.text(member).to_owned();
    let country = invoice.text("account_country");
    let seller = vec![
        text("account_name"),
        countries::name(country).unwrap_or(country).to_owned(),
    ];
    let mut buyer = vec![text("customer_name")];
    buyer.extend(address(invoice.get("customer_address")));
    buyer.extend([text("customer_email"), text("customer_phone")]);
    let shipping = invoice.get("shipping_details");
    let mut recipient = vec![shipping["name"].as_str().unwrap_or_default().to_owned()];
    recipient.extend(address(&shipping["address"]));
    let mut parties = vec![("From", seller), ("Bill to", buyer), ("Ship to", recipient)];
    for (_, lines) in &mut parties {
        lines.retain(|line| !line.is_empty());
    }
    parties.retain(|(_, lines)| !lines.is_empty());
    parties
}

/// The lines of an address; some can be empty.
fn address(address: &Value) -> Vec<String> {
    let text = |member: &str| address[member].as_str().unwrap_or_default();
    let joined = |parts: [&str; 2], between: &str| {
        let parts = parts.into_iter().filter(|part| !part.is_empty());
        parts.collect::<Vec<_>>().join(between)
    };
    let region = joined([text("state"), text("postal_code")], " ");
    let country = text("country");
    vec![
        text("line1").to_owned(),
        text("line2").to_owned(),
        joined([text("city"), &region], ", "),
        countries::name(country).unwrap_or(country).to_owned(),
    ]
}

fn lines(invoice: &Invoice) -> Vec<Line> {
    let currency = invoice.text("currency");
    let line = |line: &Value| {
        let each = line["pricing"]["unit_amount_decimal"]
            .as_str()
            .and_then(|amount| amount.parse().ok())
            .map_or_else(String::new, |each| money(each, currency));
        Line {
            description: line["description"].as_str().unwrap_or_default().to_owned(),
            quantity: format!("{} × {each}", line["quantity"]),
            amount: money(line["amount"].as_i64().unwrap_or_default(), currency),
        }
    };
    invoice.lines().iter().map(line).collect()
}

fn sums(invoice: &Invoice, order: Option<&Summary>, charge: Option<&Charge>) -> Vec<Sum> {
    let sum = |label, name: &str, amount| Sum {
        label,
        name: name.to_owned(),
        amount,
        is_total: label == "Total",
    };
    let of = |member: &str| amount(invoice, member);
    let mut sums = vec![sum("Subtotal", "", of("subtotal"))];
    if let Some(discount) = order.and_then(|order| order.discount.as_ref()) {
        let name = match &discount.code {
            None => discount.name.clone(),
            Some(code) => format!("{code}, {}", discount.name),
        };
        let off = money(-discount.amount, invoice.text("currency"));
        sums.push(sum("Discount", &name, off));
    }
    let mut options = order.into_iter().flat_map(|order| &order.shipping);
    if let Some(option) = options.find(|option| option.chosen) {
        sums.push(sum("Shipping", &option.name, of("amount_shipping")));
    }
    sums.push(sum("Total", "", of("total")));
    sums.push(sum("Amount paid", "", of("amount_paid")));
    sums.push(sum("Amount due", "", of("amount_remaining")));
    if let Some(charge) = charge.filter(|charge| charge.integer("amount_refunded") > 0) {
        sums.push(sum("Refunded", "", amount(charge, "amount_refunded")));
    }
    sums
}

fn amount(object: &Object, member: &str) -> String {
    money(object.integer(member), object.text("currency"))
}

/// A Unix second as a day in UTC, such as `November 25, 2026`.
fn date(seconds: &Value) -> String {
    let shape = format_description!("[month repr:long] [day padding:none], [year]");
    seconds
        .as_i64()
        .and_then(|seconds| OffsetDateTime::from_unix_timestamp(seconds).ok())
        .and_then(|time| time.format(shape).ok())
        .unwrap_or_default()
}
