//! The balance transaction: one line of the merchant's balance, with its fee.

use serde_json::{Value, json};

use super::charge::Charge;
use super::object::Object;
use crate::ids;

object_type! {
    /// A balance transaction: one line of the merchant's balance, with its fee.
    BalanceTransaction = "balance_transaction";
}

/// The time until the money of a payment is available, in seconds: two days.
const TRANSIT: i64 = 2 * 24 * 60 * 60;

/// The fee of a dispute, in minor units: 15 dollars.
const DISPUTE_FEE: i64 = 1_500;

/// The reason for a change of the balance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reason {
    /// Money from a card or, without one, from a bank account.
    Payment,
    Refund,
    /// A refund did not arrive, and its money comes back.
    RefundFailure,
    /// A chargeback takes the money and a fee.
    DisputeWithdrawal,
    /// A dispute was won. The fee stays charged.
    DisputeReversal,
}

impl BalanceTransaction {
    /// Enters what happened to `amount` minor units because of `source`, a charge, refund or
    /// dispute that belongs to `charge`. `now` is in Unix seconds.
    pub(crate) fn create(
        reason: Reason,
        amount: i64,
        source: &Object,
        charge: &Charge,
        now: i64,
    ) -> Self {
        let currency = charge.text("currency");
        let by_card = charge.get("payment_method_details")["type"] == "card";
        let signed = match reason {
            Reason::Refund | Reason::DisputeWithdrawal => -amount,
            Reason::Payment | Reason::RefundFailure | Reason::DisputeReversal => amount,
        };
        let (fee, fee_description) = match reason {
            Reason::Payment if by_card => (card_fee(amount), "Stripe processing fees"),
            Reason::Payment => (debit_fee(amount), "Stripe processing fees"),
            Reason::DisputeWithdrawal => (DISPUTE_FEE, "Dispute fee"),
            Reason::Refund | Reason::RefundFailure | Reason::DisputeReversal => (0, ""),
        };
        let fees = if fee == 0 {
            json!([])
        } else {
            json!([{
                "amount": fee,
                "application": null,
                "currency": currency,
                "description": fee_description,
                "type": "stripe_fee",
            }])
        };
        let (kind, category) = match (reason, by_card) {
            (Reason::Payment, true) => ("charge", "charge"),
            (Reason::Payment, false) => ("payment", "charge"),
            (Reason::Refund, true) => ("refund", "refund"),
            (Reason::Refund, false) => ("payment_refund", "refund"),
            (Reason::RefundFailure, true) => ("refund_failure", "refund_failure"),
            (Reason::RefundFailure, false) => ("payment_failure_refund", "refund_failure"),
            (Reason::DisputeWithdrawal, _) => ("adjustment", "dispute"),
            (Reason::DisputeReversal, _) => ("adjustment", "dispute_reversal"),
        };
        let in_transit =
            reason == Reason::Payment && charge.private()["test_card"] != "bypassPending";
        let mut entry = Self(Object::new(json!({
            "id": ids::object("txn"),
            "object": "balance_transaction",
            "amount": signed,
            "available_on": if in_transit { now + TRANSIT } else { now },
            "balance_type": "payments",
            "created": now,
            "currency": currency,
            "description": description(reason, charge),
            "exchange_rate": null,
            "fee": fee,
            "fee_details": fees,
            "net": signed - fee,
            "reporting_category": category,
            "source": source.id(),
            "status": if in_transit { "pending" } else { "available" },
            "type": kind,
        })));
        if in_transit {
            entry.plan("arrive", now + TRANSIT);
        }
        entry
    }

    /// The money has arrived.
    pub(crate) fn arrive(&mut self) {
        self.set("status", "available");
        self.unplan();
    }
}

fn description(reason: Reason, charge: &Charge) -> Value {
    let about = match charge.text("description") {
        "" => charge.id().to_owned(),
        text => text.to_owned(),
    };
    match reason {
        Reason::Payment => charge.get("description").clone(),
        Reason::Refund => json!(format!("REFUND FOR CHARGE ({about})")),
        Reason::RefundFailure => json!(format!("REFUND FAILURE ({about})")),
        Reason::DisputeWithdrawal => json!(format!("Chargeback withdrawal for {}", charge.id())),
        Reason::DisputeReversal => json!(format!("Chargeback reversal for {}", charge.id())),
    }
}

/// 2.9 % and 30 minor units, half a unit rounded up.
fn card_fee(amount: i64) -> i64 {
    (amount * 29 + 500) / 1_000 + 30
}

/// 0.8 %, half a unit rounded up, and at most 5 dollars or euros.
fn debit_fee(amount: i64) -> i64 {
    ((amount * 8 + 500) / 1_000).min(500)
}

#[cfg(test)]
mod tests {
    use super::{card_fee, debit_fee};

    #[test]
    fn fees_are_rounded_half_up() {
        for (amount, fee) in [
            (50, 31),
            (500, 45),
            (1_000, 59),
            (2_100, 91),
            (99_999_999, 2_900_030),
        ] {
            assert_eq!(card_fee(amount), fee, "{amount}");
        }
        for (amount, fee) in [(50, 0), (62, 0), (63, 1), (2_100, 17), (99_999_999, 500)] {
            assert_eq!(debit_fee(amount), fee, "{amount}");
        }
    }
}
