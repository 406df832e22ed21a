use app::admin::session_token;
use app::request::cookies_of;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use shop::Shop;
use shop::orders::ToShipExport;

use crate::stream;

/// Sends what is to be packed as a CSV file, as long as it may be. An error in the middle breaks the
/// connection off, so that no half file looks whole.
pub(crate) async fn export(State(shop): State<Shop>, headers: HeaderMap) -> Response {
    let shop = shop.for_background();
    let session = session_token(&shop, &cookies_of(&headers));
    let admin = match session {
        Some(session) => shop::admin::authorize(&shop, &session).await,
        None => Ok(None),
    };
    let admin = match admin {
        Ok(Some(admin)) => admin,
        Ok(None) => return Redirect::to("/admin/login").into_response(),
        Err(error) => {
            tracing::error!(
                error = &error as &dyn std::error::Error,
                "checking a sign-in session failed"
            );
            return StatusCode::SERVICE_UNAVAILABLE.into_response();
        }
    };
    let mut export = ToShipExport::new(shop, &admin);
    let (parts, body) = stream::channel();
    tokio::spawn(async move {
        loop {
            let part = match export.next().await {
                Ok(Some(part)) => Ok(Bytes::from(part)),
                Ok(None) => return,
                Err(error) => Err(error),
            };
            if let Err(error) = &part {
                tracing::error!(
                    error = error as &dyn std::error::Error,
                    "the export broke off"
                );
            }
            let is_over = part.is_err();
            // The reader is gone when it cannot be sent.
            if parts.send(part.map_err(Into::into)).await.is_err() || is_over {
                return;
            }
        }
    });
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (
            header::CONTENT_DISPOSITION,
            "attachment; filename=\"to-ship.csv\"",
        ),
    ];
    (headers, body).into_response()
}
