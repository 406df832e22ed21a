//! Ids in Stripe's forms: a prefix that tells the kind, then random letters and digits.

use rand::Rng;
use rand::distr::Alphanumeric;

/// An id such as `pi_3Nq…`: the prefix and 24 random letters and digits.
pub(crate) fn object(prefix: &str) -> String {
    format!("{prefix}_{}", random(24))
}

/// The id of a test-mode Checkout Session, which is longer than all other ids.
pub(crate) fn session() -> String {
    format!("cs_test_a1{}", random(56))
}

/// The id of a product, which is shorter than the other ids.
pub(crate) fn product() -> String {
    format!("prod_{}", random(14))
}

/// The id of a customer, which is shorter than the other ids.
pub(crate) fn customer() -> String {
    format!("cus_{}", random(14))
}

/// A code of eight capital letters and digits, as coupons and promotion codes have when the
/// merchant chooses none.
pub(crate) fn code() -> String {
    random(8).to_uppercase()
}

/// The secret with which a browser may confirm one payment intent.
pub(crate) fn client_secret(payment_intent: &str) -> String {
    format!("{payment_intent}_secret_{}", random(25))
}

/// A secret that signs webhooks.
pub(crate) fn webhook_secret() -> String {
    format!("whsec_{}", random(32))
}

fn random(length: usize) -> String {
    rand::rng()
        .sample_iter(Alphanumeric)
        .take(length)
        .map(char::from)
        .collect()
}
