//! The 3-D Secure step: the page on which a bank would ask the shopper to prove who they are, for a
//! Checkout Session or for a payment intent of the merchant's own.

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use sqlx::SqliteConnection;

use super::{PageError, brand, closed, escape, host, icons, leave_to, page, pay};
use crate::app::{Cause, Scope, Shared};
use crate::currency::money;
use crate::forms::Form;
use crate::http::ApiError;
use crate::objects::{Object, ObjectType, PaymentIntent, PaymentMethod, SetupIntent};
use crate::payments;
use crate::store::objects;

/// Shows the two buttons while the payment waits for them.
pub(crate) async fn show(
    State(app): State<Shared>,
    Path(id): Path<String>,
) -> Result<Response, PageError> {
    payments::catch_up(&app).await?;
    let mut db = app.store.read().await?;
    let session = pay::find(&mut db, &id).await?;
    if let Some(closed) = pay::closed_page(&session) {
        return Ok(closed);
    }
    match payments::pending_authentication(&mut db, &session).await? {
        Some(intent) => {
            let card = card(&mut db, &intent).await?;
            Ok(render(&intent, &brand::shop(&session), &card))
        }
        None => Ok(Redirect::to(&format!("/c/pay/{id}")).into_response()),
    }
}

/// Takes the answer: `outcome` is `complete` or `fail`.
pub(crate) async fn submit(
    State(app): State<Shared>,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, PageError> {
    let passed = passed(&Form::read(&headers, &body)?)?;
    payments::catch_up(&app).await?;
    let mut transaction = app.store.begin().await?;
    let mut session = pay::find(&mut transaction, &id).await?;
    if let Some(answer) = pay::answer_to_late_form(&session) {
        return Ok(answer);
    }
    let Some((outcome, events)) = payments::authenticate(
        &mut Scope::new(&app, &mut transaction, &Cause::default()),
        &mut session,
        passed,
    )
    .await?
    else {
        return Ok(Redirect::to(&format!("/c/pay/{id}")).into_response());
    };
    transaction.commit().await?;
    app.deliveries.wake();
    Ok(pay::leave(&app, &session, &outcome, &events).await)
}

/// As [`show`], for a payment intent without a session, or a setup intent.
pub(crate) async fn show_intent(
    State(app): State<Shared>,
    Path(id): Path<String>,
) -> Result<Response, PageError> {
    payments::catch_up(&app).await?;
    let mut db = app.store.read().await?;
    let intent = find_intent(&mut db, &id).await?;
    if !payments::waits_for_authentication(&intent) {
        return Ok(leave(&intent));
    }
    let return_url = return_url(&intent);
    let shop = if return_url.is_empty() {
        "The shop"
    } else {
        host(&return_url)
    };
    Ok(render(&intent, shop, &card(&mut db, &intent).await?))
}

/// As [`submit`], for a payment intent without a session, or a setup intent.
pub(crate) async fn submit_intent(
    State(app): State<Shared>,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, PageError> {
    let passed = passed(&Form::read(&headers, &body)?)?;
    payments::catch_up(&app).await?;
    let mut transaction = app.store.begin().await?;
    let mut intent = find_intent(&mut transaction, &id).await?;
    if payments::waits_for_authentication(&intent) {
        // The address to go to is part of what the intent waits for, and gone afterwards.
        let return_url = return_url(&intent);
        let cause = Cause::default();
        let scope = &mut Scope::new(&app, &mut transaction, &cause);
        intent = authenticate(scope, intent, passed).await?;
        intent.set_private("return_url", return_url);
        objects::update(&mut transaction, &intent).await?;
        transaction.commit().await?;
        app.deliveries.wake();
    }
    Ok(leave(&intent))
}

/// Goes on with a payment or setup intent after the bank's page.
async fn authenticate(scope: &mut Scope<'_>, intent: Object, passed: bool) -> sqlx::Result<Object> {
    if intent.kind() == SetupIntent::KIND {
        let mut intent: SetupIntent = objects::typed(intent)?;
        payments::authenticate_setup(scope, &mut intent, passed).await?;
        return Ok(intent.into_object());
    }
    let mut intent: PaymentIntent = objects::typed(intent)?;
    payments::authenticate_intent(scope, &mut intent, passed).await?;
    Ok(intent.into_object())
}

async fn find_intent(db: &mut SqliteConnection, id: &str) -> Result<Object, PageError> {
    let kind = match id.starts_with("seti_") {
        true => "setup_intent",
        false => "payment_intent",
    };
    let found = objects::find_kind(db, kind, id).await?;
    found.ok_or_else(closed::not_found)
}

fn passed(form: &Form) -> Result<bool, ApiError> {
    match form.text("outcome") {
        "complete" => Ok(true),
        "fail" => Ok(false),
        _ => Err(ApiError::parameter(
            "outcome",
            "Invalid outcome: must be one of complete or fail",
        )),
    }
}

fn return_url(intent: &Object) -> String {
    let url = &intent.get("next_action")["redirect_to_url"]["return_url"];
    url.as_str().unwrap_or_default().to_owned()
}

/// Sends the shopper back to the merchant with what Stripe adds to the address, or says that the
/// window can be closed.
fn leave(intent: &Object) -> Response {
    let went_well = matches!(
        intent.text("status"),
        "succeeded" | "requires_capture" | "requires_confirmation" | "processing"
    );
    let url = intent.private()["return_url"].as_str().unwrap_or_default();
    if url.is_empty() {
        let is_setup = intent.kind() == "setup_intent";
        let text = "You can close this window and go back to the shop.";
        let (icon, title) = match intent.text("status") {
            "canceled" if is_setup => (icons::STOP, "This setup was canceled"),
            "canceled" => (icons::STOP, "This payment was canceled"),
            _ if went_well => (icons::DONE, "Thank you"),
            _ if is_setup => (icons::STOP, "Your card was not set up"),
            _ => (icons::STOP, "The payment failed"),
        };
        return closed::message(StatusCode::OK, icon, title, text, None);
    }
    let (address, fragment) = match url.split_once('#') {
        Some((address, fragment)) => (address, format!("#{fragment}")),
        None => (url, String::new()),
    };
    let kind = intent.kind();
    let joint = if address.contains('?') { '&' } else { '?' };
    leave_to(&format!(
        "{address}{joint}{kind}={}&{kind}_client_secret={}&redirect_status={}{fragment}",
        intent.id(),
        intent.text("client_secret"),
        if went_well { "succeeded" } else { "failed" },
    ))
}

/// The card as its bank would call it, such as `Visa •••• 3184`.
async fn card(db: &mut SqliteConnection, intent: &Object) -> sqlx::Result<String> {
    let method = objects::get::<PaymentMethod>(db, intent.text("payment_method")).await?;
    let card = method.as_ref().map(|method| method.get("card"));
    let member = |name: &str| {
        card.and_then(|card| card[name].as_str())
            .unwrap_or_default()
    };
    Ok(format!(
        "{} •••• {}",
        member("display_brand").replace('_', " "),
        member("last4")
    ))
}

fn render(intent: &Object, shop: &str, card: &str) -> Response {
    let (title, amount) = match intent.kind() {
        "setup_intent" => ("Confirm your card", String::new()),
        _ => {
            let amount = money(intent.integer("amount"), intent.text("currency"));
            let amount = format!("<div class=\"due\"><dt>Amount</dt><dd>{amount}</dd></div>\n");
            ("Confirm your payment", amount)
        }
    };
    let (shop, card, icon) = (escape(shop), escape(card), icons::BANK);
    let main = format!(
        r#"{icon}<p class="eyebrow">3-D Secure test bank</p>
<h1>{title}</h1>
<dl class="sums">
<div><dt>Merchant</dt><dd>{shop}</dd></div>
<div><dt>Card</dt><dd class="brand">{card}</dd></div>
{amount}</dl>
<p>A real bank would now ask who you are. Here you choose how it goes.</p>
<form method="post" class="choice">
<button class="button" name="outcome" value="complete">Complete</button>
<button class="button quiet" name="outcome" value="fail">Fail</button>
</form>
"#
    );
    page(StatusCode::OK, "3-D Secure", &main)
}
