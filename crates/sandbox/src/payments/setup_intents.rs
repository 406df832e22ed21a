//! Setting up payment methods for later payments: what the bank says, and the events in Stripe's
//! order.

use serde_json::{Value, json};
use sqlx::SqliteConnection;

use super::confirm::{Terms, bank_error};
use super::payment_intents::make_ready;
use crate::app::Scope;
use crate::cards::Authentication;
use crate::http::error::doc_url;
use crate::objects::payment_method::Instrument;
use crate::objects::{PaymentMethod, SetupAttempt, SetupIntent, payment_method_options};
use crate::store::objects;

const AUTHENTICATION_FAILURE: &str = "setup_intent_authentication_failure";

/// Tries to set up a payment method. Whether the bank agreed is the status of the intent
/// afterwards.
pub(crate) async fn confirm(
    scope: &mut Scope<'_>,
    intent: &mut SetupIntent,
    method: &mut PaymentMethod,
    terms: &Terms,
) -> sqlx::Result<()> {
    abandon_attempt(scope.db, intent).await?;
    intent.set("payment_method", method.id());
    let instrument = method.instrument().ok_or(sqlx::Error::RowNotFound)?;
    let mut attempt = SetupAttempt::create(intent, method, &instrument, scope.app.clock.now());
    let asks = match &instrument {
        Instrument::Card(card) => card.authentication(
            false,
            false,
            payment_method_options::wants_authentication(intent),
        ),
        Instrument::Debit(_) => Authentication::NotNeeded,
    };
    if asks == Authentication::Required {
        attempt.require_authentication();
        let (page, back) = (&terms.bank_page, terms.return_url.as_deref());
        intent.require_authentication(&attempt, page, back);
        objects::insert(scope.db, &attempt).await?;
        objects::update(scope.db, intent).await?;
        scope.record("setup_intent.requires_action", intent).await?;
        return Ok(());
    }
    objects::insert(scope.db, &attempt).await?;
    decide(scope, intent, method, attempt).await
}

/// Goes on after the bank's page, on which the shopper did or did not authenticate. Nothing happens
/// to an intent that does not wait for it.
pub(crate) async fn authenticate_setup(
    scope: &mut Scope<'_>,
    intent: &mut SetupIntent,
    passed: bool,
) -> sqlx::Result<()> {
    if intent.text("status") != "requires_action" {
        return Ok(());
    }
    let mut attempt: SetupAttempt =
        objects::get_one(scope.db, intent.text("latest_attempt")).await?;
    let mut method: PaymentMethod =
        objects::get_one(scope.db, intent.text("payment_method")).await?;
    if passed {
        attempt.authenticated();
        return decide(scope, intent, &mut method, attempt).await;
    }
    let error = json!({
        "code": AUTHENTICATION_FAILURE,
        "doc_url": doc_url(AUTHENTICATION_FAILURE),
        "message": "The latest attempt to set up the payment method has failed because authentication failed.",
        "payment_method": method.body(),
        "type": "invalid_request_error",
    });
    fail(scope, intent, attempt, error).await
}

/// Ends a setup intent that is not over yet. The caller has checked that this is possible.
pub(crate) async fn cancel_setup(
    scope: &mut Scope<'_>,
    intent: &mut SetupIntent,
    reason: Option<&str>,
) -> sqlx::Result<()> {
    abandon_attempt(scope.db, intent).await?;
    intent.cancel(reason);
    objects::update(scope.db, intent).await?;
    scope.record("setup_intent.canceled", intent).await?;
    Ok(())
}

/// The bank agrees or refuses. A payment method that is ready is kept for the customer, if there is
/// one.
async fn decide(
    scope: &mut Scope<'_>,
    intent: &mut SetupIntent,
    method: &mut PaymentMethod,
    mut attempt: SetupAttempt,
) -> sqlx::Result<()> {
    let instrument = method.instrument();
    if let Some(Instrument::Card(card)) = &instrument
        && let Some(decline) = card.decline_of_setup()
    {
        let error = bank_error(&decline, None, method.body());
        return fail(scope, intent, attempt, error).await;
    }
    attempt.succeed();
    objects::update(scope.db, &attempt).await?;
    make_ready(scope, intent, method).await?;
    intent.succeed(&attempt);
    objects::update(scope.db, intent).await?;
    scope.record("setup_intent.succeeded", intent).await?;
    Ok(())
}

async fn fail(
    scope: &mut Scope<'_>,
    intent: &mut SetupIntent,
    mut attempt: SetupAttempt,
    error: Value,
) -> sqlx::Result<()> {
    attempt.fail(error);
    objects::update(scope.db, &attempt).await?;
    intent.fail(&attempt);
    objects::update(scope.db, intent).await?;
    scope.record("setup_intent.setup_failed", intent).await?;
    Ok(())
}

/// An attempt that still waits for the shopper is over when another payment method is chosen or
/// another one begins. The status of the intent does not tell: it changes as soon as a method is
/// chosen.
pub(crate) async fn abandon_attempt(
    db: &mut SqliteConnection,
    intent: &SetupIntent,
) -> sqlx::Result<()> {
    if let Some(mut attempt) =
        objects::get::<SetupAttempt>(db, intent.text("latest_attempt")).await?
        && attempt.text("status") == "requires_action"
    {
        attempt.abandon();
        objects::update(db, &attempt).await?;
    }
    Ok(())
}
