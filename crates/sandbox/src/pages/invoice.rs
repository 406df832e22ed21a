//! The invoice as the customer gets it: a page, and the same as a PDF.

mod encoding;
mod html;
mod pdf;
mod pdf_page;
mod view;

use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};

use self::view::InvoiceView;
use super::{PageError, document};
use crate::app::Shared;
use crate::payments;

/// The page.
pub(crate) async fn show(
    State(app): State<Shared>,
    Path(id): Path<String>,
) -> Result<Response, PageError> {
    let view = load(&app, &id).await?;
    let title = format!("Invoice {}", view.number);
    let body = html::render(&view, &format!("/i/{id}/pdf"));
    Ok(document(StatusCode::OK, &title, "centered", "", &body))
}

/// The PDF, which browsers save under the number of the invoice.
pub(crate) async fn download(
    State(app): State<Shared>,
    Path(id): Path<String>,
) -> Result<Response, PageError> {
    let view = load(&app, &id).await?;
    let is_safe = |letter: &char| letter.is_ascii_alphanumeric() || *letter == '-';
    let name: String = view.number.chars().filter(is_safe).collect();
    let headers = [
        (header::CONTENT_TYPE, "application/pdf".to_owned()),
        (
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"Invoice-{name}.pdf\""),
        ),
        (header::CACHE_CONTROL, "no-store".to_owned()),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
    ];
    Ok((headers, pdf::render(&view)).into_response())
}

async fn load(app: &Shared, id: &str) -> Result<InvoiceView, PageError> {
    payments::catch_up(app).await?;
    let mut db = app.store.read().await?;
    InvoiceView::load(&mut db, id)
        .await?
        .ok_or_else(super::not_found)
}
