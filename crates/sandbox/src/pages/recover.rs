//! The address under which an expired session can be taken up again.

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};

use super::{PageError, pay};
use crate::app::Shared;
use crate::{checkout, payments};

/// Leads on to the pay page of the session that takes the place of the expired one, which the first
/// visit makes.
pub(crate) async fn show(
    State(app): State<Shared>,
    Path(id): Path<String>,
) -> Result<Response, PageError> {
    payments::catch_up(&app).await?;
    let mut transaction = app.store.begin().await?;
    let mut expired = pay::find(&mut transaction, &id).await?;
    match checkout::recover(&app, &mut transaction, &mut expired).await? {
        Some(session) => {
            transaction.commit().await?;
            Ok(Redirect::to(&format!("/c/pay/{}", session.id())).into_response())
        }
        None => Ok(pay::closed_page(&expired)
            .unwrap_or_else(|| Redirect::to(&format!("/c/pay/{id}")).into_response())),
    }
}
