//! The invoice that a paid session leaves, if its merchant wants one.

use crate::app::Scope;
use crate::objects::{CheckoutSession, Customer, Invoice, InvoicePayment, Object};
use crate::store::objects;

/// Makes the invoice of a session that has just been paid, and makes it the session's. Returns the
/// ids of the events. An invoice needs a customer, and so there is none if that one was deleted
/// before a bank debit came through.
pub(super) async fn issue(
    scope: &mut Scope<'_>,
    session: &mut CheckoutSession,
) -> sqlx::Result<Vec<String>> {
    if !session.makes_invoice() {
        return Ok(Vec::new());
    }
    let found = objects::get::<Customer>(scope.db, session.text("customer")).await?;
    let Some(customer) = found else {
        return Ok(Vec::new());
    };
    let now = scope.app.clock.now();
    let mut issued = Issued {
        scope,
        events: Vec::new(),
    };
    let mut invoice = Invoice::draft(session, &customer, now);
    issued.keep_discount(session).await?;
    objects::insert(issued.scope.db, &invoice).await?;
    issued.record("invoice.created", &invoice).await?;

    let number = issued.number(customer).await?;
    let url = format!("{}/i/{}", issued.scope.app.base_url, invoice.id());
    invoice.finalize(&number, &url, now);
    issued.record("invoice.finalized", &invoice).await?;

    let before = invoice.body().clone();
    let intent = session.get("payment_intent").as_str();
    let payments: Vec<InvoicePayment> = intent
        .map(|intent| InvoicePayment::create(&invoice, intent, now))
        .into_iter()
        .collect();
    invoice.pay(&payments, now);
    objects::update(issued.scope.db, &invoice).await?;
    let kind = "invoice.updated";
    let updated = issued.scope.record_change(kind, &before, &invoice).await?;
    issued.events.push(updated);
    issued.record("invoice.paid", &invoice).await?;
    issued.record("invoice.payment_succeeded", &invoice).await?;
    for payment in &payments {
        objects::insert(issued.scope.db, payment).await?;
        issued.record("invoice_payment.paid", payment).await?;
    }

    session.set("invoice", invoice.id());
    objects::update(issued.scope.db, session).await?;
    Ok(issued.events)
}

/// An invoice in the making: where it happens, and the events it leaves.
struct Issued<'s, 'a> {
    scope: &'s mut Scope<'a>,
    events: Vec<String>,
}

impl Issued<'_, '_> {
    /// Takes the next of the customer's numbers, such as `1A2B3C4D-0001`.
    async fn number(&mut self, mut customer: Customer) -> sqlx::Result<String> {
        let sequence = customer.integer("next_invoice_sequence");
        let number = format!("{}-{sequence:04}", customer.text("invoice_prefix"));
        let before = customer.body().clone();
        customer.set("next_invoice_sequence", sequence.saturating_add(1));
        objects::update(self.scope.db, &customer).await?;
        let kind = "customer.updated";
        let id = self.scope.record_change(kind, &before, &customer).await?;
        self.events.push(id);
        Ok(number)
    }

    /// Keeps the discount of the session under its id, by which the invoice names it.
    async fn keep_discount(&mut self, session: &CheckoutSession) -> sqlx::Result<()> {
        let discount = session.discount();
        if discount.is_null() {
            return Ok(());
        }
        objects::insert_unlisted(self.scope.db, &Object::new(discount.clone())).await
    }

    async fn record(&mut self, kind: &str, object: &Object) -> sqlx::Result<()> {
        let id = self.scope.record(kind, object).await?;
        self.events.push(id);
        Ok(())
    }
}
