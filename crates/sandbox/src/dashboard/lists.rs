//! The lists, newest first.

use axum::extract::State;
use axum::response::Response;

use super::html::{self, amount, id, table, tag, time};
use super::{View, filters, page};
use crate::app::{App, Shared};
use crate::objects::{Object, ObjectType};
use crate::pages::{PageError, escape};
use crate::store::objects::{self, Cursor, Selection};
use crate::{events, payments};

const PAGE: i64 = 50;

/// A list of the dashboard.
struct List {
    /// Its place in the navigation.
    path: &'static str,
    title: &'static str,
    kind: &'static str,
    /// The states that it can be narrowed to.
    states: &'static [&'static str],
    heads: &'static [&'static str],
    row: fn(&Object) -> Vec<String>,
}

pub(super) async fn payments(State(app): State<Shared>, view: View) -> Result<Response, PageError> {
    let list = List {
        path: "/",
        title: "Payments",
        kind: "payment_intent",
        states: &[
            "succeeded",
            "processing",
            "requires_payment_method",
            "requires_action",
            "requires_capture",
            "canceled",
        ],
        heads: &["Payment", "Amount", "Status", "Created"],
        row: |intent| {
            vec![
                id(intent.id()),
                amount(intent, "amount"),
                tag(intent.text("status")),
                time(intent.integer("created")),
            ]
        },
    };
    show(app, view, &list).await
}

pub(super) async fn sessions(State(app): State<Shared>, view: View) -> Result<Response, PageError> {
    let list = List {
        path: "/sessions",
        title: "Checkout Sessions",
        kind: "checkout.session",
        states: &["open", "complete", "expired"],
        heads: &[
            "Session", "Amount", "Status", "Payment", "Created", "Pay page",
        ],
        row: |session| {
            let pay = match session.text("status") {
                "open" => format!("<a href=\"/c/pay/{}\">Open</a>", escape(session.id())),
                _ => String::new(),
            };
            vec![
                id(session.id()),
                amount(session, "amount_total"),
                tag(session.text("status")),
                tag(session.text("payment_status")),
                time(session.integer("created")),
                pay,
            ]
        },
    };
    show(app, view, &list).await
}

pub(super) async fn invoices(State(app): State<Shared>, view: View) -> Result<Response, PageError> {
    let list = List {
        path: "/invoices",
        title: "Invoices",
        kind: "invoice",
        states: &[],
        heads: &[
            "Invoice", "Number", "Amount", "Status", "Customer", "Created", "Page",
        ],
        row: |invoice| {
            vec![
                id(invoice.id()),
                escape(invoice.text("number")),
                amount(invoice, "total"),
                tag(invoice.text("status")),
                id(invoice.text("customer")),
                time(invoice.integer("created")),
                format!("<a href=\"/i/{}\">Open</a>", escape(invoice.id())),
            ]
        },
    };
    show(app, view, &list).await
}

pub(super) async fn refunds(State(app): State<Shared>, view: View) -> Result<Response, PageError> {
    let list = List {
        path: "/refunds",
        title: "Refunds",
        kind: "refund",
        states: &[
            "pending",
            "requires_action",
            "succeeded",
            "failed",
            "canceled",
        ],
        heads: &["Refund", "Amount", "Status", "Payment", "Created"],
        row: |refund| {
            vec![
                id(refund.id()),
                amount(refund, "amount"),
                tag(refund.text("status")),
                id(refund.text("payment_intent")),
                time(refund.integer("created")),
            ]
        },
    };
    show(app, view, &list).await
}

pub(super) async fn disputes(State(app): State<Shared>, view: View) -> Result<Response, PageError> {
    let list = List {
        path: "/disputes",
        title: "Disputes",
        kind: "dispute",
        states: &[
            "needs_response",
            "under_review",
            "warning_needs_response",
            "warning_under_review",
            "warning_closed",
            "won",
            "lost",
        ],
        heads: &[
            "Dispute", "Amount", "Status", "Reason", "Payment", "Created",
        ],
        row: |dispute| {
            vec![
                id(dispute.id()),
                amount(dispute, "amount"),
                tag(dispute.text("status")),
                escape(&dispute.text("reason").replace('_', " ")),
                id(dispute.text("payment_intent")),
                time(dispute.integer("created")),
            ]
        },
    };
    show(app, view, &list).await
}

pub(super) async fn customers(
    State(app): State<Shared>,
    view: View,
) -> Result<Response, PageError> {
    let list = List {
        path: "/customers",
        title: "Customers",
        kind: "customer",
        states: &[],
        heads: &["Customer", "Name", "E-mail", "Created"],
        row: |customer| {
            vec![
                id(customer.id()),
                escape(customer.text("name")),
                escape(customer.text("email")),
                time(customer.integer("created")),
            ]
        },
    };
    show(app, view, &list).await
}

pub(super) async fn events(State(app): State<Shared>, view: View) -> Result<Response, PageError> {
    let list = List {
        path: "/events",
        title: "Events",
        kind: "event",
        states: &[],
        heads: &["Type", "Pending", "Created", "About", "Event"],
        row: |event| {
            let about = event.get("data")["object"]["id"].as_str();
            vec![
                format!(
                    "<a href=\"/objects/{}\">{}</a>",
                    escape(event.id()),
                    escape(event.text("type"))
                ),
                event.integer("pending_webhooks").to_string(),
                time(event.integer("created")),
                id(about.unwrap_or_default()),
                id(event.id()),
            ]
        },
    };
    show(app, view, &list).await
}

pub(super) async fn endpoints(
    State(app): State<Shared>,
    view: View,
) -> Result<Response, PageError> {
    let list = List {
        path: "/endpoints",
        title: "Webhook endpoints",
        kind: "webhook_endpoint",
        states: &["enabled", "disabled"],
        heads: &["Endpoint", "Address", "Status", "Events"],
        row: |endpoint| {
            let events = endpoint.get("enabled_events").as_array();
            let events: Vec<_> = events
                .into_iter()
                .flatten()
                .filter_map(|name| name.as_str())
                .collect();
            vec![
                id(endpoint.id()),
                escape(endpoint.text("url")),
                tag(endpoint.text("status")),
                escape(&events.join(", ")),
            ]
        },
    };
    show(app, view, &list).await
}

async fn show(app: Shared, view: View, list: &List) -> Result<Response, PageError> {
    payments::catch_up(&app).await?;
    let mut db = app.store.read().await?;
    let is_events = list.kind == "event";
    let mut selection = Selection {
        kind: list.kind,
        limit: PAGE,
        cursor: view.after.clone().map_or(Cursor::Newest, Cursor::After),
        ..Selection::default()
    };
    if let Some(state) = filters::chosen(&view, list.states) {
        selection.members.push(("status", vec![state.to_owned()]));
    }
    let pattern = view.event_type.clone().filter(|text| !text.is_empty());
    selection.pattern = pattern.filter(|_| is_events).map(|text| ("type", text));
    let (mut found, more) = objects::page(&mut db, &selection).await?;
    if is_events {
        let mut current = Vec::with_capacity(found.len());
        for event in found {
            let event = events::with_pending(&mut db, objects::typed(event)?).await?;
            current.push(event.into_object());
        }
        found = current;
    }
    let rows: Vec<_> = found.iter().map(list.row).collect();
    let is_narrowed = !selection.members.is_empty() || selection.pattern.is_some();
    let filter = match is_events {
        true => filters::by_type(&view, list.path),
        false => filters::by_state(&view, list.path, list.states),
    };
    let last = found.last().filter(|_| more).map(Object::id);
    let main = [
        filter,
        table(list.heads, &rows),
        filters::pages(&view, list.path, last),
    ]
    .concat();
    let hint = match list.kind {
        "payment_intent" if rows.is_empty() && !is_narrowed => first_payment(&app),
        _ => String::new(),
    };
    Ok(page(
        &app,
        &view,
        list.path,
        list.title,
        &format!("{main}{hint}"),
    ))
}

/// Instructions for somebody who has just started the sandbox.
fn first_payment(app: &App) -> String {
    html::section(
        "Make the first one",
        &format!(
            "<p>The API is at <code>{0}/v1</code>. Create a Checkout Session and open the address in its \
             <code>url</code>:</p>\n{1}",
            escape(&app.base_url),
            html::code(&format!(
                "curl {}/v1/checkout/sessions -u {}: \\\n  -d mode=payment -d success_url=https://example.com \\\n  \
                 -d 'line_items[0][price_data][currency]=usd' \\\n  \
                 -d 'line_items[0][price_data][unit_amount]=2100' \\\n  \
                 -d 'line_items[0][price_data][product_data][name]=Print' \\\n  -d 'line_items[0][quantity]=1'",
                app.base_url, app.config.secret_key
            ))
        ),
    )
}
