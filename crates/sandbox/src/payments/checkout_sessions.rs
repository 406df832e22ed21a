//! Paying a Checkout Session.

use serde_json::Value;
use sqlx::SqliteConnection;

use super::confirm::{Attempt, Outcome, Terms};
use super::{customers, invoices, payment_intents, settle};
use crate::app::Scope;
use crate::checkout;
use crate::http::ApiError;
use crate::objects::checkout_session::Shopper;
use crate::objects::payment_method::Instrument;
use crate::objects::{CheckoutSession, PaymentIntent, PaymentMethod};
use crate::store::objects;

/// Pays an open session; without a payment method if there is nothing to pay. Returns the outcome
/// and the events' ids; the session stays open if nothing was paid or promised.
///
/// # Errors
/// When the state file fails.
pub(crate) async fn pay(
    scope: &mut Scope<'_>,
    session: &mut CheckoutSession,
    method: Option<&PaymentMethod>,
    customer: &Shopper,
) -> Result<(Outcome, Vec<String>), ApiError> {
    let mut attempt = Attempt {
        scope,
        events: Vec::new(),
    };
    if checkout::end_discount(
        attempt.scope.app,
        attempt.scope.db,
        session,
        &customer.email,
    )
    .await?
    {
        return Ok((Outcome::DiscountEnded, attempt.events));
    }
    session.set_discount_ended(None);
    session.collect(customer);
    let owner = customers::create(attempt.scope, session, customer).await?;
    let Some(method) = method else {
        give_up_intent(&mut attempt, session).await?;
        complete(&mut attempt, session, customer, Outcome::Succeeded).await?;
        return Ok((Outcome::Succeeded, attempt.events));
    };
    let mut method = method.clone();
    if method.text("allow_redisplay") == "unspecified" {
        let redisplay = session.allow_redisplay(method.text("type"), customer);
        method.set("allow_redisplay", redisplay);
        objects::update(attempt.scope.db, &method).await?;
    }
    let mut intent = intent(&mut attempt, session, customer, owner).await?;
    objects::update(attempt.scope.db, session).await?;
    let page = format!("{}/c/pay/{}", attempt.scope.app.base_url, session.id());
    let terms = Terms {
        bank_page: format!("{page}/authenticate"),
        return_url: Some(page),
        off_session: false,
        unattended: false,
    };
    let outcome = attempt.confirm(&mut intent, &method, &terms).await?;
    payment_intents::keep_method(attempt.scope, &intent, &mut method, outcome).await?;
    complete(&mut attempt, session, customer, outcome).await?;
    Ok((outcome, attempt.events))
}

/// Keeps what the shopper typed as a payment method.
pub(crate) async fn keep_method(
    scope: &mut Scope<'_>,
    instrument: &Instrument,
    customer: &Shopper,
) -> sqlx::Result<PaymentMethod> {
    let method = PaymentMethod::create(instrument, customer, scope.app.clock.now());
    objects::insert(scope.db, &method).await?;
    Ok(method)
}

/// Goes on after the bank's page, on which the shopper did or did not authenticate.
///
/// # Errors
/// When the state file fails.
pub(crate) async fn authenticate(
    scope: &mut Scope<'_>,
    session: &mut CheckoutSession,
    passed: bool,
) -> Result<Option<(Outcome, Vec<String>)>, ApiError> {
    let Some(mut intent) = pending_authentication(scope.db, session).await? else {
        return Ok(None);
    };
    let customer = session.collected().ok_or(sqlx::Error::RowNotFound)?;
    if passed && checkout::end_discount(scope.app, scope.db, session, &customer.email).await? {
        return Ok(Some((Outcome::DiscountEnded, Vec::new())));
    }
    let mut attempt = Attempt {
        scope,
        events: Vec::new(),
    };
    let method =
        objects::get::<PaymentMethod>(attempt.scope.db, intent.text("payment_method")).await?;
    let outcome = attempt.resume(&mut intent, passed).await?;
    if let Some(mut method) = method {
        payment_intents::keep_method(attempt.scope, &intent, &mut method, outcome).await?;
    }
    complete(&mut attempt, session, &customer, outcome).await?;
    Ok(Some((outcome, attempt.events)))
}

/// The payment intent of a session, if it waits for the shopper to authenticate.
pub(crate) async fn pending_authentication(
    db: &mut SqliteConnection,
    session: &CheckoutSession,
) -> sqlx::Result<Option<PaymentIntent>> {
    if session.text("status") != "open" {
        return Ok(None);
    }
    let intent = objects::get::<PaymentIntent>(db, session.text("payment_intent")).await?;
    Ok(intent.filter(|intent| intent.text("status") == "requires_action"))
}

/// A bank debit of a session has come through or not, long after its shopper left.
pub(super) async fn finish_later(
    scope: &mut Scope<'_>,
    id: &str,
    succeeded: bool,
) -> sqlx::Result<()> {
    let Some(mut session) = objects::get::<CheckoutSession>(scope.db, id).await? else {
        return Ok(());
    };
    let kind = if succeeded {
        session.paid();
        objects::update(scope.db, &session).await?;
        invoices::issue(scope, &mut session).await?;
        "checkout.session.async_payment_succeeded"
    } else {
        "checkout.session.async_payment_failed"
    };
    scope.record(kind, &session).await?;
    Ok(())
}

/// The session's payment intent, for a customer or a guest; the first attempt makes it.
async fn intent(
    attempt: &mut Attempt<'_, '_>,
    session: &mut CheckoutSession,
    paying: &Shopper,
    owner: Value,
) -> sqlx::Result<PaymentIntent> {
    let found =
        objects::get::<PaymentIntent>(attempt.scope.db, session.text("payment_intent")).await?;
    let is_new = found.is_none();
    let mut intent =
        found.unwrap_or_else(|| PaymentIntent::of_session(session, attempt.scope.app.clock.now()));
    intent.ship(paying);
    let usage = &session.private()["payment_intent_data"]["setup_future_usage"];
    intent.set(
        "setup_future_usage",
        match paying.saves_method && usage.is_null() {
            true => "on_session".into(),
            false => usage.clone(),
        },
    );
    intent.set("customer", owner);
    if is_new {
        objects::insert(attempt.scope.db, &intent).await?;
        session.set("payment_intent", intent.id());
        attempt.record("payment_intent.created", &intent).await?;
    }
    Ok(intent)
}

/// There is nothing to pay any more, so the payment intent of an earlier attempt is no longer the
/// session's.
async fn give_up_intent(
    attempt: &mut Attempt<'_, '_>,
    session: &mut CheckoutSession,
) -> sqlx::Result<()> {
    let Some(intent) =
        objects::get::<PaymentIntent>(attempt.scope.db, session.text("payment_intent")).await?
    else {
        return Ok(());
    };
    session.set("payment_intent", Value::Null);
    settle::cancel(attempt.scope, intent, None).await?;
    Ok(())
}

/// Completes the session if the shopper has done what was theirs to do.
async fn complete(
    attempt: &mut Attempt<'_, '_>,
    session: &mut CheckoutSession,
    customer: &Shopper,
    outcome: Outcome,
) -> sqlx::Result<()> {
    match outcome {
        Outcome::Succeeded => {
            session.complete(customer);
            session.paid();
        }
        Outcome::Authorized | Outcome::Processing => session.complete(customer),
        Outcome::AuthenticationNeeded
        | Outcome::AuthenticationFailed
        | Outcome::ConfirmationNeeded
        | Outcome::DiscountEnded
        | Outcome::Declined(_) => {
            return Ok(());
        }
    }
    let scope = &mut *attempt.scope;
    objects::update(scope.db, session).await?;
    checkout::redeem(scope.app, scope.db, session).await?;
    customers::update(scope, session, customer).await?;
    if let Outcome::Succeeded = outcome {
        let issued = invoices::issue(scope, session).await?;
        attempt.events.extend(issued);
    }
    attempt.record("checkout.session.completed", session).await
}
