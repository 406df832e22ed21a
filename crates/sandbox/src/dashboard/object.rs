//! The page of one object: the facts, what belongs to it, what can be done with it, and the JSON.

use axum::extract::{Path, State};
use axum::response::Response;
use sqlx::SqliteConnection;

use super::html::{amount, code, facts, id, json, section, table, tag, time, whole_id};
use super::{View, actions, deliveries, order, page};
use crate::app::Shared;
use crate::objects::{Invoice, Object, ObjectType, WebhookEndpoint};
use crate::pages::{PageError, escape, not_found};
use crate::store::objects::{self, Selection};
use crate::{events, payments};

/// The most that is shown of what belongs to an object.
const RELATED: i64 = 100;

pub(super) async fn show(
    State(app): State<Shared>,
    Path(id): Path<String>,
    view: View,
) -> Result<Response, PageError> {
    payments::catch_up(&app).await?;
    let mut db = app.store.read().await?;
    let object = objects::find(&mut db, &id).await?.ok_or_else(not_found)?;
    let (here, title) = place(&object);
    let mut main = facts(&known(&object));
    if let Some(endpoint) = WebhookEndpoint::from_object(object.clone()) {
        let secrets = endpoint.signing_secrets(app.clock.now());
        main += &section("Signing secrets", &code(&secrets.join("\n")));
    }
    main += &order::order_section(&mut db, &object).await?;
    let mut family = vec![object.id().to_owned()];
    match object.kind() {
        "payment_intent" => {
            for part in parts(&mut db, &object).await? {
                let title = place(&part).1;
                // The heading and the page itself say these.
                let mut known = known(&part);
                known.retain(|(name, _)| *name != "Payment");
                let content = facts(&known) + &actions::action_forms(&mut db, &part).await?;
                main += &section(title, &content);
                family.push(part.id().to_owned());
            }
        }
        "charge" => {
            let of_charge = ("charge", vec![object.id().to_owned()]);
            for (title, kind) in [("Refunds", "refund"), ("Disputes", "dispute")] {
                let found = related(&mut db, kind, of_charge.clone()).await?;
                main += &listed(title, &found, "amount");
            }
        }
        "customer" => {
            let of_customer = ("customer", vec![object.id().to_owned()]);
            let found = related(&mut db, "payment_intent", of_customer.clone()).await?;
            main += &listed("Payments", &found, "amount");
            let found = related(&mut db, "checkout.session", of_customer.clone()).await?;
            main += &listed("Checkout Sessions", &found, "amount_total");
            let found = related(&mut db, "invoice", of_customer).await?;
            main += &listed("Invoices", &found, "total");
        }
        "invoice" => {
            let mut found = Vec::new();
            let invoice: Invoice = objects::typed(object.clone())?;
            for id in invoice.payments() {
                family.push(id.to_owned());
                found.extend(objects::find(&mut db, id).await?);
            }
            main += &listed("Payments", &found, "amount_paid");
        }
        "event" => {
            let event = events::with_pending(&mut db, objects::typed(object.clone())?).await?;
            main += &section(
                "Deliveries",
                &deliveries::of_event(&mut db, event.id()).await?,
            );
        }
        _ => {}
    }
    main += &actions::action_forms(&mut db, &object).await?;
    if object.kind() != "event" {
        main += &section("What happened", &timeline(&mut db, family).await?);
    }
    main += &section("JSON", &json(object.body()));
    Ok(page(&app, &view, here, title, &main))
}

/// The place of an object in the navigation, and its title.
fn place(object: &Object) -> (&'static str, &'static str) {
    match object.kind() {
        "payment_intent" => ("/", "Payment"),
        "charge" => ("/", "Charge"),
        "checkout.session" => ("/sessions", "Checkout Session"),
        "invoice" => ("/invoices", "Invoice"),
        "invoice_payment" => ("/invoices", "Invoice payment"),
        "refund" => ("/refunds", "Refund"),
        "dispute" => ("/disputes", "Dispute"),
        "customer" => ("/customers", "Customer"),
        "event" => ("/events", "Event"),
        "webhook_endpoint" => ("/endpoints", "Webhook endpoint"),
        "payment_method" => ("", "Payment method"),
        "setup_intent" => ("", "Setup intent"),
        "setup_attempt" => ("", "Setup attempt"),
        "product" => ("", "Product"),
        "price" => ("", "Price"),
        "coupon" => ("", "Coupon"),
        "promotion_code" => ("", "Promotion code"),
        "shipping_rate" => ("", "Shipping rate"),
        _ => ("", "Object"),
    }
}

/// The facts that are worth knowing at a glance.
fn known(object: &Object) -> Vec<(&'static str, String)> {
    let text = |member: &str| escape(&object.text(member).replace('_', " "));
    let named = |member: &str| match object.text(member) {
        "" => String::new(),
        text => whole_id(text),
    };
    let state = |member: &str| match object.text(member) {
        "" => String::new(),
        state => tag(state),
    };
    let sum = |member: &str| match object.get(member).as_i64() {
        None => String::new(),
        Some(_) => amount(object, member),
    };
    let at = |seconds: &serde_json::Value| seconds.as_i64().map_or_else(String::new, time);
    let mut known = vec![
        ("Id", whole_id(object.id())),
        (
            "Type",
            if object.kind() == "event" {
                escape(object.text("type"))
            } else {
                String::new()
            },
        ),
        (
            "About",
            match object.get("data")["object"]["id"].as_str() {
                None => String::new(),
                Some(about) => whole_id(about),
            },
        ),
        ("Number", escape(object.text("number"))),
        (
            "Amount",
            sum("amount") + &sum("amount_total") + &sum("total") + &sum("amount_requested"),
        ),
        (
            "Refunded",
            match object.integer("amount_refunded") {
                0 => String::new(),
                _ => sum("amount_refunded"),
            },
        ),
        ("Status", state("status")),
        ("Payment status", state("payment_status")),
        ("Reason", text("reason")),
        ("Failure", text("failure_reason") + &text("failure_message")),
        ("Address", escape(object.text("url"))),
        ("Name", escape(object.text("name"))),
        (
            "E-mail",
            escape(object.text("email"))
                + &escape(
                    object.get("customer_details")["email"]
                        .as_str()
                        .unwrap_or_default(),
                ),
        ),
        ("Card", card(object)),
        ("Description", escape(object.text("description"))),
        ("Reference", escape(object.text("client_reference_id"))),
        (
            "Payment",
            named("payment_intent")
                + &object.get("payment")["payment_intent"]
                    .as_str()
                    .map_or_else(String::new, whole_id),
        ),
        ("Charge", named("charge") + &named("latest_charge")),
        ("Invoice", named("invoice")),
        ("Invoice page", page_of(object)),
        ("Payment method", named("payment_method")),
        ("Product", named("product")),
        ("Customer", named("customer")),
        ("API version", escape(object.text("api_version"))),
        ("Created", at(object.get("created"))),
        ("Expires", at(object.get("expires_at"))),
        ("Answer by", at(&object.get("evidence_details")["due_by"])),
    ];
    known.retain(|(_, value)| !value.is_empty());
    known
}

/// A link to the invoice as its customer sees it.
fn page_of(invoice: &Object) -> String {
    match invoice.text("hosted_invoice_url") {
        "" => String::new(),
        _ => format!("<a href=\"/i/{}\">Open</a>", escape(invoice.id())),
    }
}

fn card(object: &Object) -> String {
    let card = &object.get("payment_method_details")["card"];
    match (card["brand"].as_str(), card["last4"].as_str()) {
        (Some(brand), Some(last4)) => escape(&format!("{brand} •••• {last4}")),
        _ => String::new(),
    }
}

/// The objects of a payment: its session and invoice, charges, refunds and disputes.
async fn parts(db: &mut SqliteConnection, intent: &Object) -> sqlx::Result<Vec<Object>> {
    let of_intent = ("payment_intent", vec![intent.id().to_owned()]);
    let mut parts = related(db, "checkout.session", of_intent.clone()).await?;
    for at in 0..parts.len() {
        parts.extend(objects::find(db, parts[at].text("invoice")).await?);
    }
    let charges = related(db, "charge", of_intent).await?;
    let ids: Vec<_> = charges
        .iter()
        .map(|charge| charge.id().to_owned())
        .collect();
    parts.extend(charges);
    for kind in ["refund", "dispute"] {
        parts.extend(related(db, kind, ("charge", ids.clone())).await?);
    }
    Ok(parts)
}

/// Objects that belong to another one, under a heading; nothing if there are none. `member` is
/// their amount.
fn listed(title: &str, found: &[Object], member: &str) -> String {
    if found.is_empty() {
        return String::new();
    }
    let rows: Vec<_> = found
        .iter()
        .map(|object| {
            vec![
                id(object.id()),
                amount(object, member),
                tag(object.text("status")),
                time(object.integer("created")),
            ]
        })
        .collect();
    section(title, &table(&["Id", "Amount", "Status", "Created"], &rows))
}

/// The objects of a kind that name one of these ids, oldest first.
async fn related(
    db: &mut SqliteConnection,
    kind: &'static str,
    member: (&'static str, Vec<String>),
) -> sqlx::Result<Vec<Object>> {
    let selection = Selection {
        kind,
        members: vec![member],
        limit: RELATED,
        ..Selection::default()
    };
    let mut found = objects::page(db, &selection).await?.0;
    found.reverse();
    Ok(found)
}

/// The events about these objects, oldest first.
async fn timeline(db: &mut SqliteConnection, family: Vec<String>) -> sqlx::Result<String> {
    let mut rows = Vec::new();
    for event in related(db, "event", ("data.object.id", family)).await? {
        let about = event.get("data")["object"]["id"].as_str();
        rows.push(vec![
            escape(event.text("type")),
            deliveries::states(db, event.id()).await?,
            time(event.integer("created")),
            id(about.unwrap_or_default()),
            id(event.id()),
        ]);
    }
    Ok(table(
        &["What", "Deliveries", "When", "About", "Event"],
        &rows,
    ))
}
