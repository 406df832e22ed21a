//! The 3-D Secure step: the page on which a bank would ask the shopper to prove who they are.

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};

use super::{PageError, escape, host, money, page, pay};
use crate::api::ApiError;
use crate::app::Shared;
use crate::forms::Form;
use crate::objects::Object;
use crate::payments;

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
        Some(_) => Ok(render(&session)),
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
    let form = Form::read(&headers, &body)?;
    let passed = match form.text("outcome") {
        "complete" => true,
        "fail" => false,
        _ => {
            return Err(ApiError::parameter(
                "outcome",
                "Invalid outcome: must be one of complete or fail",
            )
            .into());
        }
    };
    payments::catch_up(&app).await?;
    let mut transaction = app.store.begin().await?;
    let mut session = pay::find(&mut transaction, &id).await?;
    if session.text("status") == "complete" {
        return Ok(pay::to_shop(&session));
    }
    if let Some(closed) = pay::closed_page(&session) {
        return Ok(closed);
    }
    let Some((outcome, events)) =
        payments::authenticate(&app, &mut transaction, &mut session, passed).await?
    else {
        return Ok(Redirect::to(&format!("/c/pay/{id}")).into_response());
    };
    transaction.commit().await?;
    app.deliveries.wake();
    Ok(pay::leave(&app, &session, &outcome, &events).await)
}

fn render(session: &Object) -> Response {
    let amount = money(session.integer("amount_total"), session.text("currency"));
    let shop = escape(host(session.text("success_url")));
    let main = format!(
        r#"<main class="card">
<p class="eyebrow">3-D Secure test bank</p>
<h1>Confirm your payment</h1>
<p><strong>{shop}</strong> wants to charge <strong>{amount}</strong>. A real bank would now ask who you are. Here you
choose how it goes.</p>
<form method="post" class="choice">
<button class="button" name="outcome" value="complete">Complete</button>
<button class="button quiet" name="outcome" value="fail">Fail</button>
</form>
</main>"#
    );
    page(StatusCode::OK, "3-D Secure", "centered", &main)
}
