use std::collections::HashMap;

use serde_json::Value;

use super::{Books, Order, integer};
use crate::finding::Finding;

impl Books {
    /// Every captured cent is on one order, which knows.
    pub(super) fn check_captures(&self, findings: &mut Vec<Finding>) {
        let by_intent: HashMap<&str, &Order> = self
            .orders
            .values()
            .filter_map(|order| Some((order.payment_reference.as_deref()?, order)))
            .collect();
        let received = |intent: &Value| integer(intent, "amount_received");
        let received: i64 = self.stripe.intents.iter().map(received).sum();
        let captured: i64 = self
            .captured()
            .map(|charge| integer(charge, "amount_captured"))
            .sum();
        if received != captured {
            let what =
                format!("Stripe itself has {received} in payments and {captured} in charges");
            findings.push(Finding::of_nobody(what));
        }
        for charge in self.captured() {
            let (id, amount) = (&charge["id"], integer(charge, "amount_captured"));
            let intent = charge["payment_intent"].as_str().unwrap();
            let Some(order) = by_intent.get(intent) else {
                let session = self.session_of(intent);
                let order = session.and_then(|it| it["client_reference_id"].as_str());
                let what = format!("{amount} captured by {id} are on no order");
                findings.push(Finding::of(order.unwrap_or_default(), what));
                continue;
            };
            let mut fails = |what: String| findings.push(Finding::of(&order.id, what));
            if !order.is_paid() && order.flag.is_none() {
                fails(format!(
                    "{amount} captured by {id}, and the order is {}",
                    order.status
                ));
            }
            let same = amount == order.amount_total && charge["currency"] == order.currency;
            if !same && order.flag.is_none() {
                fails(format!(
                    "{amount} captured by {id} for {}",
                    order.amount_total
                ));
            }
            let session = self.session_of(intent).unwrap();
            if session["client_reference_id"] != order.id
                || session["id"].as_str() != order.reference.as_deref()
            {
                fails(format!(
                    "it was paid in the session of another: {}",
                    session["id"]
                ));
            }
        }
    }

    /// Checks that an order's own figures are right.
    pub(super) fn check_orders(&self, findings: &mut Vec<Finding>) {
        for order in self.orders.values() {
            let mut fails = |what: String| findings.push(Finding::of(&order.id, what));
            let captured: Vec<_> = self
                .captured()
                .filter(|charge| {
                    charge["payment_intent"].as_str() == order.payment_reference.as_deref()
                })
                .collect();
            if order.is_paid() && captured.len() != 1 {
                fails(format!("it is paid, by {} captures", captured.len()));
            }
            if order.is_paid() != order.paid_at.is_some() {
                fails(format!(
                    "it is {}, and paid_at is {:?}",
                    order.status, order.paid_at
                ));
            }
            let total: i64 = self
                .lines
                .iter()
                .filter(|line| line.order_id == order.id)
                .map(|line| line.unit_amount * line.quantity)
                .sum();
            if total != order.amount_total {
                fails(format!("its lines make {total}"));
            }
            let where_it_should_be = match (order.is_paid(), order.stock.as_str()) {
                (true, "sold") | (false, "released") => true,
                // Its goods had gone to others when the money came.
                (true, "released") => order.status == "refunded" || order.flag.is_some(),
                _ => false,
            };
            if !where_it_should_be {
                fails(format!(
                    "it is {}, and its goods are {}",
                    order.status, order.stock
                ));
            }
            let back: i64 = self
                .refunds_of(order)
                .filter(|refund| refund.status == "succeeded")
                .map(|refund| refund.amount)
                .sum();
            if back != order.amount_refunded {
                fails(format!(
                    "{back} went back, and it says {}",
                    order.amount_refunded
                ));
            }
            if order.is_paid() {
                let status = match back {
                    0 => "paid",
                    back if back < order.amount_total => "partially_refunded",
                    _ => "refunded",
                };
                if order.status != status {
                    fails(format!("it is {} after {back} went back", order.status));
                }
            }
            for charge in captured {
                let stripes = integer(charge, "amount_refunded");
                if stripes != back {
                    fails(format!("{back} went back, and Stripe says {stripes}"));
                }
            }
            let is_at_rest = !matches!(order.status.as_str(), "pending" | "processing");
            if !is_at_rest {
                fails(format!("it is {} at the end", order.status));
            }
        }
    }

    /// Nobody paid twice for one cart.
    pub(super) fn check_carts(&self, findings: &mut Vec<Finding>) {
        let mut paid: HashMap<&str, &Order> = HashMap::new();
        for charge in self.captured() {
            let session = self.session_of(charge["payment_intent"].as_str().unwrap());
            let id = session.and_then(|it| it["client_reference_id"].as_str());
            let Some(order) = id.and_then(|id| self.orders.get(id)) else {
                continue;
            };
            // Whoever pays what is not theirs pays beside the shopper.
            if self.strays.contains(&order.id) {
                continue;
            }
            if let Some(other) = paid.insert(&order.cart_key, order) {
                let what = format!("its cart was also paid with order {}", other.number);
                findings.push(Finding::of(&order.id, what));
            }
        }
    }
}
