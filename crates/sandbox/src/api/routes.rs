//! The table of endpoints.

use axum::http::Method;
use serde_json::Value;

use super::catalog::{
    accounts, coupons, customers, prices, products, promotion_codes, shipping_rates,
};
use super::form::unescape;
use super::{
    ApiError, Call, balance_transactions, charges, disputes, early_fraud_warnings, invoices, list,
    payment_intents, payment_methods, payment_pages, refunds, retrieve, sessions, setup_intents,
    webhook_endpoints,
};

/// Makes [`dispatch`] and [`OPERATIONS`] of one table.
macro_rules! operations {
    ($call:ident; $(($method:literal, [$($segment:tt),+]) => $answer:expr,)+) => {
        /// Runs the endpoint that a method and a path name.
        pub(super) async fn dispatch(
            $call: &mut Call<'_>,
            method: &Method,
            path: &str,
        ) -> Result<Value, ApiError> {
            let segments = segments(path);
            let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
            match (method.as_str(), segments.as_slice()) {
                // Stripe can search, which the sandbox does not; it is not the id of anything.
                ("GET", [.., "search"]) => Err(ApiError::unrecognized_url(method, path)),
                $(($method, [$($segment),+]) => $answer,)+
                _ => Err(ApiError::unrecognized_url(method, path)),
            }
        }

        /// Every operation: its method and the segments of its path, as they are written in the table.
        pub(crate) const OPERATIONS: &[(&str, &[&str])] =
            &[$(($method, &[$(stringify!($segment)),+])),+];
    };
}

operations! {
    call;
    ("POST", ["checkout", "sessions"]) => sessions::create(call).await,
    ("GET", ["checkout", "sessions"]) => list::sessions(call).await,
    ("GET", ["checkout", "sessions", id]) => retrieve::session(call, id).await,
    ("POST", ["checkout", "sessions", id]) => sessions::update(call, id).await,
    ("POST", ["checkout", "sessions", id, "expire"]) => sessions::expire(call, id).await,
    ("GET", ["checkout", "sessions", id, "line_items"]) => sessions::line_items(call, id).await,
    ("GET", ["payment_pages", id]) => payment_pages::retrieve(call, id).await,
    ("POST", ["payment_pages", id]) => payment_pages::update(call, id).await,
    ("POST", ["payment_pages", id, "confirm"]) => payment_pages::confirm(call, id).await,
    ("GET", ["payment_intents"]) => list::payment_intents(call).await,
    ("POST", ["payment_intents"]) => payment_intents::create(call).await,
    ("GET", ["payment_intents", id]) => payment_intents::retrieve(call, id).await,
    ("POST", ["payment_intents", id]) => payment_intents::update(call, id).await,
    ("POST", ["payment_intents", id, "confirm"]) => payment_intents::confirm(call, id).await,
    ("POST", ["payment_intents", id, "capture"]) => payment_intents::capture(call, id).await,
    ("POST", ["payment_intents", id, "cancel"]) => payment_intents::cancel(call, id).await,
    ("GET", ["setup_intents"]) => setup_intents::list(call).await,
    ("POST", ["setup_intents"]) => setup_intents::create(call).await,
    ("GET", ["setup_intents", id]) => setup_intents::retrieve(call, id).await,
    ("POST", ["setup_intents", id]) => setup_intents::update(call, id).await,
    ("POST", ["setup_intents", id, "confirm"]) => setup_intents::confirm(call, id).await,
    ("POST", ["setup_intents", id, "cancel"]) => setup_intents::cancel(call, id).await,
    ("GET", ["setup_attempts"]) => setup_intents::attempts(call).await,
    ("POST", ["payment_methods"]) => payment_methods::create(call).await,
    ("GET", ["payment_methods"]) => payment_methods::list(call).await,
    ("GET", ["payment_methods", id]) => payment_methods::retrieve(call, id).await,
    ("POST", ["payment_methods", id]) => payment_methods::update(call, id).await,
    ("POST", ["payment_methods", id, "attach"]) => payment_methods::attach(call, id).await,
    ("POST", ["payment_methods", id, "detach"]) => payment_methods::detach(call, id).await,
    ("GET", ["customers", id, "payment_methods"]) => payment_methods::list_of(call, id).await,
    ("GET", ["customers", id, "payment_methods", method]) => {
        payment_methods::retrieve_of(call, id, method).await
    },
    ("GET", ["charges"]) => list::charges(call).await,
    ("GET", ["charges", id]) => retrieve::charge(call, id).await,
    ("POST", ["charges", id]) => charges::update(call, id).await,
    ("GET", ["charges", id, "refunds"]) => refunds::list_of(call, id).await,
    ("GET", ["charges", id, "refunds", refund]) => refunds::retrieve_of(call, id, refund).await,
    ("POST", ["charges", id, "capture"]) => charges::capture(call, id).await,
    ("GET", ["invoices"]) => invoices::list(call).await,
    ("GET", ["invoices", id]) => invoices::retrieve(call, id).await,
    ("POST", ["invoices", id]) => invoices::update(call, id).await,
    ("GET", ["invoices", id, "lines"]) => invoices::lines(call, id).await,
    ("GET", ["invoice_payments"]) => invoices::list_payments(call).await,
    ("GET", ["invoice_payments", id]) => invoices::retrieve_payment(call, id).await,
    ("POST", ["refunds"]) => refunds::create(call).await,
    ("GET", ["refunds"]) => refunds::list(call).await,
    ("GET", ["refunds", id]) => refunds::retrieve(call, id).await,
    ("POST", ["refunds", id]) => refunds::update(call, id).await,
    ("POST", ["refunds", id, "cancel"]) => refunds::cancel(call, id).await,
    ("POST", ["test_helpers", "refunds", id, "expire"]) => refunds::expire(call, id).await,
    ("GET", ["disputes"]) => disputes::list(call).await,
    ("GET", ["disputes", id]) => disputes::retrieve(call, id).await,
    ("POST", ["disputes", id]) => disputes::update(call, id).await,
    ("POST", ["disputes", id, "close"]) => disputes::close(call, id).await,
    ("GET", ["radar", "early_fraud_warnings"]) => early_fraud_warnings::list(call).await,
    ("GET", ["radar", "early_fraud_warnings", id]) => {
        early_fraud_warnings::retrieve(call, id).await
    },
    ("GET", ["balance_transactions"]) => balance_transactions::list(call).await,
    ("GET", ["balance_transactions", id]) => balance_transactions::retrieve(call, id).await,
    ("GET", ["events"]) => list::events(call).await,
    ("GET", ["events", id]) => retrieve::event(call, id).await,
    ("POST", ["events", id, "retry"]) => webhook_endpoints::retry_event(call, id).await,
    ("POST", ["webhook_endpoints"]) => webhook_endpoints::create(call).await,
    ("GET", ["webhook_endpoints"]) => webhook_endpoints::list(call).await,
    ("GET", ["webhook_endpoints", id]) => webhook_endpoints::retrieve(call, id).await,
    ("POST", ["webhook_endpoints", id]) => webhook_endpoints::update(call, id).await,
    ("DELETE", ["webhook_endpoints", id]) => webhook_endpoints::delete(call, id).await,
    ("POST", ["customers"]) => customers::create(call).await,
    ("GET", ["customers"]) => customers::list(call).await,
    ("GET", ["customers", id]) => customers::retrieve(call, id).await,
    ("POST", ["customers", id]) => customers::update(call, id).await,
    ("DELETE", ["customers", id]) => customers::delete(call, id).await,
    ("POST", ["products"]) => products::create(call).await,
    ("GET", ["products"]) => products::list(call).await,
    ("GET", ["products", id]) => products::retrieve(call, id).await,
    ("POST", ["products", id]) => products::update(call, id).await,
    ("DELETE", ["products", id]) => products::delete(call, id).await,
    ("POST", ["prices"]) => prices::create(call).await,
    ("GET", ["prices"]) => prices::list(call).await,
    ("GET", ["prices", id]) => prices::retrieve(call, id).await,
    ("POST", ["prices", id]) => prices::update(call, id).await,
    ("POST", ["coupons"]) => coupons::create(call).await,
    ("GET", ["coupons"]) => coupons::list(call).await,
    ("GET", ["coupons", id]) => coupons::retrieve(call, id).await,
    ("POST", ["coupons", id]) => coupons::update(call, id).await,
    ("DELETE", ["coupons", id]) => coupons::delete(call, id).await,
    ("POST", ["promotion_codes"]) => promotion_codes::create(call).await,
    ("GET", ["promotion_codes"]) => promotion_codes::list(call).await,
    ("GET", ["promotion_codes", id]) => promotion_codes::retrieve(call, id).await,
    ("POST", ["promotion_codes", id]) => promotion_codes::update(call, id).await,
    ("POST", ["shipping_rates"]) => shipping_rates::create(call).await,
    ("GET", ["shipping_rates"]) => shipping_rates::list(call).await,
    ("GET", ["shipping_rates", id]) => shipping_rates::retrieve(call, id).await,
    ("POST", ["shipping_rates", id]) => shipping_rates::update(call, id).await,
    ("GET", ["account"]) => accounts::own(call),
    ("GET", ["accounts", id]) => accounts::retrieve(call, id),
}

/// What an operation answers: the `object` member, or that of the items of a list, and whether it is a list. Nothing for
/// a path that no operation has.
pub(super) fn answered(method: &Method, path: &str) -> Option<(&'static str, bool)> {
    let segments = segments(path);
    let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
    let shape = match segments.as_slice() {
        ["checkout", "sessions", _, "line_items"] => "item",
        ["checkout", "sessions", ..] | ["payment_pages", ..] => "checkout.session",
        ["customers", _, "payment_methods", ..] | ["payment_methods", ..] => "payment_method",
        ["account" | "accounts", ..] => "account",
        ["balance_transactions", ..] => "balance_transaction",
        ["charges", _, "refunds", ..] => "refund",
        ["charges", ..] => "charge",
        ["coupons", ..] => "coupon",
        ["customers", ..] => "customer",
        ["disputes", ..] => "dispute",
        ["events", ..] => "event",
        ["invoices", _, "lines"] => "line_item",
        ["invoices", ..] => "invoice",
        ["invoice_payments", ..] => "invoice_payment",
        ["payment_intents", ..] => "payment_intent",
        ["prices", ..] => "price",
        ["products", ..] => "product",
        ["promotion_codes", ..] => "promotion_code",
        ["radar", "early_fraud_warnings", ..] => "radar.early_fraud_warning",
        ["refunds", ..] | ["test_helpers", "refunds", ..] => "refund",
        ["setup_attempts", ..] => "setup_attempt",
        ["setup_intents", ..] => "setup_intent",
        ["shipping_rates", ..] => "shipping_rate",
        ["webhook_endpoints", ..] => "webhook_endpoint",
        _ => return None,
    };
    let is_collection = match segments.as_slice() {
        ["account"] => false,
        [_] | ["checkout", "sessions"] | ["radar", _] => true,
        [.., last] => ["line_items", "lines", "payment_methods", "refunds"].contains(last),
        [] => false,
    };
    Some((shape, is_collection && *method == Method::GET))
}

/// The parts of a path. They are taken apart before they are unescaped, because an id may have a slash in it. Stripe's
/// SDK for Python writes blanks as `+` here, too.
fn segments(path: &str) -> Vec<String> {
    path.strip_prefix("/v1/")
        .unwrap_or(path)
        .trim_end_matches('/')
        .split('/')
        .map(|segment| String::from_utf8_lossy(&unescape(segment.as_bytes())).into_owned())
        .collect()
}
