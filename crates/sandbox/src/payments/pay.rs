//! Paying a session: the payment intent, its charge, and the events in Stripe's order.

use serde_json::{Value, json};
use sqlx::SqliteConnection;

use super::failure::{AUTHENTICATION_FAILURE, customer_of};
use super::{balance, disputes};
use crate::api::doc_url;
use crate::app::{App, Cause};
use crate::cards::{Authentication, Card, Decline};
use crate::objects::balance_transaction::Reason;
use crate::objects::session::Customer;
use crate::objects::{Object, charge, event, payment_intent, payment_method, session};
use crate::store::objects;

/// What an attempt to pay came to. The session stays open unless it was paid.
#[derive(Debug)]
pub(crate) enum Outcome {
    Paid,
    Declined(Decline),
    /// The bank wants the shopper to authenticate first.
    AuthenticationNeeded,
    AuthenticationFailed,
}

/// An attempt under way: everything it touches, and the events it leaves.
struct Attempt<'a> {
    app: &'a App,
    db: &'a mut SqliteConnection,
    session: &'a mut Object,
    events: Vec<String>,
}

/// Pays an open session; without a card if there is nothing to pay. Returns the outcome and the events' ids.
pub(crate) async fn pay(
    app: &App,
    db: &mut SqliteConnection,
    session: &mut Object,
    card: Option<&Card>,
    customer: &Customer,
) -> sqlx::Result<(Outcome, Vec<String>)> {
    let mut attempt = Attempt {
        app,
        db,
        session,
        events: Vec::new(),
    };
    let outcome = match card {
        None => attempt.complete(customer).await?,
        Some(card) => attempt.confirm(card, customer).await?,
    };
    Ok((outcome, attempt.events))
}

/// Goes on after the bank's page, on which the shopper did or did not authenticate.
pub(crate) async fn authenticate(
    app: &App,
    db: &mut SqliteConnection,
    session: &mut Object,
    passed: bool,
) -> sqlx::Result<Option<(Outcome, Vec<String>)>> {
    let Some(intent) = pending_authentication(db, session).await? else {
        return Ok(None);
    };
    let mut attempt = Attempt {
        app,
        db,
        session,
        events: Vec::new(),
    };
    let outcome = attempt.resume(intent, passed).await?;
    Ok(Some((outcome, attempt.events)))
}

/// The payment intent of a session, if it waits for the shopper to authenticate.
pub(crate) async fn pending_authentication(
    db: &mut SqliteConnection,
    session: &Object,
) -> sqlx::Result<Option<Object>> {
    if session.text("status") != "open" {
        return Ok(None);
    }
    let intent = objects::find(db, session.text("payment_intent")).await?;
    Ok(intent.filter(|intent| intent.text("status") == "requires_action"))
}

impl Attempt<'_> {
    async fn confirm(&mut self, card: &Card, customer: &Customer) -> sqlx::Result<Outcome> {
        let mut intent = self.intent().await?;
        let method = payment_method::create(card, customer, self.app.clock.now());
        objects::insert(self.db, &method).await?;
        match card.fate() {
            (Authentication::Required, _) => {
                self.ask_for_authentication(&mut intent, &method, card)
                    .await
            }
            (Authentication::NotNeeded, decline) => {
                self.charge(&mut intent, &method, card, customer, false, decline)
                    .await
            }
        }
    }

    async fn resume(&mut self, mut intent: Object, passed: bool) -> sqlx::Result<Outcome> {
        let method = objects::find(self.db, intent.text("payment_method")).await?;
        let card = serde_json::from_value(intent.private()["card"].clone()).ok();
        let (Some(method), Some(card)) = (method, card) else {
            return Err(sqlx::Error::RowNotFound);
        };
        intent.set_private("card", Value::Null);
        if passed {
            let customer = customer_of(method.body());
            let (_, decline) = Card::fate(&card);
            return self
                .charge(&mut intent, &method, &card, &customer, true, decline)
                .await;
        }
        let error = json!({
            "code": AUTHENTICATION_FAILURE,
            "doc_url": doc_url(AUTHENTICATION_FAILURE),
            "message": "The provided PaymentMethod has failed authentication. You can provide payment_method_data or a \
                new PaymentMethod to attempt to fulfill this PaymentIntent again.",
            "payment_method": method.body(),
            "type": "invalid_request_error",
        });
        payment_intent::fail(&mut intent, error, None);
        objects::update(self.db, &intent).await?;
        self.record("payment_intent.payment_failed", &intent)
            .await?;
        Ok(Outcome::AuthenticationFailed)
    }

    /// The session's payment intent; the first attempt makes it.
    async fn intent(&mut self) -> sqlx::Result<Object> {
        if let Some(intent) = objects::find(self.db, self.session.text("payment_intent")).await? {
            return Ok(intent);
        }
        let intent = payment_intent::create(self.session, self.app.clock.now());
        objects::insert(self.db, &intent).await?;
        self.session.set("payment_intent", intent.id());
        objects::update(self.db, self.session).await?;
        self.record("payment_intent.created", &intent).await?;
        Ok(intent)
    }

    async fn ask_for_authentication(
        &mut self,
        intent: &mut Object,
        method: &Object,
        card: &Card,
    ) -> sqlx::Result<Outcome> {
        let page = format!("{}/c/pay/{}", self.app.base_url, self.session.id());
        payment_intent::require_authentication(
            intent,
            method,
            &format!("{page}/authenticate"),
            &page,
        );
        intent.set_private("card", json!(card));
        objects::update(self.db, intent).await?;
        self.record("payment_intent.requires_action", intent)
            .await?;
        Ok(Outcome::AuthenticationNeeded)
    }

    async fn charge(
        &mut self,
        intent: &mut Object,
        method: &Object,
        card: &Card,
        customer: &Customer,
        authenticated: bool,
        decline: Option<Decline>,
    ) -> sqlx::Result<Outcome> {
        let mut charge = charge::create(&charge::Attempt {
            intent,
            payment_method: method,
            card,
            customer,
            authenticated,
            decline: decline.as_ref(),
            now: self.app.clock.now(),
        });
        let Some(decline) = decline else {
            let amount = charge.integer("amount");
            let entry =
                balance::enter(self.app, self.db, Reason::Payment, amount, &charge, &charge)
                    .await?;
            charge.set("balance_transaction", entry.id());
            objects::insert(self.db, &charge).await?;
            payment_intent::succeed(intent, &charge, method);
            objects::update(self.db, intent).await?;
            self.record("charge.succeeded", &charge).await?;
            let disputed =
                disputes::open_for_card(self.app, self.db, &Cause::default(), &charge).await?;
            self.events.extend(disputed);
            self.record("payment_intent.succeeded", intent).await?;
            return self.complete(customer).await;
        };
        objects::insert(self.db, &charge).await?;
        payment_intent::fail(intent, card_error(&decline, &charge, method), Some(&charge));
        objects::update(self.db, intent).await?;
        self.record("charge.failed", &charge).await?;
        self.record("payment_intent.payment_failed", intent).await?;
        Ok(Outcome::Declined(decline))
    }

    async fn complete(&mut self, customer: &Customer) -> sqlx::Result<Outcome> {
        session::complete(self.session, customer);
        objects::update(self.db, self.session).await?;
        let id = event::record(
            self.app,
            self.db,
            &Cause::default(),
            "checkout.session.completed",
            self.session,
        )
        .await?;
        self.events.push(id);
        Ok(Outcome::Paid)
    }

    async fn record(&mut self, kind: &str, object: &Object) -> sqlx::Result<()> {
        let id = event::record(self.app, self.db, &Cause::default(), kind, object).await?;
        self.events.push(id);
        Ok(())
    }
}

fn card_error(decline: &Decline, charge: &Object, method: &Object) -> Value {
    let mut error = json!({
        "charge": charge.id(),
        "code": decline.code,
        "doc_url": doc_url(decline.code),
        "message": decline.message,
        "payment_method": method.body(),
        "type": "card_error",
    });
    if let Some(code) = decline.decline_code {
        error["decline_code"] = json!(code);
    }
    error
}
