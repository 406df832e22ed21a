//! The endpoints by resource, and the one table of all operations.

pub(crate) mod accounts;
mod balance_transactions;
mod catalog;
mod charges;
mod checkout_sessions;
mod customers;
mod disputes;
mod early_fraud_warnings;
mod events;
mod invoice_payments;
mod invoices;
mod payment_intents;
mod payment_methods;
mod payment_pages;
mod refunds;
mod setup_attempts;
mod setup_intents;
mod webhook_endpoints;

use self::catalog::{coupons, prices, products, promotion_codes, shipping_rates};
use crate::http::operation::{Operation, Shape};

/// Makes the table of rows that say: method, path, the object that is answered (in brackets for a
/// list of them), and the endpoint with the ids of the path.
macro_rules! operations {
    ($($method:ident $path:literal => $shape:tt, $($endpoint:ident)::+($($id:ident),*);)+) => {
        /// Every operation of the API.
        pub(crate) const OPERATIONS: &[Operation] = &[$(
            Operation {
                method: stringify!($method),
                path: $path,
                answers: shape!($shape),
                endpoint: |call, ids| {
                    Box::pin(async move {
                        let mut ids = ids.iter().map(String::as_str);
                        $(let $id = ids.next().unwrap_or_default();)*
                        debug_assert_eq!(ids.next(), None);
                        $($endpoint)::+(call $(, $id)*).await
                    })
                },
            },
        )+];
    };
}

macro_rules! shape {
    ([$object:literal]) => {
        Shape::List($object)
    };
    ($object:literal) => {
        Shape::Object($object)
    };
}

operations! {
    POST "checkout/sessions" => "checkout.session", checkout_sessions::create();
    GET "checkout/sessions" => ["checkout.session"], checkout_sessions::list();
    GET "checkout/sessions/{id}" => "checkout.session", checkout_sessions::retrieve(id);
    POST "checkout/sessions/{id}" => "checkout.session", checkout_sessions::update(id);
    POST "checkout/sessions/{id}/expire" => "checkout.session", checkout_sessions::expire(id);
    GET "checkout/sessions/{id}/line_items" => ["item"], checkout_sessions::line_items(id);
    GET "payment_pages/{id}" => "checkout.session", payment_pages::retrieve(id);
    POST "payment_pages/{id}" => "checkout.session", payment_pages::update(id);
    POST "payment_pages/{id}/confirm" => "checkout.session", payment_pages::confirm(id);
    GET "payment_intents" => ["payment_intent"], payment_intents::list();
    POST "payment_intents" => "payment_intent", payment_intents::create();
    GET "payment_intents/{id}" => "payment_intent", payment_intents::retrieve(id);
    POST "payment_intents/{id}" => "payment_intent", payment_intents::update(id);
    POST "payment_intents/{id}/confirm" => "payment_intent", payment_intents::confirm(id);
    POST "payment_intents/{id}/capture" => "payment_intent", payment_intents::capture(id);
    POST "payment_intents/{id}/cancel" => "payment_intent", payment_intents::cancel(id);
    GET "setup_intents" => ["setup_intent"], setup_intents::list();
    POST "setup_intents" => "setup_intent", setup_intents::create();
    GET "setup_intents/{id}" => "setup_intent", setup_intents::retrieve(id);
    POST "setup_intents/{id}" => "setup_intent", setup_intents::update(id);
    POST "setup_intents/{id}/confirm" => "setup_intent", setup_intents::confirm(id);
    POST "setup_intents/{id}/cancel" => "setup_intent", setup_intents::cancel(id);
    GET "setup_attempts" => ["setup_attempt"], setup_attempts::list();
    POST "payment_methods" => "payment_method", payment_methods::create();
    GET "payment_methods" => ["payment_method"], payment_methods::list();
    GET "payment_methods/{id}" => "payment_method", payment_methods::retrieve(id);
    POST "payment_methods/{id}" => "payment_method", payment_methods::update(id);
    POST "payment_methods/{id}/attach" => "payment_method", payment_methods::attach(id);
    POST "payment_methods/{id}/detach" => "payment_method", payment_methods::detach(id);
    GET "customers/{id}/payment_methods" => ["payment_method"], payment_methods::list_of(id);
    GET "customers/{id}/payment_methods/{method}" => "payment_method", payment_methods::retrieve_of(id, method);
    GET "charges" => ["charge"], charges::list();
    GET "charges/{id}" => "charge", charges::retrieve(id);
    POST "charges/{id}" => "charge", charges::update(id);
    GET "charges/{id}/refunds" => ["refund"], refunds::list_of(id);
    GET "charges/{id}/refunds/{refund}" => "refund", refunds::retrieve_of(id, refund);
    POST "charges/{id}/capture" => "charge", charges::capture(id);
    GET "invoices" => ["invoice"], invoices::list();
    GET "invoices/{id}" => "invoice", invoices::retrieve(id);
    POST "invoices/{id}" => "invoice", invoices::update(id);
    GET "invoices/{id}/lines" => ["line_item"], invoices::lines(id);
    GET "invoice_payments" => ["invoice_payment"], invoice_payments::list();
    GET "invoice_payments/{id}" => "invoice_payment", invoice_payments::retrieve(id);
    POST "refunds" => "refund", refunds::create();
    GET "refunds" => ["refund"], refunds::list();
    GET "refunds/{id}" => "refund", refunds::retrieve(id);
    POST "refunds/{id}" => "refund", refunds::update(id);
    POST "refunds/{id}/cancel" => "refund", refunds::cancel(id);
    POST "test_helpers/refunds/{id}/expire" => "refund", refunds::expire(id);
    GET "disputes" => ["dispute"], disputes::list();
    GET "disputes/{id}" => "dispute", disputes::retrieve(id);
    POST "disputes/{id}" => "dispute", disputes::update(id);
    POST "disputes/{id}/close" => "dispute", disputes::close(id);
    GET "radar/early_fraud_warnings" => ["radar.early_fraud_warning"], early_fraud_warnings::list();
    GET "radar/early_fraud_warnings/{id}" => "radar.early_fraud_warning", early_fraud_warnings::retrieve(id);
    GET "balance_transactions" => ["balance_transaction"], balance_transactions::list();
    GET "balance_transactions/{id}" => "balance_transaction", balance_transactions::retrieve(id);
    GET "events" => ["event"], events::list();
    GET "events/{id}" => "event", events::retrieve(id);
    POST "events/{id}/retry" => "event", events::retry(id);
    POST "webhook_endpoints" => "webhook_endpoint", webhook_endpoints::create();
    GET "webhook_endpoints" => ["webhook_endpoint"], webhook_endpoints::list();
    GET "webhook_endpoints/{id}" => "webhook_endpoint", webhook_endpoints::retrieve(id);
    POST "webhook_endpoints/{id}" => "webhook_endpoint", webhook_endpoints::update(id);
    DELETE "webhook_endpoints/{id}" => "webhook_endpoint", webhook_endpoints::delete(id);
    POST "customers" => "customer", customers::create();
    GET "customers" => ["customer"], customers::list();
    GET "customers/{id}" => "customer", customers::retrieve(id);
    POST "customers/{id}" => "customer", customers::update(id);
    DELETE "customers/{id}" => "customer", customers::delete(id);
    POST "products" => "product", products::create();
    GET "products" => ["product"], products::list();
    GET "products/{id}" => "product", products::retrieve(id);
    POST "products/{id}" => "product", products::update(id);
    DELETE "products/{id}" => "product", products::delete(id);
    POST "prices" => "price", prices::create();
    GET "prices" => ["price"], prices::list();
    GET "prices/{id}" => "price", prices::retrieve(id);
    POST "prices/{id}" => "price", prices::update(id);
    POST "coupons" => "coupon", coupons::create();
    GET "coupons" => ["coupon"], coupons::list();
    GET "coupons/{id}" => "coupon", coupons::retrieve(id);
    POST "coupons/{id}" => "coupon", coupons::update(id);
    DELETE "coupons/{id}" => "coupon", coupons::delete(id);
    POST "promotion_codes" => "promotion_code", promotion_codes::create();
    GET "promotion_codes" => ["promotion_code"], promotion_codes::list();
    GET "promotion_codes/{id}" => "promotion_code", promotion_codes::retrieve(id);
    POST "promotion_codes/{id}" => "promotion_code", promotion_codes::update(id);
    POST "shipping_rates" => "shipping_rate", shipping_rates::create();
    GET "shipping_rates" => ["shipping_rate"], shipping_rates::list();
    GET "shipping_rates/{id}" => "shipping_rate", shipping_rates::retrieve(id);
    POST "shipping_rates/{id}" => "shipping_rate", shipping_rates::update(id);
    GET "account" => "account", accounts::own();
    GET "accounts/{id}" => "account", accounts::retrieve(id);
}

#[cfg(test)]
mod tests {
    use super::OPERATIONS;
    use std::collections::HashSet;

    #[test]
    fn operations_are_in_the_table_once() {
        let mut seen = HashSet::new();
        for operation in OPERATIONS {
            let key = (operation.method, operation.path);
            assert!(seen.insert(key), "{key:?}");
        }
    }
}
