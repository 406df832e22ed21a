//! Paying a Checkout Session.

use serde_json::Value;
use sqlx::SqliteConnection;

use super::confirm::{Attempt, Outcome, Terms};
use super::{customers, invoices, payment_intents, settle};
use crate::app::{App, Cause};
use crate::http::ApiError;
use crate::objects::checkout_session::{self, Customer};
use crate::objects::payment_method::{self, Instrument};
use crate::objects::{Object, payment_intent};
use crate::store::objects;
use crate::{checkout, events};

/// Pays an open session; without a payment method if there is nothing to pay. Returns the outcome and the events' ids;
/// the session stays open if nothing was paid or promised.
///
/// # Errors
/// When the state file fails.
pub(crate) async fn pay(
    app: &App,
    db: &mut SqliteConnection,
    cause: &Cause,
    session: &mut Object,
    method: Option<&Object>,
    customer: &Customer,
) -> Result<(Outcome, Vec<String>), ApiError> {
    let mut attempt = Attempt {
        app,
        db,
        cause,
        events: Vec::new(),
    };
    if checkout::end_discount(app, attempt.db, session, &customer.email).await? {
        return Ok((Outcome::DiscountEnded, attempt.events));
    }
    checkout_session::set_discount_ended(session, None);
    checkout_session::collect(session, customer);
    let owner = customers::create(app, attempt.db, cause, session, customer).await?;
    let Some(method) = method else {
        give_up_intent(&mut attempt, session).await?;
        complete(&mut attempt, session, customer, Outcome::Succeeded).await?;
        return Ok((Outcome::Succeeded, attempt.events));
    };
    let mut method = method.clone();
    if method.text("allow_redisplay") == "unspecified" {
        let redisplay = checkout_session::allow_redisplay(session, method.text("type"), customer);
        method.set("allow_redisplay", redisplay);
        objects::update(attempt.db, &method).await?;
    }
    let mut intent = intent(&mut attempt, session, customer, owner).await?;
    objects::update(attempt.db, session).await?;
    let page = format!("{}/c/pay/{}", app.base_url, session.id());
    let terms = Terms {
        bank_page: format!("{page}/authenticate"),
        return_url: Some(page),
        off_session: false,
        unattended: false,
    };
    let outcome = attempt.confirm(&mut intent, &method, &terms).await?;
    payment_intents::keep_method(app, attempt.db, cause, &intent, &mut method, outcome).await?;
    complete(&mut attempt, session, customer, outcome).await?;
    Ok((outcome, attempt.events))
}

/// Keeps what the shopper typed as a payment method.
pub(crate) async fn keep_method(
    app: &App,
    db: &mut SqliteConnection,
    instrument: &Instrument,
    customer: &Customer,
) -> sqlx::Result<Object> {
    let method = payment_method::create(instrument, customer, app.clock.now());
    objects::insert(db, &method).await?;
    Ok(method)
}

/// Goes on after the bank's page, on which the shopper did or did not authenticate.
///
/// # Errors
/// When the state file fails.
pub(crate) async fn authenticate(
    app: &App,
    db: &mut SqliteConnection,
    session: &mut Object,
    passed: bool,
) -> Result<Option<(Outcome, Vec<String>)>, ApiError> {
    let Some(mut intent) = pending_authentication(db, session).await? else {
        return Ok(None);
    };
    let customer = checkout_session::collected(session).ok_or(sqlx::Error::RowNotFound)?;
    if passed && checkout::end_discount(app, db, session, &customer.email).await? {
        return Ok(Some((Outcome::DiscountEnded, Vec::new())));
    }
    let mut attempt = Attempt {
        app,
        db,
        cause: &Cause::default(),
        events: Vec::new(),
    };
    let method = objects::find(attempt.db, intent.text("payment_method")).await?;
    let outcome = attempt.resume(&mut intent, passed).await?;
    if let Some(mut method) = method {
        let (db, cause) = (&mut *attempt.db, attempt.cause);
        payment_intents::keep_method(app, db, cause, &intent, &mut method, outcome).await?;
    }
    complete(&mut attempt, session, &customer, outcome).await?;
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

/// A bank debit of a session has come through or not, long after its shopper left.
pub(super) async fn finish_later(
    app: &App,
    db: &mut SqliteConnection,
    cause: &Cause,
    id: &str,
    succeeded: bool,
) -> sqlx::Result<()> {
    let Some(mut session) = objects::find(db, id).await? else {
        return Ok(());
    };
    let kind = if succeeded {
        checkout_session::paid(&mut session);
        objects::update(db, &session).await?;
        invoices::issue(app, db, cause, &mut session).await?;
        "checkout.session.async_payment_succeeded"
    } else {
        "checkout.session.async_payment_failed"
    };
    events::record(app, db, cause, kind, &session).await?;
    Ok(())
}

/// The session's payment intent, for a customer or a guest; the first attempt makes it.
async fn intent(
    attempt: &mut Attempt<'_>,
    session: &mut Object,
    paying: &Customer,
    owner: Value,
) -> sqlx::Result<Object> {
    let found = objects::find(attempt.db, session.text("payment_intent")).await?;
    let is_new = found.is_none();
    let mut intent =
        found.unwrap_or_else(|| payment_intent::of_session(session, attempt.app.clock.now()));
    payment_intent::ship(&mut intent, paying);
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
        objects::insert(attempt.db, &intent).await?;
        session.set("payment_intent", intent.id());
        attempt.record("payment_intent.created", &intent).await?;
    }
    Ok(intent)
}

/// There is nothing to pay any more, so the payment intent of an earlier attempt is no longer the session's.
async fn give_up_intent(attempt: &mut Attempt<'_>, session: &mut Object) -> sqlx::Result<()> {
    let Some(intent) = objects::find(attempt.db, session.text("payment_intent")).await? else {
        return Ok(());
    };
    session.set("payment_intent", Value::Null);
    settle::cancel(attempt.app, attempt.db, attempt.cause, intent, None).await?;
    Ok(())
}

/// Completes the session if the shopper has done what was theirs to do.
async fn complete(
    attempt: &mut Attempt<'_>,
    session: &mut Object,
    customer: &Customer,
    outcome: Outcome,
) -> sqlx::Result<()> {
    match outcome {
        Outcome::Succeeded => {
            checkout_session::complete(session, customer);
            checkout_session::paid(session);
        }
        Outcome::Authorized | Outcome::Processing => checkout_session::complete(session, customer),
        Outcome::AuthenticationNeeded
        | Outcome::AuthenticationFailed
        | Outcome::ConfirmationNeeded
        | Outcome::DiscountEnded
        | Outcome::Declined(_) => {
            return Ok(());
        }
    }
    let Attempt { app, db, cause, .. } = attempt;
    objects::update(db, session).await?;
    checkout::redeem(app, db, session).await?;
    customers::update(app, db, cause, session, customer).await?;
    if let Outcome::Succeeded = outcome {
        let issued = invoices::issue(app, db, cause, session).await?;
        attempt.events.extend(issued);
    }
    attempt.record("checkout.session.completed", session).await
}
