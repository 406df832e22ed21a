//! The invoice that a paid session leaves, if its merchant wants one.

use sqlx::SqliteConnection;

use crate::app::{App, Cause};
use crate::events;
use crate::objects::{Object, checkout_session, invoice};
use crate::store::objects;

/// Makes the invoice of a session that has just been paid, and makes it the session's. Returns the ids of the events. An
/// invoice needs a customer, and so there is none if that one was deleted before a bank debit came through.
pub(super) async fn issue(
    app: &App,
    db: &mut SqliteConnection,
    cause: &Cause,
    session: &mut Object,
) -> sqlx::Result<Vec<String>> {
    if !checkout_session::makes_invoice(session) {
        return Ok(Vec::new());
    }
    let found = objects::find_kind(db, "customer", session.text("customer")).await?;
    let Some(customer) = found else {
        return Ok(Vec::new());
    };
    let now = app.clock.now();
    let mut issued = Issued {
        app,
        db,
        cause,
        events: Vec::new(),
    };
    let mut invoice = invoice::draft(session, &customer, now);
    issued.keep_discount(session).await?;
    objects::insert(issued.db, &invoice).await?;
    issued.record("invoice.created", &invoice).await?;

    let number = issued.number(customer).await?;
    let url = format!("{}/i/{}", app.base_url, invoice.id());
    invoice::finalize(&mut invoice, &number, &url, now);
    issued.record("invoice.finalized", &invoice).await?;

    let before = invoice.body().clone();
    let intent = session.get("payment_intent").as_str();
    let payments: Vec<Object> = intent
        .map(|intent| invoice::payment(&invoice, intent, now))
        .into_iter()
        .collect();
    invoice::pay(&mut invoice, &payments, now);
    objects::update(issued.db, &invoice).await?;
    let kind = "invoice.updated";
    let updated = events::record_change(app, issued.db, cause, kind, &before, &invoice).await?;
    issued.events.push(updated);
    issued.record("invoice.paid", &invoice).await?;
    issued.record("invoice.payment_succeeded", &invoice).await?;
    for payment in &payments {
        objects::insert(issued.db, payment).await?;
        issued.record("invoice_payment.paid", payment).await?;
    }

    session.set("invoice", invoice.id());
    objects::update(issued.db, session).await?;
    Ok(issued.events)
}

/// An invoice in the making: where it happens, and the events it leaves.
struct Issued<'a> {
    app: &'a App,
    db: &'a mut SqliteConnection,
    cause: &'a Cause,
    events: Vec<String>,
}

impl Issued<'_> {
    /// Takes the next of the customer's numbers, such as `1A2B3C4D-0001`.
    async fn number(&mut self, mut customer: Object) -> sqlx::Result<String> {
        let sequence = customer.integer("next_invoice_sequence");
        let number = format!("{}-{sequence:04}", customer.text("invoice_prefix"));
        let before = customer.body().clone();
        customer.set("next_invoice_sequence", sequence.saturating_add(1));
        objects::update(self.db, &customer).await?;
        let (app, cause, kind) = (self.app, self.cause, "customer.updated");
        let id = events::record_change(app, self.db, cause, kind, &before, &customer).await?;
        self.events.push(id);
        Ok(number)
    }

    /// Keeps the discount of the session under its id, by which the invoice names it.
    async fn keep_discount(&mut self, session: &Object) -> sqlx::Result<()> {
        let discount = checkout_session::discount(session);
        if discount.is_null() {
            return Ok(());
        }
        objects::insert_unlisted(self.db, &Object::new(discount.clone())).await
    }

    async fn record(&mut self, kind: &str, object: &Object) -> sqlx::Result<()> {
        let id = events::record(self.app, self.db, self.cause, kind, object).await?;
        self.events.push(id);
        Ok(())
    }
}
