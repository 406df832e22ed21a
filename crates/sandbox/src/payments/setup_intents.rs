//! Setting up payment methods for later payments: what the bank says, and the events in Stripe's order.

use serde_json::{Value, json};
use sqlx::SqliteConnection;

use super::confirm::{Terms, bank_error};
use super::payment_intents::make_ready;
use crate::app::{App, Cause};
use crate::cards::Authentication;
use crate::events;
use crate::http::error::doc_url;
use crate::objects::payment_method::{self, Instrument};
use crate::objects::{Object, payment_method_options, setup_attempt, setup_intent};
use crate::store::objects;

const AUTHENTICATION_FAILURE: &str = "setup_intent_authentication_failure";

/// Tries to set up a payment method. Whether the bank agreed is the status of the intent afterwards.
pub(crate) async fn confirm(
    app: &App,
    db: &mut SqliteConnection,
    cause: &Cause,
    intent: &mut Object,
    method: &mut Object,
    terms: &Terms,
) -> sqlx::Result<()> {
    abandon_attempt(db, intent).await?;
    intent.set("payment_method", method.id());
    let instrument = payment_method::instrument(method).ok_or(sqlx::Error::RowNotFound)?;
    let mut attempt = setup_attempt::create(intent, method, &instrument, app.clock.now());
    let asks = match &instrument {
        Instrument::Card(card) => card.authentication(
            false,
            false,
            payment_method_options::wants_authentication(intent),
        ),
        Instrument::Debit(_) => Authentication::NotNeeded,
    };
    if asks == Authentication::Required {
        setup_attempt::require_authentication(&mut attempt);
        let (page, back) = (&terms.bank_page, terms.return_url.as_deref());
        setup_intent::require_authentication(intent, &attempt, page, back);
        objects::insert(db, &attempt).await?;
        objects::update(db, intent).await?;
        events::record(app, db, cause, "setup_intent.requires_action", intent).await?;
        return Ok(());
    }
    objects::insert(db, &attempt).await?;
    decide(app, db, cause, intent, method, attempt).await
}

/// Goes on after the bank's page, on which the shopper did or did not authenticate. Nothing happens to an intent that does
/// not wait for it.
pub(crate) async fn authenticate_setup(
    app: &App,
    db: &mut SqliteConnection,
    intent: &mut Object,
    passed: bool,
) -> sqlx::Result<()> {
    if intent.text("status") != "requires_action" {
        return Ok(());
    }
    let cause = Cause::default();
    let find = async |db: &mut SqliteConnection, member: &str| {
        let found = objects::find(db, intent.text(member)).await?;
        found.ok_or(sqlx::Error::RowNotFound)
    };
    let mut attempt = find(db, "latest_attempt").await?;
    let mut method = find(db, "payment_method").await?;
    if passed {
        setup_attempt::authenticated(&mut attempt);
        return decide(app, db, &cause, intent, &mut method, attempt).await;
    }
    let error = json!({
        "code": AUTHENTICATION_FAILURE,
        "doc_url": doc_url(AUTHENTICATION_FAILURE),
        "message": "The latest attempt to set up the payment method has failed because authentication failed.",
        "payment_method": method.body(),
        "type": "invalid_request_error",
    });
    fail(app, db, &cause, intent, attempt, error).await
}

/// Ends a setup intent that is not over yet. The caller has checked that this is possible.
pub(crate) async fn cancel_setup(
    app: &App,
    db: &mut SqliteConnection,
    cause: &Cause,
    intent: &mut Object,
    reason: Option<&str>,
) -> sqlx::Result<()> {
    abandon_attempt(db, intent).await?;
    setup_intent::cancel(intent, reason);
    objects::update(db, intent).await?;
    events::record(app, db, cause, "setup_intent.canceled", intent).await?;
    Ok(())
}

/// The bank agrees or refuses. A payment method that is ready is kept for the customer, if there is one.
async fn decide(
    app: &App,
    db: &mut SqliteConnection,
    cause: &Cause,
    intent: &mut Object,
    method: &mut Object,
    mut attempt: Object,
) -> sqlx::Result<()> {
    let instrument = payment_method::instrument(method);
    if let Some(Instrument::Card(card)) = &instrument
        && let Some(decline) = card.decline_of_setup()
    {
        let error = bank_error(&decline, None, method.body());
        return fail(app, db, cause, intent, attempt, error).await;
    }
    setup_attempt::succeed(&mut attempt);
    objects::update(db, &attempt).await?;
    make_ready(app, db, cause, intent, method).await?;
    setup_intent::succeed(intent, &attempt);
    objects::update(db, intent).await?;
    events::record(app, db, cause, "setup_intent.succeeded", intent).await?;
    Ok(())
}

async fn fail(
    app: &App,
    db: &mut SqliteConnection,
    cause: &Cause,
    intent: &mut Object,
    mut attempt: Object,
    error: Value,
) -> sqlx::Result<()> {
    setup_attempt::fail(&mut attempt, error);
    objects::update(db, &attempt).await?;
    setup_intent::fail(intent, &attempt);
    objects::update(db, intent).await?;
    events::record(app, db, cause, "setup_intent.setup_failed", intent).await?;
    Ok(())
}

/// An attempt that still waits for the shopper is over when another payment method is chosen or another one begins. The
/// status of the intent does not tell: it changes as soon as a method is chosen.
pub(crate) async fn abandon_attempt(
    db: &mut SqliteConnection,
    intent: &Object,
) -> sqlx::Result<()> {
    if let Some(mut attempt) = objects::find(db, intent.text("latest_attempt")).await?
        && attempt.text("status") == "requires_action"
    {
        setup_attempt::abandon(&mut attempt);
        objects::update(db, &attempt).await?;
    }
    Ok(())
}
