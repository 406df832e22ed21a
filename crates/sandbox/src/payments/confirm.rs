//! One attempt to pay a payment intent: what the bank says, the charge, and the events in Stripe's
//! order.

use serde_json::{Value, json};

use super::failure::AUTHENTICATION_FAILURE;
use super::{balance, disputes, early_fraud_warnings};
use crate::app::Scope;
use crate::cards::{Authentication, Decline};
use crate::clock::midnight;
use crate::http::error::doc_url;
use crate::objects::balance_transaction::Reason;
use crate::objects::charge_attempt::{self, Course};
use crate::objects::payment_method::Instrument;
use crate::objects::{
    Charge, Object, PaymentIntent, PaymentMethod, payment_intent, payment_method_options,
};
use crate::store::objects;

/// The time that an authorization can be captured, in seconds: a week.
const AUTHORIZED: i64 = 7 * 24 * 60 * 60;

/// The time until a bank debit is settled, in seconds.
const DEBIT: i64 = 60;

/// The decline of a payment that needs the shopper, who is not there.
const AUTHENTICATION_REQUIRED: Decline = Decline {
    code: "authentication_required",
    decline_code: Some("authentication_required"),
    message: "Your card was declined. This transaction requires authentication.",
    field: "cardNumber",
    blocked: false,
};

/// The outcome of an attempt to pay.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Outcome {
    Succeeded,
    /// The money is reserved and waits to be captured.
    Authorized,
    /// The bank will say later.
    Processing,
    /// The bank wants the shopper to authenticate first.
    AuthenticationNeeded,
    AuthenticationFailed,
    /// The shopper has authenticated, and the merchant wants to confirm once more.
    ConfirmationNeeded,
    /// The session cannot have its discount any more, or not for this shopper. Nothing was tried;
    /// what became of the total, [`crate::objects::CheckoutSession::discount_ended`] says.
    DiscountEnded,
    Declined(Decline),
}

/// The merchant's terms for an attempt.
#[derive(Debug, Default)]
pub(crate) struct Terms {
    /// The page on which the shopper can authenticate.
    pub(crate) bank_page: String,
    /// The URL to which that leads afterwards.
    pub(crate) return_url: Option<String>,
    /// The shopper is not there, and the bank knows it.
    pub(crate) off_session: bool,
    /// Nobody is there to authenticate, so that needing it is a decline.
    pub(crate) unattended: bool,
}

/// An attempt under way: where it happens, and the events it leaves.
pub(super) struct Attempt<'s, 'a> {
    pub(super) scope: &'s mut Scope<'a>,
    pub(super) events: Vec<String>,
}

impl Attempt<'_, '_> {
    /// Tries to pay an intent with a payment method that has an instrument.
    pub(super) async fn confirm(
        &mut self,
        intent: &mut PaymentIntent,
        method: &PaymentMethod,
        terms: &Terms,
    ) -> sqlx::Result<Outcome> {
        intent.set("payment_method", method.id());
        let instrument = method.instrument().ok_or(sqlx::Error::RowNotFound)?;
        let authenticated = intent.private()["authenticated"] == method.id();
        let asks = match &instrument {
            Instrument::Card(card) if !authenticated => {
                let set_up = method.is_set_up();
                let wanted = payment_method_options::wants_authentication(intent);
                card.authentication(set_up, terms.off_session, wanted)
            }
            Instrument::Card(_) | Instrument::Debit(_) => Authentication::NotNeeded,
        };
        match asks {
            Authentication::Required if terms.unattended => {
                let decline = AUTHENTICATION_REQUIRED;
                self.decline(intent, method, &instrument, false, decline)
                    .await
            }
            Authentication::Required => {
                let (page, back) = (&terms.bank_page, terms.return_url.as_deref());
                intent.require_authentication(page, back);
                objects::update(self.scope.db, intent).await?;
                self.record("payment_intent.requires_action", intent)
                    .await?;
                Ok(Outcome::AuthenticationNeeded)
            }
            Authentication::NotNeeded => {
                self.charge(intent, method, &instrument, authenticated)
                    .await
            }
        }
    }

    /// Goes on after the bank's page, on which the shopper did or did not authenticate.
    pub(super) async fn resume(
        &mut self,
        intent: &mut PaymentIntent,
        passed: bool,
    ) -> sqlx::Result<Outcome> {
        let method =
            objects::get_one::<PaymentMethod>(self.scope.db, intent.text("payment_method")).await?;
        let instrument = method.instrument().ok_or(sqlx::Error::RowNotFound)?;
        if passed && intent.text("confirmation_method") == "manual" {
            payment_intent::choose(intent, &method);
            intent.set_private("authenticated", method.id());
            objects::update(self.scope.db, intent).await?;
            return Ok(Outcome::ConfirmationNeeded);
        }
        if passed {
            return self.charge(intent, &method, &instrument, true).await;
        }
        let error = json!({
            "code": AUTHENTICATION_FAILURE,
            "doc_url": doc_url(AUTHENTICATION_FAILURE),
            "message": "The provided PaymentMethod has failed authentication. You can provide payment_method_data or a \
                new PaymentMethod to attempt to fulfill this PaymentIntent again.",
            "payment_method": method.body(),
            "type": "invalid_request_error",
        });
        intent.fail(error);
        objects::update(self.scope.db, intent).await?;
        self.record("payment_intent.payment_failed", intent).await?;
        Ok(Outcome::AuthenticationFailed)
    }

    async fn charge(
        &mut self,
        intent: &mut PaymentIntent,
        method: &PaymentMethod,
        instrument: &Instrument,
        authenticated: bool,
    ) -> sqlx::Result<Outcome> {
        match (instrument, instrument.decline()) {
            (Instrument::Debit(_), _) => self.debit(intent, method, instrument).await,
            (Instrument::Card(_), Some(decline)) => {
                self.decline(intent, method, instrument, authenticated, decline)
                    .await
            }
            (Instrument::Card(_), None) => {
                self.take(intent, method, instrument, authenticated).await
            }
        }
    }

    /// The bank of a card agrees.
    async fn take(
        &mut self,
        intent: &mut PaymentIntent,
        method: &PaymentMethod,
        instrument: &Instrument,
        authenticated: bool,
    ) -> sqlx::Result<Outcome> {
        let now = self.scope.app.clock.now();
        let manual = payment_method_options::captures_later(intent, instrument.kind());
        let until = now + AUTHORIZED;
        let mut charge = Charge::create(&charge_attempt::Attempt {
            intent,
            payment_method: method,
            instrument,
            authenticated,
            course: if manual {
                Course::Authorized {
                    capture_before: until,
                }
            } else {
                Course::Taken
            },
            now,
        });
        if !manual {
            enter_payment(self.scope, &mut charge).await?;
        }
        objects::insert(self.scope.db, &charge).await?;
        intent.set("latest_charge", charge.id());
        if manual {
            intent.authorize(until);
        } else {
            intent.succeed(charge.integer("amount"));
        }
        objects::update(self.scope.db, intent).await?;
        self.record("charge.succeeded", &charge).await?;
        if manual {
            self.record("payment_intent.amount_capturable_updated", intent)
                .await?;
            return Ok(Outcome::Authorized);
        }
        let disputed = disputes::open_for_card(self.scope, &charge).await?;
        self.events.extend(disputed);
        let warned = early_fraud_warnings::open_for_card(self.scope, &charge).await?;
        self.events.extend(warned);
        self.record("payment_intent.succeeded", intent).await?;
        Ok(Outcome::Succeeded)
    }

    /// A bank account is debited, which takes its time.
    async fn debit(
        &mut self,
        intent: &mut PaymentIntent,
        method: &PaymentMethod,
        instrument: &Instrument,
    ) -> sqlx::Result<Outcome> {
        let now = self.scope.app.clock.now();
        let charge = Charge::create(&charge_attempt::Attempt {
            intent,
            payment_method: method,
            instrument,
            authenticated: false,
            course: Course::Pending,
            now,
        });
        objects::insert(self.scope.db, &charge).await?;
        intent.set("latest_charge", charge.id());
        let wanted =
            payment_method_options::target_date(intent, instrument.kind()).and_then(midnight);
        let settled = wanted.map_or(now, |day| day.max(now)) + DEBIT;
        intent.process(settled);
        objects::update(self.scope.db, intent).await?;
        self.record("charge.pending", &charge).await?;
        self.record("payment_intent.processing", intent).await?;
        Ok(Outcome::Processing)
    }

    async fn decline(
        &mut self,
        intent: &mut PaymentIntent,
        method: &PaymentMethod,
        instrument: &Instrument,
        authenticated: bool,
        decline: Decline,
    ) -> sqlx::Result<Outcome> {
        let charge = Charge::create(&charge_attempt::Attempt {
            intent,
            payment_method: method,
            instrument,
            authenticated,
            course: Course::Declined(&decline),
            now: self.scope.app.clock.now(),
        });
        objects::insert(self.scope.db, &charge).await?;
        intent.set("latest_charge", charge.id());
        intent.fail(bank_error(&decline, Some(&charge), method.body()));
        objects::update(self.scope.db, intent).await?;
        self.record("charge.failed", &charge).await?;
        self.record("payment_intent.payment_failed", intent).await?;
        Ok(Outcome::Declined(decline))
    }

    pub(super) async fn record(&mut self, kind: &str, object: &Object) -> sqlx::Result<()> {
        let id = self.scope.record(kind, object).await?;
        self.events.push(id);
        Ok(())
    }
}

/// Enters the captured amount of a charge into the balance.
pub(super) async fn enter_payment(scope: &mut Scope<'_>, charge: &mut Charge) -> sqlx::Result<()> {
    let amount = charge.integer("amount_captured");
    let entry = balance::enter(scope, Reason::Payment, amount, charge, charge).await?;
    charge.set("balance_transaction", entry.id());
    Ok(())
}

/// The error that an intent keeps of a bank's refusal. There is a charge of a payment alone.
pub(super) fn bank_error(decline: &Decline, charge: Option<&Charge>, method: &Value) -> Value {
    let mut error = json!({
        "code": decline.code,
        "doc_url": doc_url(decline.code),
        "message": decline.message,
        "payment_method": method,
        "type": "card_error",
    });
    if let Some(charge) = charge {
        error["charge"] = json!(charge.id());
    }
    if let Some(code) = decline.decline_code {
        error["decline_code"] = json!(code);
    }
    error
}
